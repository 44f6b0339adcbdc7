#pragma once

#include "actors/feeds/feed_board.hpp"
#include "actors/feeds/price_endpoint.hpp"
#include "messages/actors.hpp"
#include "runtime/http/client.hpp"
#include "runtime/resilience/circuit_breaker.hpp"
#include "runtime/resilience/rate_limiter.hpp"
#include "runtime/resilience/retry_budget.hpp"
#include "runtime/supervision/shell.hpp"

#include <caf/typed_response_promise.hpp>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace banksia {

/// A call has ended, on the client's thread. It never leaves its process.
struct fetched {
  std::uint64_t number = 0;
  std::shared_ptr<http::fetch_result> result;
};

/// What a source says to itself beside what others say to it.
using price_source_behavior = price_source_actor::extend<
  // Make the call with that number, its pause is over.
  caf::reacts_to<wire::next_atom, std::uint64_t>,
  caf::reacts_to<fetched>>;

/// How long the other side asks to be left alone (Retry-After), at most a day;
/// nothing where it does not say.
/// @param wall the time now, from which a date is counted
std::optional<std::chrono::milliseconds>
asked_pause(const http::fetch_result& got, timestamp wall);

/// How a source is treated.
struct source_rules {
  breaker_rule breaker;
  rate_rule rate;
  retry_rule retry;
  http::fetch_limits limits{std::chrono::milliseconds{15'000}};
  /// Of one request, all its tries and pauses in it.
  std::chrono::milliseconds patience{30'000};
  std::size_t waiting_max = 64; ///< requests at a time
  std::uint64_t seed = 0;       ///< of the pauses' jitter
};

/// All that a source is made from.
struct source_setup {
  price_endpoint endpoint;
  source_rules rules;
  std::shared_ptr<http::client> client;
  std::function<timestamp()> wall;
  std::shared_ptr<feed_board> board; ///< may be null
};

/// `feed/prices/<source>`. Promises: each request is answered within
/// `source_rules::patience`, whatever the source does; a source that keeps
/// failing is left alone until its breaker lets a probe through; no host is
/// asked more often than its rate.
struct price_source_state {
  static inline const char* name = "price_source";

  using promise = caf::typed_response_promise<price_answer>;
  using time_point = std::chrono::steady_clock::time_point;

  struct waiting {
    price_request asked;
    promise answer;
    time_point begun;
    std::uint32_t attempt = 1;
    circuit_breaker::permit permit;
    http::fetch_handle call;
  };

  source_setup setup;
  std::unique_ptr<circuit_breaker> breaker;
  std::unique_ptr<rate_limiter> rate;
  std::unique_ptr<retry_budget> budget;
  std::map<std::uint64_t, waiting> open; ///< by number
  std::uint64_t next_number = 1;

  price_source_state() = default;
  price_source_state(const price_source_state&) = delete;
  price_source_state& operator=(const price_source_state&) = delete;
  /// Calls under way are cancelled; who waits is told that nobody answers.
  ~price_source_state();
};

using price_source_self = shell<price_source_state, price_source_behavior>;

price_source_behavior::behavior_type
price_source(price_source_self* self, std::shared_ptr<probe> watched,
             source_setup setup);

} // namespace banksia

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(banksia::fetched)
