#define CAF_SUITE adjustment
#include "models/market/adjustment.hpp"

#include "caf/test/unit_test.hpp"

#include <cmath>
#include <limits>
#include <random>

using namespace banksia;

namespace {

timestamp day(int i) {
  return timestamp{std::chrono::sys_days{std::chrono::year{2024} / 1 / 1}}
         + std::chrono::days{i};
}

corporate_action act(action_kind kind, int effective, double value,
                     int known) {
  corporate_action x;
  x.kind = kind;
  x.effective_at = day(effective);
  x.known_at = day(known);
  x.value = real{value};
  return x;
}

corporate_action split(int effective, double value, int known = 0) {
  return act(action_kind::split, effective, value, known);
}

corporate_action dividend(int effective, double value, int known = 0) {
  return act(action_kind::dividend, effective, value, known);
}

/// Closes of ten days, each known at the end of its day.
std::vector<traded_close> closes(std::initializer_list<double> prices) {
  std::vector<traded_close> result;
  for (auto price : prices) {
    auto i = static_cast<int>(result.size());
    result.push_back({day(i), day(i + 1), price});
  }
  return result;
}

bool near(double a, double b) {
  return std::abs(a - b) <= 1e-12 * std::max(std::abs(a), std::abs(b));
}

using actions = std::vector<corporate_action>;

} // namespace

CAF_TEST(without actions a price is what it is) {
  auto bars = closes({10, 11, 12});
  auto adjusted = adjust(bars, {}, day(9));
  CAF_REQUIRE_EQUAL(adjusted.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) {
    CAF_CHECK_EQUAL(adjusted[i].traded, bars[i].close);
    CAF_CHECK_EQUAL(adjusted[i].split_adjusted, bars[i].close);
    CAF_CHECK_EQUAL(adjusted[i].fully_adjusted, bars[i].close);
  }
  CAF_CHECK_EQUAL(split_factor({}, day(0), day(9), day(9)), 1.0);
  CAF_CHECK_EQUAL(total_return_factor({}, bars, day(0), day(9), day(9)), 1.0);
  CAF_CHECK(adjust({}, actions{split(1, 2.0)}, day(9)).empty());
}

CAF_TEST(a split counts from its day on) {
  actions all{split(2, 5.0)};
  auto bars = closes({50, 51, 10.2, 10.3});
  auto adjusted = adjust(bars, all, day(9));
  CAF_CHECK(near(adjusted[1].split_adjusted, 10.2));
  CAF_CHECK(near(adjusted[2].split_adjusted, 10.2));
  // Entry at the close before, exit at the close after: nothing happened.
  CAF_CHECK_EQUAL(split_factor(all, day(1), day(2), day(9)), 5.0);
  CAF_CHECK(near(bars[2].close * split_factor(all, day(1), day(2), day(9)),
                 bars[1].close));
  // The bar of the split's day is after it.
  CAF_CHECK_EQUAL(split_factor(all, day(2), day(3), day(9)), 1.0);
  CAF_CHECK_EQUAL(split_factor(all, day(3), day(1), day(9)), 1.0);
}

CAF_TEST(splits multiply and consolidations divide) {
  actions all{split(2, 5.0), split(4, 0.1)};
  CAF_CHECK(near(split_factor(all, day(0), day(5), day(9)), 0.5));
}

CAF_TEST(a dividend lowers what was before it) {
  actions all{dividend(2, 1.0)};
  auto bars = closes({50, 50, 49, 49});
  auto adjusted = adjust(bars, all, day(9));
  CAF_CHECK_EQUAL(adjusted[1].split_adjusted, 50.0);
  CAF_CHECK(near(adjusted[1].fully_adjusted, 49.0));
  CAF_CHECK_EQUAL(adjusted[2].fully_adjusted, 49.0);
  // The price fell by the dividend: the total return is none.
  CAF_CHECK(near(bars[2].close
                   * total_return_factor(all, bars, day(1), day(2), day(9)),
                 bars[1].close));
  CAF_CHECK_EQUAL(split_factor(all, day(1), day(2), day(9)), 1.0);
}

