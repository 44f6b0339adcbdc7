// What a symbol that crashes all the time costs the others.
//
//   bench_crash_loop [PAIRS] [CYCLES]
//
// Blocks alternate: a tree on the accelerated clock, undisturbed, and the same
// with one symbol that is killed as soon as it lives. Compared is the time from
// one prediction of the others to the next, at its 99th percentile; each cycle
// must hold a prediction of each of the others.

#include "actors/store/queries.hpp"
#include "actors/store/schema.hpp"
#include "apps/banksia/topology.hpp"
#include "messages/actors.hpp"

#include <caf/all.hpp>

#include <algorithm>
#include <condition_variable>
#include <cstdlib>
#include <iostream>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <unistd.h>

using namespace banksia;

namespace {

const std::string victim = "CBA.AX";
const std::vector<std::string> tickers{"CBA.AX", "WBC.AX", "ANZ.AX", "NAB.AX",
                                       "MQG.AX", "QBE.AX", "SUN.AX"};

double percentile(std::vector<double> x, double part) {
  std::sort(x.begin(), x.end());
  return x.at(static_cast<std::size_t>(part
                                       * static_cast<double>(x.size() - 1)));
}

node_setup setup_of(const std::filesystem::path& file) {
  run_plan plan;
  plan.symbols = tickers;
  plan.index_symbol = "^AXJO";
  plan.horizons_minutes = {60, 240, 1440};
  node_setup setup;
  setup.database = file;
  {
    auto db = store::open_for_writing(file);
    store::ledger{db}.register_run(plan.run, "live", "{}");
  }
  const auto& first = *plan.calendar.session_on(*parse_date("2025-07-01"));
  simulation_start start;
  start.settings.seed = 7;
  start.settings.symbols = tickers;
  start.settings.index_symbol = plan.index_symbol;
  start.settings.interval = plan.data_interval;
  start.history_sessions = 60;
  start.first_session
    = plan.calendar
        .sessions()[*plan.calendar.session_index(first.date) - 60]
        .date;
  setup.simulation = start;
  setup.rebuild_from_store = true;
  setup.clock.mode = clock_mode::accelerated;
  setup.clock.start = first.opens_at;
  setup.clock.speed = 1e6;
  setup.plan = std::make_shared<run_plan>(std::move(plan));
  return setup;
}

/// When each prediction of the others was published.
struct arrivals {
  std::mutex mutex;
  std::condition_variable changed;
  std::uint64_t last = 0;
  std::vector<double> gaps_ms;

  void note() {
    std::lock_guard guard{mutex};
    auto now = monotonic_ns();
    if (last != 0)
      gaps_ms.push_back(static_cast<double>(now - last) / 1e6);
    last = now;
    changed.notify_all();
  }

  void wait_for(std::size_t count) {
    std::unique_lock guard{mutex};
    if (!changed.wait_for(guard, std::chrono::minutes{2},
                          [&] { return gaps_ms.size() >= count; }))
      throw std::runtime_error("the cycles do not get on");
  }
};

/// Kills the victim as often as it comes back, until told to stop.
class killer {
public:
  killer(directory& names, bool active) {
    if (active)
      thread_ = std::thread{[this, slot = names.slot("symbol/" + victim)] {
        std::uint64_t seen = 0;
        while (!stop_.load()) {
          if (slot->generation() != seen) {
            seen = slot->generation();
            if (auto x = slot->current())
              caf::anon_send_exit(x, caf::exit_reason::kill);
            ++kills;
          }
          std::this_thread::sleep_for(std::chrono::milliseconds{1});
        }
      }};
  }
  ~killer() {
    stop_ = true;
    if (thread_.joinable())
      thread_.join();
  }

  std::atomic<std::uint64_t> kills{0};

private:
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

/// Cycles that lack a prediction of one of the others.
std::int64_t lost(const std::filesystem::path& file) {
  auto db = store::open_for_reading(file);
  return db.scalar(
    "SELECT count(*) FROM cycles WHERE status <> 'scheduled' AND (SELECT "
    "count(*) FROM predictions AS p WHERE p.cycle_id = cycles.cycle_id AND "
    "symbol <> 'CBA.AX' AND abstained = 0) <> "
    + std::to_string(tickers.size() - 1));
}

struct block {
  double p99_ms = 0;
  std::int64_t lost = 0;
  std::uint64_t kills = 0;
};

block run(const std::filesystem::path& folder, std::size_t cycles,
          bool crashing) {
  auto file = folder / (crashing ? "crashing.db" : "calm.db");
  for (auto suffix : {"", "-wal", "-shm"})
    std::filesystem::remove(file.string() + suffix);
  caf::actor_system_config config;
  config.add_message_types<caf::id_block::banksia>();
  config.set("scheduler.policy", caf::atom("sharing"));
  config.set("scheduler.max-threads", std::size_t{2});
  caf::actor_system system{config};
  directory names;
  arrivals seen;
  auto setup = setup_of(file);
  setup.board = std::make_shared<probe_board>();
  auto root = start_supervisor(system, setup.board, topology(setup, names),
                               root_options(setup));
  auto sink = system.spawn([&seen](event_sink_actor::pointer)
                             -> event_sink_actor::behavior_type {
    return {[&seen](const event& x) {
      if (x.kind == "prediction" && x.subject == "WBC.AX")
        seen.note();
    }};
  });
  auto bus = names.name<event_bus_actor>("event_bus");
  while (!bus.get())
    std::this_thread::yield();
  caf::anon_send(bus.get(), wire::subscribe_atom_v, std::string{}, sink);
  seen.wait_for(5); // under way
  block result;
  {
    killer by{names, crashing};
    {
      std::lock_guard guard{seen.mutex};
      seen.gaps_ms.clear();
    }
    seen.wait_for(cycles);
    result.kills = by.kills.load();
    std::lock_guard guard{seen.mutex};
    result.p99_ms = percentile(seen.gaps_ms, 0.99);
  }
  stop_tree(system, root, std::chrono::seconds{30});
  caf::anon_send_exit(sink, caf::exit_reason::user_shutdown);
  result.lost = lost(file);
  return result;
}

} // namespace

int main(int argc, char** argv) try {
  auto pairs = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 7;
  auto cycles = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 300;
  auto name = std::string{"crash-loop-XXXXXX"};
  if (mkdtemp(name.data()) == nullptr)
    throw std::runtime_error("cannot make a folder here");
  std::vector<double> ratios, extra_ms;
  std::int64_t lost = 0;
  for (std::uint64_t i = 0; i < pairs; ++i) {
    block of[2];
    for (int turn = 0; turn < 2; ++turn) {
      auto crashing = (turn + i) % 2 == 1;
      of[crashing] = run(name, cycles, crashing);
    }
    std::cout << "pair " << i + 1 << ": p99 " << of[0].p99_ms
              << " ms undisturbed, " << of[1].p99_ms << " ms beside "
              << of[1].kills << " crashes\n";
    ratios.push_back(of[1].p99_ms / of[0].p99_ms);
    extra_ms.push_back(of[1].p99_ms - of[0].p99_ms);
    lost += of[0].lost + of[1].lost;
  }
  std::filesystem::remove_all(name);
  std::cout << "lost cycles of the others: " << lost << "; p99 "
            << percentile(ratios, 0.5) << " of undisturbed, "
            << percentile(extra_ms, 0.5) << " ms more (medians of " << pairs
            << " pairs)\n";
  return lost == 0 ? 0 : 1;
} catch (const std::exception& error) {
  std::cerr << "bench_crash_loop: " << error.what() << '\n';
  return 1;
}
