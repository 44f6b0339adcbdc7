#define CAF_SUITE command_doctor
#include "tests/integration/commands/program.hpp"

#include "caf/test/unit_test.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace banksia::test;

namespace {

/// A port that somebody listens on, or nobody any more.
struct taken_port {
  taken_port() : handle(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    if (::bind(handle, reinterpret_cast<sockaddr*>(&at), size) != 0
        || ::listen(handle, 1) != 0
        || ::getsockname(handle, reinterpret_cast<sockaddr*>(&at), &size) != 0)
      throw std::runtime_error("cannot listen");
    text = std::to_string(ntohs(at.sin_port));
  }
  ~taken_port() { release(); }

  void release() {
    if (handle >= 0)
      ::close(handle);
    handle = -1;
  }

  int handle;
  std::string text;
};

struct doctor_fixture : program {
  /// Of a live node whose prices come from a folder and are in order.
  program_result with_prices(std::vector<std::string> more) const {
    std::filesystem::create_directory(file("prices"));
    write("prices/CBA.csv", "Date,Open,High,Low,Close,Volume\n"
                            "2024-01-08,10,12,9,11,1001\n");
    more.insert(more.begin(),
                {"--json", "--set", "price_source=live", "--set",
                 "price_feeds=folder", "--set", "price_folder=prices"});
    return doctor(std::move(more));
  }

  program_result doctor(std::vector<std::string> more) const {
    std::vector<std::string> all{"doctor", "--data-dir", folder().string()};
    for (auto key : {"prediction", "evaluation", "data", "dashboard"})
      all.insert(all.end(), {"--set", std::string{key} + "_port=0"});
    all.insert(all.end(), more.begin(), more.end());
    return banksia(all);
  }

