#define CAF_SUITE market_board
#include "models/features/market_board.hpp"

#include "models/features/feature_assembly.hpp"
#include "tests/unit/features/series.hpp"

#include "caf/test/unit_test.hpp"

#include <limits>
#include <random>

using namespace banksia;
using namespace banksia::test;

namespace {

using std::chrono::days;
using std::chrono::hours;

const std::vector<std::string> names{"DDD.AX", "AAA.AX", "CCC.AX", "BBB.AX"};

market_moment evening_of(int day) {
  return {open_of(day) + hours{6}, day, true};
}

bar day_of(int day, double close) {
  auto x = daily_bar(day, close);
  x.known_at = evening_of(day).slot;
  return x;
}

bar level_of(timestamp known_at, double close) {
  bar x;
  x.opened_at = known_at - hours{24};
  x.known_at = known_at;
  x.close = price{close};
  return x;
}

/// Two days: the second one changes by these.
market_board board_of(const std::vector<double>& changes) {
  market_board board;
  board.begin("^AXJO");
  for (std::size_t i = 0; i < changes.size(); ++i) {
    board.follow(names[i]);
    board.find(names[i])->add(day_of(0, 100.0), 0);
    board.find(names[i])->add(day_of(1, 100.0 * (1.0 + changes[i])), 1);
  }
  return board;
}

} // namespace

CAF_TEST(a sector is the mean of its symbols and its breadth who rose) {
  auto board = board_of({0.02, -0.01, 0.05, 0.0});
  board.find("^AXJO")->add(day_of(0, 8000.0), 0);
  board.find("^AXJO")->add(day_of(1, 8080.0), 1);
  auto x = board.at(evening_of(1));
  CAF_REQUIRE(x.has_sector && x.has_index_change);
  CAF_CHECK(near(x.sector_change.value(), 0.015));
  CAF_CHECK_EQUAL(x.breadth.value(), 0.25);
  CAF_CHECK(near(x.index_change.value(), 0.01));
  CAF_CHECK(!x.has_aud_usd && !x.has_vix);
  feature_vector features;
  set_market(features, x);
  CAF_CHECK(features.values[feature_index("sector_performance")]
            == x.sector_change.value());
  CAF_CHECK(features.values[feature_index("market_breadth")] == 0.25);
  CAF_CHECK(features.values[feature_index("asx200_change")]
            == x.index_change.value());
  CAF_CHECK(!features.has(feature_index("aud_usd_rate")));
  CAF_CHECK(!features.has(feature_index("vix_level")));
}

CAF_TEST(fewer than three symbols are no sector) {
  CAF_CHECK(!board_of({0.01, 0.02}).at(evening_of(1)).has_sector);
  CAF_CHECK(board_of({0.01, 0.02, 0.03}).at(evening_of(1)).has_sector);
  // Three on the board, but one has no close of the day.
  auto board = board_of({0.01, 0.02});
  board.follow("CCC.AX");
  board.find("CCC.AX")->add(day_of(0, 50.0), 0);
  CAF_CHECK(!board.at(evening_of(1)).has_sector);
}

CAF_TEST(only those that are followed then make the sector) {
  auto board = board_of({0.02, -0.01, 0.05, 0.04});
  std::vector<std::string> among{"CCC.AX", "DDD.AX", "AAA.AX", "ZZZ.AX"};
  auto x = board.at(evening_of(1), &among);
  CAF_REQUIRE(x.has_sector);
  CAF_CHECK(near(x.sector_change.value(), 0.02));
  // The order in which they are named is not in the bits.
  std::reverse(among.begin(), among.end());
  CAF_CHECK(board.at(evening_of(1), &among) == x);
}

CAF_TEST(no session is no return) {
  auto board = board_of({0.02, -0.01, 0.05});
  CAF_CHECK(!board.at({evening_of(1).slot, -1, false}).has_sector);
}

CAF_TEST(others are nobody) {
  auto board = board_of({0.02});
  CAF_CHECK(board.find("XYZ.AX") == nullptr);
  CAF_CHECK(board.find("^AXJO") != nullptr);
  CAF_CHECK(board.find("DDD.AX") != nullptr);
  board.begin("");
  CAF_CHECK(board.find("DDD.AX") == nullptr);
  CAF_CHECK(board.find("") == nullptr);
}

CAF_TEST(a level is the last one known and not an old one) {
  std::mt19937_64 random{7};
  std::vector<bar> told;
  for (int i = 0; i < 40; ++i)
    told.push_back(level_of(open_of(static_cast<int>(random() % 60))
                              + hours{random() % 24},
                            0.6 + 0.001 * i));
  level_series levels;
  for (const auto& x : told)
    levels.add(x);
  std::size_t some = 0, old = 0;
  for (int hour = 0; hour < 24 * 70; hour += 5) {
    auto t = open_of(0) + hours{hour};
    const bar* last = nullptr;
    for (const auto& x : told)
      if (x.known_at <= t
          && (!last || std::pair{x.known_at, x.close} >= std::pair{
                         last->known_at, last->close}))
        last = &x;
    auto found = levels.at(t);
    auto is_old = last && t - last->known_at > level_series::age_max;
    some += found.has_value();
    old += is_old;
    CAF_CHECK_EQUAL(found.has_value(), last != nullptr && !is_old);
    if (found)
      CAF_CHECK_EQUAL(*found, last->close.value());
  }
  CAF_CHECK(some > 100 && old > 5);
}

CAF_TEST(levels are told apart and what is no number is left out) {
  market_board board;
  board.begin("");
  auto t = open_of(3);
  board.level(context_series::vix).add(level_of(t, 17.5));
  for (auto bad : {0.0, -1.0, std::numeric_limits<double>::quiet_NaN()})
    board.level(context_series::aud_usd).add(level_of(t, bad));
  auto x = board.at({t, 3, false});
  CAF_CHECK(x.has_vix && !x.has_aud_usd);
  CAF_CHECK_EQUAL(x.vix.value(), 17.5);
  board.level(context_series::aud_usd).add(level_of(t, 0.65));
  x = board.at({t + level_series::age_max, 3, false});
  CAF_CHECK(x.has_vix && x.has_aud_usd);
  CAF_CHECK_EQUAL(x.aud_usd.value(), 0.65);
  // The instant after, both are too old.
  x = board.at({t + level_series::age_max + micros{1}, 3, false});
  CAF_CHECK(!x.has_vix && !x.has_aud_usd);
  // And just before they were known there was nothing.
  CAF_CHECK(!board.at({t - micros{1}, 3, false}).has_vix);
}

CAF_TEST(series have names and symbols of their own) {
  for (auto x : all_context_series) {
    CAF_CHECK(parse_context_series(to_string(x)) == x);
    CAF_CHECK(context_series_of(symbol_of(x)) == x);
  }
  CAF_CHECK(!parse_context_series("gold"));
  CAF_CHECK(!context_series_of("CBA.AX"));
}
