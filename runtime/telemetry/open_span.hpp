#pragma once

/// A span that ends elsewhere than it began: on another thread, in another
/// function. Not the thread's own, unless somebody makes it that.

#include "runtime/telemetry/tracer.hpp"

#include <optional>
#include <string>
#include <utility>

namespace banksia::telemetry {

/// One owner at a time. Let go of without an end, it is not recorded.
class open_span {
public:
  /// None.
  open_span() = default;

  /// @param itself the span to be
  /// @param to outlives it
  /// @pre `itself.sampled`
  open_span(tracer& to, const trace_context& itself, std::uint64_t parent,
            std::string name, span_kind kind)
    : to_(&to), began_(to.elapsed()) {
    span_.emplace();
    span_->context = itself;
    span_->parent = parent;
    span_->name = std::move(name);
    span_->kind = kind;
    span_->start_ns = to.wall();
  }

  explicit operator bool() const noexcept { return span_.has_value(); }

  tracer* to() const noexcept { return to_; }

  /// Not sampled where there is none.
  trace_context context() const noexcept {
    return span_ ? span_->context : trace_context{};
  }

  /// @pre there is one
  span& content() noexcept { return *span_; }

  void note(std::string_view key, attribute_value value) {
    if (span_)
      span_->attributes.emplace_back(key, std::move(value));
  }

  /// Records it, if there is one.
  void end() {
    if (!span_)
      return;
    span_->end_ns = span_->start_ns + (to_->elapsed() - began_);
    to_->record(std::move(*span_));
    span_.reset();
  }

private:
  tracer* to_ = nullptr;
  std::int64_t began_ = 0;
  std::optional<span> span_;
};

} // namespace banksia::telemetry
