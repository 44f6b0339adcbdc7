#include "cluster/core_door.hpp"

#include "runtime/supervision/supervisor.hpp"

#include <caf/openssl/manager.hpp>
#include <caf/openssl/publish.hpp>
#include <caf/scoped_actor.hpp>

#include <mutex>
#include <stdexcept>
#include <utility>

namespace banksia {

namespace {

constexpr std::chrono::seconds start_limit{10};
constexpr std::chrono::seconds stop_limit{2};

/// `caf::openssl::unpublish` of this version sends what nobody takes.
void unpublish(const core_gate_actor& gate, std::uint16_t port) {
  auto& system = gate.home_system();
  caf::scoped_actor self{system};
  self
    ->request(system.openssl_manager().actor_handle(),
              caf::duration{stop_limit}, caf::unpublish_atom::value,
              gate.address(), port)
    .receive([] {}, [](const caf::error&) {
      // Then the port stays taken, and whoever wants it says so.
    });
}

} // namespace

/// The port, which outlives gates. Thread-safe.
struct core_door::published {
  std::string address;

  std::mutex mutex;
  std::uint16_t port = 0;
  core_gate_actor gate; ///< the one that is published
  std::string problem;  ///< of the last try

  /// On the gate's thread. @throws std::runtime_error
  void open(const core_gate_actor& next) {
    std::lock_guard guard{mutex};
    // The port stays with the dead one otherwise.
    if (gate)
      unpublish(gate, port);
    gate = nullptr;
    auto bound = caf::openssl::publish(next, port, address.c_str(), true);
    if (!bound) {
      problem = "cannot listen: node at " + address + ":"
                + std::to_string(port) + ": "
                + next.home_system().render(bound.error())
                + ": set another node_port, or 0 for any free one";
      throw std::runtime_error(problem);
    }
    gate = next;
    port = *bound;
    problem.clear();
  }

  void close() {
    std::lock_guard guard{mutex};
    if (gate)
      unpublish(gate, port);
    gate = nullptr;
  }
};

core_door::core_door(core_door_setup setup)
  : setup_(std::move(setup)), published_(std::make_shared<published>()) {
  published_->address = setup_.address;
  published_->port = setup_.port;
}

core_door::~core_door() {
  stop();
}

std::optional<std::string> core_door::start() {
  child_spec spec;
  spec.slot = setup_.gate.names->slot("core/gate");
  spec.backoff = backoff_rule::usual();
  auto gate = setup_.gate;
  gate.publish = [to = published_](const core_gate_actor& x) { to->open(x); };
  // Detached, since opening the port blocks.
  spec.start = [gate](caf::actor_system& system, std::shared_ptr<probe> probe) {
    return caf::actor_cast<caf::actor>(spawn_at(
      system, placement::detached, core_gate, std::move(probe), gate));
  };
  supervisor_options options;
  options.path = "cluster";
  options.report = setup_.report;
  options.give_up = setup_.give_up;
  supervisor_ = start_supervisor(*setup_.system, setup_.board,
                                 {std::move(spec)}, std::move(options));
  if (await_ready(*setup_.system, supervisor_, start_limit))
    return std::nullopt;
  std::lock_guard guard{published_->mutex};
  return published_->problem.empty() ? "core/gate does not start: node_port: "
                                       "see logs/supervision.jsonl"
                                     : published_->problem;
}

std::uint16_t core_door::port() const noexcept {
  std::lock_guard guard{published_->mutex};
  return published_->port;
}

void core_door::stop() {
  if (!supervisor_)
    return;
  published_->close();
  stop_tree(*setup_.system, supervisor_, stop_limit);
  supervisor_ = nullptr;
}

} // namespace banksia
