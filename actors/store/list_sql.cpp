#include "actors/store/list_sql.hpp"

#include "actors/store/query_rows.hpp"

#include <algorithm>

namespace banksia::store {

std::string least_id(timestamp t) {
  // Nothing has an id of before 1970.
  return to_micros(t) < 0
           ? std::string{}
           : to_hex(static_cast<std::uint64_t>(to_micros(t)), 0);
}

id_span span_of(const list_filter& f) {
  id_span result;
  if (f.from)
    result.least = least_id(*f.from);
  result.bound = f.to ? least_id(*f.to) : std::string{after_all_ids};
  if (f.ascending)
    result.least = std::max(result.least, f.first_id);
  else if (!f.before_id.empty())
    result.bound = std::min(result.bound, f.before_id);
  return result;
}

std::string conditions(const list_filter& f, std::string_view id) {
  std::string result{id};
  result.append(" >= ?1 AND ").append(id).append(" < ?2");
  if (!f.symbol.empty())
    return result + (f.run.empty() ? "" : " AND p.run = ?3")
           + " AND p.symbol = ?4";
  // The plus keeps SQLite from looking up a run and sorting all its rows.
  return result + (f.run.empty() ? "" : " AND +p.run = ?3");
}

std::string page_conditions(const time_page& page, std::string_view time,
                            std::string_view id) {
  std::string order = page.ascending ? "" : " DESC";
  std::string t{time};
  std::string i{id};
  return t + " >= ?1 AND " + t + " < ?2 AND (" + t + ", " + i + ") "
         // Ids are hex: behind all that begin as the cursor's does.
         + (page.ascending ? "> (?3, ?4 || 'g')" : "< (?3, ?4)") + " ORDER BY " + t + order
         + ", " + i + order + " LIMIT ?5";
}

void bind_page(storage::statement& query, const time_page& page) {
  auto start = page.ascending ? rows::earliest : rows::latest;
  query.bind(1, rows::micros_or(page.from, rows::earliest));
  query.bind(2, rows::micros_or(page.to, rows::latest));
  query.bind(3, rows::micros_or(page.cursor_time, start));
  query.bind(4, std::string_view{page.cursor_id});
  query.bind(5, page.limit);
}

std::string_view direction(const list_filter& f) {
  return f.ascending ? "" : " DESC";
}

} // namespace banksia::store