  static std::string result_of(const boost::json::value& x,
                               std::string_view check, std::string* text = {}) {
    for (const auto& one : x.at("checks").as_array())
      if (one.at("check").as_string() == check) {
        if (text != nullptr)
          *text = one.at("text").as_string().c_str();
        return one.at("result").as_string().c_str();
      }
    return "not looked at";
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(doctor_tests, doctor_fixture)

CAF_TEST(without a folder the present one is looked at) {
  auto ran = run({"/bin/sh", "-c",
                  "cd '" + folder().string() + "' && exec '" BANKSIA_BINARY_DIR
                  "/banksia' doctor --json"});
  std::string text;
  CAF_CHECK_NOT_EQUAL(result_of(ran.json(), "disk", &text), "fail");
  CAF_CHECK(text.ends_with(" free in ."));
}

CAF_TEST(an empty folder is fit for the demo) {
  auto x = doctor({"--env", "demo"});
  CAF_CHECK_EQUAL(x.exit_code, 0);
  for (auto check : {"clock: ", "disk: ", "ports: ", "database: ", "feeds: ",
                     "model: "})
    CAF_CHECK(x.out.find(check) != std::string::npos);
  CAF_CHECK(x.err.empty());
}

CAF_TEST(a port that is taken is named with its key) {
  taken_port port;
  auto x = doctor({"--json", "--set", "data_port=" + port.text});
  CAF_CHECK_EQUAL(x.exit_code, 1);
  std::string text;
  CAF_CHECK_EQUAL(result_of(x.json(), "ports", &text), "fail");
  CAF_CHECK(text.find("data_port " + port.text) != std::string::npos);
  CAF_CHECK(!x.json().at("fit").as_bool());
}

CAF_TEST(a file that is no database is told) {
  auto file = write("broken.db", std::string(8192, 'x'));
  auto x = doctor({"--json", "--db", file});
  CAF_CHECK_EQUAL(x.exit_code, 1);
  std::string text;
  CAF_CHECK_EQUAL(result_of(x.json(), "database", &text), "fail");
  CAF_CHECK(text.find("broken.db") != std::string::npos);
}

CAF_TEST(a source that does not answer is told with the reason) {
  taken_port nobody;
  nobody.release();
  auto x = doctor({"--json", "--set", "price_source=live", "--set",
                   "yahoo_url=http://127.0.0.1:" + nobody.text});
  CAF_CHECK_EQUAL(x.exit_code, 1);
  std::string text;
  CAF_CHECK_EQUAL(result_of(x.json(), "feed yahoo", &text), "fail");
  CAF_CHECK(text.find("connect") != std::string::npos);
}

CAF_TEST(a watched folder is read and its bad files are named) {
  auto folder_of = [this](const std::string& name) {
    std::filesystem::create_directory(file(name));
    return doctor({"--json", "--set", "price_source=live", "--set",
                   "price_feeds=folder", "--set", "price_folder=" + name});
  };
  std::string text;
  auto away = doctor({"--json", "--set", "price_source=live", "--set",
                      "price_feeds=folder", "--set", "price_folder=away"});
  CAF_CHECK_EQUAL(away.exit_code, 1);
  CAF_CHECK_EQUAL(result_of(away.json(), "feed folder", &text), "fail");
  CAF_CHECK(holds(text, "no such file or folder"));
  CAF_CHECK_EQUAL(folder_of("empty").exit_code, 1);
  std::filesystem::create_directory(file("prices"));
  write("prices/CBA.csv", "Date,Open,High,Low,Close,Volume\n"
                          "2024-01-08,10,12,9,11,1001\n");
  auto good = folder_of("prices");
  CAF_CHECK_EQUAL(good.exit_code, 0);
  CAF_CHECK_EQUAL(result_of(good.json(), "feed folder", &text), "ok");
  CAF_CHECK(holds(text, "1 files with 1 series of the 8 symbols"));
  write("prices/bad.csv", "nothing of that kind");
  auto mixed = folder_of("prices");
  CAF_CHECK_EQUAL(mixed.exit_code, 0);
  CAF_CHECK_EQUAL(result_of(mixed.json(), "feed folder", &text), "warn");
  CAF_CHECK(holds(text, "bad.csv"));
  std::filesystem::remove(file("prices/CBA.csv"));
  CAF_CHECK_EQUAL(folder_of("prices").exit_code, 1);
}

CAF_TEST(news that do not come are told and stop nothing) {
  taken_port nobody;
  nobody.release();
  auto x = with_prices(
    {"--set", "news_feeds=http://127.0.0.1:" + nobody.text + "/rss"});
  CAF_CHECK_EQUAL(x.exit_code, 0);
  std::string text;
  CAF_CHECK_EQUAL(result_of(x.json(), "news 127.0.0.1", &text), "warn");
  CAF_CHECK(holds(text, "connect"));
  CAF_CHECK(holds(text, "news_feeds"));
}

CAF_TEST(a series of another market that does not come is told and stops nothing) {
  taken_port nobody;
  nobody.release();
  auto x = with_prices({"--set", "yahoo_url=http://127.0.0.1:" + nobody.text,
                        "--set", "context_series=vix aud_usd"});
  CAF_CHECK_EQUAL(x.exit_code, 0);
  std::string text;
  CAF_CHECK_EQUAL(result_of(x.json(), "context vix", &text), "warn");
  CAF_CHECK(holds(text, "connect"));
  CAF_CHECK_EQUAL(result_of(x.json(), "context aud_usd", &text), "warn");
  auto unknown = doctor({"--set", "price_source=live", "--set",
                         "context_series=gold"});
  CAF_CHECK_EQUAL(unknown.exit_code, 78);
  CAF_CHECK(holds(unknown.err, "no such context series: gold"));
}

CAF_TEST(an unknown source and a missing key are errors of the configuration) {
  auto unknown = doctor({"--set", "price_source=live", "--set",
                         "price_feeds=bloomberg"});
  CAF_CHECK_EQUAL(unknown.exit_code, 78);
  CAF_CHECK(unknown.err.find("bloomberg") != std::string::npos);
  auto keyless = doctor({"--set", "price_source=live", "--set",
                         "price_feeds=yahoo, alphavantage"});
  CAF_CHECK_EQUAL(keyless.exit_code, 78);
  CAF_CHECK(keyless.err.find("alphavantage_key_file") != std::string::npos);
  auto none = doctor({"--set", "price_source=live", "--set", "price_feeds=,"});
  CAF_CHECK_EQUAL(none.exit_code, 78);
}

CAF_TEST_FIXTURE_SCOPE_END()
