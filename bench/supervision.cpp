// What supervision costs: `bench_supervision restart|messages|scale [ARGS]`;
// `same` measures bare actors against bare ones: how far the figures of
// `messages` are noise. bench/supervision.sh runs it beside its peers.

#include "runtime/logging/log.hpp"
#include "runtime/supervision/directory.hpp"
#include "runtime/supervision/shell.hpp"
#include "runtime/supervision/supervisor.hpp"

#include <caf/all.hpp>

#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace banksia;

namespace {

using crash_atom = caf::atom_constant<caf::atom("crash")>;
using up_atom = caf::atom_constant<caf::atom("up")>;
using go_atom = caf::atom_constant<caf::atom("go")>;

struct worker_state {
  static inline const char* name = "worker";
};

using worker_self
  = caf::stateful_actor<worker_state, instrumented<caf::event_based_actor>>;

double percentile(std::vector<double> x, double part) {
  std::sort(x.begin(), x.end());
  auto at = static_cast<std::size_t>(part * static_cast<double>(x.size() - 1));
  return x[at];
}

double median(const std::vector<double>& x) {
  return percentile(x, 0.5);
}

caf::actor_system_config& configured(caf::actor_system_config& config) {
  config.set("scheduler.policy", caf::atom("sharing"));
  config.set("scheduler.max-threads", std::size_t{2});
  return config;
}

// -- crash to first reply ---------------------------------------------------------

caf::behavior fragile(worker_self* self, std::shared_ptr<probe> watched,
                      const caf::actor& client) {
  prepare(self, std::move(watched));
  self->send(client, up_atom::value, caf::actor{self});
  return {
    [](crash_atom, std::uint64_t number) {
      throw std::runtime_error("crash " + std::to_string(number));
    },
    [](std::uint64_t x) { return x + 1; },
  };
}

struct client_state {
  caf::actor target;
  std::uint64_t crashes = 0;
  std::uint64_t begun = 0;
  std::vector<double> micros;
};

/// Crashes the child, and waits for the first answer of the next one. Begins
/// when it is told to: a child that crashes before its first start counts as
/// done would end its supervisor.
caf::behavior client(caf::stateful_actor<client_state>* self,
                     std::uint64_t rounds,
                     std::shared_ptr<std::vector<double>> result) {
  auto crash = [self] {
    self->state.begun = monotonic_ns();
    self->send(self->state.target, crash_atom::value, ++self->state.crashes);
  };
  return {
    [=](up_atom, const caf::actor& target) {
      self->state.target = target;
      if (self->state.begun == 0)
        return;
      self->request(target, std::chrono::seconds{10}, std::uint64_t{1})
        .then([=](std::uint64_t) {
          auto& state = self->state;
          state.micros.push_back(
            static_cast<double>(monotonic_ns() - state.begun) / 1e3);
          if (state.micros.size() == rounds) {
            *result = state.micros;
            self->quit();
          } else {
            crash();
          }
        });
    },
    [=](go_atom) { crash(); },
  };
}

int restart(std::uint64_t rounds, const std::string& folder) {
  caf::actor_system_config config;
  caf::actor_system system{configured(config)};
  directory names;
  auto result = std::make_shared<std::vector<double>>();
  caf::scoped_actor self{system};
  auto asker = self->spawn<caf::monitored>(client, rounds, result);
  std::uint64_t reports = 0;
  supervisor_options options;
  options.intensity = 4'000'000'000;
  options.period = std::chrono::milliseconds{1};
  // As a node does: one line in each of its two logs.
  logging::options log;
  log.directory = folder;
  log.terminal = logging::terminal_form::none;
  if (auto problem = logging::start(log))
    throw std::runtime_error(*problem);
  options.report = [&](const supervision_event& x) {
    reports += x.event == "child_terminated";
    logging::log_supervision(
      R"({"supervisor":")" + x.supervisor + R"(","child":")" + x.child
      + R"(","generation":)" + std::to_string(x.generation) + R"(,"event":")"
      + x.event + R"(","strategy":")" + x.strategy + R"(","last_message":")"
      + x.last_message + R"("})");
    logging::log_warn("supervisor", x.child + ": " + x.event,
                      {{"reason", x.reason},
                       {"last_message", x.last_message}});
  };
  child_spec spec;
  spec.slot = names.slot("worker");
  spec.start = [asker](caf::actor_system& on, std::shared_ptr<probe> watched) {
    return caf::actor{on.spawn(fragile, std::move(watched), asker)};
  };
  auto sup = start_supervisor(system, std::make_shared<probe_board>(), {spec},
                              options);
  if (!await_ready(system, sup, std::chrono::seconds{60}))
    throw std::runtime_error("the child does not get ready");
  caf::anon_send(asker, go_atom::value);
  self->receive([](const caf::down_msg&) {});
  stop_tree(system, sup, std::chrono::seconds{5});
  logging::stop();
  if (reports < rounds)
    throw std::runtime_error("fewer reports than crashes");
  std::cout << percentile(*result, 0.5) << ' ' << percentile(*result, 0.99)
            << '\n';
  return 0;
}

