#define CAF_SUITE command_failures

#include "actors/store/schema.hpp"
#include "tests/integration/commands/program.hpp"
#include "tests/integration/commands/stored_run.hpp"

#include "caf/test/unit_test.hpp"

#include <unistd.h>

#include <iostream>

using namespace banksia;
using namespace banksia::test;

namespace {

struct fixture {
  program p;

  /// Fails with that code, one line on stderr with these parts, and nothing on
  /// stdout.
  void fails(int code, const std::vector<std::string>& arguments,
             const std::vector<std::string>& parts) {
    auto x = p.banksia(arguments);
    CAF_MESSAGE(x.err);
    CAF_CHECK_EQUAL(x.exit_code, code);
    CAF_CHECK_EQUAL(x.out, "");
    CAF_CHECK(x.err.starts_with("banksia: "));
    CAF_CHECK(is_one_line(x.err));
    for (const auto& part : parts)
      CAF_CHECK(holds(x.err, part));
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(command_failures, fixture)

CAF_TEST(help and version) {
  auto version = p.banksia({"--version"});
  CAF_CHECK_EQUAL(version.exit_code, 0);
  CAF_CHECK(version.out.starts_with("banksia "));
  CAF_CHECK(is_one_line(version.out));
  auto help = p.banksia({"--help"});
  CAF_CHECK_EQUAL(help.exit_code, 0);
  for (auto command :
       {"run", "replay", "predict", "import", "report", "explain", "sentiment",
        "calendar", "analysis", "check-config"})
    CAF_CHECK(holds(help.out, std::string{"\n  "} + command + " "));
}

CAF_TEST(every command has help with an example) {
  for (const std::vector<std::string>& command :
       std::vector<std::vector<std::string>>{
         {"predict"}, {"import", "bars"}, {"report"}, {"explain"},
         {"calendar"}, {"analysis"}, {"check-config"}}) {
    auto arguments = command;
    arguments.push_back("--help");
    auto x = p.banksia(arguments);
    CAF_CHECK_EQUAL(x.exit_code, 0);
    CAF_CHECK(holds(x.out, "\n  banksia " + command.front()));
    CAF_CHECK_EQUAL(x.err, "");
  }
}

CAF_TEST(usage) {
  fails(2, {}, {"subcommand"});
  fails(2, {"import", "rumours", "x"}, {});
  fails(2, {"report", "--days", "0"}, {"--days"});
  fails(2, {"report", "--nonsense"}, {"--nonsense"});
}

CAF_TEST(a misspelt key) {
  fails(78, {"check-config", "--set", "prediction_intervall_minutes=15"},
        {"unknown key", "did you mean \"prediction_interval_minutes\"?"});
  auto file = p.write("bad.toml", "clock_speed = 1.0\nsymbol = [\"CBA.AX\"]\n");
  fails(78, {"check-config", "--config", file},
        {file + ":2", "did you mean \"symbols\"?"});
}

CAF_TEST(a wrong type) {
  auto file = p.write("bad.toml", "confidence_threshold = \"high\"\n");
  fails(78, {"check-config", "--config", file},
        {file + ":1", "confidence_threshold", "number"});
}

CAF_TEST(every error has a line of its own) {
  auto x = p.banksia({"check-config", "--set", "clock=sun", "--set", "x=1"});
  CAF_CHECK_EQUAL(x.exit_code, 78);
  CAF_CHECK_EQUAL(std::count(x.err.begin(), x.err.end(), '\n'), 2);
  CAF_CHECK(!holds(x.err, "\n\n"));
}

CAF_TEST(an unknown environment) {
  fails(78, {"check-config", "--env", "prodution"},
        {"unknown environment \"prodution\"", "did you mean \"production\"?"});
}

CAF_TEST(a rule that makes no sense) {
  fails(78, {"check-config", "--set", "rules.weight_news=0.9"},
        {"weights", "rules.weight_news"});
}

CAF_TEST(the effective configuration) {
  auto text = p.banksia({"check-config", "--env", "demo"});
  CAF_CHECK_EQUAL(text.exit_code, 0);
  CAF_CHECK(holds(text.out, "clock = \"accelerated\"  # profile demo\n"));
  auto out = p.banksia({"check-config", "--json", "--set", "clock_speed=7",
                        "--set", "rules.weight_news=0.3"});
  CAF_CHECK_EQUAL(out.err, "");
  auto json = out.json().as_object();
  auto& speed = json.at("clock_speed").as_object();
  CAF_CHECK_EQUAL(speed.at("value").as_double(), 7.0);
  CAF_CHECK(speed.at("origin").as_string() == "--set");
  CAF_CHECK(json.at("symbols").at("value").is_array());
  CAF_CHECK(json.at("database_path").at("origin").as_string() == "default");
  auto reference = p.banksia({"check-config", "--reference"});
  CAF_CHECK(holds(reference.out, "| `rules.weight_news` | `0.3` |"));
}

CAF_TEST(a bad year) {
  fails(2, {"calendar", "--year", "1996"}, {"1996", "1997 to 2030"});
  fails(2, {"calendar", "--year", "2031"}, {"2031", "1997 to 2030"});
  fails(2, {"calendar", "--year", "soon"}, {"--year"});
}

CAF_TEST(a year of the calendar) {
  auto json = p.banksia({"calendar", "--year", "2025", "--json"}).json();
  CAF_CHECK_EQUAL(json.at("year").as_int64(), 2025);
  CAF_CHECK_EQUAL(json.at("sessions").as_array().size(), 253u);
  CAF_CHECK(json.at("holidays").at(0).at("date").as_string() == "2025-01-01");
  auto first = json.at("sessions").at(0);
  CAF_CHECK(first.at("opens_at").as_string() == "2025-01-01T23:00:00Z");
  auto now = p.banksia({"calendar"});
  CAF_CHECK_EQUAL(now.exit_code, 0);
  CAF_CHECK(now.out.starts_with("ASX 20"));
}

CAF_TEST(a missing database) {
  auto file = p.file("none.db");
  for (const std::vector<std::string>& command :
       std::vector<std::vector<std::string>>{
         {"report"},
         {"predict", "CBA.AX"},
         {"explain", "00061b4bdb0f4000a1b2c3d4e5f60718"}}) {
    auto arguments = command;
    arguments.insert(arguments.end(), {"--db", file});
    fails(1, arguments, {"no database there", file, "--db"});
  }
  CAF_CHECK(!std::filesystem::exists(file));
}

CAF_TEST(a missing database beside another) {
  auto other = p.write("other.db", "");
  p.write("another.txt", "");
  fails(1, {"report", "--db", p.file("none.db")},
        {"no database there", "--env (there is " + other + ")"});
}

CAF_TEST(a file that is no database) {
  auto file = p.write("text.db", std::string(4096, 'x'));
  fails(65, {"report", "--db", file}, {file});
}

CAF_TEST(a database elsewhere) {
  fails(78, {"report", "--db", "mysql://x/y"}, {"mysql://x/y"});
}

CAF_TEST(a data folder that is not there) {
  for (const std::vector<std::string>& command :
       std::vector<std::vector<std::string>>{{"run", "--env", "demo"},
                                             {"report"},
                                             {"check-config"}}) {
    auto arguments = command;
    auto missing = (p.folder() / "nowhere").string();
    arguments.insert(arguments.end(), {"--data-dir", missing});
    fails(78, arguments, {"--data-dir " + missing, "mkdir -p"});
    CAF_CHECK(!std::filesystem::exists(missing));
  }
}

CAF_TEST(a database that cannot be written) {
  auto bars = p.write("CBA.csv", "Date,Open,High,Low,Close,Volume\n"
                                 "2024-03-01,1,2,1,2,100\n");
  auto locked = p.folder() / "locked";
  std::filesystem::create_directory(locked);
  std::vector<std::string> command;
  if (geteuid() == 0) {
    // Root may write anywhere: somebody else has to try.
    command = {"/usr/bin/setpriv", "--reuid=65534", "--regid=65534",
               "--clear-groups"};
    std::filesystem::permissions(p.folder(), std::filesystem::perms{0755});
    if (!std::filesystem::exists(command[0])
        || p.run({command[0], command[1], command[2], command[3],
                  "/usr/bin/test", "-x", BANKSIA_BINARY_DIR "/banksia"})
               .exit_code
             != 0) {
      std::cout << "banksia-skip: cannot run the program as another user\n";
      return;
    }
  } else {
    std::filesystem::permissions(locked, std::filesystem::perms{0555});
  }
  command.insert(command.end(),
                 {BANKSIA_BINARY_DIR "/banksia", "import", "bars", bars, "--db",
                  (locked / "x.db").string()});
  auto x = p.run(command);
  std::filesystem::permissions(locked, std::filesystem::perms{0755});
  CAF_CHECK_EQUAL(x.exit_code, 1);
  CAF_CHECK(is_one_line(x.err));
  CAF_CHECK(holds(x.err, (locked / "x.db").string()));
}

CAF_TEST(malformed and unknown ids) {
  auto made = make_run(p.folder() / "a.db", "test");
  for (auto id : {"123", "zz061b4bdb0f4000a1b2c3d4e5f60718",
                  "00061b4bdb0f4000a1b2c3d4e5f6071800"})
    fails(65, {"explain", id, "--db", made.file.string()},
          {"not a prediction's id", id});
  fails(1,
        {"explain", "00061b4bdb0f4000a1b2c3d4e5f60718", "--db",
         made.file.string()},
        {"no such prediction"});
}

CAF_TEST(unknown symbols and times) {
  auto db = make_run(p.folder() / "a.db", "test").file.string();
  fails(65, {"predict", "CBB.AX", "--db", db},
        {"unknown symbol \"CBB.AX\"", "did you mean CBA.AX?"});
  fails(65, {"report", "--symbol", "CBB", "--db", db}, {"CBB", "CBA.AX"});
  fails(1, {"report", "--run", "other", "--db", db}, {"other", run_name.data()});
  fails(2, {"predict", "CBA", "--at", "2024-13-01", "--db", db}, {"--at"});
  fails(2, {"predict", "CBA", "--at", "2024-03-02", "--db", db}, {"weekend"});
  fails(2, {"predict", "CBA", "--at", "2035-03-02", "--db", db}, {"2035"});
}

CAF_TEST(files that are no data) {
  auto db = p.file("i.db");
  fails(65, {"import", "bars", p.file("nothing.csv"), "--db", db},
        {"nothing.csv"});
  auto prose = p.write("prose.csv", "It was the best of times\n");
  fails(65, {"import", "bars", prose, "--db", db}, {"prose.csv"});
  fails(2, {"import", "bars", prose, "--interval", "7m", "--db", db}, {"7m"});
  fails(2, {"import", "bars", prose, "--basis", "raw", "--db", db},
        {"--basis raw", "as-traded"});
}

CAF_TEST(importing counts every row) {
  auto db = p.file("i.db");
  auto bars = p.write("CBA.csv", "Date,Open,High,Low,Close,Volume\n"
                                 "2024-03-01,1,2,1,2,100\n"
                                 "2024-03-04,2,3,2,3,100\n");
  auto dry = p.banksia({"import", "bars", bars, "--db", db, "--dry-run",
                        "--json"});
  CAF_CHECK_EQUAL(dry.exit_code, 0);
  CAF_CHECK_EQUAL(dry.json().at("stored").to_number<std::int64_t>(), 2);
  CAF_CHECK(!std::filesystem::exists(db));
  auto first = p.banksia({"import", "bars", bars, "--db", db, "--json"});
  CAF_CHECK_EQUAL(first.err, "");
  CAF_CHECK_EQUAL(first.json().at("stored").to_number<std::int64_t>(), 2);
  auto again = p.banksia({"import", "bars", bars, "--db", db, "--json"});
  CAF_CHECK_EQUAL(again.json().at("read").to_number<std::int64_t>(), 2);
  CAF_CHECK_EQUAL(again.json().at("duplicates").to_number<std::int64_t>(), 2);
  auto other = p.banksia({"import", "bars", bars, "--db", db, "--dry-run",
                          "--json"});
  CAF_CHECK_EQUAL(other.json().at("duplicates").to_number<std::int64_t>(), 2);
}

CAF_TEST(faults on purpose that make no sense are refused) {
  auto x = p.run({"/usr/bin/env", "BANKSIA_FAULTS=stab:cycle:every=2",
                  BANKSIA_BINARY_DIR "/banksia", "run", "--env", "demo",
                  "--data-dir", p.folder().string()});
  CAF_MESSAGE(x.err);
  CAF_CHECK_EQUAL(x.exit_code, 78);
  CAF_CHECK(holds(x.err, "no such fault: stab"));
}

CAF_TEST_FIXTURE_SCOPE_END()
