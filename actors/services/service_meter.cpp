#include "actors/services/service_meter.hpp"

#include <utility>

namespace banksia {

namespace {

double seconds(std::chrono::nanoseconds x) {
  return std::chrono::duration<double>(x).count();
}

} // namespace

void service_meter::count_request(std::string_view service,
                                  std::chrono::nanoseconds took) {
  std::lock_guard guard{mutex_};
  auto known = services_.find(service);
  if (known == services_.end())
    known = services_.emplace(std::string{service}, service_sample{}).first;
  auto& x = known->second;
  ++x.requests;
  x.request_seconds = real{x.request_seconds.value() + seconds(took)};
  x.slow_requests += took > slow_request;
}

void service_meter::count_query(std::chrono::nanoseconds took) {
  std::lock_guard guard{mutex_};
  ++node_.queries;
  node_.query_seconds = real{node_.query_seconds.value() + seconds(took)};
  node_.slow_queries += took > slow_query;
}

service_sample_batch service_meter::take() {
  std::lock_guard guard{mutex_};
  service_sample_batch result;
  node_.service = node_service;
  result.samples.push_back(std::exchange(node_, {}));
  for (auto& [name, x] : services_) {
    x.service = name;
    result.samples.push_back(std::move(x));
  }
  services_.clear();
  return result;
}

} // namespace banksia
