#pragma once

/// Reads the days of recorded daily bars: what was in a file, row by row,
/// without judging it.

#include "messages/time.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <string>
#include <vector>

namespace banksia::test {

/// The fields after the date, as text.
using fields = std::vector<std::string>;

/// By file name, then by date.
using recorded_days = std::map<std::string, std::map<trading_date, fields>>;

inline fields split(const std::string& line) {
  fields result{""};
  bool quoted = false;
  for (char c : line) {
    if (c == '"')
      quoted = !quoted;
    else if (c == ',' && !quoted)
      result.emplace_back();
    else if (c != '\r')
      result.back() += c;
  }
  return result;
}

/// The folder of recorded data, or nothing (then a line tells the runner that
/// the test was skipped).
inline std::filesystem::path recorded(const std::string& folder) {
  std::filesystem::path path{BANKSIA_SHARED_DATA};
  path /= folder;
  if (std::filesystem::exists(path))
    return path;
  std::cout << "banksia-skip: no " << path.string() << std::endl;
  return {};
}

/// Every CSV file of `folder` whose rows begin with a date (a time after it is
/// ignored); other rows are left out.
inline recorded_days read_days(const std::filesystem::path& folder) {
  recorded_days result;
  for (const auto& entry : std::filesystem::directory_iterator{folder}) {
    if (entry.path().extension() != ".csv")
      continue;
    std::ifstream in{entry.path()};
    auto& days = result[entry.path().stem().string()];
    for (std::string line; std::getline(in, line);) {
      auto row = split(line);
      if (auto date = parse_date(row.front().substr(0, 10)))
        days[*date] = fields(row.begin() + 1, row.end());
    }
  }
  return result;
}

/// All dates of all files.
inline std::vector<trading_date> dates_of(const recorded_days& files) {
  std::vector<trading_date> result;
  for (const auto& [name, days] : files)
    for (const auto& [date, row] : days)
      result.push_back(date);
  std::sort(result.begin(), result.end());
  result.erase(std::unique(result.begin(), result.end()), result.end());
  return result;
}

} // namespace banksia::test
