#define CAF_SUITE replay_actions

// Bars as traded with a split, a dividend and revisions, by the command.

#include "tests/integration/replay/replay_fixture.hpp"
#include "tests/integration/replay/sydney_days.hpp"

#include "caf/test/unit_test.hpp"

#include <array>
#include <cstdio>
#include <sstream>

using namespace banksia;
using namespace banksia::test;

namespace {

const std::string split_date = "2010-09-15";
const std::string dividend_date = "2010-10-13";
const std::string end_date = "2010-12-31";

/// CBA trades in two shares for one from the split on.
void halve_after_split(const fs::path& folder) {
  auto file = folder / "CBA.csv";
  if (!fs::exists(file))
    throw std::runtime_error("no bars of CBA in " + folder.string());
  std::ifstream in{file};
  std::string text, line;
  while (std::getline(in, line)) {
    std::array<double, 5> x{};
    if (line.substr(0, 10) >= split_date && line[0] == '2'
        && std::sscanf(line.c_str() + 11, "%lf,%lf,%lf,%lf,%lf", &x[0], &x[1],
                       &x[2], &x[3], &x[4])
             == 5) {
      std::ostringstream row;
      row.precision(12);
      row << line.substr(0, 10);
      for (int i = 0; i < 4; ++i)
        row << ',' << x[static_cast<std::size_t>(i)] / 2;
      row << ',' << static_cast<std::int64_t>(x[4] * 2);
      line = row.str();
    }
    text += line + "\n";
  }
  in.close();
  std::ofstream{file} << text;
}

struct actions_fixture : replay_fixture {
  fs::path bars = simulate(400, 11);

  actions_fixture() { halve_after_split(bars); }

  replay_call call(const std::string& db) const {
    auto x = simulated_call(bars, db);
    x.to = end_date;
    return x;
  }

  /// A store with the bars, where nothing was replayed yet.
  replay_call imported(const std::string& db) const {
    auto x = call(db);
    auto done = run_child({BANKSIA_BINARY_DIR "/banksia", "import", "bars",
                           bars.string(), "--db", x.db.string()});
    if (done.code != 0)
      throw std::runtime_error("import failed: " + done.err);
    return x;
  }

  static void tell(const replay_call& x, const char* kind,
                   const std::string& symbol, const std::string& date,
                   double value, std::int64_t known_at) {
    storage::database db{x.db, storage::open_mode::read_write};
    db.prepare("INSERT INTO corporate_actions(symbol, kind, effective_at, "
               "value, source, received_at, known_at) "
               "VALUES(?, ?, ?, ?, 'test', 0, ?)")
      .bind_all(symbol, std::string{kind}, sydney_micros(date, 10, 0), value,
                known_at)
      .run();
  }

  static void split(const replay_call& x, const std::string& known_on) {
    tell(x, "split", "CBA.AX", split_date, 2.0, sydney_micros(known_on, 9, 0));
  }

  /// The split, a dividend, and a bar withdrawn some days later.
  replay_call told(const std::string& db) const {
    auto x = imported(db);
    split(x, "2010-09-01");
    tell(x, "dividend", "WBC.AX", dividend_date, 0.5,
         sydney_micros("2010-10-01", 9, 0));
    storage::database store{x.db, storage::open_mode::read_write};
    store.execute("INSERT INTO bar_revisions(symbol, interval, opened_at, "
                  "known_at, source, received_at, withdrawn, reason) "
                  "SELECT symbol, interval, opened_at, known_at + 3 * 86400 * "
                  "1000000, 'test', 0, 1, 'spike' FROM bars WHERE symbol = "
                  "'NAB.AX' AND opened_at > "
                  + std::to_string(sydney_micros("2010-11-03", 0, 0))
                  + " ORDER BY opened_at LIMIT 1");
    CAF_REQUIRE_EQUAL(store.changes(), 1);
    return x;
  }

