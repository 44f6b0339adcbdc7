#pragma once

/// One training as the node sees it: a program that says on stdout, one JSON object
/// a line, how far it is and at last what came of it:
///
///     {"stage": "reading bars", "progress": 0.05}
///     {"result": {"status": "done", "model_file": "…", "model_version": "…",
///                 "manifest": {…}, "promote": true, "reasons": ["…"],
///                 "report": {…}}}
///
/// Whatever it does instead (crash, hang, flood, lie) becomes an end with a
/// reason. No actor, no thread: who owns it looks at it from time to time.

#include "actors/ml/training_program.hpp"
#include "runtime/process/line_splitter.hpp"

#include <boost/json/object.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace banksia {

/// What a training is allowed; all of elapsed time.
struct training_limits {
  std::chrono::milliseconds deadline = std::chrono::minutes{120};
  /// Without a word of progress for so long it hangs.
  std::chrono::milliseconds silence = std::chrono::minutes{20};
  /// Between SIGTERM and SIGKILL, of one that is cancelled.
  std::chrono::milliseconds stop = std::chrono::seconds{5};
};

/// How a training ended.
struct training_end {
  enum class kind { done, failed, cancelled };

  kind how = kind::failed;
  std::string reason;         ///< of a failure; empty when done
  boost::json::object result; ///< as it was told; empty where nothing was
  /// It failed by its own word: with the same inputs it would again.
  bool by_itself = false;
};

/// One owner, one thread at a time.
class training_process {
public:
  using time_point = training_program::time_point;
  using line_sink = std::function<void(std::string_view)>;

  /// Lines of a result are long: it holds a manifest and an evaluation.
  static constexpr std::size_t line_bytes_max = 8 << 20;

  /// Read at one look, so that a flood does not keep its owner.
  static constexpr std::size_t look_bytes_max = 16 << 20;

  /// Starts a child of ours. @throws process::process_error
  /// @param on_error given each line of its stderr, within bounds
  training_process(const process::process_spec& spec, training_limits limits,
                   time_point now, line_sink on_error);

  /// Watches a program that runs.
  training_process(std::unique_ptr<training_program> program,
                   training_limits limits, time_point now, line_sink on_error);

  /// Reads what it has written, and ends it when its time is over.
  /// @returns how it ended, once
  std::optional<training_end> look(time_point now);

  /// SIGTERM now, SIGKILL when that does not end it.
  void cancel(time_point now);

  /// What it is doing, in its own words.
  const std::string& stage() const noexcept { return stage_; }

  double progress() const noexcept { return progress_; } ///< 0 … 1

  /// Lines of its stdout that said nothing.
  std::uint64_t garbage() const noexcept { return garbage_; }

  pid_t pid() const noexcept { return program_->pid(); }

  /// Until it has written something or has ended, at most so long.
  void wait(std::chrono::milliseconds limit) const { program_->wait(limit); }

private:
  struct source {
    training_program::stream from;
    process::line_splitter lines;
  };

  void read_from(source& from, time_point now,
                 const process::line_splitter::sink& to);
  void read_all(time_point now);
  void hear(const process::output_line& line, time_point now);
  void hear_error(const process::output_line& line);
  void take_progress(const boost::json::object& line, time_point now);
  void end_by(std::string reason);
  training_end judge(const process::process_exit& exit) const;

  training_limits limits_;
  time_point started_;
  time_point heard_; ///< its last progress
  std::optional<time_point> kill_at_;
  bool cancelled_ = false;
  std::string killed_because_;
  std::string stage_;
  double progress_ = 0.0;
  std::uint64_t garbage_ = 0;
  std::string last_error_; ///< last line of its stderr
  std::optional<boost::json::object> result_;
  bool told_ = false;
  line_sink on_error_;
  std::unique_ptr<training_program> program_;
  source output_;
  source errors_;
};

} // namespace banksia
