#include "runtime/telemetry/trace_exporter.hpp"

#include "runtime/http/url.hpp"
#include "runtime/logging/log.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace banksia::telemetry {

namespace {

using std::chrono::milliseconds;

constexpr std::string_view traces_path = "/v1/traces";

std::string address_of(const std::string& endpoint) {
  if (endpoint.ends_with(traces_path))
    return endpoint;
  auto base = endpoint;
  while (base.ends_with('/'))
    base.pop_back();
  return base + std::string{traces_path};
}

http::client_options client_of(http::client_options with) {
  // A POST on a connection that was just closed could not be told from one
  // that was taken, and would be lost.
  with.idle_per_host_max = 0;
  return with;
}

retry_rule rule_of(const exporter_options& x) {
  retry_rule rule;
  rule.pause = x.backoff;
  rule.attempts_max = x.attempts_max;
  rule.retry_after_max = x.retry_after_max;
  // Each batch has all its tries: the queue before it is bounded.
  rule.tokens_max = 1e9;
  return rule;
}

std::optional<milliseconds> asked_pause(const http::fetch_result& got) {
  auto text = got.header("Retry-After");
  if (!text)
    return std::nullopt;
  return parse_retry_after(
    *text, std::chrono::floor<std::chrono::seconds>(
             std::chrono::sys_time{std::chrono::nanoseconds{wall_ns()}}));
}

std::string reason_of(const http::fetch_result& got) {
  return got ? "status " + std::to_string(got.status) : got.text;
}

} // namespace

std::string problem_of_endpoint(const std::string& endpoint) {
  auto url = http::parse_url(endpoint);
  if (!url)
    return url.error();
  if (url->target.find('?') != std::string::npos)
    return "it has a query";
  return {};
}

bool may_be_sent_again(const http::fetch_result& x) noexcept {
  // https://opentelemetry.io/docs/specs/otlp/#retryable-response-codes
  if (x)
    return x.status == 429 || x.status == 502 || x.status == 503
           || x.status == 504;
  return x.error == http::fetch_error::connect
         || x.error == http::fetch_error::resolve;
}

trace_exporter::trace_exporter(exporter_options with,
                               std::shared_ptr<tracer> from)
  : options_(std::move(with)),
    from_(std::move(from)),
    retries_(rule_of(options_), random_trace_bits()),
    client_(client_of(options_.client)),
    thread_([this] { run(); }) {}

trace_exporter::~trace_exporter() {
  stop(milliseconds{0});
}

void trace_exporter::stop(milliseconds grace) {
  if (!thread_.joinable())
    return;
  {
    std::lock_guard guard{mutex_};
    stopping_ = true;
    end_ = clock::now() + grace;
    changed_.notify_all();
  }
  from_->hurry();
  thread_.join();
}

exporter_counts trace_exporter::counts() const noexcept {
  return {exported_, dropped_, requests_};
}

/// Nothing while it is not told to stop.
milliseconds trace_exporter::left() const {
  std::lock_guard guard{mutex_};
  if (!stopping_)
    return options_.request_limit;
  auto rest = std::chrono::ceil<milliseconds>(end_ - clock::now());
  return std::clamp(rest, milliseconds{0}, options_.request_limit);
}

void trace_exporter::run() {
  for (;;) {
    auto last = [this] {
      std::lock_guard guard{mutex_};
      return stopping_;
    }();
    auto batch = from_->take(options_.batch_max, options_.batch_delay);
    if (!batch.empty())
      send(std::move(batch));
    else if (last)
      return;
  }
}

void trace_exporter::send(std::vector<span> batch) {
  auto body = otlp_request(batch, options_.resource);
  auto spans = static_cast<std::uint64_t>(batch.size());
  batch.clear();
  for (std::uint32_t attempt = 1;; ++attempt) {
    if (left() == milliseconds{0})
      return note_loss("it had to stop", spans);
    auto got = post(body);
    if (got && got.status / 100 == 2)
      return settle(got, spans);
    if (!may_be_sent_again(got))
      return note_loss(reason_of(got), spans);
    failed_attempt failed;
    failed.attempt = attempt;
    failed.retry_after = asked_pause(got);
    auto decision = retries_.failed(failed);
    if (!decision.again() || !pause(decision.pause))
      return note_loss(reason_of(got), spans);
  }
}

http::fetch_result trace_exporter::post(const std::string& body) {
  ++requests_;
  http::fetch_request what;
  what.url = address_of(options_.endpoint);
  what.method = http::method::post;
  what.headers = {{"Content-Type", "application/json"}};
  what.body = body;
  http::fetch_limits limits;
  limits.total = left();
  limits.body_bytes_max = 64 * 1024;
  limits.decoded_bytes_max = 64 * 1024;
  std::optional<http::fetch_result> result;
  auto call = client_.fetch(std::move(what), limits,
                            [&](http::fetch_result got) {
                              std::lock_guard guard{mutex_};
                              result = std::move(got);
                              changed_.notify_all();
                            });
  // It ends by itself within its limit, which may be too long once it is told
  // to stop.
  std::unique_lock guard{mutex_};
  changed_.wait(guard, [&] { return result || stopping_; });
  if (!changed_.wait_until(guard, end_, [&] { return result.has_value(); })) {
    guard.unlock();
    call.cancel();
    guard.lock();
    changed_.wait(guard, [&] { return result.has_value(); });
  }
  return std::move(*result);
}

bool trace_exporter::pause(milliseconds time) {
  if (options_.pause)
    return options_.pause(time);
  std::unique_lock guard{mutex_};
  changed_.wait_for(guard, time, [this] { return stopping_; });
  return !stopping_;
}

void trace_exporter::settle(const http::fetch_result& got,
                            std::uint64_t spans) {
  auto part = read_otlp_response(got.body).value_or(partial_success{});
  auto rejected = std::min(part.rejected, spans);
  exported_ += spans - rejected;
  if (rejected > 0)
    note_loss("the collector rejects some: " + part.text, rejected);
  else
    losing_ = false;
}

void trace_exporter::note_loss(const std::string& why, std::uint64_t spans) {
  dropped_ += spans;
  // Once until it goes well again: a collector that is down is down for long.
  if (std::exchange(losing_, true))
    return;
  logging::log_warn("tracing", "spans are lost",
                    {{"endpoint", http::masked(options_.endpoint)},
                     {"reason", why},
                     {"spans", static_cast<std::int64_t>(spans)}});
}

} // namespace banksia::telemetry
