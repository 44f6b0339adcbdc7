#include "tests/integration/replay/recorded_bars.hpp"

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>
#include <stdexcept>

namespace banksia::test {

std::vector<file_bar> read_daily_csv(const std::filesystem::path& file) {
  std::ifstream in{file};
  if (!in)
    throw std::runtime_error("cannot read " + file.string());
  std::vector<file_bar> rows;
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    std::istringstream cells{line};
    std::vector<std::string> cell(6);
    for (auto& x : cell)
      std::getline(cells, x, ',');
    auto number = [&](std::size_t i) {
      return std::strtod(cell[i].c_str(), nullptr);
    };
    rows.push_back({cell[0].substr(0, 10), number(1), number(2), number(3),
                    number(4), number(5)});
  }
  return rows;
}

const std::set<std::string>& stale_dates() {
  static const std::set<std::string> dates{
    // The exchange was closed.
    "1999-12-27", "1999-12-28", "1999-12-31", "2000-12-25", "2000-12-26",
    "2001-01-01", "2002-03-29", "2004-06-14", "2005-12-27", "2009-01-01",
    // It was open; the source had nothing new.
    "2001-11-07", "2007-03-02"};
  return dates;
}

std::vector<file_bar> usable(const std::vector<file_bar>& rows) {
  std::vector<file_bar> result;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto& x = rows[i];
    auto repeats = i > 0 && x.open == rows[i - 1].open
                   && x.high == rows[i - 1].high && x.low == rows[i - 1].low
                   && x.close == rows[i - 1].close
                   && x.volume == rows[i - 1].volume;
    // Filled by the source: these securities trade on every day.
    auto is_fill = x.volume == 0 && x.open == x.close && x.high == x.close
                   && x.low == x.close;
    // The second day of two that repeat one is stale like the first.
    if (is_fill || stale_dates().contains(x.date) || (repeats && x.date == "2006-03-29")
        || x.close <= 0)
      continue;
    result.push_back(x);
  }
  return result;
}

std::filesystem::path shared_folder(const std::string& name) {
  auto path = std::filesystem::path{BANKSIA_SHARED_DATA} / "market" / name;
  if (std::filesystem::is_directory(path))
    return path;
  std::cout << "banksia-skip: no recorded data: " << path.string() << '\n';
  return {};
}

market_files read_seven(const std::filesystem::path& folder) {
  market_files files;
  for (const auto& symbol : seven_symbols()) {
    auto file = folder / (symbol + ".csv");
    if (!std::filesystem::exists(file))
      file = folder / (symbol.substr(0, symbol.find('.')) + ".csv");
    files[symbol] = usable(read_daily_csv(file));
  }
  return files;
}

} // namespace banksia::test
