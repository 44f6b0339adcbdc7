#define CAF_SUITE replay_context

// Headlines and series of other markets in a replay.

#include "tests/integration/replay/replay_fixture.hpp"
#include "tests/integration/replay/sydney_days.hpp"

#include "messages/features.hpp"

#include "caf/test/unit_test.hpp"

#include <cmath>
#include <cstring>
#include <map>

using namespace banksia;
using namespace banksia::test;

namespace {

/// One feature of all predictions, by symbol and day; NaN where it is missing.
std::map<std::pair<std::string, std::string>, double>
feature_of(const fs::path& file, std::size_t index) {
  std::map<std::pair<std::string, std::string>, double> result;
  auto db = open_store(file);
  auto query = db.prepare("SELECT symbol, timestamp, features "
                          "FROM predictions");
  while (query.step()) {
    // The set's version, the mask, then the values.
    auto bytes = query.blob(2);
    constexpr std::size_t head = 8 + 8;
    CAF_REQUIRE_EQUAL(bytes.size(), head + 8 * feature_count);
    std::uint64_t mask = 0;
    std::memcpy(&mask, bytes.data() + 8, 8);
    double value = std::nan("");
    if (mask >> index & 1)
      std::memcpy(&value, bytes.data() + head + 8 * index, 8);
    result[{std::string{query.text(0)},
            sydney_text(query.integer(1)).substr(0, 10)}]
      = value;
  }
  return result;
}

std::size_t present(const std::map<std::pair<std::string, std::string>,
                                   double>& of) {
  std::size_t n = 0;
  for (const auto& [key, value] : of)
    n += !std::isnan(value);
  return n;
}

/// Every `step`-th prediction is made again bit for bit.
void check_explained(const fs::path& file, int step) {
  words ids;
  {
    auto db = open_store(file);
    auto query = db.prepare("SELECT prediction_id FROM predictions "
                            "ORDER BY prediction_id");
    while (query.step())
      ids.emplace_back(query.text(0));
  }
  CAF_REQUIRE(!ids.empty());
  for (std::size_t i = 0; i < ids.size(); i += static_cast<std::size_t>(step)) {
    auto done = run_child({BANKSIA_BINARY_DIR "/banksia", "explain", ids[i],
                           "--db", "sqlite:" + file.string(), "--json"});
    CAF_CHECK_EQUAL(done.code, 0);
    CAF_CHECK(boost::json::parse(done.out).at("identical").as_bool());
  }
}

struct context_fixture : replay_fixture {
  fs::path write(const std::string& name, const std::string& text) const {
    std::ofstream{folder / name} << text;
    return folder / name;
  }

  /// A year of simulated bars from March 2010 on, and what else there is.
  replay_call call(const std::string& db, words more = {}) const {
    auto x = simulated_call(bars, db);
    x.to = "2010-06-30";
    x.symbols = {};
    x.more = {"--json"};
    x.more.insert(x.more.end(), more.begin(), more.end());
    return x;
  }

  /// The Australian dollar and the VIX on some days of May.
  words other_markets() const {
    auto rate = write("fx.csv", "Date,Open,High,Low,Close,Volume\n"
                                "2010-05-03,0.92,0.93,0.91,0.925,0\n"
                                "2010-05-04,0.92,0.93,0.90,0.9125,0\n"
                                "2010-05-05,0.91,0.92,0.90,0.90625,0\n");
    auto vix = write("fear.csv", "Date,Open,High,Low,Close,Volume\n"
                                 "2010-05-04,21,24,20,23.5,0\n");
    return {"--context", "aud_usd=" + rate.string(), "--context",
            "vix=" + vix.string()};
  }

  int failure(words more, const std::string& word) const {
    auto done = run_child(command_of(call("failed.db", std::move(more))));
    CAF_MESSAGE(done.err);
    CAF_CHECK(done.err.find(word) != std::string::npos);
    CAF_CHECK(done.err.starts_with("banksia: "));
    return done.code;
  }

