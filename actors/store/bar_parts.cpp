#include "actors/store/bar_parts.hpp"

#include "actors/store/query_rows.hpp"
#include "runtime/storage/query_timer.hpp"

namespace banksia::store {

timestamp before_all_bars() noexcept {
  return from_micros(rows::earliest);
}

bar_part bars_part(storage::database& db, std::string_view symbol,
                   bar_interval interval, timestamp from, timestamp until,
                   std::int64_t rows_max) {
  storage::query_timer timer{"bars"};
  // What was not known by then counts to a part too, else one that finds few
  // would go over all the others.
  auto query = db.prepare(
    rows::select(rows::bar_columns,
                 "FROM bars WHERE symbol = ? AND interval = ? "
                 "AND opened_at >= ? ORDER BY opened_at LIMIT ?"));
  query.bind_all(symbol, to_string(interval), to_micros(from), rows_max);
  bar_part result;
  std::int64_t seen = 0;
  timestamp last;
  for (; query.step(); ++seen) {
    last = rows::time_at(query, 2);
    if (rows::time_at(query, 10) <= until)
      result.bars.push_back(rows::read_bar(query));
  }
  if (seen == rows_max)
    result.next = last + micros{1};
  return result;
}

} // namespace banksia::store
