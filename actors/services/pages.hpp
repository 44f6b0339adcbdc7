#pragma once

/// A page of rows in time, as a query asks for it.

#include "actors/services/parameters.hpp"
#include "actors/store/queries.hpp"

namespace banksia {

/// Without its cursor, which each list reads its own way. One row more than
/// wanted tells whether there is a next page.
inline store::time_page page_of(const query_parameters& query,
                                const list_bounds& bounds) {
  store::time_page page;
  page.from = bounds.from;
  page.to = bounds.to;
  page.ascending = query.is_ascending();
  page.limit = bounds.limit + 1;
  return page;
}

} // namespace banksia
