#include "apps/banksia/commands/forecast_again.hpp"

#include "apps/common/programs.hpp"
#include "runtime/json/text.hpp"
#include "runtime/process/process_watch.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include <unistd.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <future>

namespace banksia::commands {

namespace {

namespace json = boost::json;

/// Loading the library takes most of it.
constexpr std::chrono::seconds recompute_limit{60};
constexpr std::size_t answer_bytes_max = 1 << 20;

std::string hex(std::uint64_t bits) {
  return to_hex(0, bits).substr(16);
}

/// A file with a text in it that goes with this object.
class text_file {
public:
  explicit text_file(const std::string& text)
    : path_((std::filesystem::temp_directory_path() / "banksia-XXXXXX")
              .string()) {
    auto made = ::mkstemp(path_.data());
    if (made < 0)
      throw std::runtime_error("cannot make a temporary file: " + path_
                               + ": check the folder");
    ::close(made);
    std::ofstream{path_} << text;
  }
  ~text_file() { ::unlink(path_.c_str()); }
  text_file(const text_file&) = delete;
  text_file& operator=(const text_file&) = delete;

  const std::string& path() const noexcept { return path_; }

private:
  std::string path_;
};

/// What a program wrote and how it ended.
struct program_answer {
  std::string out;
  std::string err;
  process::process_exit end;
};

program_answer ask_program(const std::vector<std::string>& command,
                           const std::string& input) {
  program_answer answer;
  std::promise<void> ended;
  process::process_spec spec;
  spec.command = command;
  spec.input = input;
  process::process_events events;
  events.on_line = [&](process::stream from, const process::output_line& x) {
    (from == process::stream::output ? answer.out : answer.err) += x.text;
  };
  events.on_exit = [&](const process::process_exit& end) {
    answer.end = end;
    ended.set_value();
  };
  process::line_limits bounds;
  bounds.bytes_max = answer_bytes_max;
  process::process_watch running{spec, bounds, std::move(events)};
  auto end = ended.get_future();
  if (end.wait_for(recompute_limit) != std::future_status::ready) {
    running.request_stop(std::chrono::milliseconds{0});
    end.wait();
  }
  return answer;
}

double number_of(const json::value& x) {
  std::string_view text = x.at("bits").as_string();
  std::uint64_t bits = 0;
  std::from_chars(text.data(), text.data() + text.size(), bits, 16);
  return std::bit_cast<double>(bits);
}

forecast_reasons reasons_of(const json::value& x) {
  forecast_reasons result;
  result.score = x.at("score").to_number<double>();
  for (const auto& [name, value] : x.at("features").as_object())
    if (auto part = value.to_number<double>(); part != 0.0)
      result.parts.emplace_back(std::string{name}, part);
  for (auto whole : {"bars", "symbol", "rest"})
    result.parts.emplace_back(whole, x.at(whole).to_number<double>());
  std::stable_sort(result.parts.begin(), result.parts.end(),
                   [](const auto& a, const auto& b) {
                     return std::abs(a.second) > std::abs(b.second);
                   });
  return result;
}

} // namespace

json::object recompute_document(const class_forecast& said,
                                const forecast_row& row) {
  json::array features;
  for (auto value : row.features.values)
    features.push_back(json::string{hex(std::bit_cast<std::uint64_t>(value))});
  std::string window;
  for (auto byte : row.window.values) {
    constexpr char digits[] = "0123456789abcdef";
    window += digits[static_cast<unsigned char>(byte) >> 4];
    window += digits[static_cast<unsigned char>(byte) & 0xf];
  }
  return {{"model_version", said.model_version},
          {"symbol", row.symbol},
          {"batch_rows", said.batch_rows},
          {"batch_slot", said.batch_slot},
          {"features", std::move(features)},
          {"mask", hex(row.features.mask)},
          {"window", window},
          {"window_mask", row.window.mask}};
}

forecast_repeater::forecast_repeater(std::filesystem::path models)
  : models_(std::move(models)) {}

std::string forecast_repeater::repeat(class_forecast& said,
                                      const forecast_row& row) {
  auto program = program_beside("banksia-ml");
  if (::access(program.c_str(), X_OK) != 0)
    return "no program " + program.string() + ": install it beside banksia";
  try {
    text_file request{json_text(recompute_document(said, row))};
    auto answer = ask_program({program.string(), "recompute", "--models",
                               models_.string()},
                              request.path());
    if (!answer.end.succeeded())
      return answer.err.empty() ? "banksia-ml ended with "
                                    + to_string(answer.end)
                                : answer.err;
    auto made = json::parse(answer.out);
    const auto& numbers = made.at("forecast");
    said.down = fraction{number_of(numbers.at("down"))};
    said.flat = fraction{number_of(numbers.at("flat"))};
    said.up = fraction{number_of(numbers.at("up"))};
    said.magnitude = fraction{number_of(numbers.at("magnitude"))};
    said.outlying = made.at("outlying").to_number<std::uint32_t>();
    reasons_[said.model_version] = reasons_of(made.at("attribution"));
    elsewhere_ = elsewhere_
                 || made.at("environment").as_string() != said.environment;
  } catch (const std::exception& error) {
    return error.what();
  }
  return {};
}

} // namespace banksia::commands
