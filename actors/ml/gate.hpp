#pragma once

/// `ml/gate`: the node's only way to `banksia-ml`. Whatever happens there, who
/// asks gets an answer within the deadline: forecasts, or why there are none.

#include "messages/carried.hpp"
#include "runtime/supervision/shell.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace banksia {

/// Where a service process listens: told by the one who watches it, read by the
/// gate. Thread-safe, with one teller.
class service_port {
public:
  /// A process is being started: what listened before counts no more, or one
  /// that is on its way would be ended for the silence of the one before.
  void starting() noexcept { set(0); }

  /// A process has begun to listen there.
  void set(std::uint16_t port) noexcept {
    told_.store((told_.load() & ~std::uint64_t{0xffff}) + 0x10000 + port);
  }

  struct place {
    std::uint64_t generation = 0; ///< counts what was told
    std::uint16_t port = 0;       ///< 0: nobody listens yet
  };

  place get() const noexcept {
    auto told = told_.load();
    return {told >> 16, static_cast<std::uint16_t>(told & 0xffff)};
  }

private:
  std::atomic<std::uint64_t> told_{0};
};

/// How a gate waits for which no answer is none: of a replay, whose cycles must
/// not depend on how fast anything is.
struct gate_patience {
  /// Without one answer for so long it is over.
  std::chrono::milliseconds limit{600'000};
  /// Told then, or when a model cannot be used; whoever asked is not answered.
  std::function<void(const std::string& why)> lost;
};

/// Elapsed times, all of them.
struct gate_setup {
  std::shared_ptr<service_port> service;
  /// How long an asker waits at most; without patience.
  std::chrono::milliseconds deadline{500};
  /// Set: every request is answered by the forecaster, by what the registry says
  /// when it is sent on; a process that ends is waited for and asked again.
  std::optional<gate_patience> patience;
  /// Between two looks at the connection and the registry.
  std::chrono::milliseconds look_pause{1000};
  /// For a connection and its handshake, which TLS does not limit.
  std::chrono::milliseconds connect_limit{2000};
  /// Silence on a status question, asked at each look, after which the process
  /// counts as stuck: longer than the longest work on a request.
  std::chrono::milliseconds silence_limit{10'000};
  /// Changes when the registry of models does.
  std::function<std::uint64_t()> registry_stamp;
  /// Ends the process, so that its supervisor starts another one.
  std::function<void(const std::string& why)> end_process;
  /// Told what its process has counted, at each look; may be empty.
  std::function<void(const process_counts&)> counted = {};
  /// Who makes connections: CAF's, with TLS. Others: in tests.
  std::function<caf::actor(caf::actor_system&)> network;
};

/// The TLS side of CAF's network layer.
caf::actor tls_network(caf::actor_system& system);

struct gate_state {
  static inline const char* name = "gate";

  /// Requests under way at most; more are answered at once, with a failure.
  static constexpr std::size_t pending_max = 64;
  /// Connections to one process that may fail before it counts as stuck.
  static constexpr std::uint32_t failures_max = 2;

  /// Whoever still waits is told.
  ~gate_state();

  /// A question that waits for its answer.
  struct asked {
    std::uint64_t number = 0; ///< the asker's
    caf::typed_response_promise<forecast_answer> answer;
    forecast_request request = {}; ///< kept by the patient alone
    bool sent = false;        ///< likewise: the remote has it
  };

  using time_point = std::chrono::steady_clock::time_point;

  gate_setup setup;
  forecaster_actor remote; ///< null: away
  bool remote_traces = false; ///< it takes trace marks, and no carried calls
  counting_forecaster_actor remote_counts; ///< the same; null: it tells nothing
  std::string away_because = "banksia-ml has not started yet";
  std::uint64_t connected_to = 0; ///< generation of the process
  std::uint64_t given_up = 0;     ///< generation that counts as stuck
  std::uint64_t failed_at = 0;    ///< generation that could not be reached …
  std::uint32_t failures = 0;     ///< … so often
  bool connecting = false;
  std::uint64_t stamp = 0; ///< of the registry that the remote has read
  bool reloading = false;
  bool asking_status = false;
  forecaster_status last; ///< what the remote said last
  std::uint64_t next_key = 1;
  std::map<std::uint64_t, asked> pending;
  // -- of the patient (gate_patience.cpp) --
  std::size_t sent = 0;    ///< of the pending, those that the remote has
  time_point heard{};      ///< the last answer, or the first question after it
  bool lost = false;       ///< it is over
};

using gate_self = shell<gate_state, forecast_gate_actor>;

forecast_gate_actor::behavior_type forecast_gate(gate_self* self,
                                                 std::shared_ptr<probe> watched,
                                                 gate_setup setup);

} // namespace banksia
