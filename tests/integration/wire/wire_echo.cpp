/// A process that loads every message it gets and sends it back. Writes the
/// port it listens on as a line; ends when its standard input does.

#include "messages/actors.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/io/middleman.hpp>
#include <caf/send.hpp>

#include <iostream>
#include <string>

namespace {

caf::behavior echo(caf::event_based_actor* self) {
  self->set_default_handler(caf::reflect);
  // A behaviour of its own: one without would end at once.
  return {[](banksia::wire::start_atom) {}};
}

} // namespace

int main() {
  caf::actor_system_config config;
  config.add_message_types<caf::id_block::banksia>();
  config.load<caf::io::middleman>();
  caf::actor_system system{config};
  auto actor = system.spawn(echo);
  auto port = system.middleman().publish(actor, 0, "127.0.0.1");
  if (!port) {
    std::cerr << "cannot listen: " << system.render(port.error()) << '\n';
    return 1;
  }
  std::cout << *port << std::endl;
  std::string line;
  while (std::getline(std::cin, line)) {
  }
  caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
}
