#define CAF_SUITE import_series
#include "tests/integration/intake/import_fixture.hpp"

#include "caf/test/unit_test.hpp"

#include <functional>
#include <sstream>

using namespace banksia;
using namespace banksia::test;

namespace {

struct made_row {
  double open, high, low, close;
  long volume;
  std::string more = {}; ///< further columns
};

using change = std::function<void(std::size_t, made_row&)>;

void nothing(std::size_t, made_row&) {}

/// Days of 2024, near 20 and never two alike, changed by `how`.
std::string days(std::size_t first, std::size_t count, const change& how,
                 const std::string& more_columns = {}) {
  exchange_calendar calendar;
  auto sessions = calendar.sessions(std::chrono::year{2024});
  std::ostringstream out;
  out << "Date,Open,High,Low,Close,Volume" << more_columns << '\n';
  for (auto i = first; i < first + count; ++i) {
    auto wave = static_cast<double>(i * 7 % 11) / 100.0;
    made_row x{20.0 + wave, 20.3 + wave, 19.8 + wave, 20.1 + wave,
               static_cast<long>(100'003 + i * 17)};
    how(i, x);
    out << to_string(sessions[i].date) << ',' << x.open << ',' << x.high << ','
        << x.low << ',' << x.close << ',' << x.volume << x.more << '\n';
  }
  return out.str();
}

change times_100_in(std::size_t first, std::size_t end) {
  return [=](std::size_t i, made_row& x) {
    if (i < first || i >= end)
      return;
    for (auto* price : {&x.open, &x.high, &x.low, &x.close})
      *price *= 100.0;
  };
}

void spike_at_30(std::size_t i, made_row& x) {
  if (i == 30)
    x = {31, 31.3, 30.8, 31.1, x.volume};
}

void flat_at_30(std::size_t i, made_row& x) {
  if (i == 30)
    x = {20.1, 20.1, 20.1, 20.1, 0};
}

void high_at_30(std::size_t i, made_row& x) {
  if (i == 30)
    x.high *= 100.0;
}

/// All that an import writes, in order.
std::string everything(import_fixture& x) {
  std::string result;
  for (auto [sql, columns] :
       {std::pair{"SELECT * FROM bars", 12},
        std::pair{"SELECT * FROM bar_repairs", 7},
        std::pair{"SELECT * FROM bar_revisions", 13},
        std::pair{"SELECT * FROM bar_conflicts", 10},
        std::pair{"SELECT * FROM corporate_actions", 7},
        std::pair{"SELECT kind, line, symbol, reason, payload FROM quarantine "
                  "ORDER BY line, payload", 5}}) {
    auto query = x.db.prepare(sql);
    while (query.step()) {
      for (int i = 0; i < columns; ++i) {
        result += query.text(i);
        result += '|';
      }
      result += '\n';
    }
  }
  return result;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(series, import_fixture)

CAF_TEST(an ordinary series is stored as it came) {
  CAF_CHECK(import({file("CBA.csv", days(0, 60, nothing))})
            == counts(60, 60, 0, 0, 0, 0));
  CAF_CHECK_EQUAL(rows("bar_revisions"), 0);
}

CAF_TEST(a verdict that needs later bars is a revision known with them) {
  auto path = file("CBA.csv", days(0, 60, times_100_in(30, 33)));
  CAF_CHECK(import({path}) == counts(60, 57, 0, 0, 3, 0));
  // The bars stay as they came.
  auto stored = bars("CBA.AX");
  CAF_REQUIRE_EQUAL(stored.size(), 60u);
  CAF_CHECK(stored[31].close > price{2000});
  CAF_CHECK_EQUAL(rows("bar_repairs"), 0);
  auto later = store::queries{db}.revisions("CBA.AX", bar_interval::d1,
                                            stored.back().known_at);
  CAF_REQUIRE_EQUAL(later.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) {
    const auto& x = later[i];
    CAF_CHECK_EQUAL(x.reason, "unit_block");
    CAF_CHECK(!x.withdrawn);
    CAF_CHECK(x.content.opened_at == stored[30 + i].opened_at);
    CAF_CHECK(x.content.close > price{20} && x.content.close < price{21});
    CAF_CHECK(x.content.known_at == stored[33].known_at);
  }
  auto before = everything(*this);
  CAF_CHECK(import({path}) == counts(60, 0, 60, 0, 0, 0));
  CAF_CHECK_EQUAL(everything(*this), before);
}

CAF_TEST(a verdict known with its row is written in place) {
  auto path = file("CBA.csv", days(0, 60, high_at_30));
  CAF_CHECK(import({path}) == counts(60, 59, 0, 0, 1, 0));
  auto stored = bars("CBA.AX");
  CAF_CHECK(stored.at(30).high < price{21});
  CAF_CHECK(stored.at(30).verdict == bar_verdict::repaired);
  CAF_CHECK_EQUAL(rows("bar_revisions"), 0);
  CAF_CHECK_EQUAL(line("SELECT field, reason, original > 2000 FROM "
                       "bar_repairs", 3),
                  "high|unit_field|1");
  auto before = everything(*this);
  CAF_CHECK(import({path}) == counts(60, 0, 60, 0, 0, 0));
  CAF_CHECK_EQUAL(everything(*this), before);
}

CAF_TEST(a fill without trade goes to quarantine with its line) {
  auto path = file("CBA.csv", days(0, 60, flat_at_30));
  for (auto expected : {counts(60, 59, 0, 0, 0, 1), counts(60, 0, 59, 0, 0, 1)}) {
    CAF_CHECK(import({path}) == expected);
    CAF_CHECK_EQUAL(bars("CBA.AX").size(), 59u);
    CAF_CHECK_EQUAL(rows("quarantine"), 1);
    CAF_CHECK_EQUAL(line("SELECT kind, file, line, symbol, reason, payload "
                         "FROM quarantine", 6),
                    "bar|" + path.string()
                      + "|32|CBA.AX|flat_fill|CBA.AX 2024-02-13T23:00:00Z "
                        "20.1 20.1 20.1 20.1 0");
  }
}

CAF_TEST(a spike is withdrawn when the next bar shows it) {
  auto path = file("CBA.csv", days(0, 60, spike_at_30));
  CAF_CHECK(import({path}) == counts(60, 59, 0, 0, 0, 1));
  CAF_CHECK_EQUAL(bars("CBA.AX").size(), 60u);
  CAF_CHECK_EQUAL(line("SELECT r.withdrawn, r.reason, r.known_at = b.known_at "
                       "FROM bar_revisions r, bars b WHERE b.opened_at = "
                       "(SELECT min(opened_at) FROM bars WHERE opened_at > "
                       "r.opened_at)", 3),
                  "1|spike|1");
  CAF_CHECK_EQUAL(line("SELECT line, reason FROM quarantine", 2), "32|spike");
  auto before = everything(*this);
  CAF_CHECK(import({path}) == counts(60, 0, 59, 0, 0, 1));
  CAF_CHECK_EQUAL(everything(*this), before);
}

CAF_TEST(evidence may come with a later file) {
  CAF_CHECK(import({file("a/CBA.csv", days(0, 31, spike_at_30))})
            == counts(31, 31, 0, 0, 0, 0));
  CAF_CHECK(import({file("b/CBA.csv", days(31, 20, nothing))})
            == counts(20, 20, 0, 0, 0, 0));
  CAF_CHECK_EQUAL(line("SELECT withdrawn, reason FROM bar_revisions", 2),
                  "1|spike");
  // The file that it came with is not read now.
  CAF_CHECK_EQUAL(line("SELECT file, line, reason FROM quarantine", 3),
                  "csv|0|spike");
}

CAF_TEST(another verdict on a bar is a further revision) {
  import({file("a/CBA.csv", days(0, 60, times_100_in(30, 33)))});
  db.execute("UPDATE bar_revisions SET close = 20.5, reason = 'other'");
  import({file("b/CBA.csv", days(60, 5, nothing))});
  auto all = store::queries{db}.revisions("CBA.AX", bar_interval::d1, received);
  CAF_REQUIRE_EQUAL(all.size(), 6u);
  for (std::size_t i = 3; i < 6; ++i) {
    CAF_CHECK_EQUAL(all[i].reason, "unit_block");
    CAF_CHECK(all[i].content.known_at > all[i - 3].content.known_at);
    CAF_CHECK(all[i].content.close < price{20.5});
  }
}

CAF_TEST(bars of a live feed stay and are revised from the import on) {
  auto path = file("CBA.csv", days(0, 40, high_at_30));
  auto live = options({path});
  live.source = "yahoo";
  import({path});
  db.execute("UPDATE bars SET source = 'yahoo', high = 2030, verdict = 0 "
             "WHERE high < 21 AND verdict = 1");
  db.execute("DELETE FROM bar_repairs");
  import({file("b/CBA.csv", days(40, 5, nothing))});
  CAF_CHECK_EQUAL(line("SELECT reason, known_at FROM bar_revisions", 2),
                  "unit_field|" + std::to_string(to_micros(received)));
  CAF_CHECK(bars("CBA.AX").at(30).high == price{2030});
}

CAF_TEST(a dry run counts series too and writes nothing) {
  for (const auto& how :
       {change{spike_at_30}, change{flat_at_30}, change{high_at_30},
        times_100_in(29, 31), times_100_in(35, 36)}) {
    import_fixture x;
    auto first = x.file("a/CBA.csv", days(0, 31, how));
    auto second = x.file("b/CBA.csv", days(25, 30, how));
    x.import({first});
    auto before = everything(x);
    auto dry = x.options({second});
    dry.dry_run = true;
    auto counted = x.run(dry).total;
    CAF_CHECK_EQUAL(everything(x), before);
    CAF_CHECK(x.import({second}) == counted);
    CAF_CHECK(add_up(counted));
  }
}

CAF_TEST(an import that was stopped before its series is finished by doing it again) {
  struct stopped {};
  auto text = days(0, 60, [](std::size_t i, made_row& x) {
    flat_at_30(i, x);
    times_100_in(40, 42)(i, x);
    if (i == 50)
      x.high *= 100.0;
  });
  auto whole = import({file("CBA.csv", text)});
  CAF_CHECK(whole == counts(60, 56, 0, 0, 3, 1));
  import_fixture other;
  auto some = other.options({other.file("CBA.csv", text)});
  some.progress = [](const intake::import_progress&) { throw stopped{}; };
  auto is_stopped = false;
  try {
    other.run(some);
  } catch (const stopped&) {
    is_stopped = true;
  }
  CAF_REQUIRE(is_stopped);
  CAF_CHECK_EQUAL(other.rows("bars"), 60);
  some.progress = {};
  other.run(some);
  CAF_CHECK_EQUAL(everything(other), everything(*this));
}

CAF_TEST(each file keeps the counts of its own rows) {
  auto report = run(options({file("a/CBA.csv", days(0, 31, nothing)),
                             file("b/CBA.csv", days(31, 20, times_100_in(40, 42)))}));
  CAF_REQUIRE_EQUAL(report.files.size(), 2u);
  CAF_CHECK(report.files[0].counts == counts(31, 31, 0, 0, 0, 0));
  CAF_CHECK(report.files[1].counts == counts(20, 18, 0, 0, 2, 0));
  CAF_CHECK(report.total == counts(51, 49, 0, 0, 2, 0));
}

CAF_TEST(levels on both sides of a long gap say nothing of each other) {
  auto text = days(0, 60, times_100_in(0, 20));
  // A code that is given to another security half a year later.
  auto later = days(120, 60, nothing);
  auto first = days(0, 20, times_100_in(0, 20));
  auto report = run(options(
    {file("CBA.csv", first + later.substr(later.find('\n') + 1))}));
  CAF_CHECK(report.total == counts(80, 80, 0, 0, 0, 0));
  CAF_CHECK_EQUAL(rows("bar_revisions"), 0);
  CAF_REQUIRE_EQUAL(report.notes.listed.size(), 1u);
  CAF_CHECK_EQUAL(report.notes.listed[0].reason, "missing_rows");
  CAF_CHECK_EQUAL(report.notes.listed[0].measured, 100.0);
  // Without the gap it is a change of unit.
  import_fixture other;
  CAF_CHECK(other.import({other.file("CBA.csv", text)})
            == counts(60, 40, 0, 0, 20, 0));
}

CAF_TEST(rows of two sources are noted and not changed) {
  auto doubled = [](std::size_t first, std::size_t end) {
    return [=](std::size_t i, made_row& x) {
      if (i >= first && i < end)
        for (auto* price : {&x.open, &x.high, &x.low, &x.close})
          *price *= 2.0;
    };
  };
  auto report = run(options({file("CBA.csv", days(0, 200, doubled(50, 120)))}));
  CAF_CHECK(report.total == counts(200, 200, 0, 0, 0, 0));
  CAF_CHECK_EQUAL(report.notes.counts["split_undeclared"], 1u);
  CAF_CHECK_EQUAL(report.notes.listed.at(0).measured, 70.0);
  // A few bars are an error.
  import_fixture other;
  CAF_CHECK(other.import({other.file("CBA.csv", days(0, 200, doubled(50, 60)))})
            == counts(200, 190, 0, 0, 10, 0));
}

CAF_TEST(splits of an adjusted file say nothing of bars before it) {
  auto traded = options({file("a/CBA.csv", days(0, 60, nothing))});
  run(traded);
  // Half the price, and a split that the file is adjusted for.
  auto halves = days(60, 60, [](std::size_t i, made_row& x) {
    for (auto* price : {&x.open, &x.high, &x.low, &x.close})
      *price *= 0.5;
    x.more = i == 90 ? ",0,2" : ",0,0";
  }, ",Dividends,Stock Splits");
  auto report = run(options({file("b/CBA.csv", halves)}));
  CAF_CHECK(report.total == counts(60, 60, 0, 0, 0, 0));
  CAF_CHECK_EQUAL(report.notes.actions_left_out, 1u);
  CAF_CHECK_EQUAL(rows("bar_revisions") + rows("bar_repairs"), 0);
}

CAF_TEST(sessions that are missing are noted) {
  auto text = days(0, 20, nothing);
  text += days(23, 20, nothing).substr(text.find('\n') + 1);
  auto report = run(options({file("CBA.csv", text),
                             file("ANZ.csv", days(0, 40, nothing))}));
  CAF_CHECK_EQUAL(report.notes.counts["missing_rows"], 2u);
  CAF_REQUIRE_EQUAL(report.notes.listed.size(), 2u);
  // ANZ ends three sessions before CBA does.
  CAF_CHECK_EQUAL(report.notes.listed[0].symbol, "ANZ.AX");
  CAF_CHECK_EQUAL(report.notes.listed[0].measured, 3.0);
  CAF_CHECK_EQUAL(report.notes.listed[1].symbol, "CBA.AX");
  CAF_CHECK_EQUAL(report.notes.listed[1].measured, 3.0);
}

// -- splits and dividends ---------------------------------------------------------

namespace {

/// A dividend of 0.5 on day 20, which the price follows, and a split in two on
/// day 40, which it follows where `splits_move`.
std::string with_actions(bool splits_move, bool with_adjusted) {
  auto how = [=](std::size_t i, made_row& x) {
    auto factor = splits_move && i >= 40 ? 0.5 : 1.0;
    auto fall = i >= 20 ? 0.5 : 0.0;
    for (auto* price : {&x.open, &x.high, &x.low, &x.close})
      *price = (*price - fall) * factor;
    std::ostringstream more;
    more << ',' << (i == 20 ? 0.5 : 0.0) << ',' << (i == 40 ? 2.0 : 0.0);
    if (with_adjusted)
      more << ',' << x.close * (i < 20 ? 0.975 : 1.0);
    x.more = more.str();
  };
  return days(0, 60, how,
              with_adjusted ? ",Dividends,Stock Splits,Adj Close"
                            : ",Dividends,Stock Splits");
}

} // namespace

CAF_TEST(prices as traded bring splits and dividends with them) {
  auto some = options({file("CBA.csv", with_actions(true, false))});
  some.basis = price_basis::as_traded;
  auto report = run(some);
  CAF_CHECK(report.total == counts(60, 60, 0, 0, 0, 0));
  CAF_CHECK_EQUAL(report.notes.actions_stored, 2u);
  auto known = store::queries{db}.actions("CBA.AX", received);
  CAF_REQUIRE_EQUAL(known.size(), 2u);
  auto stored = bars("CBA.AX");
  CAF_CHECK(known[0].kind == action_kind::dividend);
  CAF_CHECK(known[0].value == real{0.5});
  CAF_CHECK(known[0].effective_at == stored[20].opened_at);
  CAF_CHECK(known[0].known_at == stored[20].opened_at);
  CAF_CHECK(known[1].kind == action_kind::split);
  CAF_CHECK(known[1].value == real{2.0});
  CAF_CHECK_EQUAL(run(some).notes.actions_stored, 0u);
}

CAF_TEST(split adjusted prices bring their dividends alone) {
  auto report = run(options({file("CBA.csv", with_actions(false, true))}));
  CAF_CHECK(report.total == counts(60, 60, 0, 0, 0, 0));
  CAF_CHECK_EQUAL(line("SELECT kind, value FROM corporate_actions", 2),
                  "dividend|0.5");
  CAF_CHECK_EQUAL(report.notes.actions_stored, 1u);
  CAF_CHECK_EQUAL(report.notes.actions_left_out, 1u);
}

CAF_TEST(fully adjusted prices bring no actions) {
  auto report = run(options({file("CBA.csv", with_actions(false, false))}));
  CAF_CHECK_EQUAL(rows("corporate_actions"), 0);
  CAF_CHECK_EQUAL(report.notes.actions_left_out, 2u);
  CAF_CHECK(contains(import_text(report), "2 splits and dividends left out"));
}

CAF_TEST(a dividend in another unit is repaired before it is stored) {
  auto how = [](std::size_t i, made_row& x) {
    auto fall = i >= 20 ? 0.5 : 0.0;
    for (auto* price : {&x.open, &x.high, &x.low, &x.close})
      *price -= fall;
    std::ostringstream more;
    more << ',' << (i == 20 ? 50.0 : 0.0) << ','
         << x.close * (i < 20 ? 0.975 : 1.0);
    x.more = more.str();
  };
  auto report = run(options(
    {file("CBA.csv", days(0, 60, how, ",Dividends,Adj Close"))}));
  CAF_CHECK_EQUAL(line("SELECT kind, value FROM corporate_actions", 2),
                  "dividend|0.5");
  CAF_CHECK_EQUAL(report.notes.counts["dividend_unit"], 1u);
}

CAF_TEST_FIXTURE_SCOPE_END()
