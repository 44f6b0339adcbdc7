#include "apps/banksia/model_children.hpp"

#include "actors/ml/gate.hpp"
#include "actors/ml/trainer.hpp"
#include "actors/registry/registry_folder.hpp"
#include "apps/banksia/child_specs.hpp"
#include "runtime/logging/log.hpp"
#include "runtime/supervision/process_actor.hpp"

#include <caf/abstract_actor.hpp>
#include <caf/send.hpp>
#include <caf/system_messages.hpp>

namespace banksia {

namespace {

/// `ml/process`. Its start holds nobody up: rules predict until it serves.
child_spec forecast_process(const node_setup& x, directory& names,
                            const std::shared_ptr<service_port>& where) {
  process_child_options options;
  options.program.command = x.model_service->command;
  // Single threads: the second pool that OpenBLAS or OpenMP would make costs
  // memory and computes nothing.
  options.program.environment = {{"OPENBLAS_NUM_THREADS", "1"},
                                 {"OMP_NUM_THREADS", "1"},
                                 {"MALLOC_ARENA_MAX", "2"}};
  options.ready = readiness::by_pipe;
  options.start_waits = false;
  options.ready_limit = x.model_service->ready_limit;
  options.where = x.blocking;
  auto gate = names.slot("ml/gate");
  options.on_ready = [where, gate](std::uint16_t port) {
    where->set(port);
    // Else it would be found at the next look.
    if (auto found = caf::actor_cast<forecast_gate_actor>(gate->current()))
      caf::anon_send(found, wire::next_atom_v);
  };
  child_spec spec;
  spec.slot = names.slot("ml/process");
  spec.backoff = x.backoff;
  spec.start = [where, start = process_child(std::move(options))](
                 caf::actor_system& system, watched probe) {
    where->starting();
    return start(system, std::move(probe));
  };
  return spec;
}

/// A replay shares its machine with whatever the user does meanwhile.
constexpr std::chrono::seconds patient_silence{60};
constexpr std::chrono::seconds patient_connect{20};

gate_setup gate_of(const model_service_setup& x, directory& names,
                   std::shared_ptr<service_port> where) {
  gate_setup setup;
  setup.service = std::move(where);
  setup.deadline = x.deadline;
  setup.patience = x.patience;
  setup.counted = x.counted;
  if (x.patience) {
    setup.silence_limit = patient_silence;
    setup.connect_limit = patient_connect;
  }
  setup.registry_stamp
    = [folder = registry_folder{x.models}] { return folder.stamp(); };
  setup.end_process = [slot = names.slot("ml/process")](const std::string& why) {
    logging::log_warn("ml/gate", "the process of models is ended",
                      {{"reason", why}});
    if (auto found = slot->current())
      caf::actor_cast<caf::abstract_actor*>(found)->enqueue(
        nullptr, caf::make_message_id(caf::message_priority::high),
        caf::make_message(caf::exit_msg{
          found.address(),
          caf::make_error(caf::sec::runtime_error, "process", why)}),
        nullptr);
  };
  setup.network = tls_network;
  return setup;
}

/// `ml/trainer`. It starts programs and changes files: on a thread of its own.
child_spec trainer_child(const node_setup& x, directory& names) {
  trainer_wiring wiring;
  wiring.writer = names.name<store_writer_actor>("store/writer");
  wiring.bus = bus_of(x, names);
  wiring.scheduler = names.name<scheduler_actor>("scheduler");
  wiring.gate = names.name<forecast_gate_actor>("ml/gate");
  wiring.report = x.report;
  return child(x, names, "ml/trainer", x.blocking, trainer, *x.training,
               wiring);
}

} // namespace

std::vector<child_spec> model_children(const node_setup& x, directory& names) {
  std::vector<child_spec> ml;
  if (x.model_service) {
    auto where = std::make_shared<service_port>();
    ml.push_back(forecast_process(x, names, where));
    // Looks at files: on a thread of its own.
    ml.push_back(child(x, names, "ml/gate", x.blocking, forecast_gate,
                       gate_of(*x.model_service, names, where)));
  }
  if (x.training)
    ml.push_back(trainer_child(x, names));
  return ml;
}

} // namespace banksia