  /// The lowest return of CBA over the run.
  static double worst(const replay_call& x) {
    auto db = open_store(x.db);
    auto query = db.prepare("SELECT min(actual_return) FROM outcomes "
                            "WHERE symbol = 'CBA.AX'");
    query.step();
    return query.number(0);
  }
};

words predictions_before(const replay_call& x, const std::string& date) {
  auto db = open_store(x.db);
  return rows_of(db, "predictions",
                 "WHERE timestamp < "
                   + std::to_string(sydney_micros(date, 9, 0))
                   + " ORDER BY prediction_id");
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(replay_action_tests, actions_fixture)

CAF_TEST(a split is no loss from when it is known) {
  auto blind = imported("blind.db");
  replay(blind);
  CAF_CHECK_LESS(worst(blind), -0.4);
  auto x = told("told.db");
  replay(x);
  CAF_CHECK_GREATER(worst(x), -0.2);
  auto db = open_store(x.db);
  CAF_CHECK_EQUAL(db.scalar("SELECT count(*) FROM v_outcomes WHERE ex_date"), 2);
  CAF_CHECK_EQUAL(db.scalar("SELECT count(*) FROM v_outcomes WHERE "
                            "total_return > actual_return"),
                  1);
}

CAF_TEST(two replays are identical and a resumed one too) {
  auto once = told("a.db");
  auto first = digest_of(replay(once));
  CAF_CHECK_EQUAL(digest_of(replay(told("b.db"))), first);
  auto resumed = told("c.db");
  for (const std::string date :
       {"2010-09-14", "2010-09-15", "2010-10-13", "2010-11-05"}) {
    resumed.to = date;
    CAF_CHECK(digest_of(replay(resumed)) != first);
  }
  resumed.to = end_date;
  CAF_CHECK_EQUAL(digest_of(replay(resumed)), first);
}

CAF_TEST(one that is announced late changes no byte before) {
  auto never = imported("never.db");
  replay(never);
  auto late = imported("late.db");
  split(late, "2010-09-22");
  replay(late);
  auto before = predictions_before(never, "2010-09-22");
  CAF_CHECK(before.size() > 100);
  CAF_CHECK_EQUAL(difference(predictions_before(late, "2010-09-22"), before),
                  "");
  // From then on it is as if it had always been known.
  auto early = imported("early.db");
  split(early, "2010-09-01");
  replay(early);
  auto after = [](const replay_call& x) {
    auto db = open_store(x.db);
    return rows_of(db, "predictions",
                   "WHERE timestamp > "
                     + std::to_string(sydney_micros("2010-09-22", 9, 0))
                     + " ORDER BY prediction_id");
  };
  CAF_CHECK_EQUAL(difference(after(late), after(early)), "");
  CAF_CHECK(difference(after(late), after(never)) != "");
}

CAF_TEST(what was predicted over it is explained bit for bit) {
  auto x = told("x.db");
  replay(x);
  auto db = open_store(x.db);
  auto query = db.prepare(
    "SELECT prediction_id FROM predictions WHERE (symbol = 'CBA.AX' AND "
    "timestamp BETWEEN ?1 AND ?2) OR (symbol = 'NAB.AX' AND timestamp BETWEEN "
    "?3 AND ?4)");
  query.bind_all(sydney_micros("2010-09-14", 0, 0),
                 sydney_micros("2010-09-17", 0, 0),
                 sydney_micros("2010-11-03", 0, 0),
                 sydney_micros("2010-11-12", 0, 0));
  std::size_t explained = 0;
  while (query.step()) {
    auto done = run_child({BANKSIA_BINARY_DIR "/banksia", "explain",
                           std::string{query.text(0)}, "--db", x.db.string(),
                           "--json"});
    CAF_REQUIRE_EQUAL(done.code, 0);
    auto said = boost::json::parse(done.out).as_object();
    CAF_CHECK(said.at("identical").as_bool());
    ++explained;
  }
  CAF_CHECK_GREATER(explained, 6u);
}

CAF_TEST_FIXTURE_SCOPE_END()
