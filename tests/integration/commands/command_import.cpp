#define CAF_SUITE command_import
#include "tests/integration/commands/program.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia::test;

namespace {

constexpr std::string_view news
  = "symbol,title,published\n"
    "CBA,Profit rises,2025-01-02T00:00:00Z\n"
    ",Westpac cuts fees,2025-01-02T00:00:00Z\n"
    ",Weather turns,2025-01-02T00:00:00Z\n";

struct import_command_fixture : program {
  program_result import(std::vector<std::string> more) const {
    std::vector<std::string> all{"import"};
    all.insert(all.end(), more.begin(), more.end());
    all.insert(all.end(), {"--db", file("store.db")});
    return banksia(all);
  }

  static std::int64_t number(const program_result& x, const char* name) {
    return x.json().at(name).to_number<std::int64_t>();
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(import_tests, import_command_fixture)

CAF_TEST(news are one document of counts that add up) {
  auto path = write("news.csv", news);
  auto dry = import({"news", path, "--dry-run", "--json"});
  CAF_CHECK_EQUAL(dry.exit_code, 0);
  CAF_CHECK(!std::filesystem::exists(file("store.db")));
  auto x = import({"news", path, "--json"});
  CAF_CHECK_EQUAL(x.exit_code, 0);
  CAF_CHECK_EQUAL(x.err, "");
  CAF_CHECK(is_one_line(x.out));
  CAF_CHECK_EQUAL(x.out, dry.out);
  CAF_CHECK_EQUAL(number(x, "read"), 3);
  CAF_CHECK_EQUAL(number(x, "stored"), 2);
  CAF_CHECK_EQUAL(number(x, "quarantined"), 1);
  CAF_CHECK_EQUAL(x.json().at("files").as_array().size(), 1u);
  auto again = import({"news", path, "--json"});
  CAF_CHECK_EQUAL(number(again, "stored"), 0);
  CAF_CHECK_EQUAL(number(again, "duplicates"), 2);
}

CAF_TEST(what cannot be imported as news ends with one line) {
  auto empty = import({"news", write("empty.db", "")});
  CAF_CHECK_EQUAL(empty.exit_code, 65);
  CAF_CHECK(is_one_line(empty.err));
  CAF_CHECK(holds(empty.err, "banksia: not headlines: the file is empty: "));
  auto away = import({"news", file("nowhere")});
  CAF_CHECK_EQUAL(away.exit_code, 65);
  auto zone = import({"news", write("news.csv", news), "--zone", "Nowhere"});
  CAF_CHECK_EQUAL(zone.exit_code, 2);
  CAF_CHECK(holds(zone.err, "--zone Nowhere"));
  auto model = import({"news", file("news.csv"), "--set",
                       "sentiment_model=none.txt", "--data-dir",
                       folder().string()});
  CAF_CHECK_EQUAL(model.exit_code, 78);
  CAF_CHECK_EQUAL(import({"news"}).exit_code, 2);
}

CAF_TEST(a terminal shows how far it is and nothing else does) {
  write("CBA.csv", "Date,Open,High,Low,Close,Volume\n"
                   "2024-01-08,10,12,9,11,1001\n");
  auto quiet = import({"bars", file("CBA.csv")});
  CAF_CHECK_EQUAL(quiet.exit_code, 0);
  CAF_CHECK_EQUAL(quiet.err, "");
  for (std::string what : {"bars", "news"}) {
    auto path = what == "bars" ? file("CBA.csv") : write("news.csv", news);
    auto shown = run({"/usr/bin/script", "-qec",
                      BANKSIA_BINARY_DIR "/banksia import " + what + " " + path
                        + " --dry-run",
                      "/dev/null"});
    CAF_CHECK_EQUAL(shown.exit_code, 0);
    CAF_CHECK(holds(shown.out, "100 %"));
    CAF_CHECK(holds(shown.out, "rows/s"));
  }
}

CAF_TEST_FIXTURE_SCOPE_END()
