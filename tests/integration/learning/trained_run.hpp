#pragma once

/// A replay over simulated bars, and trainings on it.

#include "tests/integration/commands/program.hpp"

#include <string>
#include <vector>

namespace banksia::test {

/// `banksia-ml train` on a database of `place`.
inline program_result train(const program& place, const std::string& database,
                            const std::string& run,
                            const std::vector<std::string>& more,
                            const std::string& output = {}) {
  std::vector<std::string> command{
    BANKSIA_BINARY_DIR "/banksia-ml", "train",  "--db",
    place.file(database),             "--run",  run,
    "--output",                       output.empty() ? place.file("models")
                                                     : output,
    "--json"};
  command.insert(command.end(), more.begin(), more.end());
  return place.run(command);
}

struct trained_run {
  program place;
  std::string run;
  std::string output = place.file("models");

  /// 500 sessions from 2018 on.
  trained_run() {
    auto bars = place.file("bars");
    std::filesystem::create_directory(bars);
    auto made = place.run({BANKSIA_BINARY_DIR "/make_bars", bars, "500", "3",
                           "2018-01-02"});
    if (made.exit_code != 0)
      throw std::runtime_error("make_bars: " + made.err);
    auto replayed = place.banksia(
      {"replay", "--bars", bars, "--index", bars + "/XJO.csv", "--symbols",
       "CBA.AX,WBC.AX,NAB.AX", "--from", "2018-01-02", "--to", "2019-12-20",
       "--db", place.file("run.db"), "--json"});
    if (replayed.exit_code != 0)
      throw std::runtime_error("replay: " + replayed.err);
    run = replayed.json().at("run").as_string();
  }

  program_result train(std::vector<std::string> more,
                       const std::string& as_of = "2019-12-31T08:00:00Z") const {
    more.insert(more.end(), {"--as-of", as_of});
    if (std::find(more.begin(), more.end(), "--kind") == more.end())
      more.insert(more.end(), {"--kind", "mlp"});
    return test::train(place, "run.db", run, more, output);
  }
};

} // namespace banksia::test
