#define CAF_SUITE store_plans
#include "actors/store/level_queries.hpp"
#include "actors/store/run_counts.hpp"
#include "actors/store/served_bars.hpp"
#include "runtime/storage/query_timer.hpp"
#include "tests/unit/store/samples.hpp"

#include "caf/test/unit_test.hpp"

#include <sqlite3.h>

#include <fstream>
#include <iterator>
#include <regex>
#include <set>

using namespace banksia;
using namespace banksia::store;
using namespace banksia::store_test;

namespace {

/// Every statement that any connection of this process begins.
std::set<std::string> statements;

int note(unsigned, void*, void* statement, void*) {
  // Of a trigger SQLite tells a comment.
  std::string sql{sqlite3_sql(static_cast<sqlite3_stmt*>(statement))};
  if (sql.starts_with("SELECT") || sql.starts_with("\nSELECT")
      || sql.starts_with("WITH"))
    statements.insert(std::move(sql));
  return 0;
}

int watch(sqlite3* db, const char**, const sqlite3_api_routines*) {
  return sqlite3_trace_v2(db, SQLITE_TRACE_STMT, note, nullptr);
}

/// Watches the connections that are opened while it lives.
struct watched_store {
  watched_store() {
    sqlite3_auto_extension(reinterpret_cast<void (*)()>(watch));
    storage::set_query_observer(
      [this](std::string_view name, std::chrono::nanoseconds) {
        timed.emplace(name);
      });
    into.set_provenance({"hash", "text", "build"});
    into.register_run("live", "live", "{}");
    into.write(make_cycle(0, {"CBA.AX", "WBC.AX"}));
    into.write(outcome_batch{1, {make_outcome(made(), 60)}});
    into.write(make_bar(0));
    statements.clear();
  }

  ~watched_store() {
    storage::set_query_observer({});
    sqlite3_reset_auto_extension();
  }

  prediction made() { return make_prediction(make_slot(0), "CBA.AX"); }

  test::scratch_folder folder;
  storage::database db = [this] {
    sqlite3_auto_extension(reinterpret_cast<void (*)()>(watch));
    return open_for_writing(folder.file("banksia.db"));
  }();
  ledger into{db};
  store::queries ask{db};
  std::set<std::string> timed;

  void ask_lists() {
    for (std::string run : {"live", ""})
      for (std::string symbol : {"", "CBA.AX"})
        for (bool ascending : {false, true}) {
          list_filter f;
          f.run = run;
          f.symbol = run.empty() ? "" : symbol;
          f.ascending = ascending;
          f.from = slot_at(0);
          f.to = slot_at(1);
          ask.predictions(f);
          ask.outcomes(f, 0);
          ask.outcomes(f, 240);
        }
    for (auto ascending : {false, true}) {
      time_page page;
      page.ascending = ascending;
      page.from = slot_at(0);
      page.cursor_time = slot_at(1);
      ask.training_page(page);
      ask.headline_page("CBA.AX", page);
      served_bars(db, "CBA.AX", bar_interval::m30, slot_at(0), slot_at(9), 5,
                  slot_at(9), ascending);
    }
    ask.latest("live", {"CBA.AX"});
    ask.prediction_by_id(to_string(made().id));
    ask.outcomes_of(to_string(made().id));
    ask.symbols_beside(made());
    served_closes(db, "CBA.AX", bar_interval::m30, slot_at(0), slot_at(9));
  }

  void ask_market() {
    auto symbol = "CBA.AX";
    auto interval = bar_interval::m30;
    ask.bars(symbol, interval, slot_at(9));
    ask.bars_since(symbol, interval, slot_at(0), slot_at(9));
    ask.bars_between(symbol, interval, slot_at(0), slot_at(9), 5);
    ask.headlines(symbol, slot_at(9), 5);
    ask.headlines_between(symbol, slot_at(0), slot_at(9));
    ask.revisions(symbol, interval, slot_at(9));
    ask.actions(symbol, slot_at(9));
    ask.listings(slot_at(9));
    ask.symbols_with_bars(interval);
    ask.watermark("csv");
    watermarks(db);
  }

  void ask_runs() {
    ask.run("live");
    ask.newest_run();
    ask.last_ended_slot("live");
    ask.owed_cycles("live");
    ask.totals("live");
    ask.cycle(to_string(make_slot(0).id));
    ask.configuration_text(1);
    ask.build_text(1);
    ask.owed("live");
    ask.models();
    ask.champion();
    ask.jobs("live", "morning", 5);
    ask.jobs("live", "", 5);
    ask.owed_jobs("live");
    ask.training("t");
    ask.training_counts("live");
  }

