#define CAF_SUITE simulator
#include "models/market/simulator.hpp"

#include "tests/unit/market/simulator_fixture.hpp"

#include "caf/test/unit_test.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <stdexcept>

using namespace banksia;
using namespace banksia::simulation;
using namespace std::chrono_literals;

namespace {

bool equal(const simulated_session& a, const simulated_session& b) {
  return a.mood == b.mood && a.bars == b.bars && a.daily == b.daily
         && a.headlines == b.headlines && a.spoiled == b.spoiled;
}

bool consistent(const bar& b) {
  return b.low.value() > 0.0 && b.low <= b.open && b.low <= b.close
         && b.high >= b.open && b.high >= b.close && b.volume.value() >= 0.0;
}

bool on_tick(price x, double step) {
  auto steps = x.value() / step;
  return std::abs(steps - std::round(steps)) < 1e-6;
}

bool refused(market_simulator& market, const sim_session& session) {
  try {
    market.next(session);
    return false;
  } catch (const std::invalid_argument&) {
    return true;
  }
}

/// Eleven symbols, four of which are in no table of profiles.
simulator_settings wide_settings() {
  auto result = usual_settings();
  for (auto symbol : {"BHP.AX", "XRO.AX", "AAA.AX", "ZZZ.AX"})
    result.symbols.emplace_back(symbol);
  return result;
}

} // namespace

CAF_TEST(the same seed gives the same market) {
  market_simulator a{usual_settings()};
  market_simulator b{usual_settings()};
  for (const auto& session : weekday_sessions(5))
    CAF_CHECK(equal(a.next(session), b.next(session)));
}

CAF_TEST(another seed gives another market) {
  auto session = weekday_sessions(1).front();
  auto a = market_simulator{usual_settings(1)}.next(session);
  auto b = market_simulator{usual_settings(2)}.next(session);
  CAF_CHECK_EQUAL(a.bars.size(), b.bars.size());
  CAF_CHECK(a.bars != b.bars);
  CAF_CHECK(a.headlines != b.headlines);
}

CAF_TEST(skipping and a copy both resume the identical market) {
  auto sessions = weekday_sessions(40);
  market_simulator straight{usual_settings()};
  for (std::size_t i = 0; i < 30; ++i)
    straight.next(sessions[i]);
  market_simulator resumed{usual_settings()};
  resumed.skip(std::span{sessions}.first(30));
  auto snapshot = straight;
  for (std::size_t i = 30; i < 40; ++i) {
    auto expected = straight.next(sessions[i]);
    CAF_CHECK(equal(resumed.next(sessions[i]), expected));
    CAF_CHECK(equal(snapshot.next(sessions[i]), expected));
  }
}

CAF_TEST(adding a symbol leaves the others and the index alone) {
  auto fewer = usual_settings();
  fewer.symbols = {"WBC.AX", "QBE.AX"};
  market_simulator a{fewer};
  market_simulator b{wide_settings()};
  for (const auto& session : weekday_sessions(5)) {
    auto x = a.next(session);
    auto y = b.next(session);
    for (auto symbol : {"WBC.AX", "QBE.AX", "^AXJO"}) {
      CAF_CHECK(only(x.bars, symbol) == only(y.bars, symbol));
      CAF_CHECK(only(x.daily, symbol) == only(y.daily, symbol));
      CAF_CHECK(only(x.headlines, symbol) == only(y.headlines, symbol));
    }
  }
}

CAF_TEST(every bar is consistent and on its tick) {
  auto settings = wide_settings();
  auto penny = profile_of("PEN.AX");
  penny.first_price = price{0.11};
  penny.own_volatility = real{6.0};
  auto middle = profile_of("MID.AX");
  middle.first_price = price{2.01};
  settings.symbols.insert(settings.symbols.end(), {"PEN.AX", "MID.AX"});
  settings.profiles = {penny, middle};
  market_simulator market{settings};
  std::set<double> steps;
  std::size_t inconsistent = 0;
  std::size_t off_tick = 0;
  for (const auto& session : weekday_sessions(60)) {
    auto day = market.next(session);
    auto all = day.bars;
    all.insert(all.end(), day.daily.begin(), day.daily.end());
    for (const auto& b : all) {
      inconsistent += consistent(b) ? 0 : 1;
      for (auto x : {b.open, b.high, b.low, b.close}) {
        auto step = b.symbol == "^AXJO" ? 0.1 : asx_tick(x).value();
        steps.insert(step);
        off_tick += on_tick(x, step) ? 0 : 1;
      }
    }
  }
  CAF_CHECK_EQUAL(inconsistent, 0u);
  CAF_CHECK_EQUAL(off_tick, 0u);
  // Without prices in all three bands the check above would prove little.
  CAF_CHECK_EQUAL(steps.size(), 4u);
}

