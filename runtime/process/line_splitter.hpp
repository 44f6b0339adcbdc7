#pragma once

/// Cuts what a program writes into lines, with bounds: a program that writes
/// without end, or too fast, costs neither memory nor log.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace banksia::process {

struct line_limits {
  /// A longer line is cut here.
  std::size_t bytes_max = 4096;
  /// Lines beyond are dropped and counted …
  double per_second = 100;
  /// … after this many at once.
  double burst = 500;
};

/// One line without its end.
struct output_line {
  std::string_view text; ///< valid during the call
  bool cut = false;      ///< there was more of it
  /// Lines dropped since the one before. The last line may be nothing but this
  /// number.
  std::uint64_t dropped_before = 0;
};

/// Not thread-safe. Times are of a monotonic clock.
class line_splitter {
public:
  using time_point = std::chrono::steady_clock::time_point;
  using sink = std::function<void(const output_line&)>;

  explicit line_splitter(line_limits limits) : limits_(limits) {}

  void feed(std::string_view bytes, time_point now, const sink& to);

  /// The end of the stream: what is left becomes a line.
  void finish(time_point now, const sink& to);

private:
  void keep(std::string_view part);
  void end_line(time_point now, const sink& to);
  bool may_pass(time_point now);

  line_limits limits_;
  std::string line_;
  bool begun_ = false;
  bool cut_ = false;
  std::uint64_t dropped_ = 0;
  double tokens_ = 0;
  time_point refilled_;
  bool filled_ = false;
};

} // namespace banksia::process