  void ask_sums() {
    for (auto symbol : {"", "CBA.AX"}) {
      ask.scored("live", slot_at(0), symbol);
      count_predictions(db, "live", slot_at(0), symbol);
      newest_scored_slot(db, "live", symbol);
    }
    for (auto model : {"", "m"})
      ask.judged("live", model, slot_at(0));
    run_counts{"live"}.refresh(db);
    count_outcomes(db, "live");
    outcome_hours(db, "live", slot_at(0));
    newest_outcome_hour(db, "live");
    data_hours(db, slot_at(0), slot_at(9));
    service_hours(db, "node", slot_at(0));
    service_spans(db, "node", slot_at(0));
    cycle_ends(db, "live", slot_at(0));
    oldest_due(db, "live");
    sampled_services(db);
    newest_sample(db, "node");
  }
};

using lines = std::vector<std::string>;

lines plan_of(storage::database& db, const std::string& sql) {
  lines result;
  auto plan = db.prepare("EXPLAIN QUERY PLAN " + sql);
  while (plan.step())
    result.emplace_back(plan.text(3));
  return result;
}

/// What in a plan grows with the rows of the tables that grow: they, by name and
/// by the letter that statements give them, read whole or sorted whole.
std::string growing_part(const lines& plan) {
  static const std::regex whole{
    "SCAN (predictions|p|outcomes|o|bars|b|cycles|c|headlines|forecasts|f|jobs|"
    "trainings|service_samples|outcome_hours)\\b.*"};
  static const std::regex large{
    R"(SEARCH (predictions|p|outcomes|o|bars|headlines)\b.*)"};
  auto reads_large = false;
  for (const auto& line : plan) {
    if (std::regex_match(line, whole))
      return line;
    reads_large |= std::regex_match(line, large);
  }
  for (const auto& line : plan)
    if (reads_large && line == "USE TEMP B-TREE FOR ORDER BY")
      return line;
  return {};
}

/// What sorts no more than a cycle's rows. (A look into the schema is SQLite's
/// beginning of a connection.)
bool is_small(const std::string& sql) {
  return sql.starts_with("SELECT symbol FROM predictions WHERE prediction_id")
         || sql.starts_with("SELECT count(*) FROM sqlite_master");
}

std::set<std::string> timers_in_the_sources() {
  std::set<std::string> result;
  std::regex timer{R"re(query_timer timer\{"(\w+)"\})re"};
  for (const auto& x :
       std::filesystem::directory_iterator{BANKSIA_STORE_SOURCES}) {
    std::ifstream file{x.path()};
    std::string text{std::istreambuf_iterator<char>{file}, {}};
    for (std::sregex_iterator i{text.begin(), text.end(), timer}, end; i != end;
         ++i)
      result.insert((*i)[1]);
  }
  return result;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(store_plans_tests, watched_store)

CAF_TEST(no query reads or sorts a table that grows) {
  ask_lists();
  ask_market();
  ask_runs();
  ask_sums();
  CAF_CHECK_GREATER(statements.size(), 50u);
  for (const auto& sql : std::set<std::string>{statements}) {
    if (is_small(sql))
      continue;
    CAF_MESSAGE(sql);
    CAF_CHECK_EQUAL(growing_part(plan_of(db, sql)), "");
  }
}

CAF_TEST(every timed query of the store is among them) {
  ask_lists();
  ask_market();
  ask_runs();
  ask_sums();
  auto known = timers_in_the_sources();
  CAF_CHECK_GREATER(known.size(), 20u);
  // The writer's own.
  timed.insert("commit");
  for (const auto& name : known) {
    CAF_MESSAGE(name);
    CAF_CHECK(timed.contains(name));
  }
}

CAF_TEST(a plan that reads or sorts a table is seen) {
  for (auto sql : {"SELECT count(*) FROM outcomes",
                   "SELECT * FROM predictions p WHERE symbol = 'x'",
                   "SELECT * FROM bars b WHERE known_at > 3",
                   "SELECT * FROM predictions WHERE run = 'live' AND "
                   "symbol = 'x' ORDER BY confidence"}) {
    CAF_MESSAGE(sql);
    CAF_CHECK_NOT_EQUAL(growing_part(plan_of(db, sql)), "");
  }
}

CAF_TEST_FIXTURE_SCOPE_END()
