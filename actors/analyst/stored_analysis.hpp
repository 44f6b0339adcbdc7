#pragma once

/// The analyses that a store holds, as the commands and the services show them.

#include "actors/store/queries.hpp"

#include <boost/json/value.hpp>

#include <optional>
#include <string_view>

namespace banksia::analysis {

/// The newest analysis of that kind ("morning", "evening") of a run, or that of
/// a session's date: `due_at, status, ended_at, reason, newer, analysis`. `newer`
/// says of a later job of that kind that did not come to an analysis `due_at,
/// status, reason`; null: there is none. Null when there is no analysis.
/// @throws storage::storage_error
boost::json::value stored(store::queries& ask, std::string_view run,
                          std::string_view kind,
                          std::optional<trading_date> date = std::nullopt);

} // namespace banksia::analysis
