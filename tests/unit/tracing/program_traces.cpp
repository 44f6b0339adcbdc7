#define CAF_SUITE program_traces
#include "tests/unit/tracing/recorded.hpp"

#include "apps/common/command.hpp"
#include "apps/common/tracing.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;

namespace {

/// The text of the refusal; empty without one.
std::string refusal(const tracing_options& with) {
  try {
    tracing x{with, "banksia"};
    return {};
  } catch (const commands::command_error& error) {
    return error.what();
  }
}

} // namespace

CAF_TEST(without an endpoint nothing is traced) {
  tracing x{{}, "banksia"};
  CAF_CHECK(x.spans() == nullptr);
  telemetry::metrics all;
  x.add_metrics(all);
  CAF_CHECK(all.render().find("banksia_trace") == std::string::npos);
  x.stop(std::chrono::milliseconds{0});
}

CAF_TEST(an endpoint that is none names its key) {
  tracing_options with;
  with.endpoint = "collector:4318";
  CAF_CHECK(refusal(with).find("tracing_endpoint") != std::string::npos);
  with.endpoint = "http://127.0.0.1:9";
  with.ca_file = "/nowhere.pem";
  CAF_CHECK(refusal(with).find("/nowhere.pem") != std::string::npos);
  with.ca_file = "";
  CAF_CHECK_EQUAL(refusal(with), "");
}

CAF_TEST(what is lost is counted) {
  tracing_options with;
  with.endpoint = "http://127.0.0.1:9";
  with.delay = std::chrono::minutes{1};
  telemetry::metrics all;
  tracing x{with, "banksia"};
  x.add_metrics(all);
  CAF_CHECK(all.render().find("banksia_trace_spans_dropped_total 0\n")
            != std::string::npos);
  {
    telemetry::active_span here{*x.spans(), x.spans()->begin(), "x",
                                telemetry::span_kind::internal};
  }
  x.stop(std::chrono::milliseconds{0});
  auto text = all.render();
  CAF_CHECK(text.find("banksia_trace_spans_dropped_total 1\n")
            != std::string::npos);
  CAF_CHECK(text.find("banksia_trace_spans_exported_total 0\n")
            != std::string::npos);
}
