#include "apps/banksia/commands/commands.hpp"

#include "actors/services/services.hpp"
#include "apps/banksia/commands/sentiment_files.hpp"
#include "apps/common/data_folder.hpp"
#include "apps/banksia/exposure.hpp"
#include "apps/banksia/live_setup.hpp"
#include "apps/banksia/model_service.hpp"
#include "apps/banksia/node.hpp"
#include "apps/common/signals.hpp"
#include "apps/common/stored_plan.hpp"
#include "apps/banksia/supervised.hpp"
#include "apps/banksia/supervision_log.hpp"
#include "apps/banksia/training.hpp"
#include "apps/common/version.hpp"
#include "config/checks.hpp"
#include "runtime/logging/log.hpp"
#include "runtime/process/lifeline.hpp"
#include "runtime/supervision/content.hpp"
#include "runtime/supervision/watchdog.hpp"

#include <malloc.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <future>
#include <iostream>
#include <memory>
#include <optional>
#include <thread>

namespace banksia::commands {

namespace {

void start_log(const config_options& options, const config::settings& x) {
  logging::options with;
  with.directory = options.under_data_dir("").string();
  with.threshold = logging::parse_level(x.log_level)
                     .value_or(logging::level::info);
  if (auto problem = logging::start(with))
    throw command_error(exit_failed, *problem);
}

/// Stops the log however the command ends.
struct log_guard {
  log_guard() = default;
  ~log_guard() { logging::stop(); }
  log_guard(const log_guard&) = delete;
  log_guard& operator=(const log_guard&) = delete;
};

service_setup services_of(node& in, const node_setup& tree,
                          const config::settings& x,
                          const data_folder& folder) {
  service_setup setup;
  setup.system = &in.system();
  setup.names = &in.names();
  setup.probes = in.shared_probes();
  setup.plan = tree.plan;
  setup.listed = tree.listed;
  setup.wall = wall_time;
  if (tree.simulation)
    setup.no_prices_of = [market = tree.simulation->settings](
                           const std::string& symbol) {
      auto with = market;
      with.symbols = {symbol};
      return simulation::problem_of(with);
    };
  setup.database = tree.database;
  setup.bind_address = x.bind_address;
  setup.prediction_port = x.prediction_port;
  setup.evaluation_port = x.evaluation_port;
  setup.ml_port = x.ml_port;
  setup.data_port = x.data_port;
  setup.dashboard_port = x.dashboard_port;
  setup.models = std::filesystem::absolute(folder.root() / x.models_folder);
  setup.trains = tree.training.has_value();
  setup.flat_band = x.flat_band;
  setup.token = folder.operator_token();
  expose(setup, x, std::filesystem::absolute(folder.root()));
  setup.clock_name = std::string{to_string(tree.clock.mode)};
  setup.clock_speed = tree.clock.mode == clock_mode::accelerated
                        ? tree.clock.speed
                        : 1.0;
  setup.sample_every = std::chrono::seconds{x.service_sample_seconds};
  setup.version = std::string{version_number()};
  if (tree.outside) {
    setup.feeds = tree.outside->board;
    for (const auto& source : tree.outside->sources)
      if (std::holds_alternative<folder_setup>(source))
        setup.feed_paths.push_back("feed/prices/" + name_of(source));
    for (const auto& news : tree.outside->news)
      setup.feed_paths.push_back("feed/news/" + news.name);
  }
  setup.build = tree.provenance.build;
  setup.stored_plan = stored_plan;
  setup.report = [&in](const supervision_event& x) { report(in, x); };
  setup.give_up = [&in](const std::string& why) { in.give_up("api: " + why); };
  return setup;
}

void announce(const data_folder& folder, const services& served,
              const config::settings& x) {
  // An IPv6 address needs brackets before a port.
  auto is_v6 = x.bind_address.find(':') != std::string::npos;
  auto address = is_v6 ? "[" + x.bind_address + "]" : x.bind_address;
  auto scheme = std::string{x.tls == "on" ? "https" : "http"};
  std::vector<std::pair<std::string, std::string>> addresses;
  for (const auto& [service, port] : served.ports())
    addresses.emplace_back(service, address + ":" + std::to_string(port));
  folder.announce(addresses);
  for (const auto& [service, where] : addresses)
    logging::log_info("node", service + " listens on " + scheme + "://" + where + "/");
}

/// The log's own thread may be what hangs.
void end_log_within(std::chrono::milliseconds limit) {
  auto flushed = std::make_shared<std::promise<void>>();
  std::thread{[flushed] {
    logging::stop();
    flushed->set_value();
  }}.detach();
  flushed->get_future().wait_for(limit);
}

/// A handler that does not return cannot be ended alone: the process goes, and
/// its parent starts it again. Nothing acknowledged is lost.
[[noreturn]] void end_stuck(node& in, const stuck_actor& x) {
  auto seconds = static_cast<double>(x.busy.count()) / 1000.0;
  auto text = x.path + " has been busy for " + std::to_string(seconds)
              + " s with one message";
  supervision_event told;
  told.supervisor = "watchdog";
  told.child = x.path;
  told.generation = x.generation;
  told.event = "escalated";
  told.reason = text + ": the process ends with 75";
  told.last_message = last_message_of(*in.probes().at(x.path));
  report(in, told);
  std::cerr << "banksia: an actor is stuck: " << text
            << ": the process ends; run it with --supervised, so that it is "
               "started again\n";
  end_log_within(std::chrono::milliseconds{300});
  std::_Exit(exit_again);
}

/// Under `--supervised`: when the parent is gone, the node drains as if it had
/// been told to, and ends in any case.
std::unique_ptr<process::lifeline> watch_parent(process::unique_fd from,
                                                const config::settings& x) {
  auto drain = [] {
    logging::log_warn("node", "its parent is gone: it stops too");
    ::kill(::getpid(), SIGTERM);
  };
  return process::lifeline::watch(std::move(from), drain,
                                  std::chrono::milliseconds{x.drain_timeout_ms}
                                    + std::chrono::seconds{2});
}

/// What was acknowledged is on disk already; what was asked and not answered
/// is given up.
[[noreturn]] void end_in_a_hurry() {
  logging::log_warn("node", "told to stop twice: it ends at once");
  end_log_within(std::chrono::milliseconds{500});
  std::_Exit(exit_done);
}

/// From the outside in: the services become unready and answer what they have
/// accepted, then the tree finishes what it works on.
bool drain(node& running, services& served, const config::settings& x) {
  using std::chrono::milliseconds;
  auto end = std::chrono::steady_clock::now() + milliseconds{x.drain_timeout_ms};
  served.set_draining();
  // A balancer must see that before the listeners close.
  std::this_thread::sleep_for(std::min(milliseconds{300},
                                       milliseconds{x.drain_timeout_ms / 10}));
  served.stop(milliseconds{x.drain_timeout_ms / 2});
  auto left = std::chrono::duration_cast<milliseconds>(
    end - std::chrono::steady_clock::now());
  return running.stop(std::max(left, milliseconds{200}));
}

/// A node's twenty threads each read a symbol's whole history now and then. What
/// is large goes back to the system as soon as it is free (else the library raises
/// that bound by itself), and the rest comes from two heaps, not from one a thread.
void keep_memory_low() {
  constexpr int large_block_bytes = 256 * 1024;
  mallopt(M_MMAP_THRESHOLD, large_block_bytes);
  mallopt(M_ARENA_MAX, 2);
}

int run(const config_options& options, const database_option& database) {
  keep_memory_low();
  signal_block signals;
  raise_descriptor_limit();
  auto from_parent = process::lifeline::take();
  auto settings = options.load().values;
  auto parent = watch_parent(std::move(from_parent), settings);
  auto file = database.file(options, settings);
  data_folder folder{options.under_data_dir("")};
  log_guard log;
  start_log(options, settings);
  auto sentiment_model = configured_sentiment_model(options, settings);
  auto setup = live_setup(settings, file, options.under_data_dir(""));
  setup.sentiment_model = std::move(sentiment_model);
  add_training(setup, settings,
               options.under_data_dir(settings.models_folder));
  if (setup.outside)
    for (auto& news : setup.outside->news)
      news.model = setup.sentiment_model;
  auto models = model_service_of(settings, options.under_data_dir(""));
  setup.model_service = models.setup;
  node running{settings.worker_threads, models.network};
  add_faults(setup, running.probes());
  auto offered = services_of(running, setup, settings, folder);
  offered.models_away = models.missing;
  services served{std::move(offered)};
  if (auto problem = served.start())
    throw command_error(exit_unavailable, *problem);
  logging::log_info("node", std::string{version_text()} + " starts",
                    {{"database", file.string()},
                     {"market_time", to_rfc3339(setup.clock.start)}});
  running.start(setup,
                [&](const supervision_event& x) { report(running, x); });
  std::optional<watchdog> dog;
  if (settings.watchdog_limit_ms > 0)
    dog.emplace(running.shared_probes(),
                std::chrono::milliseconds{settings.watchdog_limit_ms},
                [&](const stuck_actor& x) { end_stuck(running, x); });
  served.set_ready(true);
  announce(folder, served, settings);
  auto waiter = signals.on_stop([&, asked = false]() mutable {
    if (std::exchange(asked, true))
      end_in_a_hurry();
    running.request_stop();
  });
  auto how = running.wait();
  logging::log_info("node", "draining");
  auto drained = drain(running, served, settings);
  if (how == node_end::gave_up)
    throw command_error(exit_gave_up, "supervision gave up: "
                                        + running.give_up_reason()
                                        + ": see logs/supervision.jsonl");
  if (!drained)
    throw command_error(exit_failed, "not drained in time: "
                                     "drain_timeout_ms: what was acknowledged "
                                     "is stored; raise the limit");
  logging::log_info("node", "stopped");
  return exit_done;
}

} // namespace

void add_run(CLI::App& app, action& chosen) {
  auto command = app.add_subcommand("run", "run the node until SIGTERM");
  auto options = std::make_shared<config_options>();
  auto database = std::make_shared<database_option>();
  options->add_to(*command);
  database->add_to(*command);
  auto supervised = std::make_shared<bool>(false);
  command->add_flag("--supervised", *supervised,
                    "under a small parent that starts the node again after a "
                    "crash");
  command->footer("Examples:\n"
                  "  banksia run --env demo\n"
                  "  banksia run --supervised --env production "
                  "--data-dir /var/lib/banksia\n"
                  "  banksia run --set prediction_interval_minutes=60");
  command->callback([options, database, supervised, &chosen] {
    chosen = [options, database, supervised] {
      if (*supervised)
        return run_supervised(
          std::chrono::milliseconds{options->load().values.drain_timeout_ms});
      return run(*options, *database);
    };
  });
}

} // namespace banksia::commands
