#define CAF_SUITE command_analysis

#include "actors/analyst/analysis.hpp"
#include "runtime/json/text.hpp"
#include "tests/integration/commands/program.hpp"
#include "tests/integration/commands/stored_run.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;
using namespace banksia::test;

namespace {

struct fixture {
  program p;
  std::string db = p.file("a.db");

  /// Stores what an analyst said of the session `i` days after 1 July 2025.
  void store_analysis(const std::string& kind, int i,
                      const std::string& status = "done") {
    auto opened = store::open_for_writing(db);
    store::ledger ledger{opened};
    exchange_calendar calendar;
    auto sessions = calendar.sessions_between(
      *parse_date("2025-07-01"), exchange_calendar::last_date);
    const auto& day = (*sessions)[static_cast<std::size_t>(i)];
    job_record job;
    job.run = "live";
    job.kind = kind;
    job.status = status;
    job.reason = status == "failed" ? "the disk is full" : "";
    if (kind == "morning") {
      analysis::morning_inputs x;
      x.day = day;
      x.as_of = job.due_at = day.opens_at - std::chrono::hours{1};
      job.result = json_text(analysis::morning(x));
    } else {
      analysis::evening_inputs x;
      x.day = day;
      x.as_of = job.due_at = day.auction_ends_at + std::chrono::hours{1};
      job.result = json_text(analysis::evening(x));
    }
    if (status != "done")
      job.result.clear();
    job.ended_at = job.due_at;
    ledger.write(job);
  }

  program_result analysis(std::vector<std::string> more = {}) {
    std::vector<std::string> arguments{"analysis", "--db", db};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return p.banksia(arguments);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(command_analysis, fixture)

CAF_TEST(the newest of both by default) {
  store_analysis("morning", 0);
  store_analysis("evening", 0);
  store_analysis("morning", 1);
  auto x = analysis();
  CAF_CHECK_EQUAL(x.exit_code, 0);
  CAF_CHECK_EQUAL(x.err, "");
  CAF_CHECK(holds(x.out, "morning of 2025-07-02"));
  CAF_CHECK(holds(x.out, "\n\nevening of 2025-07-01"));
  auto json = analysis({"--json"});
  CAF_CHECK_EQUAL(json.exit_code, 0);
  CAF_CHECK(is_one_line(json.out));
  auto document = json.json();
  CAF_CHECK(document.at("morning").at("analysis").at("session").at("date")
              .as_string()
            == "2025-07-02");
  CAF_CHECK(document.at("evening").at("newer").is_null());
}

CAF_TEST(one kind and one day) {
  for (int i = 0; i < 3; ++i)
    store_analysis("evening", i);
  auto x = analysis({"evening", "--date", "2025-07-02", "--json"});
  CAF_CHECK_EQUAL(x.exit_code, 0);
  auto document = x.json().as_object();
  CAF_CHECK(!document.contains("morning"));
  CAF_CHECK(document.at("evening").at("analysis").at("as_of").as_string()
            == "2025-07-02T07:10:00Z");
}

CAF_TEST(a later one that failed is told beside the last good one) {
  store_analysis("evening", 0);
  store_analysis("evening", 1, "failed");
  auto x = analysis({"evening"});
  CAF_CHECK_EQUAL(x.exit_code, 0);
  CAF_CHECK(holds(x.out, "evening of 2025-07-01"));
  CAF_CHECK(holds(x.out, "newer       due at 2025-07-02T07:10:00Z: failed: "
                         "the disk is full"));
}

CAF_TEST(where there is none it says so) {
  store_analysis("evening", 1, "failed");
  auto none = analysis({"morning"});
  CAF_CHECK_EQUAL(none.exit_code, 1);
  CAF_CHECK(none.err.starts_with("banksia: no morning analysis: "));
  CAF_CHECK(is_one_line(none.err));
  auto day = analysis({"--date", "2025-07-02"});
  CAF_CHECK_EQUAL(day.exit_code, 1);
  CAF_CHECK(holds(day.err, "no analysis of 2025-07-02"));
  auto json = analysis({"--json"});
  CAF_CHECK_EQUAL(json.exit_code, 1);
  CAF_CHECK_EQUAL(json.out, "");
}

CAF_TEST(what makes no sense is a usage error) {
  store_analysis("evening", 0);
  auto kind = analysis({"noon"});
  CAF_CHECK_EQUAL(kind.exit_code, 2);
  CAF_CHECK(kind.err.starts_with("banksia: "));
  auto date = analysis({"--date", "yesterday"});
  CAF_CHECK_EQUAL(date.exit_code, 2);
  CAF_CHECK(holds(date.err, "not a date: --date yesterday"));
}

CAF_TEST_FIXTURE_SCOPE_END()
