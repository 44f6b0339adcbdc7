/// Committed predictions a second through the writer actor, beside a bare loop
/// of prepared statements over the same rows, in the same schema, with as many
/// cycles in a transaction as the actor's group commits had.
///
///   bench_store FOLDER [PAIRS] [CYCLES] [WINDOW]
///
/// FOLDER should lie on the disk that a node would use: in memory, fsync costs
/// nothing. WINDOW is how many cycles wait for their commit at most (64, as in
/// a replay).

#include "actors/store/queries.hpp"
#include "actors/store/schema.hpp"
#include "actors/store/writer.hpp"
#include "bench/store_rows.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <stdexcept>
#include <string>
#include <string_view>

namespace {

using namespace banksia;
using namespace banksia::bench;

struct options {
  std::filesystem::path folder;
  std::size_t pairs = 5;
  std::size_t cycles = 4000;
  std::size_t window = 64;
};

struct actor_run {
  double seconds = 0;
  std::uint64_t commits = 0;
};

/// The writer, with its state shown to the benchmark.
store_writer_actor::behavior_type
shown_writer(store_writer_self* self, std::filesystem::path file,
             const store_writer_state** shown) {
  *shown = &self->state;
  return store_writer(self, nullptr, std::move(file), made_with(), nullptr);
}

actor_run write_by_actor(const std::filesystem::path& file,
                         std::vector<cycle_record> cycles,
                         std::size_t window) {
  caf::actor_system_config config;
  config.add_message_types<caf::id_block::banksia>();
  config.set("scheduler.policy", caf::atom("sharing"));
  caf::actor_system system{config};
  caf::scoped_actor self{system};
  const store_writer_state* state = nullptr;
  auto writer = system.spawn<caf::detached>(shown_writer, file, &state);
  // An answer means that the file is open and the schema in place.
  self->request(writer, caf::infinite, wire::health_atom_v)
    .receive([](const component_health&) {},
             [](const caf::error&) {
               throw std::runtime_error("the writer did not start");
             });
  using answer = decltype(self->request(writer, caf::infinite, cycle_record{}));
  std::deque<answer> waiting;
  std::uint64_t stored = 0;
  auto take_oldest = [&] {
    waiting.front().receive(
      [&](const commit_receipt& receipt) { stored += receipt.rows; },
      [](const caf::error&) { throw std::runtime_error("a write failed"); });
    waiting.pop_front();
  };
  auto count = cycles.size();
  auto started = std::chrono::steady_clock::now();
  for (auto& x : cycles) {
    if (waiting.size() == window)
      take_oldest();
    waiting.push_back(self->request(writer, caf::infinite, std::move(x)));
  }
  while (!waiting.empty())
    take_oldest();
  std::chrono::duration<double> taken
    = std::chrono::steady_clock::now() - started;
  // The last receipt was sent after the last commit was counted.
  actor_run result{taken.count(), state->commits()};
  if (stored != count * symbols_of_a_cycle)
    throw std::runtime_error("not every prediction was stored");
  caf::anon_send_exit(writer, caf::exit_reason::user_shutdown);
  return result;
}

std::filesystem::path fresh(const options& with, const char* name) {
  auto file = with.folder / name;
  for (auto suffix : {"", "-wal", "-shm"})
    std::filesystem::remove(file.string() + suffix);
  return file;
}

/// What a side has left on disk, to prove that both wrote the same.
std::string rows_of(const std::filesystem::path& file) {
  auto db = store::open_for_reading(file);
  auto count = [&db](std::string_view sql) {
    return std::to_string(db.scalar(sql)) + ' ';
  };
  return count("SELECT count(*) FROM cycles")
         + count("SELECT sum(due_at + entry_price) FROM obligations")
         + store::queries{db}.digest("live");
}

double median(std::vector<double> x) {
  std::sort(x.begin(), x.end());
  auto middle = x.size() / 2;
  return x.size() % 2 == 1 ? x[middle] : (x[middle - 1] + x[middle]) / 2;
}

void measure(const options& with) {
  auto cycles = make_cycles(with.cycles);
  auto predictions = static_cast<double>(with.cycles * symbols_of_a_cycle);
  std::vector<double> ratios;
  // Not counted: fills caches, and tells how much the actor groups.
  auto first = write_by_actor(fresh(with, "actor.db"), cycles, with.window);
  for (std::size_t i = 0; i < with.pairs; ++i) {
    auto group = (with.cycles + first.commits - 1) / first.commits;
    actor_run ours;
    double bare = 0;
    auto run_ours = [&] {
      ours = write_by_actor(fresh(with, "actor.db"), cycles, with.window);
    };
    auto run_bare = [&] {
      bare = write_bare(fresh(with, "bare.db"), cycles, group);
    };
    if (i % 2 == 0) {
      run_ours();
      run_bare();
    } else {
      run_bare();
      run_ours();
    }
    if (rows_of(with.folder / "actor.db") != rows_of(with.folder / "bare.db"))
      throw std::runtime_error("the two sides stored different rows");
    ratios.push_back(bare / ours.seconds);
    std::printf("pair %zu: actor %.0f predictions/s in %llu commits, "
                "bare %.0f predictions/s at %zu cycles a commit, ratio %.3f\n",
                i + 1, predictions / ours.seconds,
                static_cast<unsigned long long>(ours.commits),
                predictions / bare, group, ratios.back());
    first = ours;
  }
  std::printf("median ratio %.3f (1: as fast as the bare loop) over %zu "
              "pairs\n",
              median(ratios), ratios.size());
}

std::size_t number(std::string_view text) {
  std::size_t result = 0;
  auto end = text.data() + text.size();
  auto [stop, error] = std::from_chars(text.data(), end, result);
  if (error != std::errc{} || stop != end || result == 0)
    throw std::runtime_error("not a number above 0: " + std::string{text});
  return result;
}

} // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: bench_store FOLDER [PAIRS] [CYCLES] "
                         "[WINDOW]\n");
    return 2;
  }
  try {
    options with;
    with.folder = argv[1];
    std::filesystem::create_directories(with.folder);
    if (argc > 2)
      with.pairs = number(argv[2]);
    if (argc > 3)
      with.cycles = number(argv[3]);
    if (argc > 4)
      with.window = number(argv[4]);
    measure(with);
    fresh(with, "actor.db");
    fresh(with, "bare.db");
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_store: %s\n", error.what());
    return 1;
  }
  return 0;
}
