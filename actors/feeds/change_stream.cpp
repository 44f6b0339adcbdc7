#include "actors/feeds/change_stream.hpp"

#include "actors/store/query_rows.hpp"

#include <limits>
#include <utility>

namespace banksia {

namespace {

/// Rows read at a time.
constexpr std::int64_t chunk_size = 256;

constexpr auto long_ago = std::numeric_limits<std::int64_t>::min();

/// The first of a lane's rows, when it is known by then.
template <class T>
std::optional<T> take(std::deque<T>& chunk, bool known) {
  if (!known)
    return std::nullopt;
  auto result = std::move(chunk.front());
  chunk.pop_front();
  return result;
}

} // namespace

change_stream::change_stream(storage::database& db, bar_interval interval,
                             timestamp after)
  : interval_(interval),
    after_(after),
    actions_{db.prepare(
               std::string{"SELECT "} + std::string{store::rows::action_columns}
               + " FROM corporate_actions WHERE known_at > ?1 AND "
                 "(known_at, symbol, effective_at, kind, value) "
                 "> (?2, ?3, ?4, ?5, ?6) "
                 "ORDER BY known_at, symbol, effective_at, kind, value "
                 "LIMIT ?7"),
             {},
             {},
             false},
    revisions_{db.prepare(std::string{"SELECT "}
                          + std::string{store::rows::revision_columns}
                          + " FROM bar_revisions WHERE interval = ?1 "
                            "AND known_at > ?2 AND "
                            "(known_at, symbol, opened_at) > (?3, ?4, ?5) "
                            "ORDER BY known_at, symbol, opened_at LIMIT ?6"),
               {},
               {},
               false} {}

void change_stream::refill(lane<corporate_action>& x) {
  if (!x.chunk.empty() || x.drained)
    return;
  auto last = x.last.value_or(corporate_action{});
  x.query.bind_all(to_micros(after_),
                   x.last ? to_micros(last.known_at) : long_ago, last.symbol,
                   to_micros(last.effective_at), to_string(last.kind),
                   last.value.value(), chunk_size);
  while (x.query.step())
    x.chunk.push_back(store::rows::read_action(x.query));
  x.query.reset();
  x.drained = static_cast<std::int64_t>(x.chunk.size()) < chunk_size;
  if (!x.chunk.empty())
    x.last = x.chunk.back();
}

void change_stream::refill(lane<bar_revision>& x) {
  if (!x.chunk.empty() || x.drained)
    return;
  auto last = x.last.value_or(bar_revision{}).content;
  x.query.bind_all(to_string(interval_), to_micros(after_),
                   x.last ? to_micros(last.known_at) : long_ago, last.symbol,
                   to_micros(last.opened_at), chunk_size);
  while (x.query.step())
    x.chunk.push_back(store::rows::read_revision(x.query));
  x.query.reset();
  x.drained = static_cast<std::int64_t>(x.chunk.size()) < chunk_size;
  if (!x.chunk.empty())
    x.last = x.chunk.back();
}

std::optional<corporate_action> change_stream::next_action(timestamp until) {
  refill(actions_);
  auto& rows = actions_.chunk;
  return take(rows, !rows.empty() && rows.front().known_at <= until);
}

std::optional<bar_revision> change_stream::next_revision(timestamp until) {
  refill(revisions_);
  auto& rows = revisions_.chunk;
  return take(rows, !rows.empty() && rows.front().content.known_at <= until);
}

void change_stream::look_again() noexcept {
  actions_.drained = revisions_.drained = false;
}

} // namespace banksia
