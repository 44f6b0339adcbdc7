#define CAF_SUITE import_news
#include "tests/integration/intake/import_fixture.hpp"

#include "actors/intake/import_news.hpp"
#include "actors/store/ledger.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;
using namespace banksia::test;

namespace {

/// Stands for the end of the process between two transactions.
struct stopped {};

struct news_fixture : import_fixture {
  intake::news_import_options
  news(std::vector<std::filesystem::path> paths) const {
    intake::news_import_options result;
    result.paths = std::move(paths);
    result.aliases = sentiment::bank_aliases();
    result.received_at = received;
    return result;
  }

  intake::import_counts take(std::vector<std::filesystem::path> paths) {
    return intake::import_news(db, news(std::move(paths))).total;
  }

  std::string news_error_of(const intake::news_import_options& x) {
    try {
      intake::import_news(db, x);
    } catch (const intake::bad_input& error) {
      return error.what();
    }
    return {};
  }

  /// Headlines and kept rows, as text.
  std::string everything() {
    std::string result;
    for (auto sql :
         {"SELECT symbol, known_at, headline_id, title, source, link, "
          "published_at, score FROM headlines",
          "SELECT kind, file, line, symbol, reason, payload, '', '' "
          "FROM quarantine ORDER BY file, line, reason, symbol"}) {
      auto query = db.prepare(sql);
      while (query.step()) {
        for (int i = 0; i < 8; ++i)
          result += std::string{query.text(i)} + '|';
        result += '\n';
      }
    }
    return result;
  }
};

/// Each kind of row once: stored for two symbols, the same again, the same
/// with another date, nearly the same words, without a date, a bad date, about
/// nobody, without a title.
constexpr std::string_view all_kinds
  = "title,published,fetched,source,link\n"
    "Westpac and NAB raise rates by 0.25 %,2025-01-02T00:00:00Z,,AFR,\n"
    "Westpac and NAB raise rates by 0.25 %,2025-01-02T00:00:00Z,,AFR,\n"
    "Westpac and NAB raise rates by 0.25 %,2025-01-02T05:00:00Z,,AFR,\n"
    "Westpac and NAB raise their rates by 0.25 %,2025-01-03T00:00:00Z,,ABC,\n"
    "Macquarie buys a port,,2025-01-04T00:00:00Z,AFR,\n"
    "ANZ cuts jobs,yesterday,,AFR,\n"
    "Weather turns,2025-01-05T00:00:00Z,,AFR,\n"
    ",2025-01-05T00:00:00Z,,AFR,\n";

std::string many_rows() {
  std::string text = "symbol,title,published\n";
  auto at = from_micros(1'700'000'000'000'000);
  for (int i = 0; i < 300; ++i, at += std::chrono::hours{1}) {
    auto n = std::to_string(i / 3 * 3);
    text += (i % 2 ? "CBA," : "WBC,");
    text += "Bank number " + n + " reports profit of " + n + " million,"
            + (i % 50 == 49 ? "never" : to_rfc3339(at)) + "\n";
  }
  return text;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(news_tests, news_fixture)

CAF_TEST(each row is in one class and keeps its reason) {
  auto path = file("news.csv", all_kinds);
  auto total = take({path});
  CAF_CHECK(total == counts(8, 1, 1, 2, 1, 3));
  CAF_CHECK(add_up(total));
  CAF_CHECK_EQUAL(rows("headlines"), 3);
  CAF_CHECK_EQUAL(line("SELECT group_concat(symbol) FROM (SELECT symbol FROM "
                       "headlines ORDER BY symbol)", 1),
                  "MQG.AX,NAB.AX,WBC.AX");
  CAF_CHECK_EQUAL(line("SELECT count(*) FROM headlines WHERE score IS NULL", 1),
                  "0");
  CAF_CHECK_EQUAL(line("SELECT published_at = known_at, received_at FROM "
                       "headlines WHERE symbol = 'WBC.AX'", 2),
                  "1|" + std::to_string(to_micros(received)));
  // One row a symbol that it met.
  CAF_CHECK_EQUAL(line("SELECT group_concat(reason) FROM (SELECT kind || ':' "
                       "|| reason AS reason FROM quarantine GROUP BY 1 "
                       "ORDER BY 1)", 1),
                  "headline:bad_date,headline:no_known_symbol,headline:"
                  "untitled,headline_conflict:another_date,headline_conflict:"
                  "told_before,headline_repair:no_date");
  CAF_CHECK_EQUAL(line("SELECT line, payload FROM quarantine "
                       "WHERE reason = 'bad_date'", 2),
                  "7|ANZ cuts jobs,yesterday,,AFR,");
}

CAF_TEST(importing again changes nothing) {
  auto path = file("news.csv", all_kinds);
  take({path});
  auto before = everything();
  CAF_CHECK(take({path}) == counts(8, 0, 3, 2, 0, 3));
  CAF_CHECK(everything() == before);
}

CAF_TEST(an import that was stopped is finished by doing it again) {
  auto path = file("news.csv", many_rows());
  auto whole = take({path});
  CAF_CHECK(add_up(whole));
  CAF_CHECK(whole.stored > 0 && whole.merged > 0 && whole.quarantined == 6);
  auto expected = everything();
  for (std::uint64_t stop_after : {1u, 60u, 200u}) {
    news_fixture other;
    auto some = other.news({path});
    some.batch_rows = 20;
    some.progress = [&](const intake::import_progress& x) {
      if (x.total.read >= stop_after)
        throw stopped{};
    };
    auto ended = false;
    try {
      intake::import_news(other.db, some);
    } catch (const stopped&) {
      ended = true;
    }
    CAF_CHECK(ended);
    auto half = other.rows("headlines");
    CAF_CHECK_LESS(half, rows("headlines"));
    auto rest = other.take({path});
    CAF_CHECK_EQUAL(rest.read, whole.read);
    CAF_CHECK_EQUAL(rest.stored + static_cast<std::uint64_t>(half),
                    whole.stored);
    CAF_CHECK(other.everything() == expected);
  }
}

CAF_TEST(a dry run counts as an import would and writes nothing) {
  take({file("first.csv", all_kinds)});
  auto before = everything();
  auto second = file("second.csv", std::string{all_kinds} + many_rows());
  auto third = file("third.csv", many_rows());
  auto dry = news({second, third});
  dry.dry_run = true;
  auto counted = intake::import_news(db, dry).total;
  CAF_CHECK(everything() == before);
  CAF_CHECK(counted.stored > 0);
  CAF_CHECK(take({second, third}) == counted);
}

CAF_TEST(nearly the same words are another story after a week) {
  auto text = [](const char* date) {
    return "symbol,title,published\nCBA,Shares of the bank close higher today,"
           + std::string{date} + "\nCBA,The shares of the bank close higher "
           + "today," + date + "\n";
  };
  CAF_CHECK(take({file("a.csv", text("2025-01-10T00:00:00Z"))})
            == counts(2, 1, 0, 1, 0, 0));
  // Without a link the same title from the same source is the same headline.
  auto later = "symbol,title,published,link\nCBA,Shares of the bank close "
               "higher today,2025-01-18T00:00:00Z,https://a.example/2\n";
  CAF_CHECK(take({file("b.csv", later)}) == counts(1, 1, 0, 0, 0, 0));
  auto between = "symbol,title,published,link\nCBA,Shares of the bank close "
                 "higher today,2025-01-14T00:00:00Z,https://a.example/3\n";
  CAF_CHECK(take({file("c.csv", between)}) == counts(1, 0, 0, 1, 0, 0));
}

CAF_TEST(what a file says of its symbol goes before what titles say) {
  take({file("news.tsv", "headline\tdate\tticker\n"
                         "Westpac gains\t2025-01-02T00:00:00Z\tCBA, qbe.ax\n"
                         "Nobody gains\t2025-01-02T00:00:00Z\tnull\n"
                         "Nothing gains\t2025-01-02T00:00:00Z\t%%%\n")});
  CAF_CHECK_EQUAL(line("SELECT group_concat(symbol) FROM (SELECT symbol FROM "
                       "headlines ORDER BY symbol)", 1),
                  "CBA.AX,QBE.AX");
  CAF_CHECK_EQUAL(line("SELECT group_concat(reason) FROM (SELECT reason FROM "
                       "quarantine ORDER BY line)", 1),
                  "no_known_symbol,bad_symbol");
  auto all = news({file("bare.csv", "title,date\nNobody,2025-02-02T00:00:00Z\n")});
  all.symbol = "anz";
  CAF_CHECK(intake::import_news(db, all).total == counts(1, 1, 0, 0, 0, 0));
  CAF_CHECK_EQUAL(line("SELECT title FROM headlines WHERE symbol = 'ANZ.AX'",
                       1),
                  "Nobody");
}

CAF_TEST(dates without a zone want one) {
  auto path = file("news.csv", "symbol,title,date,seen_at\n"
                               "CBA,Profit up,2025-01-02T10:00:00,"
                               "2025-01-02T10:00:08\n");
  auto report = intake::import_news(db, news({path}));
  CAF_CHECK(report.total == counts(1, 0, 0, 0, 0, 1));
  CAF_CHECK(contains(intake::import_text(report),
                     "quarantined: no_zone, 1 times: say with --zone where "
                     "the dates are from\n"));
  auto document = intake::import_json(report);
  CAF_CHECK_EQUAL(document.at("refused").at("no_zone"), 1u);
  auto there = news({path});
  there.zone = "Australia/Sydney";
  CAF_CHECK(intake::import_news(db, there).total == counts(1, 1, 0, 0, 0, 0));
  CAF_CHECK_EQUAL(line("SELECT published_at, known_at FROM headlines", 2),
                  std::to_string(to_micros(*parse_rfc3339(
                    "2025-01-01T23:00:00Z")))
                    + "|"
                    + std::to_string(to_micros(*parse_rfc3339(
                      "2025-01-01T23:00:08Z"))));
}

CAF_TEST(a headline that a live feed stored is the same one) {
  headline live;
  live.symbol = "CBA.AX";
  live.title = "Profit up";
  live.source = "AFR";
  live.link = "https://a.example/1";
  live.headline_id = sha256_hex("AFR\nhttps://a.example/1\nProfit up\nCBA.AX");
  live.published_at = *parse_rfc3339("2025-01-02T00:00:00Z");
  live.known_at = live.received_at = *parse_rfc3339("2025-01-02T00:07:00Z");
  store::ledger{db}.write(headline_batch{1, {live}});
  auto path = file("news.csv", "symbol,title,date,source,link\n"
                               "CBA,Profit up,2025-01-02T00:00:00Z,AFR,"
                               "https://a.example/1\n");
  CAF_CHECK(take({path}) == counts(1, 0, 1, 0, 0, 0));
}

CAF_TEST(files that hold no headlines are refused or left out) {
  auto bars = file("in/CBA.csv", week);
  auto good = file("in/news.csv", all_kinds);
  file("in/notes.txt", "not looked at");
  CAF_CHECK(contains(news_error_of(news({bars})),
                     "not headlines: no column is named title or headline: "));
  auto report = intake::import_news(db, news({folder.path() / "in"}));
  CAF_REQUIRE_EQUAL(report.files.size(), 2u);
  CAF_CHECK(contains(report.files[0].error, "not headlines"));
  CAF_CHECK_EQUAL(report.files[1].counts.read, 8u);
  CAF_CHECK(contains(news_error_of(news({folder.path() / "none"})),
                     "no such file or folder"));
  std::filesystem::create_directory(folder.path() / "empty");
  CAF_CHECK(contains(news_error_of(news({folder.path() / "empty"})),
                     "no *.xml, "));
  CAF_CHECK(contains(news_error_of(news({file("cut.json", "[{\"title\"")})),
                     "damaged or cut off"));
  auto named = news({good});
  named.symbol = "%%%";
  CAF_CHECK(contains(news_error_of(named), "not a symbol"));
}

CAF_TEST(more text than fits into memory is refused) {
  auto text = std::string{"title\n"} + std::string(65 * 1024 * 1024, 'x');
  CAF_CHECK(contains(news_error_of(news({packed("big.csv.gz", text)})),
                     "more than 64 MiB of headlines"));
}

CAF_TEST(progress ends with all bytes of the file) {
  auto path = file("news.csv", many_rows());
  auto some = news({path});
  some.batch_rows = 100;
  std::vector<std::uint64_t> told;
  some.progress = [&](const intake::import_progress& x) {
    CAF_CHECK_EQUAL(x.path, path.string());
    told.push_back(x.bytes_taken);
  };
  intake::import_news(db, some);
  CAF_REQUIRE_EQUAL(told.size(), 3u);
  CAF_CHECK(told[0] < told[1]);
  CAF_CHECK_EQUAL(told[2], std::filesystem::file_size(path));
}

CAF_TEST_FIXTURE_SCOPE_END()
