/// make_bars FOLDER SESSIONS SEED [FIRST_DATE]: writes daily bars of a simulated
/// market, one CSV file a symbol (CBA.csv …) and the index's (XJO.csv), for
/// tests that need data of any length without copying anybody's. The same
/// arguments give the same bytes on the same build.

#include "models/market/calendar.hpp"
#include "models/market/simulator.hpp"

#include <charconv>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>

namespace {

using namespace banksia;
using namespace banksia::simulation;

constexpr std::string_view usage
  = "usage: make_bars FOLDER SESSIONS SEED [FIRST_DATE]";

std::uint64_t number_of(std::string_view text) {
  std::uint64_t value = 0;
  auto end = text.data() + text.size();
  auto [at, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || at != end)
    throw std::invalid_argument("not a number: " + std::string{text});
  return value;
}

std::vector<sim_session> sessions_from(trading_date first, std::size_t count) {
  exchange_calendar calendar;
  auto all = calendar.sessions_between(first, exchange_calendar::last_date);
  if (!all || all->size() < count)
    throw std::invalid_argument("the calendar, 1997 to 2030, has fewer "
                                "sessions from "
                                + to_string(first));
  std::vector<sim_session> result;
  for (const auto& x : all->first(count))
    result.push_back({x.date, x.opens_at, x.closes_at, x.auction_ends_at});
  return result;
}

/// "CBA.csv" of "CBA.AX".
std::string file_name_of(std::string_view symbol) {
  return std::string{symbol.substr(0, symbol.find('.'))} + ".csv";
}

/// A price as text that reads back to the same double.
std::string text_of(double x) {
  char text[32];
  auto end = std::to_chars(text, text + sizeof(text), x).ptr;
  return {text, end};
}

void write(const std::filesystem::path& folder, const std::vector<bar>& bars) {
  std::map<std::string, std::ofstream> files;
  for (const auto& x : bars) {
    auto [at, is_new] = files.try_emplace(x.symbol);
    auto& out = at->second;
    if (is_new) {
      out.open(folder / file_name_of(x.symbol), std::ios::binary);
      out << "Date,Open,High,Low,Close,Volume\n";
    }
    auto date = exchange_calendar::trading_date_of(x.opened_at);
    out << to_string(date.value()) << ',' << text_of(x.open.value()) << ','
        << text_of(x.high.value()) << ',' << text_of(x.low.value()) << ','
        << text_of(x.close.value()) << ',' << text_of(x.volume.value())
        << '\n';
  }
  for (auto& [symbol, out] : files)
    if (!out.flush())
      throw std::runtime_error("cannot write " + file_name_of(symbol));
}

int make(int argc, char** argv) {
  if (argc < 4 || argc > 5) {
    std::cerr << usage << '\n';
    return 2;
  }
  std::filesystem::path folder{argv[1]};
  auto count = number_of(argv[2]);
  auto first = parse_date(argc == 5 ? argv[4] : "2010-01-01");
  if (!first)
    throw std::invalid_argument("not a date: " + std::string{argv[4]});
  simulator_settings settings;
  settings.seed = number_of(argv[3]);
  settings.symbols = {"CBA.AX", "WBC.AX", "ANZ.AX", "NAB.AX",
                      "MQG.AX", "QBE.AX", "SUN.AX"};
  settings.index_symbol = "XJO.AX";
  std::filesystem::create_directories(folder);
  market_simulator market{settings};
  write(folder, market.daily_history(sessions_from(*first, count)));
  return 0;
}

} // namespace

int main(int argc, char** argv) {
  try {
    return make(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "make_bars: " << error.what() << ": " << usage << '\n';
    return 1;
  }
}
