#define CAF_SUITE store_parts
#include "actors/store/bar_parts.hpp"
#include "tests/unit/store/samples.hpp"

#include "caf/test/unit_test.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <utility>

using namespace banksia;
using namespace banksia::store_test;

CAF_TEST_FIXTURE_SCOPE(store_parts_tests, store_fixture)

CAF_TEST(scored rows of many parts are each there once) {
  storage::transaction guard{db};
  outcome_batch batch;
  for (int i = 20; i < 320; ++i) {
    auto made = make_cycle(i, {"CBA.AX", "WBC.AX"});
    made.predictions[1] = make_abstention(made.slot, "WBC.AX");
    made.obligations.resize(3);
    ledger.write(made);
    // The last one has none at its primary horizon.
    batch.outcomes.push_back(
      make_outcome(made.predictions[0], i < 319 ? 240 : 60));
  }
  ledger.write(batch);
  guard.commit();
  for (auto symbol : {"", "CBA.AX"}) {
    auto found = queries.scored("live", slot_at(21), symbol);
    CAF_REQUIRE_EQUAL(found.size(), 298u);
    for (std::size_t i = 0; i < found.size(); ++i)
      CAF_CHECK(found[i].slot == slot_at(21 + static_cast<int>(i)));
  }
  CAF_CHECK(queries.scored("live", slot_at(21), "WBC.AX").empty());
}

CAF_TEST(what is owed is there once however much it is) {
  ledger.register_run("long", "live", "{}");
  storage::transaction guard{db};
  for (int i = 20; i < 720; ++i)
    ledger.write(make_cycle(i, {"CBA.AX"}, "long"));
  guard.commit();
  const std::array horizons{60u, 240u, 1440u};
  auto owed = queries.owed("long");
  CAF_REQUIRE_EQUAL(owed.size(), 2100u);
  for (std::size_t i = 0; i < owed.size(); ++i) {
    CAF_CHECK(owed[i].slot == slot_at(20 + static_cast<int>(i / 3)));
    CAF_CHECK_EQUAL(owed[i].horizon_minutes, horizons[i % 3]);
  }
}

CAF_TEST(the newest headlines are there once however many they are) {
  storage::transaction guard{db};
  for (int i = 0; i < 700; ++i) {
    auto x = make_headline(i);
    x.known_at = slot_at(i / 7); // some at the same time
    ledger.write(headline_batch{1, {x}});
  }
  guard.commit();
  auto all = queries.headlines("CBA.AX", slot_at(99), 1000);
  CAF_REQUIRE_EQUAL(all.size(), 700u);
  for (std::size_t i = 1; i < all.size(); ++i)
    CAF_CHECK(std::pair(all[i - 1].known_at, all[i - 1].headline_id)
              < std::pair(all[i].known_at, all[i].headline_id));
  for (std::size_t limit : {0u, 1u, 249u, 250u, 251u, 500u, 699u}) {
    auto some = queries.headlines("CBA.AX", slot_at(99),
                                  static_cast<std::int64_t>(limit));
    CAF_CHECK(some == std::vector<headline>(
                       all.end() - static_cast<std::ptrdiff_t>(limit),
                       all.end()));
  }
  CAF_CHECK_EQUAL(queries.headlines("CBA.AX", slot_at(0), 1000).size(), 7u);
}

CAF_TEST(a series read in parts of any size has each bar once) {
  for (int i = 0; i < 10; ++i) {
    auto x = make_bar(i);
    if (i % 4 == 1)
      x.known_at = slot_at(99);
    ledger.write(x);
  }
  auto whole = queries.bars("CBA.AX", bar_interval::m30, slot_at(20));
  CAF_REQUIRE_EQUAL(whole.size(), 7u);
  for (std::int64_t rows : {1, 2, 3, 5, 9, 10, 11}) {
    std::vector<bar> found;
    std::optional<timestamp> next = store::before_all_bars();
    for (std::size_t parts = 0; next; ++parts) {
      CAF_REQUIRE_LESS(parts, 11u);
      auto part = store::bars_part(db, "CBA.AX", bar_interval::m30, *next,
                                   slot_at(20), rows);
      CAF_CHECK_LESS_OR_EQUAL(part.bars.size(),
                              static_cast<std::size_t>(rows));
      found.insert(found.end(), part.bars.begin(), part.bars.end());
      next = part.next;
    }
    CAF_CHECK(found == whole);
  }
}

CAF_TEST(models are judged by all forecasts however many they are) {
  storage::transaction guard{db};
  outcome_batch batch;
  for (int i = 0; i < 300; ++i) {
    auto made = make_cycle(i, {"CBA.AX"});
    auto& p = made.predictions[0];
    for (auto model : {"a", "b", "c"}) {
      class_forecast said;
      said.model_version = model;
      said.served = model == std::string{"b"};
      p.forecasts.push_back(said);
    }
    ledger.write(made);
    batch.outcomes.push_back(make_outcome(p, 240));
  }
  ledger.write(batch);
  guard.commit();
  auto all = queries.judged("live", "", slot_at(1));
  CAF_REQUIRE_EQUAL(all.size(), 897u);
  for (std::size_t i = 0; i < all.size(); ++i) {
    CAF_CHECK(all[i].slot == slot_at(1 + static_cast<int>(i / 3)));
    CAF_CHECK_EQUAL(all[i].said.model_version, std::string(1, "abc"[i % 3]));
  }
  CAF_CHECK_EQUAL(queries.judged("live", "b", slot_at(0)).size(), 300u);
}

CAF_TEST_FIXTURE_SCOPE_END()
