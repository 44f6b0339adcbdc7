#define CAF_SUITE forecast_registry
#include "tests/unit/forecast/registry_samples.hpp"

#include "caf/test/unit_test.hpp"

#include <cmath>
#include <set>

using namespace banksia;
using namespace banksia::forecast;
using namespace banksia::test;

namespace {

/// What a change says; "" when it was made.
std::string said(const registry_state::problem& x) {
  return x.value_or("");
}

std::string refusal_of(std::vector<registry_entry> entries) {
  try {
    registry_state::from_entries(std::move(entries));
  } catch (const registry_error& error) {
    return error.what();
  }
  return "";
}

registry_entry with_history(std::string version,
                            std::vector<change_kind> kinds) {
  auto x = entry(std::move(version));
  int n = 0;
  for (auto kind : kinds)
    x.history.push_back({day(n++), kind, "tester", "because"});
  return x;
}

} // namespace

CAF_TEST(a model goes from candidate to champion to archive) {
  registry_state x;
  CAF_CHECK_EQUAL(said(x.add(entry("m1"), order(1))), "");
  CAF_CHECK_EQUAL(status(x, "m1"), "candidate");
  CAF_CHECK_EQUAL(said(x.shadow("m1", order(2))), "");
  CAF_CHECK_EQUAL(status(x, "m1"), "shadow");
  CAF_CHECK(x.champion() == nullptr);
  CAF_CHECK_EQUAL(said(x.promote("m1", order(3))), "");
  CAF_REQUIRE(x.champion() != nullptr);
  CAF_CHECK_EQUAL(x.champion()->version, "m1");
  CAF_CHECK_EQUAL(said(x.demote(order(4, "bad calibration"))), "");
  CAF_CHECK_EQUAL(status(x, "m1"), "deprecated");
  CAF_CHECK(x.champion() == nullptr);
  CAF_CHECK_EQUAL(said(x.archive("m1", order(5))), "");
  CAF_CHECK_EQUAL(status(x, "m1"), "archived");
  CAF_REQUIRE_EQUAL(x.find("m1")->history.size(), 5u);
  CAF_CHECK_EQUAL(x.find("m1")->history[3].reason, "bad calibration");
  CAF_CHECK(x.find("m1")->since() == day(5));
  CAF_CHECK_EQUAL(said(x.remove("m1")), "");
  CAF_CHECK(x.entries().empty());
}

CAF_TEST(only these steps are allowed) {
  std::set<std::pair<model_status, model_status>> allowed{
    {model_status::candidate, model_status::shadow},
    {model_status::candidate, model_status::archived},
    {model_status::shadow, model_status::champion},
    {model_status::shadow, model_status::archived},
    {model_status::champion, model_status::deprecated},
    {model_status::deprecated, model_status::champion},
    {model_status::deprecated, model_status::archived}};
  for (int from = 0; from < 5; ++from)
    for (int to = 0; to < 5; ++to) {
      std::pair step{static_cast<model_status>(from),
                     static_cast<model_status>(to)};
      CAF_CHECK_EQUAL(may_follow(step.first, step.second),
                      allowed.count(step) == 1);
    }
}

CAF_TEST(a step that is not allowed changes nothing) {
  registry_state x;
  crown(x, "m1", 1);
  x.add(entry("m2"), order(2));
  auto before = x;
  CAF_CHECK_EQUAL(said(x.promote("m2", order(3))),
                  "model m2 is candidate and cannot become champion: see "
                  "banksia models show m2");
  CAF_CHECK(said(x.archive("m1", order(3))).starts_with("model m1 is champion"));
  CAF_CHECK(said(x.shadow("m1", order(3))).starts_with("model m1 is champion"));
  CAF_CHECK(said(x.remove("m1")).starts_with("model m1 is champion: archive"));
  CAF_CHECK(said(x.remove("m9")).starts_with("no such model: m9"));
  CAF_CHECK(said(x.shadow("m9", order(3))).starts_with("no such model: m9"));
  CAF_CHECK(x == before);
}

CAF_TEST(promotion deprecates the champion before) {
  registry_state x;
  crown(x, "m1", 1);
  crown(x, "m2", 2);
  CAF_CHECK_EQUAL(status(x, "m1"), "deprecated");
  CAF_CHECK(x.find("m1")->history.back().kind == change_kind::superseded);
  CAF_CHECK_EQUAL(x.champion()->version, "m2");
}

CAF_TEST(a rollback restores the one before and is not undone by itself) {
  registry_state x;
  crown(x, "m1", 1);
  crown(x, "m2", 2);
  crown(x, "m3", 3);
  CAF_REQUIRE(x.rollback_target() != nullptr);
  CAF_CHECK_EQUAL(x.rollback_target()->version, "m2");
  CAF_CHECK_EQUAL(said(x.roll_back({}, order(4))), "");
  CAF_CHECK_EQUAL(x.champion()->version, "m2");
  CAF_CHECK_EQUAL(status(x, "m3"), "deprecated");
  // Again: further back, never to the one just left.
  CAF_CHECK_EQUAL(said(x.roll_back({}, order(5))), "");
  CAF_CHECK_EQUAL(x.champion()->version, "m1");
  auto before = x;
  CAF_CHECK(said(x.roll_back({}, order(6))).starts_with("no former champion"));
  CAF_CHECK(x == before);
  // Unless it is named.
  CAF_CHECK_EQUAL(said(x.roll_back("m3", order(7))), "");
  CAF_CHECK_EQUAL(x.champion()->version, "m3");
}

