#define CAF_SUITE recalled_quality
#include "actors/feeds/recalled_quality.hpp"
#include "actors/store/ledger.hpp"
#include "actors/store/schema.hpp"
#include "tests/unit/actors/samples.hpp"
#include "tests/scratch_folder.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;
using namespace banksia::actors_test;

namespace {

struct quality_fixture : test::scratch_folder {
  storage::database db = store::open_for_writing(file());
  store::ledger ledger{db};
  std::vector<std::string> symbols{"CBA.AX", "WBC.AX"};
  timestamp open = first_day().opens_at;

  /// So many bars that end one after the other from then on.
  void add_bars(std::size_t count, timestamp from,
                bar_verdict verdict = bar_verdict::accepted,
                const std::string& source = "yahoo") {
    bar_batch batch;
    batch.source = source;
    for (std::size_t i = 0; i < count; ++i) {
      auto x = make_bar("CBA.AX", from + 5min * static_cast<int>(i + 1), 10.0);
      x.source = source;
      x.verdict = verdict;
      batch.bars.push_back(x);
    }
    ledger.write(batch);
  }

  void refuse(std::size_t count, timestamp at) {
    quarantine_batch batch;
    for (std::size_t i = 0; i < count; ++i)
      batch.rows.push_back({1, "CBA.AX", "yahoo", "not_positive",
                            std::to_string(i), at});
    ledger.write(batch);
  }

  running_quality recalled() {
    return recalled_quality(db, "yahoo", symbols, bar_interval::m5);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(recalled_quality_tests, quality_fixture)

CAF_TEST(an empty store remembers nothing) {
  CAF_CHECK_EQUAL(recalled().points(), 0u);
  feed_board board;
  recall_quality(board, db, {"yahoo"}, symbols, bar_interval::m5);
  CAF_CHECK(board.all().empty());
}

CAF_TEST(repaired and refused and revised points count as before the restart) {
  add_bars(92, open);
  add_bars(3, open + 24h, bar_verdict::repaired);
  refuse(4, open + 1h);
  bar_revision revised;
  revised.content = make_bar("CBA.AX", open + 5min, 11.0);
  revised.content.source = "yahoo";
  revised.content.known_at = open + 2h;
  bar_revision_batch batch;
  batch.revisions.push_back(revised);
  // Withdrawn: its refusal counts already.
  revised.content.opened_at = open + 5min;
  revised.withdrawn = true;
  batch.revisions.push_back(revised);
  ledger.write(batch);
  auto x = recalled();
  CAF_CHECK_EQUAL(x.points(), 100u);
  CAF_CHECK_LESS(std::abs(x.invalid_share() - 0.08), 1e-12);
  CAF_CHECK(x.is_bad());
  feed_board board;
  recall_quality(board, db, {"yahoo", "folder"}, symbols, bar_interval::m5);
  auto all = board.all();
  CAF_REQUIRE_EQUAL(all.size(), 1u);
  CAF_CHECK(all["yahoo"].quality.is_bad());
  CAF_CHECK_EQUAL(all["yahoo"].accepted, 0u); // since the start
}

CAF_TEST(only the newest points of the source itself count) {
  refuse(200, open);
  add_bars(900, open + 1h);
  add_bars(50, open + 400h, bar_verdict::repaired, "alphavantage");
  auto x = recalled();
  CAF_CHECK_EQUAL(x.points(), running_quality::window);
  CAF_CHECK_LESS(std::abs(x.invalid_share() - 0.1), 1e-12);
  add_bars(300, open + 200h);
  x = recalled();
  CAF_CHECK_EQUAL(x.points(), running_quality::window);
  CAF_CHECK_EQUAL(x.invalid_share(), 0.0);
  // Points that come now push out those that are remembered.
  for (std::size_t i = 0; i < 50; ++i)
    x.add(false);
  CAF_CHECK(x.is_bad());
}

CAF_TEST_FIXTURE_SCOPE_END()