CAF_TEST(a dividend on the day of a split is paid on new shares) {
  actions all{split(2, 5.0), dividend(2, 0.2)};
  auto bars = closes({50, 50, 9.8, 9.8});
  auto adjusted = adjust(bars, all, day(9));
  CAF_CHECK(near(adjusted[1].split_adjusted, 10.0));
  CAF_CHECK(near(adjusted[1].fully_adjusted, 9.8));
  CAF_CHECK(near(9.8 * total_return_factor(all, bars, day(1), day(2), day(9)),
                 50.0));
}

CAF_TEST(the two ways to a total return agree) {
  actions all{dividend(2, 1.0), split(4, 2.0), dividend(6, 0.7),
              dividend(8, 0.3)};
  auto bars = closes({50, 52, 50, 51, 26, 25, 24.5, 25, 24, 24.4});
  auto adjusted = adjust(bars, all, day(99));
  for (int a = 0; a < 10; ++a)
    for (int b = a; b < 10; ++b) {
      auto i = static_cast<std::size_t>(a);
      auto j = static_cast<std::size_t>(b);
      auto total = total_return_factor(all, bars, day(a), day(b), day(99));
      CAF_CHECK(near(bars[j].close * total / bars[i].close,
                     adjusted[j].fully_adjusted / adjusted[i].fully_adjusted));
      auto splits = split_factor(all, day(a), day(b), day(99));
      CAF_CHECK(near(bars[j].close * splits / bars[i].close,
                     adjusted[j].split_adjusted / adjusted[i].split_adjusted));
    }
}

CAF_TEST(what cannot be is left out) {
  auto nan = std::numeric_limits<double>::quiet_NaN();
  auto infinite = std::numeric_limits<double>::infinity();
  CAF_CHECK_EQUAL(problem_of(split(1, 2.0)), "");
  CAF_CHECK_EQUAL(problem_of(split(1, nan)), "the value is no number");
  CAF_CHECK_EQUAL(problem_of(split(1, infinite)), "the value is no number");
  CAF_CHECK_EQUAL(problem_of(dividend(1, 0.0)), "the value is not positive");
  actions all{split(2, 0.0), split(2, nan), dividend(2, -1.0)};
  auto bars = closes({50, 50, 49});
  CAF_CHECK_EQUAL(double{adjust(bars, all, day(9))[0].fully_adjusted}, 50.0);
  CAF_CHECK_EQUAL(split_factor(all, day(0), day(9), day(9)), 1.0);
  // A dividend as large as the price, and one before any price.
  actions large{dividend(2, 50.0), dividend(0, 1.0)};
  CAF_CHECK_EQUAL(total_return_factor(large, bars, day(-5), day(9), day(9)),
                  1.0);
  CAF_CHECK_EQUAL(double{adjust(bars, large, day(9))[0].fully_adjusted}, 50.0);
}

CAF_TEST(announced is not yet in effect) {
  actions all{split(5, 2.0, 1)};
  auto bars = closes({50, 51, 52});
  CAF_CHECK_EQUAL(double{adjust(bars, all, day(3))[0].split_adjusted}, 50.0);
  CAF_CHECK_EQUAL(double{adjust(bars, all, day(5))[0].split_adjusted}, 25.0);
}

CAF_TEST(in effect is not yet known) {
  // Reported three days late.
  actions all{split(2, 2.0, 5)};
  auto bars = closes({50, 51, 25.5, 25.6, 25.7, 25.8});
  CAF_CHECK_EQUAL(double{adjust(bars, all, day(4))[0].split_adjusted}, 50.0);
  CAF_CHECK_EQUAL(split_factor(all, day(1), day(3), day(4)), 1.0);
  CAF_CHECK_EQUAL(split_factor(all, day(1), day(3), day(5)), 2.0);
}

CAF_TEST(bars that are not known yet are not there) {
  auto bars = closes({50, 51, 52});
  CAF_CHECK_EQUAL(adjust(bars, {}, day(2)).size(), 2u);
  // Nor do they price a dividend.
  actions all{dividend(3, 1.0)};
  auto late = bars;
  late[2].known_at = day(9);
  CAF_CHECK(near(total_return_factor(all, late, day(0), day(5), day(6)),
                 1.0 / (1.0 - 1.0 / 51.0)));
}