CAF_TEST(bars come in time order and are known at their end) {
  market_simulator market{usual_settings()};
  auto session = weekday_sessions(1).front();
  auto day = market.next(session);
  CAF_CHECK_EQUAL(day.bars.size(), 8u * 72u);
  CAF_CHECK(std::is_sorted(
    day.bars.begin(), day.bars.end(),
    [](const bar& a, const bar& b) { return a.known_at < b.known_at; }));
  auto cba = only(day.bars, "CBA.AX");
  CAF_REQUIRE_EQUAL(cba.size(), 72u);
  for (std::size_t i = 0; i < cba.size(); ++i) {
    CAF_CHECK(cba[i].opened_at == session.opens_at + i * 5min);
    CAF_CHECK(cba[i].known_at
              == (i == 71 ? session.auction_ends_at
                          : cba[i].opened_at + 5min));
    CAF_CHECK(cba[i].interval == bar_interval::m5);
    CAF_CHECK_EQUAL(cba[i].source, "simulator");
    CAF_CHECK_GREATER(cba[i].volume.value(), 0.0);
  }
}

CAF_TEST(a daily bar is the fold of the day at every interval) {
  std::vector<std::vector<bar>> days;
  auto sessions = weekday_sessions(5);
  for (auto interval : {bar_interval::m1, bar_interval::m5, bar_interval::m15,
                        bar_interval::m30, bar_interval::m60}) {
    auto settings = usual_settings();
    settings.interval = interval;
    market_simulator market{settings};
    days.emplace_back();
    for (const auto& session : sessions) {
      auto day = market.next(session);
      CAF_REQUIRE_EQUAL(day.daily.size(), 8u);
      for (const auto& d : day.daily) {
        auto parts = only(day.bars, d.symbol);
        double high = 0.0, low = 1e9, volume = 0.0;
        for (const auto& b : parts) {
          high = std::max(high, b.high.value());
          low = std::min(low, b.low.value());
          volume += b.volume.value();
        }
        CAF_CHECK(d.interval == bar_interval::d1);
        CAF_CHECK(d.opened_at == session.opens_at);
        CAF_CHECK(d.known_at == session.auction_ends_at);
        CAF_CHECK(d.open == parts.front().open);
        CAF_CHECK(d.close == parts.back().close);
        CAF_CHECK_EQUAL(d.high.value(), high);
        CAF_CHECK_EQUAL(d.low.value(), low);
        CAF_CHECK_EQUAL(d.volume.value(), volume);
        days.back().push_back(d);
      }
    }
  }
  for (const auto& other : days)
    CAF_CHECK(other == days.front());
  market_simulator market{usual_settings()};
  CAF_CHECK(market.daily_history(sessions) == days.front());
}

CAF_TEST(a half day has fewer bars and ends at its own auction) {
  market_simulator market{usual_settings()};
  auto sessions = weekday_sessions(2);
  auto half = sessions[0];
  // 10:00 … 14:10 is 250 minutes, and 30 does not divide it.
  half.closes_at = half.opens_at + 250min;
  half.auction_ends_at = half.closes_at + 10min;
  auto settings = usual_settings();
  settings.interval = bar_interval::m30;
  market_simulator coarse{settings};
  auto day = market.next(half);
  auto coarse_day = coarse.next(half);
  CAF_CHECK_EQUAL(day.bars.size(), 8u * 50u);
  CAF_CHECK_EQUAL(coarse_day.bars.size(), 8u * 9u);
  CAF_CHECK(day.daily == coarse_day.daily);
  CAF_CHECK(day.bars.back().known_at == half.auction_ends_at);
  CAF_CHECK(coarse_day.bars.back().known_at == half.auction_ends_at);
  for (const auto& h : day.headlines)
    CAF_CHECK(h.known_at <= half.closes_at);
  CAF_CHECK_EQUAL(market.next(sessions[1]).bars.size(), 8u * 72u);
}