  fs::path bars = simulate(260, 11);
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(replay_context_tests, context_fixture)

CAF_TEST(a level counts from the end of its day on) {
  auto x = call("levels.db", other_markets());
  replay(x);
  auto rates = feature_of(x.db, feature_index("aud_usd_rate"));
  auto levels = feature_of(x.db, feature_index("vix_level"));
  auto rate = [&](const char* day) { return rates.at({"CBA.AX", day}); };
  auto level = [&](const char* day) { return levels.at({"CBA.AX", day}); };
  // A cycle is made before the day in New York begins.
  CAF_CHECK(std::isnan(rate("2010-05-03")));
  CAF_CHECK_EQUAL(rate("2010-05-04"), 0.925);
  CAF_CHECK_EQUAL(rate("2010-05-05"), 0.9125);
  CAF_CHECK_EQUAL(rate("2010-05-06"), 0.90625);
  CAF_CHECK(std::isnan(level("2010-05-04")));
  CAF_CHECK_EQUAL(level("2010-05-05"), 23.5);
  // Known at the end of the 5th: five days later it is too old.
  CAF_CHECK_EQUAL(rate("2010-05-10"), 0.90625);
  CAF_CHECK(std::isnan(rate("2010-05-11")));
  check_explained(x.db, 37);
}

CAF_TEST(the same again and resumed it is the same) {
  auto more = other_markets();
  auto whole = digest_of(replay(call("whole.db", more)));
  CAF_CHECK_EQUAL(digest_of(replay(call("twice.db", more))), whole);
  auto half = call("resumed.db", more);
  half.to = "2010-05-05";
  CAF_CHECK(digest_of(replay(half)) != whole);
  CAF_CHECK_EQUAL(digest_of(replay(call("resumed.db", more))), whole);
  // Another run in the same database knows nothing of them.
  auto without = replay(call("whole.db"));
  CAF_CHECK(digest_of(without) != whole);
  CAF_CHECK_EQUAL(digest_of(replay(call("alone.db"))), digest_of(without));
  check_explained(folder / "whole.db", 83);
}

CAF_TEST(what the market did is told on each day) {
  auto x = call("market.db");
  replay(x);
  auto index = feature_of(x.db, feature_index("asx200_change"));
  auto sector = feature_of(x.db, feature_index("sector_performance"));
  auto breadth = feature_of(x.db, feature_index("market_breadth"));
  auto own = feature_of(x.db, feature_index("price_change_1d"));
  CAF_CHECK_EQUAL(present(index), index.size());
  CAF_CHECK_EQUAL(present(breadth), breadth.size());
  CAF_CHECK_EQUAL(
    present(feature_of(x.db, feature_index("aud_usd_rate"))), 0u);
  // Against the symbols' own features.
  std::map<std::string, std::vector<double>> days;
  for (const auto& [key, value] : own)
    days[key.second].push_back(value);
  CAF_REQUIRE(days.size() > 60);
  for (const auto& [key, value] : sector) {
    const auto& of = days.at(key.second);
    double sum = 0, signs = 0;
    for (auto change : of) {
      sum += change;
      signs += (change > 0) - (change < 0);
    }
    auto n = static_cast<double>(of.size());
    CAF_CHECK(std::abs(value - sum / n) < 1e-12);
    CAF_CHECK(std::abs(breadth.at(key) - signs / n) < 1e-12);
  }
}

CAF_TEST(headlines count from when they were known) {
  auto news = write("news.csv",
                    "symbol,headline,published_at,source\n"
                    "CBA.AX,CBA profit jumps to a record,"
                    "2010-05-04T01:00:00Z,Reuters\n"
                    "CBA.AX,CBA shares plunge after a loss,"
                    "2010-05-05T12:00:00Z,Reuters\n");
  auto x = call("news.db", {"--news", news.string()});
  auto told = replay(x);
  auto counts = feature_of(x.db, feature_index("news_count"));
  auto count = [&](const char* symbol, const char* day) {
    return counts.at({symbol, day});
  };
  CAF_CHECK(std::isnan(count("CBA.AX", "2010-05-03")));
  CAF_CHECK_EQUAL(count("CBA.AX", "2010-05-04"), 1.0);
  // The second one came in the evening.
  CAF_CHECK_EQUAL(count("CBA.AX", "2010-05-05"), 1.0);
  CAF_CHECK_EQUAL(count("CBA.AX", "2010-05-06"), 2.0);
  CAF_CHECK(std::isnan(count("WBC.AX", "2010-05-06")));
  check_explained(x.db, 41);
  CAF_CHECK_EQUAL(digest_of(replay(call("again.db",
                                        {"--news", news.string()}))),
                  digest_of(told));
  auto half = call("resumed-news.db", {"--news", news.string()});
  half.to = "2010-05-04";
  replay(half);
  CAF_CHECK_EQUAL(digest_of(replay(call("resumed-news.db",
                                        {"--news", news.string()}))),
                  digest_of(told));
  // Without the option the same database has no news.
  auto without = call("news.db");
  CAF_CHECK(digest_of(replay(without)) != digest_of(told));
}

CAF_TEST(what makes no sense is refused before any work) {
  auto file = other_markets()[1].substr(8);
  CAF_CHECK_EQUAL(failure({"--context", "gold=" + file},
                          "no such context series: --context gold="),
                  2);
  CAF_CHECK_EQUAL(failure({"--context", file}, "not NAME=PATH"), 2);
  CAF_CHECK_EQUAL(failure({"--context", "vix="}, "not NAME=PATH"), 2);
  CAF_CHECK_EQUAL(failure({"--context", "vix=" + file, "--context",
                           "vix=" + file},
                          "given twice"),
                  2);
  CAF_CHECK(!fs::exists(folder / "failed.db"));
  CAF_CHECK_EQUAL(failure({"--context", "vix=/no/such/file.csv"},
                          "no such file or folder"),
                  65);
  CAF_CHECK_EQUAL(failure({"--context",
                           "vix=" + write("head.csv",
                                          "Date,Open,High,Low,Close,Volume\n")
                                      .string()},
                          "no bar in the file: --context vix="),
                  65);
  CAF_CHECK_EQUAL(failure({"--news", "/no/such/news.csv"},
                          "no such file or folder"),
                  65);
  CAF_CHECK_EQUAL(failure({"--news", file, "--zone", "Sydney"},
                          "no such time zone: --zone Sydney"),
                  2);
}

CAF_TEST(recorded series) {
  auto prices = shared_folder("asx_yfinance_2024-2026_other");
  auto other = shared_folder("axjo_like_yfinance_multiheader");
  auto intraday = shared_folder("intraday");
  if (prices.empty() || other.empty() || intraday.empty())
    return;
  replay_call x;
  x.bars = prices;
  x.from = "2025-10-01";
  x.to = "2025-12-31";
  x.db = folder / "recorded.db";
  x.symbols = {};
  x.more = {"--json", "--context",
            "aud_usd=" + (intraday / "AUDUSD=X_15m.csv").string(),
            "--context", "vix=" + (other / "^VIX.csv").string()};
  auto told = replay(x);
  CAF_CHECK(count_of(told, "cycles") > 60);
  auto levels = feature_of(x.db, feature_index("vix_level"));
  auto rates = feature_of(x.db, feature_index("aud_usd_rate"));
  CAF_CHECK_EQUAL(present(levels), levels.size());
  CAF_CHECK(present(rates) > rates.size() / 2);
  // That of the day before in New York, as the file says it.
  std::map<std::string, double> closes;
  std::ifstream in{other / "^VIX.csv"};
  for (std::string line; std::getline(in, line);)
    if (line.starts_with("20"))
      closes[line.substr(0, 10)] = std::stod(line.substr(11));
  std::size_t compared = 0;
  for (const auto& [key, value] : levels) {
    auto day = closes.lower_bound(key.second);
    CAF_REQUIRE(day != closes.begin());
    CAF_CHECK_EQUAL(value, std::prev(day)->second);
    ++compared;
  }
  CAF_CHECK(compared > 1000);
  check_explained(x.db, 499);
  x.db = folder / "recorded-again.db";
  CAF_CHECK_EQUAL(digest_of(replay(x)), digest_of(told));
}

CAF_TEST_FIXTURE_SCOPE_END()
