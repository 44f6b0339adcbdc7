#define CAF_SUITE market_context_state
#include "models/decision/market_context_state.hpp"

#include "tests/unit/decision/cases.hpp"

#include "caf/test/unit_test.hpp"

#include <vector>

using namespace banksia;
using namespace banksia::test;

namespace {

constexpr auto d1 = bar_interval::d1;
constexpr auto m30 = bar_interval::m30;

bar index_bar(int session, double close, bar_interval interval = d1,
              int minute = 0) {
  bar x;
  x.symbol = "XJO";
  x.interval = interval;
  x.opened_at = from_micros(1'751'328'000'000'000)
                + std::chrono::days{session} + std::chrono::minutes{minute};
  x.close = price{close};
  return x;
}

/// Closes in the sessions 100, 101, …
market_context_state with_closes(const std::vector<double>& closes) {
  market_context_state x;
  int session = 100;
  for (auto close : closes) {
    CAF_REQUIRE(x.add(index_bar(session, close), session)
                == bar_use::consumed);
    ++session;
  }
  return x;
}

market_context context(const std::vector<double>& closes) {
  auto last = 99 + static_cast<int>(closes.size());
  return with_closes(closes).at(last, d1, {});
}

/// Closes that alternate by `step` and end at `last`, from 1000.
std::vector<double> shaken(double step, double last) {
  return {1000, 1000 * (1 + step), 1000, 1000 * (1 + step), 1000, last};
}

bool is_flagged(const market_context& x) {
  rule_parameters p;
  return x.flagged && x.trend == market_trend::neutral
         && x.multiplier.value() == 1.0 && x.buy_threshold.value() == 0.80
         && x.sell_threshold.value() == 0.80 && x.stress.value() == 1.0
         && x.lineage == 0 && x.trend_return.value() == 0.0
         && x.volatility.value() == 0.0;
}

} // namespace

CAF_TEST(trend by the return over five sessions) {
  // 1024 makes 1 ± 1/64 exact; thresholds at that value show the edge.
  rule_parameters p;
  p.bearish_below = -1.0 / 64;
  p.bullish_above = 1.0 / 64;
  auto trend = [&p](double last) {
    return with_closes({1024, 1024, 1024, 1024, 1024, last})
      .at(105, d1, p)
      .trend;
  };
  CAF_CHECK(trend(1024.0) == market_trend::neutral);
  CAF_CHECK(trend(1040.0) == market_trend::neutral);
  CAF_CHECK(trend(1040.001) == market_trend::bullish);
  CAF_CHECK(trend(1008.0) == market_trend::neutral);
  CAF_CHECK(trend(1007.999) == market_trend::bearish);
}

CAF_TEST(default trends with their numbers) {
  auto up = context({1000, 1000, 1000, 1000, 1000, 1020.1});
  CAF_CHECK(up.trend == market_trend::bullish);
  CAF_CHECK(up.multiplier.value() == 1.1);
  CAF_CHECK(up.buy_threshold.value() == 0.75);
  CAF_CHECK(up.sell_threshold.value() == 0.85);
  auto down = context({1000, 1000, 1000, 1000, 1000, 979.9});
  CAF_CHECK(down.trend == market_trend::bearish);
  CAF_CHECK(down.multiplier.value() == 0.7);
  CAF_CHECK(down.buy_threshold.value() == 0.85);
  CAF_CHECK(down.sell_threshold.value() == 0.75);
  CAF_CHECK(down.trend_return.value() == 979.9 / 1000 - 1.0);
  for (auto last : {980.1, 1019.9}) {
    auto flat = context({1000, 1000, 1000, 1000, 1000, last});
    CAF_CHECK(flat.trend == market_trend::neutral);
    CAF_CHECK(!flat.flagged);
    CAF_CHECK(flat.multiplier.value() == 1.0);
    CAF_CHECK(flat.buy_threshold.value() == 0.80);
    CAF_CHECK(flat.sell_threshold.value() == 0.80);
  }
}

CAF_TEST(volatility is the annualised sample deviation of five returns) {
  auto x = context({100, 102, 101, 103, 100, 104});
  double r[] = {0.02, 101.0 / 102 - 1, 103.0 / 101 - 1, 100.0 / 103 - 1, 0.04};
  double mean = 0, squares = 0;
  for (auto v : r)
    mean += v / 5;
  for (auto v : r)
    squares += (v - mean) * (v - mean);
  auto expected = std::sqrt(squares / 4 * 252);
  CAF_CHECK(std::abs(x.volatility.value() - expected) < 1e-12);
  CAF_CHECK(context({50, 50, 50, 50, 50, 50}).volatility.value() == 0.0);
}

CAF_TEST(stress above 40 percent and crash above 50) {
  auto calm = context(shaken(0.02, 1000));
  CAF_CHECK(calm.volatility.value() < 0.40);
  CAF_CHECK(calm.stress.value() == 1.0);
  auto stress = context(shaken(0.03, 1000));
  CAF_CHECK(stress.volatility.value() > 0.40);
  CAF_CHECK(stress.stress.value() == 0.8);
  auto crash = context(shaken(0.05, 940));
  CAF_CHECK(crash.volatility.value() > 0.50);
  CAF_CHECK(crash.stress.value() == 0.8 * 0.5);
  // Half of the condition is not enough.
  auto shaky = context(shaken(0.05, 960));
  CAF_CHECK(shaky.volatility.value() > 0.50);
  CAF_CHECK(shaky.stress.value() == 0.8);
}

CAF_TEST(stress at its edges) {
  auto state = with_closes(shaken(0.05, 940));
  rule_parameters p;
  auto seen = state.at(105, d1, p);
  auto volatility = seen.volatility.value();
  auto change = seen.trend_return.value();
  auto stress = [&] { return state.at(105, d1, p).stress.value(); };
  p.stress_volatility_above = volatility;
  CAF_CHECK(stress() == 1.0);
  p.stress_volatility_above = below(volatility);
  CAF_CHECK(stress() == 0.4);
  p.crash_volatility_above = volatility;
  CAF_CHECK(stress() == 0.8);
  p.crash_volatility_above = below(volatility);
  CAF_CHECK(stress() == 0.4);
  p.crash_trend_below = change;
  CAF_CHECK(stress() == 0.8);
  p.crash_trend_below = above(change);
  CAF_CHECK(stress() == 0.4);
}

CAF_TEST(fewer than six closes are flagged) {
  CAF_CHECK(is_flagged(market_context_state{}.at(100, d1, {})));
  CAF_CHECK(is_flagged(context({1000, 900, 800, 700, 600})));
  CAF_CHECK(!context({1000, 900, 800, 700, 600, 500}).flagged);
}

CAF_TEST(a stale or later index is flagged) {
  auto x = with_closes({1000, 900, 800, 700, 600, 500});
  CAF_CHECK(!x.at(105, d1, {}).flagged);
  CAF_CHECK(is_flagged(x.at(106, d1, {})));
  CAF_CHECK(is_flagged(x.at(104, d1, {})));
  CAF_CHECK(!x.at(105, m30, {}).flagged);
  CAF_CHECK(!x.at(106, m30, {}).flagged);
  CAF_CHECK(is_flagged(x.at(107, m30, {})));
  CAF_CHECK(is_flagged(x.at(104, m30, {})));
}

CAF_TEST(a gap of more than ten sessions is flagged) {
  auto at_gap = [](int first) {
    market_context_state x;
    x.add(index_bar(first, 1000), first);
    for (int s = 106; s <= 110; ++s)
      x.add(index_bar(s, 900), s);
    return x.at(110, d1, {});
  };
  CAF_CHECK(!at_gap(100).flagged);
  CAF_CHECK(is_flagged(at_gap(99)));
}

CAF_TEST(within a day the newest close counts as that of the day) {
  auto x = with_closes({1000, 1000, 1000, 1000, 1000});
  CAF_CHECK(x.add(index_bar(105, 990, m30, 0), 105) == bar_use::consumed);
  CAF_CHECK(x.add(index_bar(105, 1030, m30, 30), 105) == bar_use::consumed);
  auto running = x.at(105, m30, {});
  auto daily = context({1000, 1000, 1000, 1000, 1000, 1030});
  CAF_CHECK(running.trend == market_trend::bullish);
  CAF_CHECK(running.lineage != daily.lineage);
  running.lineage = daily.lineage;
  CAF_CHECK(running == daily);
  // The day's own bar settles it.
  CAF_CHECK(x.add(index_bar(105, 970), 105) == bar_use::consumed);
  CAF_CHECK(x.at(105, m30, {}).trend == market_trend::bearish);
}

CAF_TEST(bars out of order are refused and change nothing) {
  auto x = with_closes({1000, 1000, 1000, 1000, 1000, 1000});
  const auto whole = x;
  auto refused = bar_use::out_of_order;
  CAF_CHECK(x.add(index_bar(104, 900), 104) == refused);
  CAF_CHECK(x.add(index_bar(105, 900), 105) == refused);
  CAF_CHECK(x.add(index_bar(105, 900, m30, 330), 105) == refused);
  CAF_CHECK(x == whole);
  x.add(index_bar(106, 1010, m30, 30), 106);
  const auto running = x;
  CAF_CHECK(x.add(index_bar(106, 900, m30, 0), 106) == refused);
  CAF_CHECK(x.add(index_bar(106, 900, m30, 30), 106) == refused);
  CAF_CHECK(x == running);
}

CAF_TEST(a close that is no price is refused) {
  auto x = with_closes({1000});
  const auto before = x;
  for (auto close : {0.0, -1.0, std::nan(""), HUGE_VAL})
    CAF_CHECK(x.add(index_bar(101, close), 101) == bar_use::unusable);
  CAF_CHECK(x == before);
}

CAF_TEST(the lineage is that of all bars taken in) {
  bar_lineage expected;
  market_context_state x;
  CAF_CHECK_EQUAL(x.lineage(), 0u);
  for (int s = 0; s < 9; ++s) {
    auto b = index_bar(s, 1000 + s);
    x.add(b, s);
    expected.add(b);
  }
  CAF_CHECK_EQUAL(x.lineage(), expected.value());
  CAF_CHECK_EQUAL(x.at(8, d1, {}).lineage, expected.value());
}
