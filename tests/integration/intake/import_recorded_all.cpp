#define CAF_SUITE import_recorded_all
#include "tests/integration/intake/import_fixture.hpp"

#include "actors/intake/import_news.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;
using namespace banksia::test;

namespace {

void check_report(const intake::import_report& report) {
  intake::import_counts sum;
  for (const auto& x : report.files) {
    CAF_CHECK(add_up(x.counts));
    sum += x.counts;
  }
  CAF_CHECK(sum == report.total);
  CAF_CHECK(add_up(report.total));
}

struct all_fixture : import_fixture {
  intake::news_import_options news(std::filesystem::path path) const {
    intake::news_import_options result;
    result.paths = {std::move(path)};
    result.aliases = sentiment::bank_aliases();
    // The transcribed pages are of 2026.
    result.received_at = *parse_rfc3339("2026-11-01T00:00:00Z");
    return result;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(recorded, all_fixture)

CAF_TEST(every folder of bars adds up file by file) {
  auto data = shared_data();
  if (!data)
    return;
  // Without market/scale: 1.7 million rows are a benchmark.
  for (auto part :
       {"market/asx_eod_dayfiles_2020-02_03", "market/asx_raw_daily_1997-2022",
        "market/asx_yahoo_adjusted_2001-2022",
        "market/asx_yahoo_csv_2017-2020", "market/asx_yfinance_2024-01_2025-06",
        "market/asx_yfinance_2024-2026_other",
        "market/axjo_like_yfinance_multiheader", "market/intraday"}) {
    CAF_MESSAGE(part);
    import_fixture own;
    auto report = own.run(options({*data / part}));
    check_report(report);
    CAF_CHECK(report.total.read > 0);
    CAF_CHECK(report.total.stored > 0);
    CAF_CHECK_EQUAL(own.line("PRAGMA integrity_check", 1), "ok");
  }
}

CAF_TEST(every damaged file adds up) {
  auto data = shared_data();
  if (!data)
    return;
  std::size_t taken = 0, index = 0;
  for (const auto& entry : std::filesystem::directory_iterator{
         *data / "corrupt" / "yfinance_price_repair"}) {
    if (entry.path().extension() != ".csv")
      continue;
    CAF_MESSAGE(entry.path().filename().string());
    auto one = options({entry.path()});
    // Their names are no codes: each gets one of its own.
    one.symbol = "X" + std::to_string(++index) + ".HK";
    if (!contains(entry.path().filename().string(), "-1d-"))
      continue;
    auto report = run(one);
    check_report(report);
    CAF_CHECK(report.total.read > 0);
    ++taken;
  }
  CAF_CHECK(taken > 20);
  CAF_CHECK_EQUAL(line("PRAGMA integrity_check", 1), "ok");
}

CAF_TEST(all recorded news add up and come in once) {
  auto data = shared_data();
  if (!data)
    return;
  auto options = news(*data / "news");
  options.zone = "UTC";
  auto report = intake::import_news(db, options);
  check_report(report);
  CAF_CHECK_EQUAL(report.files.size(), 4u);
  for (const auto& x : report.files)
    CAF_CHECK_EQUAL(x.error, "");
  // 1188 rows of the table, one without a headline for each look; the feeds
  // are about none of ours.
  CAF_CHECK_EQUAL(report.files[0].counts.read, 1188u);
  CAF_CHECK(report.files[0].counts.stored > 20);
  CAF_CHECK(report.files[0].counts.merged > 500);
  CAF_CHECK_EQUAL(line("SELECT count(*) FROM headlines WHERE known_at < "
                       "published_at OR score IS NULL", 1),
                  "0");
  auto stored = rows("headlines");
  auto kept = rows("quarantine");
  auto again = intake::import_news(db, options);
  check_report(again);
  CAF_CHECK_EQUAL(again.total.stored, 0u);
  CAF_CHECK_EQUAL(again.total.read, report.total.read);
  CAF_CHECK_EQUAL(rows("headlines"), stored);
  CAF_CHECK_EQUAL(rows("quarantine"), kept);
}

CAF_TEST(the legacy history of headlines can be read) {
  auto data = shared_data();
  if (!data)
    return;
  auto options = news(*data / "legacy");
  options.zone = "UTC";
  auto report = intake::import_news(db, options);
  check_report(report);
  std::size_t with_rows = 0;
  for (const auto& x : report.files) {
    auto is_history = contains(x.path, "_history.json")
                      && contains(x.path, ".AX_");
    CAF_CHECK_EQUAL(x.error.empty(), x.counts.read > 0);
    if (is_history)
      CAF_CHECK_EQUAL(x.error, "");
    with_rows += x.counts.read > 0;
  }
  CAF_CHECK(with_rows >= 5);
  CAF_CHECK(report.total.stored > 0);
}

CAF_TEST(what is no data at all is refused with a word) {
  auto data = shared_data();
  if (!data)
    return;
  for (auto name :
       {"473c7d41__predictions.db", "e69de29b__trading_data.db"}) {
    auto path = *data / "legacy" / name;
    CAF_CHECK(contains(error_of(options({path})), name));
    try {
      intake::import_news(db, news(path));
      CAF_FAIL("it was taken");
    } catch (const intake::bad_input& error) {
      CAF_CHECK(contains(error.what(), "not headlines"));
      CAF_CHECK(contains(error.what(), name));
    }
  }
}

CAF_TEST_FIXTURE_SCOPE_END()
