#pragma once

/// Who gets to a handler, and how often: the rules of `access.hpp`, with what
/// is remembered of each client.

#include "runtime/http/access.hpp"
#include "runtime/http/client_table.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>

namespace banksia::http {

struct admission_limits {
  /// Requests a minute of one client to one route; 0: any number. As many may
  /// come at once after a minute without any.
  std::uint32_t reads_per_minute = 0; ///< none of this machine's own
  std::uint32_t changes_per_minute = 0;
  /// So many secrets that are nobody's may come from one client in a row; then
  /// each costs a pause, twice as long as the one before.
  std::uint32_t wrong_secrets_max = 10;
  std::chrono::seconds pause_first{1};
  std::chrono::seconds pause_max{60};
  /// Clients, and pairs of client and route, that are remembered.
  std::size_t remembered_max = 4096;
};

/// What was decided about one request.
struct admitted {
  std::optional<response> refusal; ///< nothing: its handler may see it
  std::string client;              ///< its address
  std::string caller;              ///< the token's name; empty without one
  route_access scope = route_access::open; ///< what the caller may
  name_values headers;                     ///< for the answer, whatever it is
  bool is_flood = false; ///< refused for coming too often
};

/// Thread-safe.
class admission {
public:
  using time_point = std::chrono::steady_clock::time_point;

  admission(access_rules rules, admission_limits limits);

  const access_rules& rules() const noexcept { return rules_; }

  /// In the order in which requests are refused: form, number, caller, body.
  admitted judge(const request& what, const match& where,
                 const local_endpoint& at, time_point now);

private:
  struct bucket {
    double tokens = 0.0;
    time_point filled{};
  };

  struct failures {
    std::uint32_t in_row = 0;
    time_point paused_until{};
  };

  bool take(const route& to, const std::string& client, time_point now,
            admitted& result);
  void identify(const request& what, const route& to, time_point now,
                admitted& result);

  access_rules rules_;
  admission_limits limits_;
  std::mutex mutex_; ///< guards the tables
  client_table<bucket> buckets_;
  client_table<failures> failures_;
};

} // namespace banksia::http
