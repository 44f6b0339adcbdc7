#include "actors/ml/training_spans.hpp"

#include <utility>

namespace banksia {

using telemetry::open_span;
using telemetry::span_kind;
using telemetry::tracer;

training_spans::~training_spans() {
  phase_.end();
  if (!whole_)
    return;
  whole_.content().failed = true;
  whole_.content().failure = "its actor has ended";
  whole_.end();
}

void training_spans::begin(tracer* to,
                           const telemetry::trace_context& asked_in,
                           const training_record& of) {
  whole_ = {};
  phase_ = {};
  phases_ = 0;
  if (to == nullptr || !asked_in.sampled)
    return;
  whole_ = open_span{*to, tracer::child_of(asked_in), asked_in.span,
                     "ml/trainer training", span_kind::internal};
  whole_.note("banksia.training_id", of.training_id);
  whole_.note("banksia.cause", of.cause);
}

void training_spans::enter(const std::string& phase) {
  phase_.end();
  phase_ = {};
  if (!whole_ || ++phases_ > phases_max)
    return;
  // "walk-forward: 2 of 4": names of spans are few, the rest is an attribute.
  phase_ = open_span{*whole_.to(), tracer::child_of(whole_.context()),
                     whole_.context().span,
                     "training " + phase.substr(0, phase.find(':')),
                     span_kind::internal};
  phase_.note("banksia.phase", phase);
}

void training_spans::end(const training_record& of) {
  phase_.end();
  phase_ = {};
  if (whole_) {
    auto& x = whole_.content();
    x.failed = of.status == "failed";
    if (x.failed)
      x.failure = of.reason;
    whole_.note("banksia.status", of.status);
    whole_.note("banksia.model_version", of.model_version);
    whole_.note("banksia.promoted", of.promoted);
  }
  whole_.end();
  whole_ = {};
}

} // namespace banksia
