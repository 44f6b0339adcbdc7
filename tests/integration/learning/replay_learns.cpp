#define CAF_SUITE replay_learns

// A replay over bars that hold something to learn, until it turns into its
// opposite: models come to serve, and one is demoted.

#include "actors/store/queries.hpp"
#include "actors/store/schema.hpp"
#include "models/market/calendar.hpp"
#include "tests/integration/commands/program.hpp"

#include "caf/test/unit_test.hpp"

#include <set>

using namespace banksia;
using namespace banksia::test;

namespace {

struct learning_replay {
  program place;

  learning_replay() {
    auto made = place.run({BANKSIA_BINARY_DIR "/plant_bars", place.file("bars"),
                           "262", "7", "12", "0.3", "200"});
    CAF_REQUIRE_EQUAL(made.exit_code, 0);
  }

  program_result run(const std::string& db,
                     const std::string& to = "2019-01-15") const {
    return place.banksia({"replay", "--bars", place.file("bars"), "--from",
                          "2018-01-02", "--to", to, "--db", place.file(db),
                          "--train", "--json", "--set", "model_kind=mlp",
                          "--set", "model_retrain_interval_days=60", "--set",
                          "demotion_days=3"});
  }

  std::string digest(const program_result& x) const {
    if (x.exit_code != 0)
      CAF_FAIL("the replay failed: " << x.err);
    return std::string{x.json().at("digest").as_string()};
  }

  std::string models(const std::string& db) const {
    for (const auto& x :
         std::filesystem::directory_iterator(place.file(db) + ".models"))
      if (x.path().filename().string().starts_with("replay-"))
        return x.path().string();
    return {};
  }
};

/// Who decided at each slot, oldest first, each once in a row.
std::vector<std::string> who_served(storage::database& db) {
  std::vector<std::string> result;
  auto query = db.prepare("SELECT DISTINCT timestamp, model_version FROM "
                          "predictions WHERE abstained = 0 ORDER BY timestamp");
  while (query.step())
    if (result.empty() || result.back() != query.text(1))
      result.emplace_back(query.text(1));
  return result;
}

} // namespace

CAF_TEST(a replay predicts by what it promotes and again the same) {
  learning_replay x;
  auto whole = x.digest(x.run("whole.db"));
  auto db = store::open_for_reading(x.place.file("whole.db"));
  store::queries ask{db};
  // The rules, a champion, and the rules again when it was demoted.
  auto served = who_served(db);
  CAF_REQUIRE_EQUAL(served.size(), 3u);
  CAF_CHECK_EQUAL(served[0], "rules-1");
  CAF_CHECK_EQUAL(served[2], "rules-1");
  std::set<std::string> promoted;
  timestamp from{};
  for (const auto& training : ask.trainings(100))
    if (training.promoted) {
      promoted.insert(training.model_version);
      from = training.requested_at;
    }
  CAF_REQUIRE_EQUAL(promoted.size(), 1u);
  CAF_CHECK(promoted.contains(served[1]));
  auto first = db.prepare("SELECT min(timestamp) FROM predictions WHERE "
                          "model_version = ?");
  first.bind_all(served[1]);
  CAF_REQUIRE(first.step());
  exchange_calendar calendar;
  auto session = calendar.next_session_after(from);
  CAF_REQUIRE(session != nullptr);
  CAF_CHECK_EQUAL(first.integer(0), to_micros(session->auction_ends_at));
  for (const auto& model : ask.models())
    if (model.model_version == served[1]) {
      CAF_CHECK_EQUAL(model.status, "deprecated");
      CAF_CHECK(model.reason.starts_with("out of bounds for 3 trading days"));
    }

  // A prediction of it is made again to the bit, its forecasts too.
  auto one = db.prepare("SELECT max(prediction_id) FROM predictions WHERE "
                        "model_version = ? AND abstained = 0");
  one.bind_all(served[1]);
  CAF_REQUIRE(one.step());
  auto explained = x.place.banksia({"explain", std::string{one.text(0)}, "--db",
                                    x.place.file("whole.db"), "--json"});
  CAF_CHECK_EQUAL(explained.exit_code, 0);
  CAF_CHECK(explained.json().at("identical").as_bool());
  CAF_CHECK(explained.json().at("unchecked").as_array().empty());

  // In two parts: the second goes on with the models of the first.
  auto part = x.digest(x.run("parts.db", "2018-08-31"));
  CAF_CHECK(part != whole);
  CAF_CHECK_EQUAL(x.digest(x.run("parts.db")), whole);
}

CAF_TEST(models that do not belong to the database are told or forgotten) {
  learning_replay x;
  auto part = x.digest(x.run("part.db", "2018-07-31"));
  auto folder = x.models("part.db");
  CAF_REQUIRE(!folder.empty());
  // A new database beside old models begins as if there were none.
  for (const auto* suffix : {"", "-wal", "-shm"})
    std::filesystem::remove(x.place.file("part.db") + suffix);
  CAF_CHECK_EQUAL(x.digest(x.run("part.db", "2018-07-31")), part);
  // A database without its models does not go on.
  std::filesystem::remove_all(folder);
  auto refused = x.run("part.db");
  CAF_CHECK_EQUAL(refused.exit_code, 65);
  CAF_CHECK(holds(refused.err, "a model of this run is gone"));
  CAF_CHECK(holds(refused.err, folder));
}

CAF_TEST(a model that was exchanged ends the replay and is named) {
  learning_replay x;
  x.digest(x.run("part.db", "2018-07-31"));
  auto folder = x.models("part.db");
  for (const auto& file : std::filesystem::directory_iterator(folder))
    if (file.path().extension() == ".model")
      std::ofstream{file.path(), std::ios::app} << "tail";
  auto ended = x.run("part.db");
  CAF_CHECK_EQUAL(ended.exit_code, 69);
  CAF_CHECK(holds(ended.err, "no models to go on with: --train: "
                             "a model cannot be used: 20180618T080000Z-mlp-"));
  CAF_CHECK(ended.out.empty());
}
