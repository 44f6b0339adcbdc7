#include "apps/banksia/commands/commands.hpp"

#include "actors/services/services.hpp"
#include "apps/banksia/commands/run_end.hpp"
#include "apps/banksia/commands/sentiment_files.hpp"
#include "apps/common/data_folder.hpp"
#include "apps/banksia/exposure.hpp"
#include "apps/banksia/limits.hpp"
#include "apps/banksia/live_setup.hpp"
#include "apps/banksia/model_counts.hpp"
#include "apps/banksia/model_service.hpp"
#include "apps/banksia/node.hpp"
#include "apps/banksia/role_process.hpp"
#include "apps/common/signals.hpp"
#include "apps/common/stored_plan.hpp"
#include "apps/common/tracing.hpp"
#include "apps/banksia/supervised.hpp"
#include "apps/banksia/supervision_log.hpp"
#include "apps/banksia/training.hpp"
#include "apps/common/version.hpp"
#include "config/checks.hpp"
#include "runtime/logging/log.hpp"
#include "runtime/process/lifeline.hpp"
#include "runtime/process/spare_memory.hpp"
#include "runtime/supervision/content.hpp"
#include "runtime/supervision/watchdog.hpp"

#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <future>
#include <iostream>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

namespace banksia::commands {

namespace {

void start_log(const config_options& options, const config::settings& x,
               role_set roles) {
  logging::options with;
  with.suffix = log_suffix(roles);
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

tracing_options traces_of(const config_options& options,
                          const config::settings& x) {
  tracing_options with;
  with.endpoint = x.tracing_endpoint;
  with.sample_ratio = x.tracing_sample_ratio;
  with.delay = std::chrono::milliseconds{x.tracing_delay_ms};
  if (!x.extra_ca_file.empty())
    with.ca_file = options.under_data_dir(x.extra_ca_file).string();
  return with;
}

service_setup services_of(node& in, const node_setup& tree,
                          const config::settings& x, const data_folder& folder,
                          role_set roles) {
  service_setup setup;
  setup.roles = roles;
  setup.core_port = x.core_port;
  if (!roles.has(node_role::core))
    setup.process_name = "process/" + process_name(roles);
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
  limit(setup, x);
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
    for (const auto& series : tree.outside->context)
      setup.feed_paths.push_back("feed/" + name_of(series));
  }
  setup.build = tree.provenance.build;
  setup.stored_plan = stored_plan;
  setup.report = [&in](const supervision_event& x) { report(in, x); };
  setup.give_up = [&in](const std::string& why) { in.give_up("api: " + why); };
  return setup;
}

/// @param door none: other processes have nothing to ask
void announce(const data_folder& folder, const services& served,
              const std::optional<core_door>& door, const config::settings& x) {
  // An IPv6 address needs brackets before a port.
  auto is_v6 = x.bind_address.find(':') != std::string::npos;
  auto address = is_v6 ? "[" + x.bind_address + "]" : x.bind_address;
  auto scheme = std::string{x.tls == "on" ? "https" : "http"};
  std::vector<std::pair<std::string, std::string>> addresses;
  for (const auto& [service, port] : served.ports())
    addresses.emplace_back(service, address + ":" + std::to_string(port));
  for (const auto& [service, where] : addresses)
    logging::log_info("node", service + " listens on " + scheme + "://" + where + "/");
  if (door)
    addresses.emplace_back("node", address + ":" + std::to_string(door->port()));
  folder.announce(addresses);
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

/// A node's twenty threads each read a symbol's whole history now and then. What
/// is large goes back to the system as soon as it is free (else the library raises
/// that bound by itself), and the rest comes from two heaps, not from one a thread.
void keep_memory_low() {
  constexpr int large_block_bytes = 256 * 1024;
  mallopt(M_MMAP_THRESHOLD, large_block_bytes);
  mallopt(M_ARENA_MAX, 2);
}

/// The tree of a node; makes the database where it lacks.
node_setup tree_of(const config_options& options,
                   const config::settings& settings,
                   const std::filesystem::path& database) {
  auto sentiment_model = configured_sentiment_model(options, settings);
  auto setup = live_setup(settings, database, options.under_data_dir(""));
  setup.sentiment_model = std::move(sentiment_model);
  add_training(setup, settings,
               options.under_data_dir(settings.models_folder));
  if (setup.outside)
    for (auto& news : setup.outside->news)
      news.model = setup.sentiment_model;
  return setup;
}

/// Starts the tree, or what reaches the tree of another process.
void begin(node& running, const node_setup& setup,
           const config::settings& settings, const config_options& options,
           role_set roles, const std::shared_ptr<core_view>& view,
           const std::shared_ptr<feed_board>& feeds) {
  auto told = [&](const supervision_event& x) { report(running, x); };
  if (roles.has(node_role::core))
    running.start(setup, told);
  else
    running.start(link_of(setup, settings, options.under_data_dir(""), roles,
                          view, feeds),
                  told);
}

/// A process may have all of a node or some of its roles: with the core it runs
/// the tree, without it reaches the tree of another process by name.
int run(const config_options& options, const database_option& database,
        role_set roles) {
  keep_memory_low();
  signal_block signals;
  raise_descriptor_limit();
  auto from_parent = process::lifeline::take();
  auto settings = options.load().values;
  auto parent = watch_parent(std::move(from_parent), settings);
  auto file = database.file(options, settings);
  auto has_core = roles.has(node_role::core);
  auto is_split = roles != role_set::all();
  data_folder folder{options.under_data_dir(""), process_name(roles)};
  std::vector<part_lock> held;
  if (is_split)
    held = held_roles(folder, roles);
  log_guard log;
  start_log(options, settings, roles);
  tracing traces{traces_of(options, settings), "banksia"};
  auto setup = has_core ? tree_of(options, settings, file)
                        : role_setup(settings, file);
  std::optional<start_lock> starting{folder};
  model_service models;
  if (has_core)
    models = model_service_of(settings, options.under_data_dir(""));
  auto counted = std::make_shared<model_counts>();
  if (models.setup)
    models.setup->counted = [counted](const process_counts& x) {
      counted->told(x);
    };
  setup.model_service = models.setup;
  if (is_split)
    models.network = node_credentials(options.under_data_dir(""));
  process::spare_memory spare;
  node running{settings.worker_threads, models.network};
  if (is_split)
    running.set_name(to_string(roles, "-"));
  running.probes().spans = traces.spans();
  add_faults(setup, running.probes());
  auto offered = services_of(running, setup, settings, folder, roles);
  offered.models_away = models.missing;
  auto view = has_core ? nullptr : std::make_shared<core_view>();
  offered.core = view;
  // As the core says it.
  if (!has_core)
    offered.feeds = std::make_shared<feed_board>();
  auto feeds = offered.feeds;
  services served{std::move(offered)};
  traces.add_metrics(served.metrics());
  if (models.setup)
    add_metrics(served.metrics(), counted);
  if (auto problem = served.start())
    throw command_error(exit_unavailable, *problem);
  starting.reset();
  logging::log_info("node", std::string{version_text()} + " starts",
                    {{"roles", to_string(roles)},
                     {"database", file.string()},
                     {"market_time", to_rfc3339(setup.clock.start)}});
  begin(running, setup, settings, options, roles, view, feeds);
  std::optional<core_door> door;
  if (has_core && is_split) {
    door.emplace(door_of(running, settings, feeds));
    if (auto problem = door->start())
      throw command_error(exit_unavailable, *problem);
  }
  std::optional<watchdog> dog;
  if (settings.watchdog_limit_ms > 0)
    dog.emplace(running.shared_probes(),
                std::chrono::milliseconds{settings.watchdog_limit_ms},
                [&](const stuck_actor& x) { end_stuck(running, x); });
  served.set_ready(true);
  announce(folder, served, door, settings);
  auto waiter = signals.on_stop([&, asked = false]() mutable {
    if (std::exchange(asked, true))
      end_in_a_hurry();
    running.request_stop();
  });
  auto how = running.wait();
  auto failure = drain_all(running, how, served, door, traces, settings);
  if (models.network) {
    folder.withdraw();
    end_in_any_case(failure);
  }
  if (failure)
    throw *failure;
  return exit_done;
}

/// @throws command_error
role_set chosen_roles(const std::string& text) {
  auto parsed = parse_roles(text);
  if (!parsed.problem.empty())
    throw command_error(exit_usage, "--roles: " + parsed.problem);
  return parsed.roles;
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
  auto roles = std::make_shared<std::string>(to_string(role_set::all()));
  command
    ->add_option("--roles", *roles,
                 "what of the node this process runs; without core it reaches "
                 "the core of the data directory, or of core_address")
    ->capture_default_str();
  command->footer("Examples:\n"
                  "  banksia run --env demo\n"
                  "  banksia run --supervised --env production "
                  "--data-dir /var/lib/banksia\n"
                  "  banksia run --set prediction_interval_minutes=60\n"
                  "  banksia run --roles core\n"
                  "  banksia run --roles prediction,dashboard");
  command->callback([options, database, supervised, roles, &chosen] {
    chosen = [options, database, supervised, roles] {
      auto wanted = chosen_roles(*roles);
      if (*supervised)
        return run_supervised(
          std::chrono::milliseconds{options->load().values.drain_timeout_ms});
      return run(*options, *database, wanted);
    };
  });
}

} // namespace banksia::commands
