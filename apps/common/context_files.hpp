#pragma once

/// Files of other markets' series, as the commands that take them are told of.

#include "models/market/calendar.hpp"
#include "models/market/context_series.hpp"
#include "runtime/storage/sqlite.hpp"

#include <CLI/CLI.hpp>

#include <map>
#include <string>
#include <vector>

namespace banksia::commands {

/// Adds `--context NAME=PATH`, which may come more than once.
void add_context_option(CLI::App& command, std::vector<std::string>& texts);

/// The files by series. @throws command_error with exit 2 for a name that there
/// is not, one that comes twice, and what is no NAME=PATH
std::map<context_series, std::string>
context_files(const std::vector<std::string>& texts);

/// Imports a file under the symbol that is ours for its series, whatever it says
/// itself: a run finds its series by that.
/// @throws command_error with exit 65 where it holds no bar; intake::bad_input,
///         storage::storage_error
void import_context(storage::database& db, const exchange_calendar& calendar,
                    context_series series, const std::string& path,
                    timestamp received_at);

} // namespace banksia::commands
