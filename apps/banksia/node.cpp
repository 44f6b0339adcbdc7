#include "apps/banksia/node.hpp"

#include "actors/tracing/work.hpp"
#include "messages/trace.hpp"
#include "runtime/tls/network.hpp"

#include <thread>

namespace banksia {

node::node(std::size_t worker_threads,
           const std::optional<tls::credentials>& network) {
  board_->trace_of = trace_of;
  board_->work_of = work_of;
  config_.add_message_types<caf::id_block::banksia>();
  config_.add_message_types<caf::id_block::banksia_cluster>();
  config_.add_message_types<caf::id_block::banksia_carried>();
  // Sharing: outside requests and remote round trips are several times faster
  // than with work stealing, and idle threads sleep.
  config_.set("scheduler.policy", caf::atom("sharing"));
  auto workers = worker_threads != 0 ? worker_threads
                                     : std::thread::hardware_concurrency();
  config_.set("scheduler.max-threads", std::max<std::size_t>(workers, 1));
  config_.set("scheduler.max-throughput", std::size_t{100});
  if (network)
    tls::load_network(config_, *network, tls::wall_clock::now());
  system_ = std::make_unique<caf::actor_system>(config_);
}

node::~node() {
  if (root_)
    stop(std::chrono::seconds{5});
  root_ = nullptr;
}

void node::start(node_setup setup,
                 std::function<void(const supervision_event&)> report) {
  auto told = std::move(setup.finished);
  setup.finished = [this, told](const schedule_status& status) {
    if (told)
      told(status);
    end(node_end::finished);
  };
  setup.board = board_;
  setup.report = std::move(report);
  auto options = root_options(setup);
  options.give_up = [this](const std::string& reason) {
    end(node_end::gave_up, reason);
  };
  root_ = start_supervisor(*system_, board_, topology(setup, names_),
                           std::move(options));
}

void node::start(core_link_setup setup,
                 std::function<void(const supervision_event&)> report) {
  supervisor_options options;
  options.report = std::move(report);
  options.give_up = [this](const std::string& reason) {
    end(node_end::gave_up, reason);
  };
  child_spec link;
  link.slot = names_.slot("core/link");
  link.backoff = backoff_rule::usual();
  setup.names = &names_;
  // Detached: it reads a file to find the core.
  link.start = [setup](caf::actor_system& system, std::shared_ptr<probe> probe) {
    return caf::actor_cast<caf::actor>(spawn_at(
      system, placement::detached, core_link, std::move(probe), setup));
  };
  root_ = start_supervisor(*system_, board_, {std::move(link)},
                           std::move(options));
}

void node::end(node_end how, std::string reason) {
  std::lock_guard guard{mutex_};
  if (ended_)
    return;
  ended_ = how;
  give_up_reason_ = std::move(reason);
  changed_.notify_all();
}

void node::end_by(const storage::storage_error& error) {
  std::lock_guard guard{mutex_};
  if (ended_)
    return;
  ended_ = node_end::store_failed;
  store_failure_.emplace(error);
  changed_.notify_all();
}

node_end node::wait() {
  std::unique_lock guard{mutex_};
  changed_.wait(guard, [this] { return ended_.has_value(); });
  return *ended_;
}

void node::request_stop() {
  end(node_end::stopped);
}

bool node::stop(std::chrono::milliseconds limit) {
  auto stopped = stop_tree(*system_, root_, limit);
  root_ = nullptr;
  return stopped;
}

} // namespace banksia
