#define CAF_SUITE indicator_references
#include "models/features/daily_features.hpp"
#include "models/features/window_formulas.hpp"

#include "tests/unit/features/series.hpp"

#include "caf/test/unit_test.hpp"

#include <boost/json.hpp>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

using namespace banksia;
using namespace banksia::test;

// Expected outputs of another library (Stock.Indicators) over 502 real bars.

namespace {

namespace json = boost::json;

std::filesystem::path references() {
  return std::filesystem::path{BANKSIA_SHARED_DATA} / "indicators/skender";
}

bool absent() {
  if (std::filesystem::exists(references() / "quotes/default.csv"))
    return false;
  std::cout << "banksia-skip: no indicator references at " << references()
            << std::endl;
  return true;
}

std::vector<day_bar> read_quotes() {
  std::ifstream file{references() / "quotes/default.csv"};
  std::string line;
  std::getline(file, line);
  std::vector<day_bar> result;
  while (std::getline(file, line)) {
    for (auto& c : line)
      if (c == ',')
        c = ' ';
    std::istringstream fields{line};
    std::string date;
    day_bar x;
    if (fields >> date >> x.open >> x.high >> x.low >> x.close >> x.volume)
      result.push_back(x);
  }
  return result;
}

json::array read_results(const std::string& name) {
  std::ifstream file{references() / "results" / (name + ".standard.json")};
  std::stringstream text;
  text << file.rdbuf();
  return json::parse(text.str()).as_array();
}

/// Compares what `next` gives for each bar with column `field` of the results
/// `name`, from bar `first` on.
template <class Next>
void compare_bars(const std::string& name, const char* field,
                  std::size_t first, Next next) {
  auto quotes = read_quotes();
  auto results = read_results(name);
  CAF_REQUIRE_EQUAL(quotes.size(), 502u);
  CAF_REQUIRE_EQUAL(results.size(), quotes.size());
  std::size_t compared = 0, wrong = 0;
  for (std::size_t i = 0; i < quotes.size(); ++i) {
    const auto& expected = results[i].as_object().at(field);
    std::optional<double> got = next(quotes[i]);
    if (i < first)
      continue;
    ++compared;
    if (expected.is_null() ? got.has_value()
                           : !got || !near(*got, expected.to_number<double>(), 1e-11))
      ++wrong;
  }
  CAF_MESSAGE(name << "." << field << ": " << compared << " bars");
  CAF_CHECK_EQUAL(compared, 502u - first);
  CAF_CHECK_EQUAL(wrong, 0u);
}

/// Compares one daily indicator, from bar `first` on (where ours is masked longer
/// than theirs).
template <class Get>
void compare(const std::string& name, const char* field, std::size_t first,
             Get get) {
  daily_features state;
  compare_bars(name, field, first, [&](const day_bar& x) {
    state.add_close(x);
    return get(state.indicators());
  });
}

/// Compares the mean or sum of a class that smoothes closes.
template <class Mean>
void compare_mean(const std::string& name, const char* field) {
  Mean state;
  compare_bars(name, field, 0, [&](const day_bar& x) {
    state.add(x.close);
    return state.ready() ? std::optional{state.value()} : std::nullopt;
  });
}

} // namespace

CAF_TEST(moving means) {
  if (absent())
    return;
  compare("sma", "sma", 0, [](const auto& x) { return x.sma20; });
  compare("macd", "fastEma", 0, [](const auto& x) { return x.ema12; });
  compare("macd", "slowEma", 0, [](const auto& x) { return x.ema26; });
}

CAF_TEST(rsi of Wilder) {
  if (absent())
    return;
  compare("rsi", "rsi", 0, [](const auto& x) { return x.rsi14; });
}

CAF_TEST(macd from 35 bars on) {
  if (absent())
    return;
  compare("macd", "macd", 34, [](const auto& x) { return x.macd_line; });
  compare("macd", "signal", 34, [](const auto& x) { return x.macd_signal; });
  compare("macd", "histogram", 34,
          [](const auto& x) { return x.macd_histogram; });
}

CAF_TEST(means of 20 days) {
  if (absent())
    return;
  compare_mean<exponential_mean<20>>("ema", "ema");
  compare_mean<wilder_mean<20>>("smma", "smma");
  window_sum<20> sum;
  compare_bars("sma", "sma", 0, [&](const day_bar& x) {
    sum.add(x.close);
    return sum.ready() ? std::optional{sum.mean()} : std::nullopt;
  });
}

CAF_TEST(bollinger bands and their width) {
  if (absent())
    return;
  compare("bb", "upperBand", 0, [](const auto& x) { return x.bollinger_upper; });
  compare("bb", "lowerBand", 0, [](const auto& x) { return x.bollinger_lower; });
  compare("bb", "width", 0, [](const auto& x) {
    return x.sma20 ? std::optional{(*x.bollinger_upper - *x.bollinger_lower)
                                   / *x.sma20}
                   : std::nullopt;
  });
}

CAF_TEST(average true range of Wilder) {
  if (absent())
    return;
  compare("atr", "atr", 0, [](const auto& x) { return x.atr14; });
  double before = 0.0;
  compare_bars("tr", "tr", 1, [&](const day_bar& x) {
    auto range = true_range(x.high, x.low, before);
    before = x.close;
    return std::optional{range};
  });
}

CAF_TEST(on balance volume is theirs less theirs 20 bars before) {
  // Theirs counts from the first bar, which says how long a history is; ours
  // over 20 changes. All volumes are whole: the difference is exact.
  if (absent())
    return;
  auto quotes = read_quotes();
  auto results = read_results("obv");
  CAF_REQUIRE_EQUAL(quotes.size(), 502u);
  auto line = [&](std::size_t i) {
    return results[i].as_object().at("obv").to_number<double>();
  };
  daily_features state;
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < quotes.size(); ++i) {
    state.add_close(quotes[i]);
    auto got = state.indicators().on_balance_volume;
    if (got.has_value() != (i >= 20)
        || (got && *got != line(i) - line(i - 20)))
      ++wrong;
  }
  CAF_CHECK_EQUAL(wrong, 0u);
}
