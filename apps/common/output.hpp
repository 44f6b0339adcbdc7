#pragma once

/// What the reading commands share: the store they read and what they print.

#include "messages/domain.hpp"
#include "models/decision/explain.hpp"
#include "runtime/storage/sqlite.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <filesystem>
#include <iosfwd>
#include <span>
#include <string>
#include <vector>

namespace banksia::commands {

/// Opens the database that a command reads.
/// @throws command_error with exit 1 when the file is not there
/// @throws storage::storage_error
storage::database open_store(const std::filesystem::path& file);

/// Likewise, whatever build's schema it has.
storage::database open_store_of_any_schema(const std::filesystem::path& file);

/// The known symbol that the user means: exactly, in upper case, or with ".AX".
/// @param lack what is wrong where there is none
/// @throws command_error with exit 65 and the nearest names
std::string known_symbol(const std::string& wanted,
                         const std::vector<std::string>& known,
                         const std::string& lack);

/// One document, one line.
void print_json(const boost::json::value& x);

/// Every factor with `name, side, value, weight, contribution, present, text`;
/// a missing value is null.
boost::json::array to_json(std::span<const factor> factors);

/// What was decided, and from which market context.
void print_decision(std::ostream& out, const prediction& x);

/// The factors as a table.
void print_factors(std::ostream& out, std::span<const factor> factors);

} // namespace banksia::commands
