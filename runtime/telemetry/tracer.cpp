#include "runtime/telemetry/tracer.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace banksia::telemetry {

std::int64_t wall_ns() noexcept {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
           std::chrono::system_clock::now().time_since_epoch())
    .count();
}

std::int64_t elapsed_ns() noexcept {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
           std::chrono::steady_clock::now().time_since_epoch())
    .count();
}

tracer::tracer(tracer_options with) : options_(std::move(with)) {
  auto ratio = std::clamp(options_.sample_ratio, 0.0, 1.0);
  threshold_ = static_cast<std::uint64_t>(
    std::llround((1.0 - ratio) * static_cast<double>(random_mask + 1)));
}

trace_context tracer::begin() const {
  trace_context x{random_trace_bits(), random_trace_bits(),
                  random_trace_bits(), false};
  x.sampled = samples(x.trace_low);
  return x;
}

trace_context tracer::child_of(const trace_context& parent) {
  auto x = parent;
  x.span = random_trace_bits();
  return x;
}

void tracer::record(span x) {
  std::lock_guard guard{mutex_};
  if (queue_.size() >= options_.queue_max) {
    ++counts_.dropped;
    return;
  }
  queue_.push_back(std::move(x));
  ++counts_.recorded;
  if (wanted_ != 0 && queue_.size() >= wanted_)
    filled_.notify_one();
}

tracer_counts tracer::counts() const {
  std::lock_guard guard{mutex_};
  return counts_;
}

std::vector<span> tracer::take(std::size_t enough,
                               std::chrono::milliseconds limit) {
  std::unique_lock guard{mutex_};
  wanted_ = enough;
  filled_.wait_for(guard, limit,
                   [&] { return hurried_ || queue_.size() >= enough; });
  wanted_ = 0;
  std::vector<span> result;
  if (queue_.size() <= enough) {
    result.swap(queue_);
    return result;
  }
  auto end = queue_.begin() + static_cast<std::ptrdiff_t>(enough);
  result.assign(std::make_move_iterator(queue_.begin()),
                std::make_move_iterator(end));
  queue_.erase(queue_.begin(), end);
  return result;
}

void tracer::hurry() {
  std::lock_guard guard{mutex_};
  hurried_ = true;
  filled_.notify_all();
}

} // namespace banksia::telemetry
