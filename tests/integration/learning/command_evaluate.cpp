#define CAF_SUITE command_evaluate
#include "tests/integration/learning/trained_run.hpp"

#include "caf/test/unit_test.hpp"

#include <cstdio>
#include <fstream>

using namespace banksia::test;

namespace {

struct bars_fixture {
  program place;
  std::string bars = place.file("bars");

  bars_fixture() {
    std::filesystem::create_directory(bars);
    auto made = place.run({BANKSIA_BINARY_DIR "/make_bars", bars, "600", "3",
                           "2018-01-02"});
    if (made.exit_code != 0)
      throw std::runtime_error("make_bars: " + made.err);
  }

  program_result evaluate(const std::vector<std::string>& more) const {
    std::vector<std::string> command{BANKSIA_BINARY_DIR "/banksia-ml",
                                     "evaluate"};
    command.insert(command.end(), more.begin(), more.end());
    return place.run(command);
  }

  program_result two_years(const std::vector<std::string>& more) const {
    std::vector<std::string> all{
      "--from",    "2018-01-02", "--to",   "2020-04-30",
      "--index",   "XJO.AX",     "--kind", "logistic",
      "--symbols", "CBA,WBC",    "--min-training-days", "200"};
    all.insert(all.end(), more.begin(), more.end());
    return evaluate(all);
  }

  /// A daily series of another market over the same years, on all days.
  std::string volatility_file() const {
    auto path = place.file("fear.csv");
    std::ofstream out{path};
    out << "Date,Open,High,Low,Close,Volume\n";
    int n = 0;
    for (auto year : {2018, 2019, 2020})
      for (int month = 1; month <= 12; ++month)
        for (int day = 1; day <= 28; ++day, ++n) {
          auto level = 15 + n * 7 % 11;
          char row[64];
          std::snprintf(row, sizeof row, "%d-%02d-%02d,%d,%d,%d,%d,0\n", year,
                        month, day, level, level + 1, level - 1, level);
          out << row;
        }
    return path;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(evaluate_tests, bars_fixture)

CAF_TEST(the same bars and seed give the same bytes from files or a database) {
  auto from_files = two_years({"--bars", bars, "--json"});
  CAF_REQUIRE_EQUAL(from_files.exit_code, 0);
  auto db = place.file("bars.db");
  CAF_REQUIRE_EQUAL(
    place.banksia({"import", "bars", bars, "--db", db}).exit_code, 0);
  auto from_database = two_years({"--db", db, "--json"});
  CAF_CHECK_EQUAL(from_database.exit_code, 0);
  CAF_CHECK(from_files.out == from_database.out);
  auto document = from_files.json();
  CAF_CHECK_EQUAL(document.at("made_with").at("kind").as_string(), "logistic");
  CAF_CHECK_EQUAL(document.at("folds").as_array().size(), 2u);
  CAF_CHECK_EQUAL(document.at("dataset").at("symbols").as_array().size(), 2u);
  CAF_CHECK(document.at("baselines").as_array().size() >= 7u);
}

CAF_TEST(the text says what follows from the numbers) {
  auto told = two_years({"--bars", bars});
  CAF_REQUIRE_EQUAL(told.exit_code, 0);
  CAF_CHECK(told.out.starts_with("verdict: no skill shown"));
  CAF_CHECK(holds(told.out, "not promoted\n"));
  CAF_CHECK(holds(told.out, "climatology"));
}

CAF_TEST(a run is judged by the settings it was made with) {
  trained_run x;
  auto told = x.place.run({BANKSIA_BINARY_DIR "/banksia-ml", "evaluate", "--db",
                           x.place.file("run.db"), "--run", x.run, "--from",
                           "2018-01-02", "--to", "2019-12-20", "--kind",
                           "logistic", "--min-training-days", "200", "--json"});
  CAF_REQUIRE_EQUAL(told.exit_code, 0);
  CAF_CHECK_EQUAL(
    told.json().at("dataset").at("symbols").as_array().size(), 3u);
}

CAF_TEST(a series of another market is learnt from and is no symbol) {
  auto without = two_years({"--bars", bars, "--json"});
  auto series = "vix=" + volatility_file();
  auto with = two_years({"--bars", bars, "--context", series, "--json"});
  CAF_REQUIRE_EQUAL(with.exit_code, 0);
  CAF_CHECK(with.json().at("dataset") == without.json().at("dataset"));
  CAF_CHECK(with.json().at("forecasts") != without.json().at("forecasts"));
  CAF_CHECK(two_years({"--bars", bars, "--context", series, "--json"}).out
            == with.out);
  // All symbols that have bars, by themselves.
  auto all = evaluate({"--from", "2018-01-02", "--to", "2020-04-30", "--index",
                       "XJO.AX", "--kind", "logistic", "--min-training-days",
                       "200", "--bars", bars, "--context", series, "--json"});
  CAF_REQUIRE_EQUAL(all.exit_code, 0);
  CAF_CHECK(!holds(all.out, "VIX"));
}

CAF_TEST(what cannot be judged is said in one line) {
  auto check = [&](const program_result& x, int code, std::string_view part) {
    CAF_CHECK_EQUAL(x.exit_code, code);
    CAF_CHECK(x.out.empty());
    CAF_CHECK(holds(x.err, part));
  };
  check(two_years({"--bars", bars, "--run", "live"}), 2, "both --bars");
  check(two_years({"--db", place.file("x.db"), "--context", "vix=x.csv"}), 2,
        "--context without --bars");
  check(two_years({"--bars", bars, "--context", "gold=x.csv"}), 2,
        "no such context series: --context gold=x.csv");
  check(two_years({"--bars", bars, "--context", "vix=" + place.file("none")}),
        65, "none");
  check(two_years({"--bars", place.file("none")}), 65, "none");
  check(two_years({"--db", place.file("none.db")}), 1, "none.db");
  check(evaluate({"--bars", bars, "--from", "2018-01-02", "--to", "soon"}), 2,
        "--to soon");
  check(evaluate({"--bars", bars, "--from", "2018-01-06", "--to",
                  "2018-01-07"}),
        2, "no session");
  check(two_years({"--bars", bars, "--interval", "2h"}), 2, "--interval 2h");
  check(two_years({"--bars", bars, "--interval", "5m"}), 65, "no bars of 5m");
  check(two_years({"--bars", bars, "--symbols", "XYZ"}), 65, "XYZ");
  check(evaluate({"--bars", bars, "--from", "2018-01-02", "--to", "2018-12-31",
                  "--index", "XJO.AX", "--kind", "logistic"}),
        1, "too_little_data");
}

CAF_TEST_FIXTURE_SCOPE_END()
