#define CAF_SUITE command_explain

#include "tests/integration/commands/program.hpp"
#include "tests/integration/commands/stored_run.hpp"

#include "caf/test/unit_test.hpp"

#include <algorithm>

using namespace banksia;
using namespace banksia::test;

namespace {

struct fixture {
  program p;
  std::filesystem::path file = p.folder() / "a.db";

  program_result explain(const std::string& id, bool as_json = true) {
    std::vector<std::string> arguments{"explain", id, "--db", file.string()};
    if (as_json)
      arguments.push_back("--json");
    return p.banksia(arguments);
  }

  /// What the program's build calls itself, told by its own explanation.
  static std::string build_of(const program_result& x) {
    auto at = x.out.find("this is     ");
    auto end = x.out.find('\n', at);
    return x.out.substr(at + 12, end - at - 12);
  }

  /// A run that the program takes for its own build's work.
  stored_run own_run() {
    auto other = make_run(p.folder() / "other.db", "another build");
    file = other.file;
    auto build = build_of(explain(other.predictions.front(), false));
    file = p.folder() / "a.db";
    return make_run(file, build);
  }

  void execute(const std::string& sql) {
    storage::database db{file, storage::open_mode::read_write};
    db.execute(sql);
  }

  static bool differs(const boost::json::value& x, std::string_view field) {
    const auto& all = x.at("differences").as_array();
    return std::any_of(all.begin(), all.end(), [&](const auto& d) {
      return d.at("field").as_string() == field;
    });
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(command_explain, fixture)

CAF_TEST(every stored prediction is made again bit for bit) {
  auto made = own_run();
  CAF_REQUIRE_EQUAL(made.predictions.size(), 40u);
  for (std::size_t i = 0; i < made.predictions.size(); i += 13) {
    auto x = explain(made.predictions[i]);
    CAF_CHECK_EQUAL(x.exit_code, 0);
    CAF_CHECK_EQUAL(x.err, "");
    auto json = x.json();
    CAF_CHECK(json.at("identical").as_bool());
    CAF_CHECK(!json.at("different_build").as_bool());
    CAF_CHECK(json.at("differences").as_array().empty());
    // All features, the trace, the context and what names the prediction.
    CAF_CHECK(json.at("compared").as_int64() > 110);
    CAF_CHECK(json.at("factors").as_array().size() > 20);
    CAF_CHECK(json.at("prediction").at("prediction_id").as_string()
              == made.predictions[i]);
    CAF_CHECK(!json.at("prediction").at("market_context_flagged").as_bool());
  }
}

CAF_TEST(for people) {
  auto made = own_run();
  auto x = explain(made.predictions.back(), false);
  CAF_CHECK_EQUAL(x.exit_code, 0);
  CAF_CHECK(holds(x.out, made.predictions.back()));
  CAF_CHECK(holds(x.out, "identical, bit for bit"));
  CAF_CHECK(holds(x.out, "gate.confidence"));
  CAF_CHECK(!holds(x.out, "\x1b"));
}

CAF_TEST(a prediction of the first feature set is made as that set was) {
  auto made = make_run(file, "an older build", {}, 1);
  auto x = explain(made.predictions.back());
  CAF_CHECK_EQUAL(x.exit_code, 0);
  auto json = x.json();
  CAF_CHECK(json.at("identical").as_bool());
  CAF_CHECK(json.at("different_build").as_bool());
  const auto& features = json.at("prediction").at("features").as_object();
  CAF_CHECK(features.contains("rsi") && !features.contains("atr_14"));
  // A feature that the set did compute still has to agree.
  execute("DROP TRIGGER predictions_are_immutable");
  execute("UPDATE predictions SET features = substr(features, 1, 16 + 8 * 5) || "
          "x'0000000000004940' || substr(features, 16 + 8 * 6 + 1)");
  auto altered = explain(made.predictions.back());
  CAF_CHECK_EQUAL(altered.exit_code, 1);
  CAF_CHECK(differs(altered.json(), "features.rsi"));
}

CAF_TEST(an altered bar shows) {
  auto made = own_run();
  // The oldest bar: only what remembers it may differ.
  execute("UPDATE bars SET close = close + 0.5 WHERE symbol = 'CBA.AX' AND "
          "opened_at = (SELECT max(opened_at) FROM bars WHERE opened_at < "
          "(SELECT max(opened_at) FROM bars))");
  auto id = made.predictions[made.predictions.size() - 2]; // CBA.AX, last cycle
  auto x = explain(id);
  CAF_CHECK_EQUAL(x.exit_code, 1);
  auto json = x.json();
  CAF_CHECK(!json.at("identical").as_bool());
  CAF_CHECK(differs(json, "input_lineage"));
  CAF_CHECK(differs(json, "features.rsi"));
  CAF_CHECK(!differs(json, "context.lineage"));
  CAF_CHECK(!differs(json, "entry_price"));
  // Who did not see the bar is as it was.
  CAF_CHECK_EQUAL(explain(made.predictions.front()).exit_code, 0);
  CAF_CHECK_EQUAL(explain(made.predictions.back()).exit_code, 0); // NAB.AX
}

CAF_TEST(an altered index bar shows) {
  auto made = own_run();
  execute("UPDATE bars SET close = close * 1.001 WHERE symbol = '^AXJO' AND "
          "opened_at = (SELECT max(opened_at) FROM bars)");
  auto json = explain(made.predictions.back()).json();
  CAF_CHECK(!json.at("identical").as_bool());
  CAF_CHECK(differs(json, "context.lineage"));
  CAF_CHECK(differs(json, "context.trend_return"));
  CAF_CHECK(!differs(json, "input_lineage"));
}

CAF_TEST(bars of later have no part in it) {
  auto made = own_run();
  execute("UPDATE bars SET close = 1, high = 2, low = 0.5 WHERE opened_at = "
          "(SELECT max(opened_at) FROM bars)");
  CAF_CHECK_EQUAL(explain(made.predictions.front()).exit_code, 0);
}

CAF_TEST(bars of another interval have no part in a replay) {
  auto made = own_run();
  execute("INSERT INTO bars SELECT symbol, '30m', opened_at, open, high, low, "
          "close * 1.1, volume, source, received_at, known_at, verdict "
          "FROM bars");
  CAF_CHECK_EQUAL(explain(made.predictions.back()).exit_code, 0);
}

CAF_TEST(another build may be off by little) {
  auto made = make_run(file, "another build");
  auto same = explain(made.predictions.back());
  CAF_CHECK_EQUAL(same.exit_code, 0);
  CAF_CHECK(same.json().at("identical").as_bool());
  CAF_CHECK(same.json().at("different_build").as_bool());
  // A stored number that is off by a rounding, as another build's would be.
  execute("DROP TRIGGER predictions_are_immutable");
  execute("UPDATE predictions SET confidence = confidence + 1e-12");
  auto near = explain(made.predictions.back());
  CAF_CHECK_EQUAL(near.exit_code, 0);
  CAF_CHECK(!near.json().at("identical").as_bool());
  CAF_CHECK(near.json().at("within_tolerance").as_bool());
  execute("UPDATE predictions SET confidence = confidence + 1e-3");
  auto far = explain(made.predictions.back());
  CAF_CHECK_EQUAL(far.exit_code, 1);
  CAF_CHECK(!far.json().at("within_tolerance").as_bool());
}

CAF_TEST(the same build may not be off at all) {
  auto made = own_run();
  execute("DROP TRIGGER predictions_are_immutable");
  execute("UPDATE predictions SET confidence = confidence + 1e-12");
  auto x = explain(made.predictions.back());
  CAF_CHECK_EQUAL(x.exit_code, 1);
  CAF_CHECK(differs(x.json(), "confidence"));
}

CAF_TEST(a configuration that is lost) {
  auto made = make_run(file, "test");
  execute("UPDATE configurations SET text = 'no = 1'");
  auto x = explain(made.predictions.back());
  CAF_CHECK_EQUAL(x.exit_code, 1);
  CAF_CHECK(is_one_line(x.err));
  CAF_CHECK(holds(x.err, "configuration"));
  CAF_CHECK_EQUAL(x.out, "");
}

CAF_TEST(damaged parameters of a run) {
  auto made = make_run(file, "test");
  execute("UPDATE runs SET parameters = '{'");
  auto x = explain(made.predictions.back());
  CAF_CHECK_EQUAL(x.exit_code, 1);
  CAF_CHECK(is_one_line(x.err));
  CAF_CHECK(holds(x.err, "parameters"));
}

CAF_TEST_FIXTURE_SCOPE_END()
