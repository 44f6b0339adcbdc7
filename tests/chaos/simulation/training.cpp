#include "tests/chaos/simulation/training.hpp"

#include "messages/ids.hpp"
#include "models/features/recent_bars.hpp"
#include "models/forecast/model_file.hpp"
#include "tests/chaos/simulation/trace.hpp"
#include "tests/unit/forecast/file_samples.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <csignal>
#include <fstream>

namespace banksia::chaos {

using namespace std::chrono_literals;

namespace {

namespace json = boost::json;
using process::process_exit;

constexpr std::array<std::string_view, 9> names{
  "goes well",         "crashes",          "has a loss that is no number",
  "hangs",             "says no result",   "writes garbage",
  "tears its model",   "writes no model",  "names another model"};

/// What follows an option of the command.
std::string option_of(const process::process_spec& spec,
                      std::string_view name) {
  auto at = std::find(spec.command.begin(), spec.command.end(), name);
  return at == spec.command.end() || at + 1 == spec.command.end() ? ""
                                                                  : at[1];
}

/// The model of a time; made again it has the same bytes.
forecast::model_content model_as_of(const std::string& as_of,
                                    std::uint64_t seed) {
  auto x = test::sample_content();
  auto& m = x.manifest;
  m.shape.bar_channels.assign(recent_bar_channels.begin(),
                              recent_bar_channels.end());
  m.seed = seed;
  auto time = parse_rfc3339(as_of).value_or(timestamp{});
  m.data_to = time;
  m.version = forecast::model_version(time, m.shape.kind, m.data_hash, m.seed);
  return x;
}

class simulated_program : public training_program {
public:
  simulated_program(const scenario& of, const process::process_spec& spec,
                    time_point now, training_way how,
                    std::chrono::milliseconds lasts, training_book& book)
    : of_(of), how_(how), began_(now), lasts_(lasts), book_(book),
      folder_(option_of(spec, "--output")),
      content_(model_as_of(option_of(spec, "--as-of"), of.seed)) {
    // As a verdict does: of the model and of whom it is measured against.
    earned_ = content_hash(content_.manifest.version
                           + option_of(spec, "--champion").substr(
                             option_of(spec, "--champion").rfind('/') + 1))
                % 2
              == 0;
  }

  pid_t pid() const noexcept override { return 1; }

  std::optional<process_exit> ended(time_point now) override {
    if (exit_)
      return exit_;
    auto passed = now - began_;
    tell_progress(passed);
    if (how_ != training_way::hangs && passed >= lasts_)
      exit_ = finish();
    return exit_;
  }

  std::optional<std::size_t> read(stream from, std::span<char> into) override {
    auto& text = from == stream::output ? output_ : errors_;
    auto count = std::min(into.size(), text.size());
    std::copy_n(text.begin(), count, into.begin());
    text.erase(0, count);
    if (count == 0 && !exit_)
      return std::nullopt;
    return count;
  }

  void terminate() noexcept override { end_by(SIGTERM); }
  void kill() noexcept override { end_by(SIGKILL); }
  void wait(std::chrono::milliseconds) const override {}

private:
  void end_by(int signal) noexcept {
    if (!exit_)
      exit_ = process_exit{-1, signal};
  }

  void tell_progress(std::chrono::nanoseconds passed) {
    static constexpr std::array stages{"reading bars", "fitting", "judging"};
    while (told_ < stages.size() && passed >= lasts_ * told_ / stages.size()) {
      if (how_ == training_way::hangs && told_ == 1)
        return;
      if (how_ == training_way::garbage)
        output_ += "\x01\xff{{{\n{\"progress\":2}\n";
      else
        output_ += json::serialize(json::object{
                     {"stage", stages[told_]},
                     {"progress", 0.25 * static_cast<double>(told_ + 1)}})
                   + "\n";
      ++told_;
    }
  }

  process_exit finish() {
    switch (how_) {
      case training_way::crashes:
        errors_ += "terminate called on purpose\n";
        return {-1, SIGSEGV};
      case training_way::fails:
        output_ += R"({"result":{"status":"failed","reason":"the loss is no )"
                   "number\"}}\n";
        return {1, 0};
      case training_way::says_less:
      case training_way::garbage:
        return {0, 0};
      default:
        write_model();
        tell_result();
        return {0, 0};
    }
  }

  std::string file() const {
    return folder_ + "/" + content_.manifest.version + ".model";
  }

  void write_model() {
    auto bytes = forecast::to_bytes(content_);
    if (how_ == training_way::missing)
      return;
    if (how_ == training_way::torn)
      bytes.resize(bytes.size() / 2);
    std::ofstream{file(), std::ios::binary} << bytes;
  }

  void tell_result() {
    const auto& version = content_.manifest.version;
    if (how_ == training_way::done) {
      book_.made.insert(version);
      if (earned_)
        book_.earned.insert(version);
    }
    auto promote = earned_ || of_.bug == planted::unearned_champion;
    output_
      += json::serialize(json::object{
           {"result",
            {{"status", "done"},
             {"model_file", file()},
             {"model_version",
              how_ == training_way::misnamed ? "another" : version},
             {"promote", promote},
             {"reasons", json::array{"as the dice say"}},
             {"report", {{"ece", 0.03}}}}}})
         + "\n";
  }

  const scenario& of_;
  training_way how_;
  time_point began_;
  std::chrono::nanoseconds lasts_;
  training_book& book_;
  std::string folder_;
  forecast::model_content content_;
  bool earned_ = false;
  std::size_t told_ = 0;
  std::string output_;
  std::string errors_;
  std::optional<process_exit> exit_;
};

} // namespace

std::string_view to_string(training_way x) {
  return names[static_cast<std::size_t>(x)];
}

std::unique_ptr<training_program>
simulated_training(const scenario& of, const process::process_spec& spec,
                   training_program::time_point now, dice& numbers, trace& seen,
                   training_book& book, bool calm) {
  auto how = training_way::done;
  if (!calm && numbers.chance(0.6))
    how = static_cast<training_way>(numbers.below(names.size()));
  std::chrono::milliseconds lasts{numbers.between(100, 12'000)};
  auto as_of = option_of(spec, "--as-of");
  seen.remark("a training as of " + as_of + " " + std::string{to_string(how)}
                + " after " + std::to_string(lasts.count()) + " ms",
              now.time_since_epoch());
  return std::make_unique<simulated_program>(of, spec, now, how, lasts, book);
}

} // namespace banksia::chaos
