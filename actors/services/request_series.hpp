#pragma once

/// How long requests took, for Prometheus.

#include "runtime/http/server.hpp"
#include "runtime/telemetry/metrics.hpp"

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <tuple>

namespace banksia {

/// Finds a request's series by its service, route and status. Kept here since
/// to ask for it by its labels, text by text, takes as long as the rest of a
/// short answer's book-keeping. Bounded as routes are. Thread-safe.
class request_series {
public:
  /// @param in outlives this
  explicit request_series(telemetry::metrics& in) : metrics_(in) {}

  void observe(const http::served& x);

private:
  telemetry::histogram series_of(const http::served& x);

  telemetry::metrics& metrics_;
  std::mutex mutex_; ///< guards `known_`
  std::map<std::tuple<std::string, std::string, int>, telemetry::histogram,
           std::less<>>
    known_;
};

} // namespace banksia
