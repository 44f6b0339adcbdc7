#include "models/market/listings.hpp"

#include <algorithm>
#include <tuple>

namespace banksia {

namespace {

constexpr timestamp always = from_micros(std::numeric_limits<std::int64_t>::min());

bool is_predicted(listing_state x) noexcept {
  return x == listing_state::active || x == listing_state::halted;
}

bool is_stop(listing_state x) noexcept {
  return x == listing_state::halted || x == listing_state::delisted;
}

listing_state state_after(listing_event x) noexcept {
  switch (x) {
    case listing_event::removed:
      return listing_state::removed;
    case listing_event::halted:
      return listing_state::halted;
    case listing_event::delisted:
      return listing_state::delisted;
    case listing_event::renamed:
      return listing_state::renamed;
    case listing_event::added:
    case listing_event::resumed:
      break;
  }
  return listing_state::active;
}

/// Whether a symbol in that state may meet that event.
bool may_meet(listing_state now, listing_event x) noexcept {
  switch (x) {
    case listing_event::added:
      return now == listing_state::removed || now == listing_state::delisted;
    case listing_event::resumed:
      return now == listing_state::halted;
    case listing_event::halted:
      return now == listing_state::active;
    case listing_event::removed:
    case listing_event::delisted:
    case listing_event::renamed:
      break;
  }
  return is_predicted(now);
}

} // namespace

std::string_view to_string(listing_state x) noexcept {
  switch (x) {
    case listing_state::active:
      return "active";
    case listing_state::halted:
      return "halted";
    case listing_state::delisted:
      return "delisted";
    case listing_state::removed:
      return "removed";
    case listing_state::renamed:
      break;
  }
  return "renamed";
}

bool is_symbol_text(std::string_view text) noexcept {
  constexpr std::size_t code_length_max = 10;
  if (text.starts_with('^'))
    text.remove_prefix(1);
  else if (text.ends_with(".AX"))
    text.remove_suffix(3);
  else
    return false;
  return !text.empty() && text.size() <= code_length_max
         && std::all_of(text.begin(), text.end(), [](char c) {
              return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            });
}

void keep_of_code(std::vector<bar>& bars, const code_span& code) {
  std::erase_if(bars, [&](const bar& x) { return !code.holds(x.opened_at); });
}

void keep_of_code(std::vector<bar_revision>& revisions,
                  const code_span& code) {
  std::erase_if(revisions, [&](const bar_revision& x) {
    return !code.holds(x.content.opened_at);
  });
}

void keep_of_code(std::vector<corporate_action>& actions,
                  const code_span& code) {
  std::erase_if(actions, [&](const corporate_action& x) {
    return !code.holds(x.effective_at);
  });
}

listings::listings(std::span<const std::string> configured) {
  for (const auto& symbol : configured)
    follow(symbol, {always, listing_state::active, {}});
}

// -- changing ---------------------------------------------------------------------

std::uint32_t listings::follow(const std::string& symbol, mark first) {
  auto index = static_cast<std::uint32_t>(symbols_.size());
  auto [place, is_new] = indexes_.emplace(symbol, index);
  if (is_new) {
    symbols_.push_back(symbol);
    entries_.emplace_back();
  }
  entries_[place->second].marks.push_back(std::move(first));
  return place->second;
}

listing_state listings::last_state(std::uint32_t index) const {
  return entries_[index].marks.back().state;
}

std::optional<std::string> listings::refusal(const listing_change& x) const {
  auto index = index_of(x.symbol);
  if (!index) {
    if (x.event != listing_event::added)
      return x.symbol + " is not followed: add it first";
    if (symbols_.size() >= symbols_max)
      return "there are " + std::to_string(symbols_max)
             + " symbols already, those that have gone included";
    return std::nullopt;
  }
  auto now = last_state(*index);
  if (!may_meet(now, x.event)) {
    std::string text = x.symbol + " is " + std::string{to_string(now)};
    return text + ": it cannot be " + std::string{to_string(x.event)};
  }
  if (x.event == listing_event::renamed) {
    if (index_of(x.successor))
      return x.successor + " is known already: a new code is one that nobody "
                           "has followed";
    if (symbols_.size() >= symbols_max)
      return "there are " + std::to_string(symbols_max)
             + " symbols already, those that have gone included";
  }
  return std::nullopt;
}

void listings::add(const listing_change& x) {
  auto t = x.effective_at;
  auto renames = x.event == listing_event::renamed && !x.successor.empty()
                 && x.successor != x.symbol;
  if (x.event == listing_event::renamed && !renames)
    return;
  newest_ = std::max(newest_, t);
  // Codes stay linked, whatever the configuration says by now.
  if (renames)
    renames_.push_back({x.symbol, x.successor, t});
  auto index = index_of(x.symbol);
  if (!index) {
    if (x.event == listing_event::added && symbols_.size() < symbols_max)
      follow(x.symbol, {t, listing_state::active, x.reason});
    return;
  }
  auto now = last_state(*index);
  if (!may_meet(now, x.event))
    return;
  entries_[*index].marks.push_back({t, state_after(x.event), x.reason});
  if (!renames)
    return;
  // A halt goes over to the new code.
  auto known = index_of(x.successor);
  if (!known || !is_predicted(last_state(*known)))
    follow(x.successor, {t, now, x.reason});
}

// -- asking -----------------------------------------------------------------------

std::optional<std::uint32_t> listings::index_of(std::string_view symbol) const {
  auto found = indexes_.find(symbol);
  if (found == indexes_.end())
    return std::nullopt;
  return found->second;
}

const listings::mark* listings::mark_at(std::uint32_t index,
                                        timestamp t) const {
  if (index >= entries_.size())
    return nullptr;
  const auto& marks = entries_[index].marks;
  for (auto x = marks.rbegin(); x != marks.rend(); ++x)
    if (x->at <= t)
      return &*x;
  return nullptr;
}

std::optional<listing> listings::at(std::uint32_t index, timestamp t) const {
  auto x = mark_at(index, t);
  if (!x)
    return std::nullopt;
  listing result;
  result.symbol = symbols_[index];
  result.index = index;
  result.state = x->state;
  if (x->at != always)
    result.since = x->at;
  result.reason = x->reason;
  if (x->state == listing_state::renamed)
    for (const auto& y : renames_)
      if (y.from == result.symbol && y.at == x->at)
        result.successor = y.to;
  return result;
}

std::vector<std::uint32_t> listings::predicted_at(timestamp t) const {
  std::vector<std::uint32_t> result;
  for (std::uint32_t i = 0; i < entries_.size(); ++i)
    if (auto x = mark_at(i, t); x && is_predicted(x->state))
      result.push_back(i);
  return result;
}

bool listings::is_halted(std::uint32_t index, timestamp t) const {
  auto x = mark_at(index, t);
  return x && x->state == listing_state::halted;
}

bool listings::is_needed(std::uint32_t index, timestamp t) const {
  auto x = mark_at(index, t);
  return x && (is_predicted(x->state) || t < x->at + linger);
}

// -- codes ------------------------------------------------------------------------

const listings::rename* listings::rename_from(std::string_view symbol,
                                              timestamp after) const {
  for (const auto& x : renames_)
    if (x.from == symbol && x.at >= after)
      return &x;
  return nullptr;
}

const listings::rename* listings::rename_to(std::string_view symbol) const {
  for (auto x = renames_.rbegin(); x != renames_.rend(); ++x)
    if (x->to == symbol)
      return &*x;
  return nullptr;
}

std::vector<code_span> listings::codes_before(std::string_view symbol) const {
  std::vector<code_span> result(1);
  result.back().symbol = symbol;
  // No code comes twice, so that two that were exchanged end somewhere.
  for (auto x = rename_to(symbol);
       x && result.size() <= renames_.size(); x = rename_to(x->from)) {
    result.back().from = x->at - overlap;
    code_span before;
    before.symbol = x->from;
    before.until = x->at;
    result.push_back(std::move(before));
  }
  std::reverse(result.begin(), result.end());
  return result;
}

std::vector<code_span> listings::codes_after(std::string_view symbol) const {
  std::vector<code_span> result(1);
  result.back().symbol = symbol;
  auto after = always;
  for (auto x = rename_from(symbol, after);
       x && result.size() <= renames_.size(); x = rename_from(x->to, x->at)) {
    result.back().until = x->at;
    code_span next;
    next.symbol = x->to;
    next.from = x->at - overlap;
    result.push_back(std::move(next));
  }
  return result;
}

std::string listings::first_code(std::string_view symbol) const {
  return codes_before(symbol).front().symbol;
}

std::vector<std::string> listings::first_codes() const {
  std::vector<std::string> result;
  for (const auto& symbol : symbols_)
    if (!rename_to(symbol))
      result.push_back(symbol);
  return result;
}

std::string listings::code_at(std::string_view symbol, timestamp t) const {
  std::string result{symbol};
  for (const auto& x : renames_)
    if (x.from == result && x.at <= t)
      result = x.to;
  return result;
}

// -- evaluations ------------------------------------------------------------------

std::optional<trading_stop>
listings::stop_of(std::string_view symbol, timestamp slot, timestamp due,
                  timestamp now, bool has_exit) const {
  if (is_plain())
    return std::nullopt;
  // The usual case, asked again and again: nothing has happened to it since.
  if (auto index = index_of(symbol);
      index && entries_[*index].marks.back().at <= slot)
    return std::nullopt;
  std::optional<trading_stop> at_due, since, ended;
  std::optional<timestamp> gone;
  // The states of the security after the slot, under whatever code.
  auto see = [&](const mark& x) {
    if (x.at <= due)
      at_due = is_stop(x.state) ? std::optional{trading_stop{x.at, x.state}}
                                : std::nullopt;
    else if (!since && is_stop(x.state))
      since = trading_stop{x.at, x.state};
    if (x.state == listing_state::delisted && x.at <= due && !ended)
      ended = trading_stop{x.at, x.state};
    gone = x.state == listing_state::removed ? std::optional{x.at}
                                             : std::nullopt;
  };
  for (const auto& code : codes_after(symbol))
    if (auto index = index_of(code.symbol))
      for (const auto& x : entries_[*index].marks)
        if (x.at > slot && x.at <= now && x.state != listing_state::renamed)
          see(x);
  // What is delisted trades no more: nobody waits for its horizon.
  if (ended)
    return ended;
  if (due > now)
    return std::nullopt;
  if (at_due)
    return trading_stop{due, at_due->why};
  if (has_exit)
    return std::nullopt;
  if (since)
    return since;
  if (gone && *gone + linger <= now)
    return trading_stop{std::max(due, *gone + linger), listing_state::removed};
  return std::nullopt;
}

// -- making -----------------------------------------------------------------------

std::vector<listing_change> in_order(std::vector<listing_change> changes) {
  std::stable_sort(changes.begin(), changes.end(),
                   [](const auto& a, const auto& b) {
                     return std::tie(a.known_at, a.effective_at, a.symbol)
                            < std::tie(b.known_at, b.effective_at, b.symbol);
                   });
  return changes;
}

listings listings_of(std::span<const std::string> configured,
                     std::vector<listing_change> changes) {
  listings result{configured};
  for (const auto& x : in_order(std::move(changes)))
    result.add(x);
  return result;
}

} // namespace banksia
