#include "apps/banksia-ml/commands/commands.hpp"

#include "actors/ml/forecaster.hpp"
#include "actors/tracing/crossing.hpp"
#include "actors/tracing/work.hpp"
#include "apps/common/leave.hpp"
#include "apps/common/signals.hpp"
#include "apps/common/tracing.hpp"
#include "runtime/process/lifeline.hpp"
#include "runtime/process/tell_ready.hpp"
#include "runtime/tls/error.hpp"
#include "runtime/tls/network.hpp"

#include <caf/all.hpp>
#include <caf/openssl/publish.hpp>

#include <unistd.h>

#include <atomic>
#include <csignal>
#include <iostream>
#include <memory>

namespace banksia::commands {

namespace {

constexpr const char* here = "127.0.0.1";
constexpr std::chrono::seconds load_limit{60};
/// For requests that came before the signal; below the node's own limit.
constexpr std::chrono::seconds drain_limit{2};
/// After the parent is gone.
constexpr std::chrono::seconds orphan_limit{4};

/// For the last spans, within what the node waits for a process to end.
constexpr std::chrono::milliseconds trace_grace{500};
/// For the network to close, which takes milliseconds where it can.
constexpr std::chrono::milliseconds close_limit{1000};

struct serve_options {
  std::string models;
  std::string tls;
  std::string trace_endpoint;
  std::uint32_t trace_delay_ms = 5000;
  std::string trace_ca;
};

void configure(caf::actor_system_config& config, const serve_options& options) {
  config.add_message_types<caf::id_block::banksia>();
  config.add_message_types<caf::id_block::banksia_carried>();
  // One thread computes, CAF's own moves messages.
  config.set("scheduler.policy", caf::atom("sharing"));
  config.set("scheduler.max-threads", std::size_t{1});
  try {
    tls::load_network(config, tls::credentials_of(options.tls, "ml"),
                      tls::wall_clock::now());
  } catch (const tls::tls_error& error) {
    throw command_error(exit_failed, error.what());
  }
}

/// What it does for a traced request of the node, which says whether it is.
tracing_options traces_of(const serve_options& options) {
  tracing_options with;
  with.endpoint = options.trace_endpoint;
  with.delay = std::chrono::milliseconds{options.trace_delay_ms};
  with.ca_file = options.trace_ca;
  return with;
}

std::shared_ptr<probe> watched_by(const tracing& traces) {
  auto watched = std::make_shared<probe>("ml/forecaster");
  watched->spans = traces.spans();
  watched->work_of = work_of;
  return watched;
}

process_counts counts_of(const tracing& traces) {
  auto spans = traces.counts();
  process_counts result;
  result.spans_exported = spans.exported;
  result.spans_lost = spans.lost;
  return result;
}

/// Waits until all that was sent to it before is done. @returns false when the
/// time was over first
bool is_through(caf::actor_system& system, const forecaster_actor& x,
                std::chrono::milliseconds limit) {
  caf::scoped_actor self{system};
  auto answered = false;
  self->request(x, caf::duration{limit}, wire::status_atom_v)
    .receive([&](const forecaster_status&) { answered = true; },
             [](const caf::error&) {});
  return answered;
}

int serve(const serve_options& options) {
  signal_block signals;
  auto from_parent = process::lifeline::take();
  auto ready = process::take_ready_pipe();
  auto told_to_stop = std::make_shared<std::atomic<bool>>(false);
  auto waiter = signals.on_stop([told_to_stop] {
    told_to_stop->store(true);
    told_to_stop->notify_all();
  });
  auto parent = process::lifeline::watch(
    std::move(from_parent), [] { ::kill(::getpid(), SIGTERM); }, orphan_limit);
  tracing traces{traces_of(options), "banksia-ml"};
  caf::actor_system_config config;
  configure(config, options);
  caf::actor_system system{config};
  auto actor = spawn_at(system, placement::detached, forecaster,
                        watched_by(traces),
                        std::filesystem::path{options.models},
                        [&traces] { return counts_of(traces); });
  if (!is_through(system, actor, load_limit)) {
    caf::anon_send_exit(actor, caf::exit_reason::kill);
    throw command_error(exit_failed, "the models cannot be loaded: "
                                       + options.models
                                       + ": banksia models list shows them");
  }
  auto offered = caf::actor_cast<carried_forecaster_actor>(
    from_far(caf::actor_cast<caf::actor>(actor)));
  auto port = caf::openssl::publish(offered, 0, here);
  if (!port) {
    caf::anon_send_exit(actor, caf::exit_reason::kill);
    throw command_error(exit_unavailable,
                        std::string{"cannot listen: "} + here + ": "
                          + system.render(port.error())
                          + ": check the limits of this user");
  }
  std::cout << "forecasts on " << here << ':' << *port << std::endl;
  process::tell_ready(std::move(ready), *port);
  told_to_stop->wait(false);
  is_through(system, actor, drain_limit);
  caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
  traces.stop(trace_grace);
  leave_within(close_limit, exit_done);
  return exit_done;
}

} // namespace

void add_serve(CLI::App& app, action& chosen) {
  auto command = app.add_subcommand(
    "serve", "forecast for a node, which starts this by itself");
  auto options = std::make_shared<serve_options>();
  command->add_option("--models", options->models, "the folder of models")
    ->required();
  command
    ->add_option("--tls", options->tls,
                 "the node's folder of keys and certificates")
    ->required();
  command->add_option("--tracing-endpoint", options->trace_endpoint,
                      "a collector of OTLP over HTTP; none: no traces");
  command
    ->add_option("--tracing-delay-ms", options->trace_delay_ms,
                 "how long spans wait until they are sent together")
    ->check(CLI::Range(10, 60'000));
  command->add_option("--tracing-ca", options->trace_ca,
                      "certificates trusted beside the system's");
  command->footer("Reads registry.json of the folder, listens on any free port "
                  "of 127.0.0.1 and\nserves whoever has a certificate of the "
                  "node's own authority.\n\nExamples:\n"
                  "  banksia-ml serve --models models --tls tls");
  command->callback(
    [options, &chosen] { chosen = [options] { return serve(*options); }; });
}

} // namespace banksia::commands
