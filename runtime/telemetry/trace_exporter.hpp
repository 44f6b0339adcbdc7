#pragma once

/// Brings spans to a collector by OTLP over HTTP, as JSON, on a thread of its
/// own. Nothing that is traced ever waits for it.

#include "runtime/http/client.hpp"
#include "runtime/resilience/retry_budget.hpp"
#include "runtime/telemetry/otlp.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

namespace banksia::telemetry {

struct exporter_options {
  /// The collector's base address ("http://127.0.0.1:4318"), to which
  /// `/v1/traces` is added, or the whole address where it ends in that.
  std::string endpoint;
  trace_resource resource;
  std::size_t batch_max = 512; ///< spans of one request
  /// Elapsed time until fewer are sent too.
  std::chrono::milliseconds batch_delay{5000};
  std::chrono::milliseconds request_limit{10'000};
  /// Tries of one batch; then its spans are dropped and counted.
  std::uint32_t attempts_max = 5;
  backoff_rule backoff{std::chrono::milliseconds{500},
                       std::chrono::milliseconds{30'000}, {}};
  /// A longer Retry-After is cut to this.
  std::chrono::milliseconds retry_after_max{60'000};
  http::client_options client = {};
  /// Waits before another try. @returns false when it was told to stop
  /// meanwhile. Empty: a real pause; others: in tests.
  std::function<bool(std::chrono::milliseconds)> pause = {};
};

/// What became of spans.
struct exporter_counts {
  std::uint64_t exported = 0; ///< the collector has them
  std::uint64_t dropped = 0;  ///< it does not, and will not
  std::uint64_t requests = 0; ///< tries, all of them
};

/// Why an endpoint cannot be used; empty when it can.
std::string problem_of_endpoint(const std::string& endpoint);

/// Whether OTLP allows to send the same request again after such a result: a
/// connection that never was, or 429, 502, 503, 504.
bool may_be_sent_again(const http::fetch_result& x) noexcept;

/// Runs until `stop`.
class trace_exporter {
public:
  /// @pre the endpoint has no problem
  /// @throws std::runtime_error when the client's CA file cannot be read
  trace_exporter(exporter_options with, std::shared_ptr<tracer> from);

  /// Stops without a grace.
  ~trace_exporter();

  trace_exporter(const trace_exporter&) = delete;
  trace_exporter& operator=(const trace_exporter&) = delete;

  /// Sends what is there, one try a batch, and ends. What is not sent within
  /// `grace` is dropped and counted. Not to be called twice at a time.
  void stop(std::chrono::milliseconds grace);

  exporter_counts counts() const noexcept;

private:
  using clock = std::chrono::steady_clock;

  void run();
  void send(std::vector<span> batch);
  http::fetch_result post(const std::string& body);
  bool pause(std::chrono::milliseconds time);
  void settle(const http::fetch_result& got, std::uint64_t spans);
  void note_loss(const std::string& why, std::uint64_t spans);
  std::chrono::milliseconds left() const;

  exporter_options options_;
  std::shared_ptr<tracer> from_;
  retry_budget retries_;
  std::atomic<std::uint64_t> exported_{0};
  std::atomic<std::uint64_t> dropped_{0};
  std::atomic<std::uint64_t> requests_{0};
  bool losing_ = false; ///< it was said already that spans are lost
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  clock::time_point end_{}; ///< of the grace
  http::client client_;
  std::thread thread_;
};

} // namespace banksia::telemetry
