#pragma once

/// How headlines' files are read, wherever a command takes some.

#include "apps/banksia/commands/sentiment_files.hpp"
#include "models/news/headline_times.hpp"
#include "models/sentiment/mentions.hpp"

#include <span>
#include <string>

namespace banksia::commands {

/// The names of the seven, and the codes of what else is listed where they are
/// marked as such ("ASX:BOQ").
inline sentiment::alias_table
aliases_of(std::span<const std::string> symbols) {
  auto table = sentiment::bank_aliases();
  for (const auto& symbol : symbols)
    if (symbol.ends_with(".AX"))
      table.aliases.push_back({symbol, symbol.substr(0, symbol.size() - 3),
                               sentiment::alias_case::marked});
  return table;
}

/// The zone that the text names; empty for an empty one.
/// @throws command_error with exit 2
inline std::string zone_of_option(const std::string& text) {
  if (text.empty())
    return {};
  if (auto zone = known_zone(text))
    return *zone;
  throw command_error(exit_usage, "no such time zone: --zone " + text
                                    + ": name one like Australia/Sydney or "
                                      "UTC");
}

} // namespace banksia::commands
