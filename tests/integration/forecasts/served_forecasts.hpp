#pragma once

/// A node with `banksia-ml` as its child. Include after CAF_SUITE.

#include "apps/banksia/node.hpp"
#include "runtime/tls/network.hpp"
#include "tests/integration/forecasts/small_models.hpp"
#include "tests/integration/process/processes.hpp"
#include "tests/integration/tree/live_run.hpp"

#include <caf/scoped_actor.hpp>

#include <csignal>
#include <fstream>
#include <optional>

namespace banksia::forecast_test {

using tree_test::happenings;
using tree_test::patience;
using watch = std::chrono::steady_clock;

/// A start of LibTorch on a loaded machine.
inline constexpr std::chrono::seconds start_max{20};

/// The child of this process that runs that program; -1 where there is none.
inline pid_t child_named(const std::string& program) {
  namespace fs = std::filesystem;
  for (const auto& task : fs::directory_iterator("/proc/self/task")) {
    std::ifstream in(task.path() / "children");
    for (pid_t pid; in >> pid;) {
      std::error_code error;
      auto file = fs::read_symlink("/proc/" + std::to_string(pid) + "/exe",
                                   error);
      if (file.filename() == program && process_test::runs(pid))
        return pid;
    }
  }
  return -1;
}

class served_forecasts {
public:
  served_forecasts() {
    tls::ensure_material(tls_folder(), tls::wall_clock::now());
  }

  ~served_forecasts() { stop(); }

  void start(std::chrono::milliseconds deadline = std::chrono::seconds{5}) {
    auto setup = tree_test::simulated_node(
      folder.path() / ("banksia-" + std::to_string(++starts) + ".db"));
    setup.clock.speed = 60; // the market is not what this is about
    setup.intensity = 1000;
    model_service_setup service;
    service.command = {BANKSIA_BINARY_DIR "/banksia-ml", "serve", "--models",
                       models.root().string(), "--tls",
                       tls_folder().string()};
    service.models = models.root();
    service.deadline = deadline;
    setup.model_service = service;
    auto up = seen.count("progress ml/gate") + 1;
    running.emplace(1, tls::credentials_of(tls_folder(), "node"));
    running->start(std::move(setup), [this](const supervision_event& x) {
      seen.note(x.event + " " + x.child);
    });
    self.emplace(running->system());
    seen.expect("progress ml/gate", up);
  }

  void stop() {
    self.reset();
    if (running) {
      CAF_CHECK(running->stop(patience));
      running.reset();
    }
  }

  std::filesystem::path tls_folder() const { return folder.path() / "tls"; }

  forecast_gate_actor gate() {
    return running->names().name<forecast_gate_actor>("ml/gate").get();
  }

  forecast_answer ask(const std::vector<forecast_row>& rows,
                      std::uint64_t number = 1) {
    forecast_request request;
    request.number = number;
    request.rows = rows;
    forecast_answer result;
    (*self)
      ->request(gate(), patience, std::move(request))
      .receive([&](forecast_answer& x) { result = std::move(x); },
               [&](caf::error& error) {
                 CAF_FAIL("no answer: " << running->system().render(error));
               });
    return result;
  }

  template <class Answer, class Atom>
  Answer ask_gate(Atom atom) {
    Answer result;
    (*self)->request(gate(), patience, atom)
      .receive([&](Answer& x) { result = std::move(x); },
               [&](caf::error& error) {
                 CAF_FAIL("no answer: " << running->system().render(error));
               });
    return result;
  }

  forecaster_status status() {
    return ask_gate<forecaster_status>(wire::status_atom_v);
  }

  /// Whether it comes to be reached, with that champion where one is named.
  bool becomes_reachable(const std::string& champion = {},
                         std::chrono::milliseconds limit = start_max) {
    return process_test::eventually(
      [&] {
        auto x = status();
        return x.reachable && (champion.empty() || x.champion == champion);
      },
      limit);
  }

  test::scratch_folder folder;
  registry_folder models{folder.path() / "models"};
  happenings seen;
  int starts = 0;
  std::optional<node> running;
  std::optional<caf::scoped_actor> self;
};

/// The champion's forecasts; null where there are none.
inline const model_forecasts* served(const forecast_answer& x) {
  for (const auto& model : x.models)
    if (model.served && model.failure.empty() && !model.rows.empty())
      return &model;
  return nullptr;
}

} // namespace banksia::forecast_test
