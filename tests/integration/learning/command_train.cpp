#define CAF_SUITE command_train
#include "models/forecast/forecast_model.hpp"
#include "models/forecast/model_file.hpp"
#include "tests/integration/commands/stored_run.hpp"
#include "tests/integration/learning/trained_run.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;
using namespace banksia::test;

namespace {

/// The lines of the output, each a document; the last one is the result.
std::vector<boost::json::object> lines_of(const program_result& x) {
  std::vector<boost::json::object> result;
  std::istringstream in{x.out};
  for (std::string line; std::getline(in, line);)
    result.push_back(boost::json::parse(line).as_object());
  return result;
}

boost::json::object result_of(const program_result& x) {
  auto lines = lines_of(x);
  return lines.empty() ? boost::json::object{}
                       : lines.back().at("result").as_object();
}

std::string reason_of(const program_result& x) {
  auto result = result_of(x);
  if (x.exit_code != 1 || result.at("status").as_string() != "failed")
    return "";
  return std::string{result.at("reason").as_string()};
}

} // namespace

CAF_TEST(a training writes a sealed file and says what it is worth) {
  trained_run x;
  auto done = x.train({"--seed", "7", "--trials", "2"});
  CAF_REQUIRE_EQUAL(done.exit_code, 0);
  auto lines = lines_of(done);
  CAF_CHECK(lines.size() > 5u);
  auto progress = 0.0;
  for (std::size_t i = 0; i + 1 < lines.size(); ++i) {
    CAF_CHECK(!lines[i].at("stage").as_string().empty());
    auto now = lines[i].at("progress").to_number<double>();
    CAF_CHECK(now >= progress);
    progress = now;
  }
  CAF_CHECK(progress <= 1.0);
  auto result = result_of(done);
  CAF_CHECK_EQUAL(result.at("status").as_string(), "done");
  CAF_CHECK_EQUAL(result.at("promote").as_bool(), false);
  CAF_CHECK(result.at("reasons").as_array().size() >= 4u);
  CAF_CHECK(result.at("report").as_object().contains("verdict"));
  std::string file{result.at("model_file").as_string()};
  std::ifstream in{file, std::ios::binary};
  std::ostringstream bytes;
  bytes << in.rdbuf();
  auto content = forecast::from_bytes(bytes.str());
  const auto& m = content.manifest;
  CAF_CHECK_EQUAL(m.version, result.at("model_version").as_string());
  CAF_CHECK_EQUAL(m.seed, 7u);
  CAF_CHECK_EQUAL(m.trials, 3u);
  CAF_CHECK_EQUAL(m.configuration_hash,
                  config::configuration_hash(config::settings{}));
  CAF_CHECK(forecast::to_json(m) == result.at("manifest"));
  CAF_CHECK(m.shape.kind == forecast::model_kind::mlp);
  CAF_CHECK_EQUAL(forecast::forecast_model::from_tensors(m.shape,
                                                         content.tensors)
                    .symbol_index("CBA.AX"),
                  0u);
  // The same once more: the same name and bytes.
  auto again = x.train({"--seed", "7", "--trials", "2"});
  CAF_CHECK(again.out == done.out);
  std::ifstream reread{file, std::ios::binary};
  std::ostringstream same;
  same << reread.rdbuf();
  CAF_CHECK(same.str() == bytes.str());
}

CAF_TEST(nothing later than the given time is used) {
  trained_run x;
  auto end = x.train({"--days", "400"}, "2019-10-01T08:00:00Z");
  CAF_REQUIRE_EQUAL(end.exit_code, 0);
  auto m = result_of(end).at("manifest").as_object();
  CAF_CHECK(m.at("data_to").as_string() <= "2019-10-01T08:00:00Z");
  CAF_CHECK(m.at("data_from").as_string() >= "2018-08-27");
}

CAF_TEST(a champion is compared and one that is none is refused) {
  trained_run x;
  auto old = x.train({}, "2019-03-01T08:00:00Z");
  CAF_REQUIRE_EQUAL(old.exit_code, 0);
  std::string champion{result_of(old).at("model_file").as_string()};
  auto now = x.train({"--champion", champion});
  CAF_REQUIRE_EQUAL(now.exit_code, 0);
  auto verdict = result_of(now).at("report").at("verdict").as_object();
  CAF_CHECK(verdict.at("gain_over_champion").is_double());
  auto first = result_of(now).at("reasons").as_array().at(1).as_string();
  CAF_CHECK(holds(std::string{first}, "the champion"));
  x.place.write("no.model", "BANKSIA?");
  CAF_CHECK(holds(reason_of(x.train({"--champion", x.place.file("no.model")})),
                  "model"));
  CAF_CHECK(holds(reason_of(x.train({"--champion", x.place.file("none")})),
                  "cannot read the model"));
}

CAF_TEST(too little data is a failed training with the reason) {
  program place;
  make_run(place.file("few.db"), "a build");
  auto failed = train(place, "few.db", std::string{run_name},
                      {"--as-of", "2024-06-01T00:00:00Z"});
  CAF_CHECK(reason_of(failed).starts_with("too_little_data: "));
  CAF_CHECK(is_one_line(failed.err));
  CAF_CHECK(failed.err.starts_with("banksia-ml: training failed: too_little"));
  CAF_CHECK(!std::filesystem::exists(place.folder() / "models"));
}

CAF_TEST(a database that gives nothing is a failed training) {
  program place;
  std::vector<std::string> at{"--as-of", "2024-06-01T00:00:00Z"};
  CAF_CHECK(!reason_of(train(place, "none.db", "live", at)).empty());
  place.write("text.db", "this is no database, whatever its name says\n");
  CAF_CHECK(holds(reason_of(train(place, "text.db", "live", at)), "text.db"));
  make_run(place.file("few.db"), "a build");
  CAF_CHECK(holds(reason_of(train(place, "few.db", "live", at)),
                  "no such run: live"));
}

CAF_TEST(a run without predictions needs settings) {
  program place;
  auto db = store::open_for_writing(place.file("empty.db"));
  store::ledger{db}.register_run("live", "live", R"({"symbols":["CBA.AX"]})");
  std::vector<std::string> at{"--as-of", "2024-06-01T00:00:00Z"};
  CAF_CHECK(holds(reason_of(train(place, "empty.db", "live", at)),
                  "no prediction of the run yet"));
  at.insert(at.end(), {"--set", "model_kind=logistic"});
  CAF_CHECK(reason_of(train(place, "empty.db", "live", at))
              .starts_with("too_little_data: "));
}

CAF_TEST(what the caller got wrong is no failed training) {
  program place;
  auto wrong_time = train(place, "none.db", "live", {"--as-of", "yesterday"});
  CAF_CHECK_EQUAL(wrong_time.exit_code, 2);
  CAF_CHECK(wrong_time.out.empty());
  auto wrong_kind = train(place, "none.db", "live",
                          {"--as-of", "2024-06-01T00:00:00Z", "--kind",
                           "forest"});
  CAF_CHECK_EQUAL(wrong_kind.exit_code, 2);
  auto wrong_key = train(place, "none.db", "live",
                         {"--as-of", "2024-06-01T00:00:00Z", "--set",
                          "model_kindd=mlp"});
  CAF_CHECK_EQUAL(wrong_key.exit_code, 78);
}

CAF_TEST(a folder that cannot be written is a failed training) {
  trained_run x;
  x.place.write("taken", "a file where the folder should be");
  x.output = x.place.file("taken");
  CAF_CHECK(holds(reason_of(x.train({"--kind", "logistic"})), "taken"));
}
