#include "apps/common/tracing.hpp"

#include "apps/common/command.hpp"
#include "apps/common/version.hpp"

#include <stdexcept>

namespace banksia {

namespace {

using commands::command_error;

[[noreturn]] void refuse(const std::string& why) {
  throw command_error(commands::exit_bad_config,
                      "no traces can be sent: " + why
                        + ": configuration, key tracing_endpoint: use the "
                          "collector's address, http://127.0.0.1:4318 for "
                          "instance, or leave it empty");
}

} // namespace

tracing::tracing(const tracing_options& with, const std::string& service) {
  if (with.endpoint.empty())
    return;
  if (auto problem = telemetry::problem_of_endpoint(with.endpoint);
      !problem.empty())
    refuse(problem);
  telemetry::tracer_options made;
  made.sample_ratio = with.sample_ratio;
  spans_ = std::make_shared<telemetry::tracer>(std::move(made));
  telemetry::exporter_options options;
  options.endpoint = with.endpoint;
  options.batch_delay = with.delay;
  options.resource.service = service;
  options.resource.version = std::string{version_number()};
  options.resource.instance
    = telemetry::span_id_text(telemetry::random_trace_bits())
      + telemetry::span_id_text(telemetry::random_trace_bits());
  options.client.user_agent = "banksia/" + std::string{version_number()};
  options.client.ca_file = with.ca_file;
  try {
    exporter_.emplace(std::move(options), spans_);
  } catch (const std::runtime_error& error) {
    refuse(error.what());
  }
}

span_counts tracing::counts() const {
  if (!exporter_)
    return {};
  auto sent = exporter_->counts();
  return {sent.exported, sent.dropped + spans_->counts().dropped};
}

void tracing::add_metrics(telemetry::metrics& into) const {
  if (!exporter_)
    return;
  into.before_render([this, &into] {
    auto now = counts();
    auto follow = [](telemetry::counter x, std::uint64_t total) {
      x.add(static_cast<double>(total) - x.value());
    };
    follow(into.counter_of("banksia_trace_spans_exported_total",
                           "Spans that the collector has taken."),
           now.exported);
    follow(into.counter_of("banksia_trace_spans_dropped_total",
                           "Spans that were lost: the queue was full, or the "
                           "collector away or unwilling."),
           now.lost);
  });
}

void tracing::stop(std::chrono::milliseconds grace) {
  if (exporter_)
    exporter_->stop(grace);
}

} // namespace banksia
