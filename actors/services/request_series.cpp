#include "actors/services/request_series.hpp"

#include <chrono>

namespace banksia {

void request_series::observe(const http::served& x) {
  std::chrono::duration<double> took = x.took;
  series_of(x).observe(took.count());
}

telemetry::histogram request_series::series_of(const http::served& x) {
  std::lock_guard guard{mutex_};
  auto found = known_.find(std::tuple{x.service, x.route, x.status});
  if (found != known_.end())
    return found->second;
  std::string service{x.service}, route{x.route};
  auto made = metrics_.histogram_of(
    "banksia_http_request_duration_seconds",
    "From a request read to its answer written.",
    {{"service", service},
     {"route", route},
     {"code", std::to_string(x.status)}});
  known_.emplace(std::tuple{std::move(service), std::move(route), x.status},
                 made);
  return made;
}

} // namespace banksia
