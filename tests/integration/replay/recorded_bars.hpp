#pragma once

/// A reader of daily CSV files that shares nothing with the product's, and what
/// is known to be wrong in the recorded ones.

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace banksia::test {

/// A row as the file says it.
struct file_bar {
  std::string date; ///< YYYY-MM-DD, the day in Sydney
  double open = 0;
  double high = 0;
  double low = 0;
  double close = 0;
  double volume = 0;
};

/// Rows of a file whose columns begin Date, Open, High, Low, Close, Volume.
std::vector<file_bar> read_daily_csv(const std::filesystem::path& file);

/// The rows that may be used: without stale copies of the row before (what the
/// source wrote on closed days and on days it missed) and closes that are not
/// positive. Twelve dates are stale in all files; one more in some.
std::vector<file_bar> usable(const std::vector<file_bar>& rows);

/// Dates on which the recorded files of 1997 to 2022 repeat the day before.
const std::set<std::string>& stale_dates();

/// The folder of recorded data; empty, with a word why, where it is absent.
std::filesystem::path shared_folder(const std::string& name);

inline const std::vector<std::string>& seven_symbols() {
  static const std::vector<std::string> names{"ANZ.AX", "CBA.AX", "MQG.AX",
                                              "NAB.AX", "QBE.AX", "SUN.AX",
                                              "WBC.AX"};
  return names;
}

/// Usable bars by symbol.
using market_files = std::map<std::string, std::vector<file_bar>>;

/// Of the seven symbols, from files named like CBA.csv or CBA.AX.csv.
market_files read_seven(const std::filesystem::path& folder);

} // namespace banksia::test
