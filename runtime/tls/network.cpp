#include "runtime/tls/network.hpp"

#include "runtime/tls/error.hpp"
#include "runtime/tls/error_queue.hpp"

#include <caf/config_value.hpp>
#include <caf/io/middleman.hpp>
#include <caf/openssl/manager.hpp>
#include <caf/settings.hpp>
#include <caf/timespan.hpp>

namespace banksia::tls {

namespace {

/// CAF ignores a value of another type without a word, and a node without
/// heartbeats waits for ever.
void set_time(caf::actor_system_config& to, const char* name,
              std::chrono::milliseconds time) {
  to.set(name, caf::timespan{time});
  auto kept = caf::get_if<caf::timespan>(&to, name);
  if (!kept || *kept != caf::timespan{time})
    throw tls_error(std::string{"CAF does not keep "} + name
                    + ": this is a defect of banksia: please report it");
}

} // namespace

void load_network(caf::actor_system_config& to, const credentials& mine,
                  wall_clock::time_point now) {
  check_credentials(mine, now);
  if (!errors_are_kept_apart())
    throw tls_error("this build loses all peers with one: its linker kept our "
                    "TLS operations from CAF: build it with ld, gold or mold");
  to.openssl_cafile = mine.authority.string();
  to.openssl_certificate = mine.certificate.string();
  to.openssl_key = mine.key.string();
  set_time(to, "middleman.heartbeat-interval", heartbeat_pause);
  set_time(to, "middleman.connection-timeout", silence_max);
  to.load<caf::io::middleman>();
  to.load<caf::openssl::manager>();
}

} // namespace banksia::tls