/// Garbage known after a time changes nothing seen at it, bit for bit.
CAF_TEST(as of a time the future does not matter) {
  std::mt19937_64 random{7};
  auto any = [&](int low, int high) {
    return std::uniform_int_distribution<int>{low, high}(random);
  };
  for (int round = 0; round < 500; ++round) {
    std::vector<traded_close> bars;
    for (int i = 0; i < 40; ++i)
      bars.push_back({day(i), day(i + 1), 10.0 + any(0, 1000) / 100.0});
    actions all;
    for (int i = 0; i < 12; ++i)
      all.push_back(any(0, 1) == 0 ? split(any(0, 45), any(1, 50) / 10.0,
                                           any(-5, 45))
                                   : dividend(any(0, 45), any(1, 80) / 100.0,
                                              any(-5, 45)));
    auto now = day(any(0, 40));
    auto entry = day(any(0, 20));
    auto exit = entry + std::chrono::days{any(0, 20)};
    auto other = all;
    for (auto& x : other)
      if (x.known_at > now) {
        x.kind = any(0, 1) == 0 ? action_kind::split : action_kind::dividend;
        x.value = real{static_cast<double>(any(-10, 1000))};
        x.effective_at = day(any(-10, 60));
      }
    other.push_back(split(any(0, 40), 1e9, 99));
    std::shuffle(other.begin(), other.end(), random);
    auto other_bars = bars;
    for (auto& x : other_bars)
      if (x.known_at > now)
        x.close = 1e9;
    CAF_REQUIRE_EQUAL(split_factor(all, entry, exit, now),
                      split_factor(other, entry, exit, now));
    CAF_REQUIRE_EQUAL(total_return_factor(all, bars, entry, exit, now),
                      total_return_factor(other, other_bars, entry, exit, now));
    auto a = adjust(bars, all, now);
    auto b = adjust(other_bars, other, now);
    CAF_REQUIRE_EQUAL(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
      CAF_REQUIRE_EQUAL(a[i].split_adjusted, b[i].split_adjusted);
      CAF_REQUIRE_EQUAL(a[i].fully_adjusted, b[i].fully_adjusted);
    }
  }
}

CAF_TEST(a code is followed through its renamings) {
  std::vector<renaming> all{{"MBL.AX", "MQG.AX", day(10), day(5)},
                            {"AAA.AX", "BBB.AX", day(20), day(20)},
                            {"BBB.AX", "CCC.AX", day(30), day(30)}};
  auto at = [&](std::string_view symbol, int from, int to, int as_of = 99) {
    return symbol_at(all, symbol, day(from), day(to), day(as_of));
  };
  CAF_CHECK_EQUAL(at("MBL.AX", 0, 9), "MBL.AX");
  CAF_CHECK_EQUAL(at("MBL.AX", 0, 10), "MQG.AX");
  CAF_CHECK_EQUAL(at("MQG.AX", 50, 0), "MBL.AX");
  CAF_CHECK_EQUAL(at("AAA.AX", 0, 50), "CCC.AX");
  CAF_CHECK_EQUAL(at("CCC.AX", 50, 25), "BBB.AX");
  CAF_CHECK_EQUAL(at("CCC.AX", 50, 0), "AAA.AX");
  CAF_CHECK_EQUAL(at("CBA.AX", 0, 50), "CBA.AX");
  // Who takes up the old code later is somebody else.
  CAF_CHECK_EQUAL(at("MBL.AX", 40, 50), "MBL.AX");
  // Not known by then.
  CAF_CHECK_EQUAL(at("AAA.AX", 0, 50, 25), "BBB.AX");
  CAF_CHECK_EQUAL(at("AAA.AX", 0, 50, 19), "AAA.AX");
}

CAF_TEST(codes that go round come to an end) {
  std::vector<renaming> all{{"A.AX", "B.AX", day(1), day(1)},
                            {"B.AX", "A.AX", day(2), day(2)}};
  CAF_CHECK_EQUAL(symbol_at(all, "A.AX", day(0), day(9), day(9)), "A.AX");
  CAF_CHECK_EQUAL(symbol_at(all, "A.AX", day(0), day(1), day(9)), "B.AX");
}
