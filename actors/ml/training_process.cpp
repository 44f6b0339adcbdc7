#include "actors/ml/training_process.hpp"

#include <boost/json/parse.hpp>

#include <array>
#include <cmath>

namespace banksia {

namespace {

namespace json = boost::json;
using process::output_line;

/// A stage is for people; no program needs more.
constexpr std::size_t stage_bytes_max = 200;
constexpr std::size_t error_bytes_max = 500;

constexpr process::line_limits output_limits{
  training_process::line_bytes_max, 200, 1000};
constexpr process::line_limits error_limits{error_bytes_max, 20, 200};

std::string text_of(const json::object& from, std::string_view name) {
  auto value = from.if_contains(name);
  auto text = value ? value->if_string() : nullptr;
  return text ? std::string{*text} : std::string{};
}

/// What a program writes may be anything, and ends up in JSON.
std::string printable(std::string_view text) {
  std::string result{text};
  for (auto& x : result)
    if (static_cast<unsigned char>(x) < 0x20
        || static_cast<unsigned char>(x) > 0x7e)
      x = '?';
  return result;
}

std::string duration_text(std::chrono::milliseconds x) {
  if (x < std::chrono::minutes{1})
    return std::to_string(x.count()) + " ms";
  auto minutes = x.count() / 60'000;
  return std::to_string(minutes) + (minutes == 1 ? " minute" : " minutes");
}

} // namespace

training_process::training_process(const process::process_spec& spec,
                                   training_limits limits, time_point now,
                                   line_sink on_error)
  : training_process(start_child_program(spec), limits, now,
                     std::move(on_error)) {}

training_process::training_process(std::unique_ptr<training_program> program,
                                   training_limits limits, time_point now,
                                   line_sink on_error)
  : limits_(limits),
    started_(now),
    heard_(now),
    on_error_(std::move(on_error)),
    program_(std::move(program)),
    output_{training_program::stream::output,
            process::line_splitter{output_limits}},
    errors_{training_program::stream::errors,
            process::line_splitter{error_limits}} {}

void training_process::take_progress(const json::object& line,
                                     time_point now) {
  auto stage = text_of(line, "stage");
  auto said = line.if_contains("progress");
  auto progress = progress_;
  if (said && said->is_number())
    progress = said->to_number<double>();
  if (stage.empty() || stage.size() > stage_bytes_max
      || !(progress >= 0.0 && progress <= 1.0)) {
    ++garbage_;
    return;
  }
  // Saying the same again is no progress.
  if (stage != stage_ || progress != progress_)
    heard_ = now;
  stage_ = std::move(stage);
  progress_ = progress;
}

void training_process::hear(const output_line& line, time_point now) {
  garbage_ += line.dropped_before;
  if (line.text.empty())
    return;
  json::error_code failed;
  auto value = json::parse(json::string_view{line.text.data(),
                                             line.text.size()},
                           failed);
  auto object = failed || line.cut ? nullptr : value.if_object();
  if (!object) {
    ++garbage_;
    return;
  }
  auto result = object->if_contains("result");
  if (!result) {
    take_progress(*object, now);
  } else if (auto content = result->if_object()) {
    heard_ = now;
    result_ = *content;
  } else {
    ++garbage_;
  }
}

void training_process::hear_error(const output_line& line) {
  if (line.text.empty())
    return;
  last_error_ = printable(line.text);
  if (on_error_)
    on_error_(last_error_);
}

void training_process::read_from(source& from, time_point now,
                                 const process::line_splitter::sink& to) {
  std::array<char, 65536> buffer;
  for (std::size_t read = 0; read < look_bytes_max;) {
    auto count = program_->read(from.from, buffer);
    if (!count || *count == 0)
      return;
    read += *count;
    from.lines.feed({buffer.data(), *count}, now, to);
  }
}

void training_process::read_all(time_point now) {
  read_from(output_, now,
            [&](const output_line& line) { hear(line, now); });
  read_from(errors_, now,
            [this](const output_line& line) { hear_error(line); });
}

std::optional<training_end> training_process::look(time_point now) {
  if (told_)
    return std::nullopt;
  // Before reading: what it wrote before its end is read then.
  auto exit = program_->ended(now);
  read_all(now);
  if (exit) {
    output_.lines.finish(now,
                         [&](const output_line& line) { hear(line, now); });
    errors_.lines.finish(now,
                         [this](const output_line& x) { hear_error(x); });
    told_ = true;
    return judge(*exit);
  }
  if (kill_at_ && now >= *kill_at_)
    program_->kill();
  else if (!kill_at_ && now - started_ >= limits_.deadline)
    end_by("it took longer than " + duration_text(limits_.deadline));
  else if (!kill_at_ && now - heard_ >= limits_.silence)
    end_by("no progress for " + duration_text(limits_.silence));
  return std::nullopt;
}

/// One that is out of bounds is not asked.
void training_process::end_by(std::string reason) {
  if (killed_because_.empty())
    killed_because_ = std::move(reason);
  program_->kill();
}

void training_process::cancel(time_point now) {
  if (cancelled_)
    return;
  cancelled_ = true;
  kill_at_ = now + limits_.stop;
  program_->terminate();
}

training_end training_process::judge(const process::process_exit& exit) const {
  training_end end;
  if (result_)
    end.result = *result_;
  auto status = text_of(end.result, "status");
  auto behind = last_error_.empty() ? "" : ": " + last_error_;
  if (cancelled_) {
    end.how = training_end::kind::cancelled;
    end.reason = "cancelled";
  } else if (!killed_because_.empty()) {
    end.reason = killed_because_;
  } else if (status == "failed") {
    end.by_itself = true;
    end.reason = text_of(end.result, "reason");
    if (end.reason.empty())
      end.reason = "it gave no reason" + behind;
  } else if (!exit.succeeded()) {
    end.reason = "its process ended with " + to_string(exit) + behind;
  } else if (!result_) {
    end.reason = garbage_ > 0
                   ? "it ended without a result that can be read" + behind
                   : "it ended without a result" + behind;
  } else if (status == "done") {
    end.how = training_end::kind::done;
  } else {
    end.reason = "its result has no status";
  }
  return end;
}

} // namespace banksia
