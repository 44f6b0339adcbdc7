/// plant_bars FOLDER SESSIONS SEED SYMBOLS PART [UNTIL]: writes daily bars, from
/// 2018 on, of symbols S00.AX, S01.AX, … (S00.csv …) that move each on its own.
/// Each return is that part of the one before, and chance: what a model may
/// learn from bars alone. From session UNTIL on the part has the other sign, so
/// what was learned is wrong. The same arguments give the same bytes.

#include "models/market/calendar.hpp"
#include "models/market/simulator_random.hpp"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <limits>
#include <stdexcept>
#include <string>

namespace {

using namespace banksia;

constexpr double daily_volatility = 0.015;

struct planted {
  std::size_t sessions = 0;
  std::uint64_t seed = 0;
  std::uint64_t symbols = 0;
  double part = 0.0;
  std::size_t until = std::numeric_limits<std::size_t>::max();
};

void write_symbol(const std::filesystem::path& folder, const planted& x,
                  std::uint64_t index, std::span<const session> days) {
  auto number = std::to_string(index);
  std::ofstream out{folder / ("S" + std::string(2 - number.size(), '0')
                              + number + ".csv")};
  out.precision(17);
  out << "Date,Open,High,Low,Close,Volume\n";
  auto close = 50.0;
  auto before = 0.0;
  for (std::size_t i = 0; i < days.size(); ++i) {
    simulation::keyed_stream chance{x.seed, index, i,
                                    simulation::purpose::day};
    auto part = i < x.until ? x.part : -x.part;
    auto change = part * before
                  + std::sqrt(1.0 - part * part) * daily_volatility
                      * chance.normal(0);
    auto open = close;
    close *= std::exp(change);
    before = change;
    auto reach = 0.3 * daily_volatility;
    out << to_string(days[i].date) << ',' << open << ','
        << std::max(open, close) * (1.0 + reach * chance.uniform(10)) << ','
        << std::min(open, close) * (1.0 - reach * chance.uniform(11)) << ','
        << close << ','
        << std::llround(1e6 * std::exp(0.3 * chance.normal(12))) << '\n';
  }
  if (!out.flush())
    throw std::runtime_error("cannot write to " + folder.string());
}

int plant(int argc, char** argv) {
  if (argc < 6 || argc > 7) {
    std::cerr << "usage: plant_bars FOLDER SESSIONS SEED SYMBOLS PART [UNTIL]\n";
    return 2;
  }
  std::filesystem::path folder{argv[1]};
  planted x{std::stoul(argv[2]), std::stoull(argv[3]), std::stoull(argv[4]),
            std::stod(argv[5])};
  if (argc == 7)
    x.until = std::stoul(argv[6]);
  exchange_calendar calendar;
  auto all = calendar.sessions_between(parse_date("2018-01-02").value(),
                                       exchange_calendar::last_date);
  if (!all || all->size() < x.sessions || x.symbols > 100
      || !(std::abs(x.part) < 1.0))
    throw std::invalid_argument("more sessions or symbols than there are, or "
                                "no part of a return");
  std::filesystem::create_directories(folder);
  for (std::uint64_t i = 0; i < x.symbols; ++i)
    write_symbol(folder, x, i, all->first(x.sessions));
  return 0;
}

} // namespace

int main(int argc, char** argv) {
  try {
    return plant(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "plant_bars: " << error.what() << '\n';
    return 1;
  }
}