// -- messages ---------------------------------------------------------------------

caf::behavior plain(caf::event_based_actor*) {
  return {
    [](std::uint64_t x) { return x + 1; },
    [](go_atom, std::uint64_t) {},
  };
}

caf::behavior wrapped(worker_self* self, std::shared_ptr<probe> watched) {
  prepare(self, std::move(watched));
  return {
    [](std::uint64_t x) { return x + 1; },
    [](go_atom, std::uint64_t) {},
  };
}

/// Asks one after the other; ends when all are answered.
void ping(caf::event_based_actor* self, const caf::actor& target,
          std::uint64_t left) {
  self->request(target, caf::infinite, left)
    .then([=](std::uint64_t) {
      if (left > 1)
        ping(self, target, left - 1);
    });
}

double request_rate(caf::actor_system& system, const caf::actor& target,
                    std::uint64_t n) {
  caf::scoped_actor self{system};
  auto begun = monotonic_ns();
  self->spawn<caf::monitored>([=](caf::event_based_actor* asker) {
    ping(asker, target, n);
  });
  self->receive([](const caf::down_msg&) {});
  return static_cast<double>(n) * 1e9
         / static_cast<double>(monotonic_ns() - begun);
}

/// In bursts that fit a cache, as mailboxes are in a node; each ends with a
/// question.
void burst(caf::event_based_actor* self, const caf::actor& target,
           std::uint64_t left) {
  constexpr std::uint64_t length = 1000;
  for (std::uint64_t i = 0; i < length; ++i)
    self->send(target, go_atom::value, i);
  self->request(target, caf::infinite, std::uint64_t{1})
    .then([=](std::uint64_t) {
      if (left > length)
        burst(self, target, left - length);
    });
}

double one_way_rate(caf::actor_system& system, const caf::actor& target,
                    std::uint64_t n) {
  caf::scoped_actor self{system};
  auto begun = monotonic_ns();
  // From an actor, as in a node.
  self->spawn<caf::monitored>([=](caf::event_based_actor* sender) {
    burst(sender, target, n);
  });
  self->receive([](const caf::down_msg&) {});
  return static_cast<double>(n) * 1e9
         / static_cast<double>(monotonic_ns() - begun);
}

