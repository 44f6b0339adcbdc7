#pragma once

/// A training in the trace of what asked for it: a span for the whole and one
/// for each phase that its process tells of.

#include "messages/learning.hpp"
#include "runtime/telemetry/open_span.hpp"

#include <cstddef>
#include <string>

namespace banksia {

/// Of one training at a time. One thread.
class training_spans {
public:
  /// Phases recorded at most: a process may say what it likes.
  static constexpr std::size_t phases_max = 64;

  training_spans() = default;
  training_spans(const training_spans&) = delete;
  training_spans& operator=(const training_spans&) = delete;
  /// One that is under way fails with its owner.
  ~training_spans();

  /// @param to null: nothing is traced; else it outlives this
  /// @param asked_in not sampled: neither
  void begin(telemetry::tracer* to, const telemetry::trace_context& asked_in,
             const training_record& of);

  /// A phase in the process's own words, until the next one.
  void enter(const std::string& phase);

  /// As the training ended.
  void end(const training_record& of);

  telemetry::tracer* to() const noexcept { return whole_.to(); }

  /// What is done for the training belongs there.
  telemetry::trace_context context() const noexcept {
    return whole_.context();
  }

private:
  telemetry::open_span whole_;
  telemetry::open_span phase_;
  std::size_t phases_ = 0;
};

} // namespace banksia
