#include "actors/store/served_bars.hpp"

#include "actors/store/query_rows.hpp"
#include "runtime/storage/query_timer.hpp"

#include <algorithm>

namespace banksia::store {

namespace {

/// The last word on each bar by ?3; a withdrawn one is left out. The derived
/// verdict is 1, as of every repaired bar.
constexpr std::string_view served = R"sql(
FROM bars b LEFT JOIN bar_revisions r
  ON r.symbol = b.symbol AND r.interval = b.interval
  AND r.opened_at = b.opened_at AND r.known_at = (
    SELECT max(known_at) FROM bar_revisions WHERE symbol = b.symbol
    AND interval = b.interval AND opened_at = b.opened_at AND known_at <= ?3)
WHERE b.symbol = ?1 AND b.interval = ?2 AND b.opened_at >= ?4
  AND b.opened_at < ?5 AND coalesce(r.withdrawn, 0) = 0)sql";

constexpr std::string_view served_columns = R"sql(
SELECT b.symbol, b.interval, b.opened_at, coalesce(r.open, b.open),
  coalesce(r.high, b.high), coalesce(r.low, b.low), coalesce(r.close, b.close),
  coalesce(r.volume, b.volume), b.source, b.received_at, b.known_at,
  iif(r.known_at IS NULL, b.verdict, 1))sql";

} // namespace

std::vector<bar> served_bars(storage::database& db, std::string_view symbol,
                             bar_interval interval,
                             std::optional<timestamp> from,
                             std::optional<timestamp> to, std::int64_t limit,
                             timestamp as_of, bool oldest_bars) {
  storage::query_timer timer{"served_bars"};
  std::string sql{served_columns};
  sql += served;
  sql += oldest_bars ? " ORDER BY b.opened_at LIMIT ?6"
                     : " ORDER BY b.opened_at DESC LIMIT ?6";
  auto query = db.prepare(sql);
  query.bind_all(
    symbol, to_string(interval), to_micros(as_of),
    rows::micros_or(from, rows::earliest),
    rows::micros_or(to, rows::latest), limit);
  std::vector<bar> result;
  while (query.step())
    result.push_back(rows::read_bar(query));
  if (!oldest_bars)
    std::reverse(result.begin(), result.end());
  return result;
}

std::vector<traded_close> served_closes(storage::database& db,
                                        std::string_view symbol,
                                        bar_interval interval, timestamp from,
                                        timestamp as_of) {
  storage::query_timer timer{"served_closes"};
  std::string sql
    = "SELECT b.opened_at, b.known_at, coalesce(r.close, b.close)";
  sql += served;
  sql += " ORDER BY b.opened_at";
  auto query = db.prepare(sql);
  query.bind_all(symbol, to_string(interval), to_micros(as_of),
                 to_micros(from), rows::latest);
  std::vector<traded_close> result;
  while (query.step())
    result.push_back({rows::time_at(query, 0), rows::time_at(query, 1),
                      query.number(2)});
  return result;
}

} // namespace banksia::store
