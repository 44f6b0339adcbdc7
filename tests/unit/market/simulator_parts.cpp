#define CAF_SUITE simulator_parts
#include "models/market/simulator.hpp"
#include "models/market/simulator_random.hpp"

#include "tests/unit/market/simulator_fixture.hpp"

#include "caf/test/unit_test.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>

using namespace banksia;
using namespace banksia::simulation;
using namespace std::chrono_literals;

namespace {

/// Whether the settings are refused with a word about `what`.
bool refused(const simulator_settings& settings, std::string_view what) {
  auto problem = problem_of(settings);
  if (!problem || problem->find(what) == std::string::npos)
    return false;
  try {
    market_simulator market{settings};
    return false;
  } catch (const std::invalid_argument& e) {
    return *problem == e.what();
  }
}

template <class Change>
bool refused_after(std::string_view what, Change change) {
  auto settings = usual_settings();
  change(settings);
  return refused(settings, what);
}

template <class Change>
bool profile_refused(std::string_view what, Change change) {
  return refused_after(what, [&](simulator_settings& s) {
    s.profiles = {profile_of("CBA.AX")};
    change(s.profiles.front());
  });
}

bool session_refused(const sim_session& x, std::string_view what) {
  auto problem = problem_of(x);
  return problem && problem->find(what) != std::string::npos;
}

constexpr auto nan = std::numeric_limits<double>::quiet_NaN();

} // namespace

CAF_TEST(the mixer is that of SplitMix64) {
  // The first output of the reference generator seeded with 0.
  CAF_CHECK_EQUAL(mixed(0x9e3779b97f4a7c15ULL), 0xe220a8397b1dcdafULL);
}

CAF_TEST(each part of a key changes the stream) {
  keyed_stream base{1, 2, 3, purpose::steps};
  CAF_CHECK_EQUAL(base.bits(7), keyed_stream(1, 2, 3, purpose::steps).bits(7));
  CAF_CHECK(base.bits(7) != base.bits(8));
  CAF_CHECK(base.bits(7) != keyed_stream(2, 2, 3, purpose::steps).bits(7));
  CAF_CHECK(base.bits(7) != keyed_stream(1, 3, 3, purpose::steps).bits(7));
  CAF_CHECK(base.bits(7) != keyed_stream(1, 2, 4, purpose::steps).bits(7));
  CAF_CHECK(base.bits(7) != keyed_stream(1, 2, 3, purpose::day).bits(7));
  CAF_CHECK(base.bits(7) != keyed_stream(1, 3, 2, purpose::steps).bits(7));
}

CAF_TEST(uniforms and normals have the moments they should) {
  keyed_stream stream{9, 9, 9, purpose::steps};
  constexpr int count = 100'000;
  double uniform = 0.0, first = 0.0, square = 0.0, product = 0.0, fourth = 0.0;
  for (int i = 0; i < count; ++i) {
    auto u = stream.uniform(i);
    CAF_REQUIRE(u > 0.0 && u < 1.0);
    uniform += u;
    auto [x, y] = stream.normals(i);
    first += x;
    square += x * x;
    fourth += x * x * x * x;
    product += x * y;
  }
  // Bounds are five standard errors or wider.
  CAF_CHECK(std::abs(uniform / count - 0.5) < 0.005);
  CAF_CHECK(std::abs(first / count) < 0.016);
  CAF_CHECK(std::abs(square / count - 1.0) < 0.023);
  CAF_CHECK(std::abs(fourth / count - 3.0) < 0.16);
  CAF_CHECK(std::abs(product / count) < 0.016);
}

CAF_TEST(ticks follow the bands of the exchange) {
  CAF_CHECK_EQUAL(asx_tick(price{0.099}).value(), 0.001);
  CAF_CHECK_EQUAL(asx_tick(price{0.10}).value(), 0.005);
  CAF_CHECK_EQUAL(asx_tick(price{1.995}).value(), 0.005);
  CAF_CHECK_EQUAL(asx_tick(price{2.00}).value(), 0.01);
  CAF_CHECK_EQUAL(rounded_to_tick(price{12.344}).value(), 12.34);
  CAF_CHECK_EQUAL(rounded_to_tick(price{1.998}).value(), 2.0);
  CAF_CHECK_EQUAL(rounded_to_tick(price{1.9974}).value(), 1.995);
  CAF_CHECK_EQUAL(rounded_to_tick(price{0.0996}).value(), 0.1);
  CAF_CHECK_EQUAL(rounded_to_tick(price{0.0871}).value(), 0.087);
  CAF_CHECK_EQUAL(rounded_to_tick(price{0.00001}).value(), 0.001);
  CAF_CHECK_EQUAL(rounded_to_tick(price{8512.37}, price{0.1}).value(), 8512.4);
}

