#pragma once

/// What the services did since they were last asked, for their samples.

#include "messages/protocol.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace banksia {

/// Requests that take longer count as slow; the service level's target.
inline constexpr std::chrono::milliseconds slow_request{200};
inline constexpr std::chrono::milliseconds slow_query{100};

/// The name of samples that are about the process as a whole.
inline constexpr std::string_view node_service = "node";

/// Counts until it is taken. Thread-safe. Bounded: a service is a listener.
class service_meter {
public:
  void count_request(std::string_view service, std::chrono::nanoseconds took);
  void count_query(std::chrono::nanoseconds took);

  /// What was counted since the last call: one sample a service that had
  /// requests, and the node's, which is the first. Their times are not set.
  service_sample_batch take();

private:
  std::mutex mutex_;
  std::map<std::string, service_sample, std::less<>> services_;
  service_sample node_;
};

} // namespace banksia
