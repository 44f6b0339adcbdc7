#include "actors/services/service_gate.hpp"

#include "actors/services/problem_types.hpp"

#include <algorithm>

namespace banksia {

namespace {

/// Nobody is told to stay away longer.
constexpr std::chrono::seconds retry_max{10};

telemetry::counter shed_counter(telemetry::metrics& series,
                                const std::string& service,
                                std::string_view reason) {
  return series.counter_of("banksia_service_shed_total",
                           "Requests that a service did not begin: its queue "
                           "was full or stood, or their deadline had passed.",
                           {{"service", service},
                            {"reason", std::string{reason}}});
}

/// About when those that wait now are done.
std::string seconds_until(std::chrono::nanoseconds oldest) {
  auto seconds = std::chrono::ceil<std::chrono::seconds>(oldest);
  return std::to_string(std::clamp(seconds, std::chrono::seconds{1}, retry_max)
                          .count());
}

} // namespace

queue_place::~queue_place() {
  if (!has_begun_)
    gate_->abandon(number_);
}

bool queue_place::begin(std::chrono::steady_clock::time_point deadline) {
  has_begun_ = true;
  return gate_->begin(number_, deadline);
}

service_gate::service_gate(std::string service, queue_rule rule,
                           elapsed_clock clock, telemetry::metrics& series)
  : service_(std::move(service)),
    clock_(std::move(clock)),
    queue_(rule),
    waited_(series.histogram_of("banksia_service_queue_seconds",
                                "How long requests waited before a service "
                                "began with them.",
                                {{"service", service_}})),
    full_(shed_counter(series, service_, "full")),
    standing_(shed_counter(series, service_, "standing")),
    late_(shed_counter(series, service_, "late")) {}

std::shared_ptr<queue_place> service_gate::enter(http::response& refusal) {
  auto now = clock_();
  queue_watch::place number = 0;
  queue_refusal why;
  std::chrono::nanoseconds oldest{0};
  {
    std::lock_guard guard{mutex_};
    why = queue_.enter(now, number);
    oldest = queue_.oldest(now);
  }
  if (why == queue_refusal::none)
    return std::make_shared<queue_place>(shared_from_this(), number);
  (why == queue_refusal::full ? full_ : standing_).add();
  auto seconds = seconds_until(oldest);
  refusal = http::problem(problems::overloaded,
                          "the " + service_
                            + " service has more requests than it can answer "
                              "in time: try again in "
                            + seconds + " s",
                          {{"service", service_}});
  refusal.headers.emplace_back("Retry-After", seconds);
  return nullptr;
}

bool service_gate::begin(queue_watch::place number,
                         std::chrono::steady_clock::time_point deadline) {
  auto now = clock_();
  std::chrono::duration<double> waited{0.0};
  {
    std::lock_guard guard{mutex_};
    waited = queue_.begin(number, now);
  }
  waited_.observe(waited.count());
  if (now < deadline)
    return true;
  late_.add();
  return false;
}

void service_gate::abandon(queue_watch::place number) {
  std::lock_guard guard{mutex_};
  queue_.abandon(number);
}

std::string service_gate::trouble() const {
  auto now = clock_();
  std::lock_guard guard{mutex_};
  if (!queue_.is_standing(now))
    return {};
  return "the " + service_ + " service is overloaded: "
         + std::to_string(queue_.waiting()) + " requests wait";
}

std::shared_ptr<service_gate>
service_gates::of(const std::string& service, queue_rule rule,
                  const elapsed_clock& clock, telemetry::metrics& series) {
  std::lock_guard guard{mutex_};
  auto& known = known_[service];
  if (!known)
    known = std::make_shared<service_gate>(service, rule, clock, series);
  return known;
}

std::string service_gates::trouble() const {
  std::lock_guard guard{mutex_};
  std::string result;
  for (const auto& [name, gate] : known_)
    if (auto why = gate->trouble(); !why.empty())
      result += (result.empty() ? "" : "; ") + why;
  return result;
}

} // namespace banksia