CAF_TEST(headlines are of the day and known by its close) {
  market_simulator market{usual_settings()};
  std::set<std::string> ids;
  std::size_t count = 0;
  std::size_t before_open = 0;
  for (const auto& session : weekday_sessions(20)) {
    auto day = market.next(session);
    CAF_CHECK(only(day.headlines, "^AXJO").empty());
    for (const auto& symbol : usual_settings().symbols) {
      auto about = only(day.headlines, symbol);
      CAF_CHECK(about.size() >= 2 && about.size() <= 5);
    }
    CAF_CHECK(std::is_sorted(day.headlines.begin(), day.headlines.end(),
                             [](const headline& a, const headline& b) {
                               return a.known_at < b.known_at;
                             }));
    for (const auto& h : day.headlines) {
      CAF_CHECK(h.published_at >= session.opens_at - 3h);
      CAF_CHECK(h.published_at <= h.known_at);
      CAF_CHECK(h.known_at <= session.closes_at);
      CAF_CHECK(std::abs(h.score.value()) <= 1.0);
      CAF_CHECK(h.scored);
      CAF_CHECK_EQUAL(h.source, "simulator");
      CAF_CHECK(h.link.empty());
      CAF_CHECK_EQUAL(h.headline_id, sha256_hex("simulator\n\n" + h.title));
      ids.insert(h.headline_id);
      ++count;
      before_open += h.known_at < session.opens_at ? 1 : 0;
    }
  }
  CAF_CHECK_EQUAL(ids.size(), count);
  CAF_CHECK(before_open > count / 5 && before_open < count / 2);
}

CAF_TEST(spoiled bars are the listed ones and only those) {
  auto settings = usual_settings();
  auto session = weekday_sessions(1).front();
  auto clean = market_simulator{settings}.next(session);
  CAF_CHECK(clean.spoiled.empty());
  settings.bad_bar_probability = fraction{0.1};
  auto dirty = market_simulator{settings}.next(session);
  CAF_CHECK(dirty.daily == clean.daily);
  CAF_CHECK(dirty.headlines == clean.headlines);
  // 576 bars, 57.6 expected, standard deviation 7.2.
  CAF_CHECK(dirty.spoiled.size() > 30 && dirty.spoiled.size() < 90);
  std::set<std::size_t> spoiled{dirty.spoiled.begin(), dirty.spoiled.end()};
  std::size_t cents = 0, inverted = 0, zero = 0, negative = 0;
  for (std::size_t i = 0; i < dirty.bars.size(); ++i) {
    const auto& b = dirty.bars[i];
    const auto& c = clean.bars[i];
    CAF_CHECK_EQUAL(b != c, spoiled.contains(i));
    if (b == c)
      continue;
    cents += b.open.value() == c.open.value() * 100.0 ? 1 : 0;
    inverted += b.high < b.low ? 1 : 0;
    zero += b.close.value() == 0.0 ? 1 : 0;
    negative += b.volume.value() < 0.0 ? 1 : 0;
  }
  CAF_CHECK(cents > 0 && inverted > 0 && zero > 0 && negative > 0);
  CAF_CHECK_EQUAL(cents + inverted + zero + negative, spoiled.size());
}

CAF_TEST(sessions out of order are refused and change nothing) {
  auto sessions = weekday_sessions(3);
  market_simulator market{usual_settings()};
  market_simulator reference{usual_settings()};
  market.next(sessions[1]);
  reference.next(sessions[1]);
  CAF_CHECK(refused(market, sessions[1]));
  CAF_CHECK(refused(market, sessions[0]));
  auto overlapping = sessions[2];
  overlapping.opens_at = sessions[1].closes_at;
  CAF_CHECK(refused(market, overlapping));
  auto faulty = sessions[2];
  faulty.closes_at = faulty.opens_at;
  CAF_CHECK(refused(market, faulty));
  CAF_CHECK(equal(market.next(sessions[2]), reference.next(sessions[2])));
}

CAF_TEST(a market without an index has none) {
  auto settings = usual_settings();
  settings.index_symbol.clear();
  market_simulator market{settings};
  auto day = market.next(weekday_sessions(1).front());
  CAF_CHECK_EQUAL(day.daily.size(), 7u);
  CAF_CHECK_EQUAL(market.profiles().size(), 7u);
}