CAF_TEST(an unknown symbol gets traits of its own that stay) {
  auto a = profile_of("BHP.AX");
  auto b = profile_of("BHP.AX");
  CAF_CHECK_EQUAL(a.first_price.value(), b.first_price.value());
  CAF_CHECK(a.first_price != profile_of("RIO.AX").first_price);
  CAF_CHECK_EQUAL(a.name, "BHP");
  CAF_CHECK(a.sector != "banks");
  CAF_CHECK(a.first_price.value() >= 1.5 && a.first_price.value() <= 60.0);
  CAF_CHECK_EQUAL(profile_of("CBA.AX").sector, "banks");
}

CAF_TEST(regimes are scaled to the long run volatility) {
  double shares = 0.0, mean_square = 0.0;
  auto stationary = stationary_shares();
  for (std::size_t i = 0; i < regime_count; ++i) {
    auto multiple = traits_of(static_cast<regime>(i)).volatility.value();
    shares += stationary[i];
    mean_square += stationary[i] * multiple * multiple;
    CAF_CHECK_GREATER(stationary[i], 0.05);
  }
  CAF_CHECK(std::abs(shares - 1.0) < 1e-9);
  CAF_CHECK(std::abs(mean_square - 1.0) < 1e-9);
  CAF_CHECK(traits_of(regime::bull).annual_drift.value() > 0.0);
  CAF_CHECK(traits_of(regime::bear).annual_drift.value() < 0.0);
  CAF_CHECK(traits_of(regime::turbulent).volatility
            > traits_of(regime::calm).volatility);
  CAF_CHECK_EQUAL(to_string(regime::turbulent), "turbulent");
}

CAF_TEST(the chain of regimes spends its time as computed) {
  keyed_stream stream{5, 5, 5, purpose::regime};
  constexpr int steps = 200'000;
  std::array<int, regime_count> seen = {};
  auto now = first_regime(0.1);
  for (int i = 0; i < steps; ++i) {
    now = next_regime(now, stream.uniform(i));
    ++seen[static_cast<std::size_t>(now)];
  }
  for (std::size_t i = 0; i < regime_count; ++i)
    CAF_CHECK(std::abs(static_cast<double>(seen[i]) / steps
                       - stationary_shares()[i])
              < 0.02);
}

CAF_TEST(impossible settings are refused with a word) {
  using settings = simulator_settings;
  CAF_CHECK(!problem_of(usual_settings()));
  CAF_CHECK(refused_after("none given",
                          [](settings& s) { s.symbols.clear(); }));
  CAF_CHECK(refused_after("is empty", [](settings& s) { s.symbols[1] = ""; }));
  CAF_CHECK(refused_after("there twice",
                          [](settings& s) { s.symbols[1] = "CBA.AX"; }));
  CAF_CHECK(refused_after("is the index too",
                          [](settings& s) { s.index_symbol = "CBA.AX"; }));
  CAF_CHECK(refused_after("no intraday length", [](settings& s) {
    s.interval = bar_interval::d1;
  }));
  CAF_CHECK(refused_after("annual_volatility", [](settings& s) {
    s.annual_volatility = fraction{13.0};
  }));
  CAF_CHECK(refused_after("regime_drift", [](settings& s) {
    s.regime_drift = real{nan};
  }));
  CAF_CHECK(refused_after("signal_strength", [](settings& s) {
    s.signal_strength = fraction{1.01};
  }));
  CAF_CHECK(refused_after("bad_bar_probability", [](settings& s) {
    s.bad_bar_probability = fraction{-0.1};
  }));
}

CAF_TEST(impossible profiles are refused with a word) {
  using profile = symbol_profile;
  CAF_CHECK(profile_refused("is empty", [](profile& p) { p.sector = ""; }));
  CAF_CHECK(profile_refused("first price",
                            [](profile& p) { p.first_price = price{0.0}; }));
  CAF_CHECK(profile_refused("beta", [](profile& p) { p.beta = real{nan}; }));
  CAF_CHECK(profile_refused("own volatility", [](profile& p) {
    p.own_volatility = real{-1.0};
  }));
  CAF_CHECK(profile_refused("daily volume", [](profile& p) {
    p.daily_volume = shares{-1.0};
  }));
  CAF_CHECK(profile_refused("tick", [](profile& p) {
    p.tick = price{0.0001};
  }));
}

CAF_TEST(impossible sessions are refused with a word) {
  using namespace std::chrono;
  auto good = weekday_sessions(1).front();
  CAF_CHECK(!problem_of(good));
  auto x = good;
  x.date = 2025y / February / 30;
  CAF_CHECK(session_refused(x, "no day of the calendar"));
  x = good;
  x.closes_at = x.opens_at + 59s;
  CAF_CHECK(session_refused(x, "less than a minute"));
  x = good;
  x.closes_at = x.opens_at + 25h;
  CAF_CHECK(session_refused(x, "longer than a day"));
  x = good;
  x.auction_ends_at = x.closes_at - 1s;
  CAF_CHECK(session_refused(x, "ends before it closes"));
}