CAF_TEST(a rollback needs a former champion) {
  registry_state x;
  crown(x, "m1", 1);
  x.add(entry("m2"), order(2));
  x.shadow("m2", order(2));
  CAF_CHECK_EQUAL(said(x.roll_back("m2", order(3))),
                  "model m2 never was champion: banksia models promote m2");
  CAF_CHECK(said(x.roll_back("m9", order(3))).starts_with("no such model: m9"));
  CAF_CHECK(said(x.roll_back("m1", order(3))).starts_with("model m1 is champion"));
  x.promote("m2", order(4));
  CAF_CHECK_EQUAL(said(x.promote("m1", order(5))),
                  "model m1 was champion before: banksia models rollback m1");
  CAF_CHECK_EQUAL(x.champion()->version, "m2");
}

CAF_TEST(after a demotion rules serve until somebody goes back) {
  registry_state x;
  CAF_CHECK(said(x.demote(order(1))).starts_with("there is no champion"));
  crown(x, "m1", 1);
  crown(x, "m2", 2);
  x.demote(order(3));
  CAF_CHECK(x.champion() == nullptr);
  CAF_CHECK_EQUAL(x.rollback_target()->version, "m1");
  CAF_CHECK_EQUAL(said(x.roll_back({}, order(4))), "");
  CAF_CHECK_EQUAL(x.champion()->version, "m1");
}

CAF_TEST(adding again changes nothing and another file is refused) {
  registry_state x;
  x.add(entry("m1"), order(1));
  auto before = x;
  CAF_CHECK_EQUAL(said(x.add(entry("m1"), order(2))), "");
  CAF_CHECK(x == before);
  auto other = entry("m1");
  other.sha256 = std::string(64, 'b');
  CAF_CHECK(said(x.add(other, order(2))).starts_with("model m1 is there already"));
  CAF_CHECK(said(x.add(entry("../m2"), order(2)))
              .starts_with("not a model's version"));
  other = entry("m3");
  other.sha256 = "abc";
  CAF_CHECK(said(x.add(other, order(2))).starts_with("m3: its sha256"));
  CAF_CHECK(x == before);
}

CAF_TEST(each change needs a reason an author and a clock that runs forwards) {
  registry_state x;
  CAF_CHECK_EQUAL(said(x.add(entry("m1"), {day(1), "me", ""})),
                  "no reason: say why");
  CAF_CHECK_EQUAL(said(x.add(entry("m1"), {day(1), "", "why"})),
                  "no author: say who changes it");
  x.add(entry("m1"), order(5));
  CAF_CHECK(said(x.shadow("m1", order(4))).starts_with("model m1 changed last"));
  CAF_CHECK(said(x.shadow("m1", {day(6), "me", ""})).starts_with("no reason"));
  x.shadow("m1", order(5));
  x.promote("m1", order(7));
  x.add(entry("m2"), order(5));
  x.shadow("m2", order(5));
  auto before = x;
  // The champion is younger than the order that would end it.
  CAF_CHECK(said(x.promote("m2", order(6))).starts_with("model m1 changed last"));
  CAF_CHECK(said(x.demote(order(6))).starts_with("model m1 changed last"));
  CAF_CHECK(x == before);
}

CAF_TEST(entries that contradict each other are refused) {
  using enum change_kind;
  CAF_CHECK_EQUAL(refusal_of({with_history("m1", {added}),
                              with_history("m1", {added})}),
                  "model m1 is there twice");
  CAF_CHECK_EQUAL(refusal_of({with_history("m1", {added, shadowed, promoted}),
                              with_history("m2", {added, shadowed, promoted})}),
                  "2 champions where there can be one");
  CAF_CHECK_EQUAL(refusal_of({with_history("m1", {})}),
                  "m1: its history does not begin with added");
  CAF_CHECK_EQUAL(refusal_of({with_history("m1", {added, promoted})}),
                  "m1: promoted does not follow candidate");
  CAF_CHECK_EQUAL(refusal_of({with_history("m1", {added, added})}),
                  "m1: added does not follow candidate");
  CAF_CHECK_EQUAL(refusal_of({with_history("m1", {added, archived, archived})}),
                  "m1: archived does not follow archived");
  auto backwards = with_history("m1", {added, shadowed});
  backwards.history[1].at = day(-1);
  CAF_CHECK_EQUAL(refusal_of({backwards}), "m1: its history runs backwards");
  auto silent = with_history("m1", {added});
  silent.history[0].reason.clear();
  CAF_CHECK_EQUAL(refusal_of({silent}), "m1: a change without a reason");
}

CAF_TEST(entries are found whatever their order) {
  auto x = registry_state::from_entries(
    {with_history("m3", {change_kind::added}),
     with_history("m1", {change_kind::added})});
  CAF_CHECK_EQUAL(x.entries()[0].version, "m1");
  CAF_CHECK(x.find("m3") != nullptr);
  CAF_CHECK(x.find("m2") == nullptr);
}
