#include "actors/store/journal_view.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace banksia::store {

journal_view::journal_view(const std::filesystem::path& database)
  : file_(journal_file(database)) {
  look();
}

void journal_view::look() {
  if (!file_.look_again()) {
    records_ = {};
    at_ = {};
  }
  auto at = at_;
  while (auto entry = file_.next(at)) {
    records_.push_back(decode(*entry));
    at_ = at; // not past one that cannot be read
  }
}

void journal_view::let_go() {
  if (!records_.empty() && !file_.goes_on())
    look();
}

void journal_view::add_bars(std::vector<bar>& to, std::string_view symbol,
                            bar_interval interval, timestamp until) const {
  add_new<bar_batch>(
    to, &bar_batch::bars, [](const bar& x) { return x.opened_at; },
    [&](const bar& x) {
      return x.symbol == symbol && x.interval == interval
             && x.known_at <= until;
    });
}

void journal_view::add_headlines(std::vector<headline>& to,
                                 std::string_view symbol,
                                 timestamp until) const {
  if (records_.empty())
    return;
  std::set<std::string> known;
  for (const auto& x : to)
    known.insert(x.headline_id);
  for (const auto& record : records_)
    if (auto batch = std::get_if<headline_batch>(&record))
      for (const auto& x : batch->headlines)
        if (x.symbol == symbol && x.known_at <= until
            && known.insert(x.headline_id).second)
          to.push_back(x);
  std::sort(to.begin(), to.end(), [](const headline& a, const headline& b) {
    return std::tie(a.known_at, a.headline_id)
           < std::tie(b.known_at, b.headline_id);
  });
}

void journal_view::add_revisions(std::vector<bar_revision>& to,
                                 std::string_view symbol,
                                 bar_interval interval,
                                 timestamp until) const {
  auto key = [](const bar_revision& x) {
    return std::pair(x.content.known_at, x.content.opened_at);
  };
  add_new<bar_revision_batch>(
    to, &bar_revision_batch::revisions, key, [&](const bar_revision& x) {
      return x.content.symbol == symbol && x.content.interval == interval
             && x.content.known_at <= until;
    });
}

void journal_view::add_actions(std::vector<corporate_action>& to,
                               std::string_view symbol,
                               timestamp until) const {
  auto key = [](const corporate_action& x) {
    return std::tuple(x.effective_at, x.kind, x.value.value());
  };
  add_new<corporate_action_batch>(
    to, &corporate_action_batch::actions, key, [&](const auto& x) {
      return x.symbol == symbol && x.known_at <= until;
    });
}

void journal_view::add_listings(std::vector<listing_change>& to,
                                timestamp until) const {
  auto key = [](const listing_change& x) {
    return std::tuple(x.effective_at, x.symbol, x.event);
  };
  add_new<listing_change_batch>(
    to, &listing_change_batch::changes, key,
    [&](const auto& x) { return x.known_at <= until; });
}

void journal_view::add_owed(obligation_batch& to, std::string_view run) const {
  if (records_.empty())
    return;
  using key = std::pair<prediction_id, std::uint32_t>;
  std::map<key, obligation> owed;
  for (auto& x : to.obligations)
    owed.emplace(key{x.prediction, x.horizon_minutes}, std::move(x));
  for (const auto& record : records_) {
    if (auto made = std::get_if<cycle_record>(&record);
        made && made->slot.run == run) {
      to.committed_slot = std::max(to.committed_slot, made->slot.slot);
      for (const auto& x : made->obligations)
        owed.emplace(key{x.prediction, x.horizon_minutes}, x);
    } else if (auto ended = std::get_if<outcome_batch>(&record)) {
      for (const auto& x : ended->outcomes)
        owed.erase({x.prediction, x.horizon_minutes});
    }
  }
  to.obligations.clear();
  for (auto& [which, x] : owed)
    to.obligations.push_back(std::move(x));
}

namespace {

void count(schedule_status& totals, const cycle_record& x) {
  for (const auto& p : x.predictions)
    ++(p.abstained ? totals.abstentions : totals.predictions);
  if (x.status == cycle_status::missed) {
    ++totals.missed;
    return;
  }
  ++totals.completed;
  totals.late += x.status == cycle_status::late ? 1 : 0;
}

} // namespace

void journal_view::add_cycles(std::optional<timestamp>& last_ended,
                              std::vector<cycle_slot>& owed,
                              std::optional<timestamp>& market_time,
                              schedule_status& totals,
                              std::string_view run) const {
  auto stored = last_ended; // cycles are stored in the order of their slots
  for (const auto& record : records_) {
    if (auto slots = std::get_if<std::vector<cycle_slot>>(&record)) {
      for (const auto& x : *slots)
        if (x.run == run && (!stored || x.slot > *stored))
          owed.push_back(x);
    } else if (auto made = std::get_if<cycle_record>(&record);
               made && made->slot.run == run) {
      auto is_new = !last_ended || made->slot.slot > *last_ended;
      std::erase_if(owed, [&](const cycle_slot& x) {
        return x.id == made->slot.id;
      });
      if (is_new) {
        count(totals, *made);
        last_ended = made->slot.slot;
      }
    } else if (auto mark = std::get_if<clock_mark>(&record);
               mark && mark->run == run) {
      market_time = std::max(market_time.value_or(mark->market_time),
                             mark->market_time);
    }
  }
}

void journal_view::add_evaluated(std::optional<timestamp>& newest) const {
  for (const auto& record : records_)
    if (auto ended = std::get_if<outcome_batch>(&record))
      for (const auto& x : ended->outcomes)
        newest = std::max(newest.value_or(x.evaluation_timestamp),
                          x.evaluation_timestamp);
}

void journal_view::add_jobs(std::vector<job_record>& owed,
                            std::map<std::string, timestamp>& newest,
                            std::string_view run) const {
  for (const auto& record : records_) {
    auto job = std::get_if<job_record>(&record);
    if (!job || job->run != run)
      continue;
    auto& latest = newest.try_emplace(job->kind, job->due_at).first->second;
    latest = std::max(latest, job->due_at);
    auto same = std::find_if(owed.begin(), owed.end(), [&](const auto& x) {
      return x.kind == job->kind && x.due_at == job->due_at;
    });
    if (job->status != "owed" && same != owed.end())
      owed.erase(same);
    else if (job->status == "owed" && same == owed.end())
      owed.push_back(*job);
  }
}

void journal_view::add_trainings(std::vector<training_record>& to) const {
  if (records_.empty())
    return;
  for (const auto& record : records_) {
    auto told = std::get_if<training_record>(&record);
    if (!told)
      continue;
    auto known = std::find_if(to.begin(), to.end(), [&](const auto& x) {
      return x.training_id == told->training_id;
    });
    if (known == to.end())
      to.push_back(*told);
    else if (known->status == "owed" || known->status == "running")
      *known = *told;
  }
  std::sort(to.begin(), to.end(), [](const auto& a, const auto& b) {
    return std::tie(a.requested_at, a.training_id)
           > std::tie(b.requested_at, b.training_id);
  });
}

} // namespace banksia::store
