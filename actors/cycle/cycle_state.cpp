#include "actors/cycle/cycle.hpp"

#include "runtime/supervision/invariant.hpp"

#include <algorithm>

namespace banksia {

void cycle_state::configure(shared_plan run, cycle_wiring peers, bool told) {
  plan = std::move(run);
  wiring = std::move(peers);
  asked.assign(wiring.symbols.size(), 0);
  listed_ = roster_reader{wiring.listed};
  market_.begin(*plan, told);
  follow();
}

void cycle_state::follow() {
  if (!listed_.changed())
    return;
  plan = listed_.plan();
  for (auto i = wiring.symbols.size(); i < plan->symbols.size(); ++i)
    wiring.symbols.push_back(wiring.name_of ? wiring.name_of(plan->symbols[i])
                                            : ref<symbol_actor>{});
  asked.resize(wiring.symbols.size(), 0);
  market_.follow(*plan);
}

// -- context ----------------------------------------------------------------------

void cycle_state::add_index_bar(const bar& x) {
  // A series that is filled with its past, or a feed that begins again.
  if (x.known_at <= asked_until_)
    index_overtaken_ = true;
  auto at = index_bars_.end();
  while (at != index_bars_.begin() && applied_before(x, *std::prev(at)))
    --at;
  index_bars_.insert(at, x);
}

void cycle_state::add_index_revision(const bar_revision& x) {
  // One that was read from the store may be delivered as well.
  if (!revised_.contains(x))
    index_revisions_.push_back(x);
}

bool cycle_state::context_fits(timestamp slot) const {
  return !index_overtaken_ && slot >= asked_until_
         && std::none_of(index_revisions_.begin(), index_revisions_.end(),
                         [&](const bar_revision& x) {
                           return x.content.known_at <= slot
                                  && x.content.opened_at <= newest_index_bar_;
                         });
}

void cycle_state::forget_index() {
  index_bars_.clear();
  index_revisions_.clear();
  revised_ = {};
  newest_index_bar_ = {};
  index_overtaken_ = false;
  context_ = {};
  asked_until_ = {};
}

market_context cycle_state::context_at(timestamp slot) {
  asked_until_ = std::max(asked_until_, slot);
  std::erase_if(index_revisions_, [&](const bar_revision& x) {
    auto known = x.content.known_at <= slot;
    if (known)
      revised_.add(x);
    return known;
  });
  while (!index_bars_.empty() && index_bars_.front().known_at <= slot) {
    const auto& x = index_bars_.front();
    newest_index_bar_ = std::max(newest_index_bar_, x.opened_at);
    auto ordinal = session_ordinal(*plan, x.opened_at);
    if (auto used = revised_.as_of(x, slot); used && ordinal >= 0)
      context_.add(*used, ordinal);
    index_bars_.pop_front();
  }
  return context_.at(session_ordinal(*plan, slot), plan->interval, plan->rules);
}

// -- the market as a whole --------------------------------------------------------

void cycle_state::add_bars(const bar_batch& batch) {
  follow();
  auto of_exchange = batch.bars.empty();
  for (const auto& x : batch.bars) {
    if (market_.add_if_level(*plan, x))
      continue;
    of_exchange = true;
    market_.add(*plan, x);
    if (x.symbol == plan->index_symbol)
      add_index_bar(x);
  }
  // Who tells of other markets says nothing of what is known of this one.
  if (of_exchange)
    market_.hear(batch.watermark);
}

void cycle_state::add_revision(const bar_revision& x) {
  market_.add(x);
  if (x.content.symbol == plan->index_symbol)
    add_index_revision(x);
}

std::optional<std::vector<std::string>>
cycle_state::followed_at(timestamp slot) const {
  const auto& listed = listed_.listed();
  if (!listed)
    return std::nullopt;
  std::vector<std::string> result;
  for (auto index : listed->predicted_at(slot))
    result.push_back(plan->symbols[index]);
  return result;
}

std::vector<std::string> cycle_state::unread_at(timestamp slot) {
  follow();
  auto among = followed_at(slot);
  return market_.unread_at(*plan, slot, among ? &*among : nullptr);
}

// -- gathering --------------------------------------------------------------------

std::optional<predict_request> cycle_state::open(const cycle_due& due) {
  if (open_.contains(due.slot.sequence))
    return std::nullopt;
  follow();
  predict_request request;
  request.slot = due.slot;
  request.context = context_at(due.slot.slot);
  auto among = followed_at(due.slot.slot);
  request.market = market_.at(*plan, due.slot.slot, among ? &*among : nullptr);
  gathering x;
  x.market = request.market;
  x.record.slot = due.slot;
  x.record.context = request.context;
  x.record.completed_at = due.slot.issued_at;
  invite(due, x);
  auto& kept = open_[due.slot.sequence] = std::move(x);
  if (kept.missing == 0)
    close(kept);
  return request;
}

void cycle_state::invite(const cycle_due& due, gathering& x) const {
  auto slot = due.slot.slot;
  if (!due.everyone)
    x.awaited = due.participants;
  else if (const auto& listed = listed_.listed())
    x.awaited = listed->predicted_at(slot);
  else
    for (std::uint32_t i = 0; i < plan->symbols.size(); ++i)
      x.awaited.push_back(i);
  std::sort(x.awaited.begin(), x.awaited.end());
  x.answered.resize(x.awaited.size());
  x.drafts.resize(x.awaited.size());
  if (wiring.gate)
    x.windows.resize(x.awaited.size());
  x.missing = x.awaited.size();
  for (std::size_t i = 0; i < x.awaited.size(); ++i)
    if (const auto& listed = listed_.listed();
        listed && listed->is_halted(x.awaited[i], slot)) {
      x.drafts[i] = abstention(x.record, x.awaited[i], abstain_reason::halted);
      x.answered[i] = true;
      --x.missing;
    }
}

std::vector<std::uint32_t>
cycle_state::awaited_by(std::uint64_t sequence) const {
  std::vector<std::uint32_t> result;
  auto found = open_.find(sequence);
  if (found == open_.end())
    return result;
  const auto& x = found->second;
  for (std::size_t i = 0; i < x.awaited.size(); ++i)
    if (!x.answered[i])
      result.push_back(x.awaited[i]);
  return result;
}

void cycle_state::take(prediction_draft& draft) {
  auto found = open_.find(draft.sequence);
  if (found == open_.end())
    return;
  auto& x = found->second;
  if (x.missing == 0)
    return; // complete, or its deadline is over
  auto at = std::lower_bound(x.awaited.begin(), x.awaited.end(),
                             draft.symbol_index);
  if (at == x.awaited.end() || *at != draft.symbol_index)
    return;
  auto position = static_cast<std::size_t>(at - x.awaited.begin());
  if (x.answered[position])
    return;
  // The legacy system has stored other symbols' prices: nothing of the kind
  // gets any further here.
  must_hold(draft.content.symbol == plan->symbols[draft.symbol_index],
            "a draft is of the symbol that was asked");
  must_hold(draft.content.slot == x.record.slot.slot,
            "a draft is of the slot that was asked for");
  x.answered[position] = true;
  x.drafts[position] = std::move(draft.content);
  if (wiring.gate)
    x.windows[position] = std::move(draft.window);
  if (--x.missing == 0)
    close(x);
  else
    stop_waiting(draft.sequence, x);
}

/// Who fails again and again is asked, but costs the others nothing: it is not
/// waited for. A replay waits: its answers may not depend on luck.
void cycle_state::stop_waiting(std::uint64_t sequence, const gathering& x) {
  constexpr std::size_t looked_at_max = 16;
  if (wiring.deadline.count() == 0 || x.missing > looked_at_max)
    return;
  for (std::size_t i = 0; i < x.awaited.size(); ++i)
    if (!x.answered[i]
        && (x.awaited[i] >= wiring.symbols.size()
            || !wiring.symbols[x.awaited[i]].in_trouble()))
      return;
  expire(sequence);
}

void cycle_state::expire(std::uint64_t sequence) {
  auto found = open_.find(sequence);
  if (found == open_.end() || found->second.missing == 0)
    return;
  auto& x = found->second;
  for (std::size_t i = 0; i < x.awaited.size(); ++i)
    if (!x.answered[i])
      x.drafts[i] = abstention(x.record, x.awaited[i],
                               abstain_reason::symbol_unavailable);
  x.missing = 0;
  close(x);
}

prediction cycle_state::abstention(const cycle_record& record,
                                   std::uint32_t index,
                                   abstain_reason why) const {
  const auto& slot = record.slot;
  prediction p;
  p.symbol = plan->symbols[index];
  p.id = make_prediction_id(slot.run, p.symbol, to_string(slot.interval),
                            slot.slot);
  p.cycle = slot.id;
  p.interval = slot.interval;
  p.slot = slot.slot;
  p.abstained = true;
  p.reason = why;
  p.horizon_minutes = plan->primary_horizon_minutes;
  p.model_version = plan->model_version;
  p.context = record.context;
  return p;
}

void cycle_state::wait(std::chrono::milliseconds passed) {
  for (auto& [sequence, x] : open_) {
    x.waited += passed;
    if (wiring.deadline.count() > 0 && x.waited >= wiring.deadline)
      expire(sequence);
    else if (x.missing > 0)
      stop_waiting(sequence, x);
  }
}

std::vector<predict_request>
cycle_state::unanswered(std::uint32_t symbol_index) const {
  std::vector<predict_request> result;
  for (const auto& [sequence, x] : open_) {
    auto at = std::lower_bound(x.awaited.begin(), x.awaited.end(),
                               symbol_index);
    if (at == x.awaited.end() || *at != symbol_index
        || x.answered[static_cast<std::size_t>(at - x.awaited.begin())])
      continue;
    predict_request request;
    request.slot = x.record.slot;
    request.context = x.record.context;
    request.market = x.market;
    result.push_back(std::move(request));
  }
  return result;
}

void cycle_state::miss(const cycle_slot& slot, const std::string& reason) {
  if (open_.contains(slot.sequence))
    return;
  auto& x = open_[slot.sequence];
  x.record.slot = slot;
  x.record.status = cycle_status::missed;
  x.record.reason = reason;
  x.record.completed_at = slot.issued_at;
}

void cycle_state::complete(gathering& x) {
  auto& record = x.record;
  record.predictions = std::move(x.drafts);
  if (wiring.gate) {
    auto sessions = horizon_sessions(*plan, record.slot.slot,
                                     plan->primary_horizon_minutes);
    for (auto& p : record.predictions)
      apply_policy(p, sessions, plan->policy, plan->rules);
  }
  auto half = std::chrono::minutes{minutes_of(record.slot.interval)} / 2;
  record.status = record.slot.issued_at - record.slot.slot > half
                    ? cycle_status::late
                    : cycle_status::completed;
  owe_outcomes(record);
}

void cycle_state::owe_outcomes(cycle_record& record) const {
  for (auto horizon : plan->horizons_minutes) {
    auto due = due_at(*plan, record.slot.slot, horizon);
    if (!due)
      continue;
    for (const auto& p : record.predictions) {
      if (p.abstained)
        continue;
      obligation owed;
      owed.prediction = p.id;
      owed.symbol = p.symbol;
      owed.interval = p.interval;
      owed.slot = p.slot;
      owed.due_at = *due;
      owed.horizon_minutes = horizon;
      owed.action = p.action;
      owed.entry_price = p.entry_price;
      record.obligations.push_back(std::move(owed));
    }
  }
}

// -- storing ----------------------------------------------------------------------

const cycle_record* cycle_state::next_to_store() {
  for (auto& [sequence, x] : open_) {
    if (x.sent)
      continue;
    if (x.missing > 0 || x.models != forecasting::over)
      return nullptr; // an older cycle is not complete: keep the order
    x.sent = true;
    return &x.record;
  }
  return nullptr;
}

void cycle_state::send_again() {
  for (auto& [sequence, x] : open_)
    x.sent = x.committed;
}

void cycle_state::commit(std::uint64_t sequence, bool before) {
  auto found = open_.find(sequence);
  if (found == open_.end())
    return;
  found->second.committed = true;
  found->second.stored_before = before;
}

std::optional<cycle_state::committed> cycle_state::next_to_tell() {
  if (open_.empty() || !open_.begin()->second.committed)
    return std::nullopt;
  committed told;
  told.record = std::move(open_.begin()->second.record);
  told.stored_before = open_.begin()->second.stored_before;
  open_.erase(open_.begin());
  auto& record = told.record;
  told.owed.committed_slot = record.slot.slot;
  if (!told.stored_before)
    told.owed.obligations = std::move(record.obligations);
  told.result.slot = record.slot;
  told.result.status = record.status;
  for (const auto& p : record.predictions)
    ++(p.abstained ? told.result.abstentions : told.result.predictions);
  return told;
}

} // namespace banksia
