#define CAF_SUITE change_stream
#include "actors/feeds/change_stream.hpp"
#include "tests/unit/actors/change_samples.hpp"
#include "tests/unit/store/samples.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;
using namespace banksia::actors_test;

namespace {

struct stream_fixture {
  store_test::store_fixture store;

  void keep(std::vector<corporate_action> actions,
            std::vector<bar_revision> revisions = {}) {
    storage::transaction all{store.db};
    store.ledger.write(corporate_action_batch{1, std::move(actions)});
    store.ledger.write(bar_revision_batch{1, std::move(revisions)});
    all.commit();
  }

  /// The `i`-th known thing: one a minute.
  static timestamp known(int i) { return slot_time(0) + i * 1min; }

  static corporate_action dividend(const std::string& symbol, int i,
                                   double value = 1.0) {
    return make_action(action_kind::dividend, symbol, first_day().opens_at,
                       value, known(i));
  }

  static bar_revision revision(const std::string& symbol, int i) {
    return make_revision(make_bar(symbol, first_day().opens_at + i * 5min, 9.0),
                         10.0 + i, known(i));
  }

  static std::vector<corporate_action> actions(change_stream& from,
                                               timestamp until) {
    std::vector<corporate_action> result;
    while (auto x = from.next_action(until))
      result.push_back(*x);
    return result;
  }

  static std::vector<bar_revision> revisions(change_stream& from,
                                             timestamp until) {
    std::vector<bar_revision> result;
    while (auto x = from.next_revision(until))
      result.push_back(*x);
    return result;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(change_stream_tests, stream_fixture)

CAF_TEST(what changes bars comes when it becomes known) {
  keep({dividend("WBC.AX", 3), dividend("CBA.AX", 3), dividend("MQG.AX", 1)},
       {revision("CBA.AX", 4), revision("CBA.AX", 2)});
  change_stream x{store.db, bar_interval::m5, {}};
  CAF_CHECK(actions(x, known(0)).empty());
  CAF_CHECK(actions(x, known(2)) == std::vector{dividend("MQG.AX", 1)});
  auto rest = actions(x, known(3));
  CAF_REQUIRE_EQUAL(rest.size(), 2u);
  CAF_CHECK_EQUAL(rest[0].symbol, "CBA.AX");
  CAF_CHECK_EQUAL(rest[1].symbol, "WBC.AX");
  CAF_CHECK(actions(x, known(99)).empty());
  auto said = revisions(x, known(99));
  CAF_REQUIRE_EQUAL(said.size(), 2u);
  CAF_CHECK_EQUAL(said[0].content.close.value(), 12.0);
  CAF_CHECK_EQUAL(said[1].content.close.value(), 14.0);
}

CAF_TEST(what was known by the time after which it begins is left out) {
  keep({dividend("CBA.AX", 1), dividend("CBA.AX", 2, 0.5)},
       {revision("CBA.AX", 1), revision("CBA.AX", 2)});
  change_stream x{store.db, bar_interval::m5, known(1)};
  CAF_CHECK_EQUAL(actions(x, known(99)).size(), 1u);
  CAF_CHECK_EQUAL(revisions(x, known(99)).size(), 1u);
}

CAF_TEST(revisions of other intervals are left out) {
  auto daily = revision("CBA.AX", 1);
  daily.content.interval = bar_interval::d1;
  keep({}, {daily, revision("CBA.AX", 2)});
  change_stream x{store.db, bar_interval::m5, {}};
  CAF_CHECK_EQUAL(revisions(x, known(99)).size(), 1u);
  change_stream y{store.db, bar_interval::d1, {}};
  CAF_CHECK(revisions(y, known(99)) == std::vector{daily});
}

CAF_TEST(many are read in pieces without a loss) {
  std::vector<corporate_action> dividends;
  std::vector<bar_revision> words;
  for (int i = 0; i < 1000; ++i) {
    // Several at one instant, across the pieces.
    dividends.push_back(dividend("CBA.AX", i / 7, 1.0 + i));
    words.push_back(revision("S" + std::to_string(i), i / 7));
  }
  keep(dividends, words);
  change_stream x{store.db, bar_interval::m5, {}};
  auto got = actions(x, known(9999));
  CAF_CHECK_EQUAL(got.size(), 1000u);
  CAF_CHECK(std::is_sorted(got.begin(), got.end(), [](auto& a, auto& b) {
    return a.known_at < b.known_at;
  }));
  std::set<std::string> symbols;
  for (const auto& y : revisions(x, known(9999)))
    symbols.insert(y.content.symbol);
  CAF_CHECK_EQUAL(symbols.size(), 1000u);
}

CAF_TEST(what is stored meanwhile comes when it is looked for) {
  keep({dividend("CBA.AX", 1)});
  change_stream x{store.db, bar_interval::m5, {}};
  CAF_CHECK_EQUAL(actions(x, known(5)).size(), 1u);
  keep({dividend("CBA.AX", 6, 0.5)}, {revision("CBA.AX", 6)});
  x.look_again();
  CAF_CHECK_EQUAL(actions(x, known(7)).size(), 1u);
  CAF_CHECK_EQUAL(revisions(x, known(7)).size(), 1u);
}

CAF_TEST_FIXTURE_SCOPE_END()
