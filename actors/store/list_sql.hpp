#pragma once

/// Conditions of lists that an index answers. Ids begin with their time, so a
/// span of time is a span of ids, and a page begins where the one before ended:
/// neither reads what lies before it.

#include "actors/store/queries.hpp"

#include <string>
#include <string_view>

namespace banksia::store {

/// Sorts after every id.
inline constexpr std::string_view after_all_ids = "g";

/// The least id of that time or later.
std::string least_id(timestamp t);

/// Ids in [least, bound).
struct id_span {
  std::string least;
  std::string bound;
};

/// Those of a filter: its times and its cursor.
id_span span_of(const list_filter& filter);

/// Conditions of a filter on predictions `p`, the ids' on `id`. ?1 and ?2 are
/// the bounds of ids, ?3 the run, ?4 the symbol; the statement has a ?5 too, so
/// that all four can be bound whether they are in it or not.
std::string conditions(const list_filter& filter, std::string_view id);

/// Conditions, order and limit of a page of rows that have a time and an id: a
/// comparison of pairs, which an index on the two answers. It has ?1 to ?5.
std::string page_conditions(const time_page& page, std::string_view time,
                            std::string_view id);

/// Binds what `page_conditions` has. The page must outlive the statement's use.
void bind_page(storage::statement& query, const time_page& page);

/// "" or " DESC".
std::string_view direction(const list_filter& filter);

} // namespace banksia::store