/// New actors for each pair, made in either order: where an actor happens to
/// lie in memory makes a difference of more than a tenth.
int messages(std::uint64_t pairs, bool same) {
  caf::actor_system_config config;
  // One thread: sender and receiver take turns, so that the handlers are
  // measured and not how two cores meet.
  config.set("scheduler.policy", caf::atom("sharing"));
  config.set("scheduler.max-threads", std::size_t{1});
  caf::actor_system system{config};
  std::vector<double> asked, sent, extra_ns, round_ns;
  constexpr std::uint64_t requests = 100'000;
  constexpr std::uint64_t one_way = 400'000;
  for (std::uint64_t i = 0; i < pairs; ++i) {
    double a[2], b[2];
    for (std::uint64_t turn = 0; turn < 2; ++turn) {
      auto is_ours = (turn + i) % 2 == 0;
      auto target = is_ours && !same
                      ? caf::actor{system.spawn(
                        wrapped, std::make_shared<probe>("worker"))}
                      : system.spawn(plain);
      a[is_ours] = request_rate(system, target, requests);
      b[is_ours] = one_way_rate(system, target, one_way);
      caf::anon_send_exit(target, caf::exit_reason::user_shutdown);
    }
    asked.push_back(a[1] / a[0]);
    sent.push_back(b[1] / b[0]);
    extra_ns.push_back(1e9 / b[1] - 1e9 / b[0]);
    round_ns.push_back(1e9 / a[0]);
  }
  std::cout << "request/response " << median(asked) << " of bare ("
            << median(round_ns) << " ns), one-way " << median(sent)
            << " of bare (" << median(extra_ns) << " ns more a message)\n";
  return 0;
}

// -- scale ------------------------------------------------------------------------

std::size_t allocated() {
  return mallinfo2().uordblks;
}

int scale(std::uint64_t count) {
  caf::actor_system_config config;
  caf::actor_system system{configured(config)};
  caf::scoped_actor self{system};
  auto before = allocated();
  std::vector<caf::actor> bare;
  for (std::uint64_t i = 0; i < count; ++i)
    bare.push_back(system.spawn(plain));
  auto bare_bytes = (allocated() - before) / count;
  for (auto& x : bare)
    caf::anon_send_exit(x, caf::exit_reason::kill);
  bare.clear();
  while (system.registry().running() > 1)
    std::this_thread::yield();
  before = allocated();
  auto begun = monotonic_ns();
  directory names;
  std::vector<child_spec> specs;
  for (std::uint64_t i = 0; i < count; ++i) {
    child_spec spec;
    spec.slot = names.slot("worker/" + std::to_string(i));
    spec.start = [](caf::actor_system& on, std::shared_ptr<probe> watched) {
      return caf::actor{on.spawn(wrapped, std::move(watched))};
    };
    specs.push_back(std::move(spec));
  }
  supervisor_options options;
  options.how = strategy::dynamic;
  auto sup = start_supervisor(system, std::make_shared<probe_board>(),
                              std::move(specs), options);
  if (!await_ready(system, sup, std::chrono::seconds{60}))
    throw std::runtime_error("the children do not get ready");
  auto started = monotonic_ns();
  auto bytes = (allocated() - before) / count;
  auto middle = monotonic_ns();
  stop_tree(system, sup, std::chrono::seconds{60});
  auto stopped = monotonic_ns();
  std::cout << count << " children: ready in "
            << static_cast<double>(started - begun) / 1e6 << " ms, stopped in "
            << static_cast<double>(stopped - middle) / 1e6 << " ms, " << bytes
            << " bytes each (a bare actor: " << bare_bytes << ")\n";
  return 0;
}

} // namespace

int main(int argc, char** argv) try {
  std::string what = argc > 1 ? argv[1] : "";
  auto number = [&](std::uint64_t otherwise) {
    return argc > 2 ? std::strtoull(argv[2], nullptr, 10) : otherwise;
  };
  if (what == "restart")
    return restart(number(2000), argc > 3 ? argv[3] : ".");
  if (what == "messages" || what == "same")
    return messages(number(25), what == "same");
  if (what == "scale")
    return scale(number(10'000));
  std::cerr << "usage: bench_supervision restart|messages|same|scale "
               "[NUMBER [FOLDER]]\n";
  return 2;
} catch (const std::exception& error) {
  std::cerr << "bench_supervision: " << error.what() << '\n';
  return 1;
}
