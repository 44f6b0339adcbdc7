#define CAF_SUITE service_level
#include "models/levels/service_level.hpp"

#include "caf/test/unit_test.hpp"

#include <cmath>
#include <set>
#include <string>

using namespace banksia;
using namespace banksia::levels;
using std::chrono::hours;

namespace {

const timestamp now = timestamp{hours{24 * 20'000}};

bool near(double a, double b) {
  return std::abs(a - b) < 1e-12;
}

observation good_and_bad(int hours_ago, double good, double bad) {
  return {now - hours{hours_ago}, good, bad};
}

definition with(measure how, rule kept_by, double target) {
  return {"x", "x", "x", clock_kind::wall, how, kept_by, target, hours{10},
          hours{2}};
}

const definition share = with(measure::good_share, rule::at_least, 0.9);

} // namespace

CAF_TEST(without data nothing is claimed) {
  auto x = judge(share, {}, now);
  CAF_CHECK(x.state == level_state::no_data);
  CAF_CHECK(!x.value);
  CAF_CHECK_EQUAL(x.budget_left, 1.0);
  CAF_CHECK_EQUAL(x.burn_long, 0.0);
  // Data before the window, or after now, is no data.
  std::vector<observation> seen{good_and_bad(11, 1, 9), good_and_bad(-1, 1, 9)};
  CAF_CHECK(judge(share, seen, now).state == level_state::no_data);
}

CAF_TEST(a share has what is left of what may be bad) {
  std::vector<observation> seen{good_and_bad(9, 48, 2), good_and_bad(1, 49, 1)};
  auto x = judge(share, seen, now);
  CAF_CHECK(near(*x.value, 0.97));
  CAF_CHECK_EQUAL(x.good, 97.0);
  CAF_CHECK_EQUAL(x.bad, 3.0);
  CAF_CHECK(near(x.budget_left, 0.7)); // 3 of 10 that may be bad
  CAF_CHECK(near(x.burn_long, 0.3));
  CAF_CHECK(near(x.burn_short, 0.2)); // 2 % where 10 % may be
  CAF_CHECK(x.state == level_state::met);
}

CAF_TEST(a target that is just reached is met and has no budget left) {
  std::vector<observation> seen{good_and_bad(9, 9, 1)};
  auto x = judge(share, seen, now);
  CAF_CHECK(near(*x.value, 0.9));
  CAF_CHECK(x.budget_left < 1e-9);
  CAF_CHECK(x.state == level_state::at_risk);
  seen.push_back(good_and_bad(8, 0, 1));
  x = judge(share, seen, now);
  CAF_CHECK(x.state == level_state::missed);
  CAF_CHECK_EQUAL(x.budget_left, 0.0);
}

CAF_TEST(a budget that burns too fast is a risk before it is gone) {
  std::vector<observation> seen{good_and_bad(9, 900, 0), good_and_bad(1, 8, 2)};
  auto x = judge(share, seen, now);
  CAF_CHECK(x.budget_left > 0.9);
  CAF_CHECK(near(x.burn_short, 2.0));
  CAF_CHECK(x.state == level_state::at_risk);
}

CAF_TEST(what must stay below a target does not reach it) {
  auto peak = with(measure::peak, rule::below, 100.0);
  std::vector<observation> seen{{now - hours{5}, 0, 0, 0, 0, 60.0},
                                {now - hours{1}, 0, 0, 0, 0, 30.0}};
  auto x = judge(peak, seen, now);
  CAF_CHECK_EQUAL(*x.value, 60.0);
  CAF_CHECK(near(x.budget_left, 0.4));
  CAF_CHECK(near(x.burn_short, 0.3));
  CAF_CHECK(x.state == level_state::met);
  seen[1].peak = 100.0;
  CAF_CHECK(judge(peak, seen, now).state == level_state::missed);
}

CAF_TEST(a mean is weighted) {
  auto mean = with(measure::mean, rule::below, 0.2);
  std::vector<observation> seen{{now - hours{5}, 0, 0, 1.0, 100.0, 0},
                                {now - hours{1}, 0, 0, 2.0, 4.0, 0}};
  auto x = judge(mean, seen, now);
  CAF_CHECK(near(*x.value, 3.0 / 104));
  CAF_CHECK(near(x.burn_short, 2.5)); // half a second each of late
  CAF_CHECK(x.state == level_state::at_risk);
}

CAF_TEST(the share of what is bad stays below its target) {
  auto bad = with(measure::bad_share, rule::below, 0.05);
  std::vector<observation> seen{good_and_bad(3, 96, 4)};
  auto x = judge(bad, seen, now);
  CAF_CHECK(near(*x.value, 0.04));
  CAF_CHECK(near(x.budget_left, 0.2));
  seen[0] = good_and_bad(3, 95, 5);
  CAF_CHECK(judge(bad, seen, now).state == level_state::missed);
}

CAF_TEST(where nothing may be bad one is too many) {
  auto count = with(measure::bad_count, rule::none_bad, 0.0);
  std::vector<observation> seen{good_and_bad(3, 12, 0)};
  auto x = judge(count, seen, now);
  CAF_CHECK_EQUAL(*x.value, 0.0);
  CAF_CHECK_EQUAL(x.budget_left, 1.0);
  CAF_CHECK(x.state == level_state::met);
  seen.push_back(good_and_bad(1, 0, 1));
  x = judge(count, seen, now);
  CAF_CHECK_EQUAL(*x.value, 1.0);
  CAF_CHECK_EQUAL(x.budget_left, 0.0);
  CAF_CHECK_EQUAL(x.burn_long, 1.0);
  CAF_CHECK(x.state == level_state::missed);
}

CAF_TEST(a window begins at a full hour) {
  auto late = now + std::chrono::minutes{59};
  std::vector<observation> seen{good_and_bad(10, 1, 0)};
  auto x = judge(share, seen, late);
  CAF_CHECK(x.from == now - hours{10});
  CAF_CHECK_EQUAL(x.good, 1.0);
  CAF_CHECK_EQUAL(judge(share, seen, now + hours{1}).good, 0.0);
}

CAF_TEST(since is when the state became what it is) {
  std::vector<observation> seen;
  for (int ago = 19; ago >= 0; --ago)
    seen.push_back(good_and_bad(ago, 10, 0));
  // All well from the first look that a window lies behind.
  CAF_CHECK(judge(share, seen, now).since == now - hours{10});
  seen[16].bad = 50; // three hours ago
  auto x = judge(share, seen, now);
  CAF_CHECK(x.state == level_state::missed);
  CAF_CHECK(x.since == now - hours{3});
}

CAF_TEST(the promises of the plan are there once each) {
  std::set<std::string> names;
  for (const auto& x : definitions()) {
    names.emplace(x.name);
    CAF_CHECK(x.window > x.short_window);
    CAF_CHECK(x.short_window >= hours{1});
    CAF_CHECK(!x.meaning.empty() && !x.unit.empty());
    CAF_CHECK(x.target > 0.0 || x.kept_by == rule::none_bad);
    CAF_CHECK_EQUAL(&definition_of(x.name), &x);
  }
  CAF_CHECK_EQUAL(names.size(), 10u);
  CAF_CHECK_EQUAL(definition_of("uptime").target, 0.995);
  CAF_CHECK_EQUAL(definition_of("success_rate").target, 0.65);
  CAF_CHECK_EQUAL(definition_of("memory").target, 2147483648.0);
}
