#include "tests/chaos/simulation/life.hpp"

#include "actors/listings/keeper.hpp"

#include <caf/send.hpp>

#include <algorithm>
#include <array>

namespace banksia::chaos {

using namespace std::chrono_literals;

std::chrono::milliseconds life::next_blow() {
  auto& numbers = world_.numbers;
  const auto& luck = of_.luck;
  // Timers fire when nobody has anything to do: wait for the middle of work.
  blow_after_ = events_ + (numbers.chance(0.3) ? 1 : numbers.below(200));
  return std::chrono::milliseconds{
    numbers.between(luck.pause_min.count(), luck.pause_max.count())};
}

void life::blow() {
  auto& numbers = world_.numbers;
  const auto& luck = of_.luck;
  if (luck.process > 0 && numbers.chance(luck.process)) {
    ended_ = numbers.chance(0.7) ? ending::crashed : ending::stopped;
    world_.seen.remark(ended_ == ending::crashed ? "the process is killed"
                                                 : "the process is stopped",
                       now());
    return;
  }
  if (numbers.chance(0.15)) {
    change_listing();
    return;
  }
  switch (numbers.below(of_.mode == clock_mode::live ? 7 : 6)) {
    case 0:
    case 1:
    case 2:
      kill_some();
      break;
    case 3:
    case 4:
      freeze();
      break;
    case 5:
      cut_database();
      break;
    default:
      move_clock();
  }
}

std::string life::victim() {
  std::vector<std::string> all;
  board_->each([&](const probe& x) {
    if (x.path != "root" && names_.slot(x.path)->current())
      all.push_back(x.path);
  });
  return all.empty() ? std::string{} : world_.numbers.pick(all);
}

void life::kill_some() {
  auto& numbers = world_.numbers;
  auto count = numbers.chance(0.8) ? 1 : numbers.between(2, 4);
  for (std::int64_t i = 0; i < count; ++i) {
    auto path = victim();
    if (path.empty())
      return;
    auto kindly = numbers.chance(0.2);
    world_.seen.remark(std::string{kindly ? "ends " : "kills "} + path, now());
    caf::anon_send_exit(names_.slot(path)->current(),
                        kindly ? caf::exit_reason::normal
                               : caf::exit_reason::kill);
  }
}

/// One hangs: it is not run for a while, whoever asks, and cannot be killed.
void life::freeze() {
  auto path = victim();
  if (path.empty())
    return;
  auto& numbers = world_.numbers;
  // Also longer than every limit of theirs.
  auto time = numbers.chance(0.7) ? numbers.between(10, 5'000)
                                  : numbers.between(5'000, 60'000);
  frozen_[names_.slot(path)->current().id()]
    = now() + std::chrono::milliseconds{time};
  world_.seen.remark("freezes " + path + " for " + std::to_string(time)
                       + " ms",
                     now());
}

void life::cut_database() {
  static constexpr std::array errors{storage::failure::busy,
                                     storage::failure::full,
                                     storage::failure::io};
  auto& numbers = world_.numbers;
  auto error = numbers.pick(errors);
  auto time = numbers.between(100, 20'000);
  outage_until_ = now() + std::chrono::milliseconds{time};
  fate_->fail_commits(error);
  world_.seen.remark("the database is " + std::string{to_string(error)}
                       + " for " + std::to_string(time) + " ms",
                     now());
}

void life::change_listing() {
  auto& numbers = world_.numbers;
  static constexpr std::array events{
    listing_event::added,   listing_event::removed,  listing_event::halted,
    listing_event::resumed, listing_event::delisted, listing_event::renamed};
  listing_change x;
  x.event = numbers.pick(events);
  x.source = "chaos";
  auto symbols = listed_->now()->symbols();
  auto fresh = "N" + std::to_string(symbols.size()) + ".AX";
  x.symbol = x.event == listing_event::added && numbers.chance(0.7)
               ? fresh
               : numbers.pick(symbols);
  if (x.event == listing_event::renamed) {
    // Once: the invariants look one code ahead.
    if (listed_->now()->first_code(x.symbol) != x.symbol)
      return;
    x.successor = fresh;
  }
  auto target = caf::actor_cast<listings_actor>(
    names_.slot("listings")->current());
  if (!target)
    return;
  world_.seen.remark("wishes " + x.symbol + " "
                       + std::string{to_string(x.event)},
                     now());
  caf::anon_send(target, x);
}

void life::move_clock() {
  auto by = std::chrono::minutes{world_.numbers.between(-60, 150)};
  world_.clock_off += by;
  world_.seen.remark("the wall clock jumps by " + std::to_string(by.count())
                       + " min",
                     now());
}

// -- supervision ------------------------------------------------------------------

void life::report(const supervision_event& x) {
  supervisors_.insert(x.supervisor);
  if (x.event != "progress")
    world_.seen.remark(x.supervisor + ": " + x.child + " " + x.event + " "
                         + x.reason,
                       now());
  if (x.event == "child_terminated") {
    deaths_of_[x.child].push_back(now());
    deaths_under_[x.supervisor].push_back(now());
    return;
  }
  if (x.event != "escalated")
    return;
  // A supervisor reports its own end under its name; else a child is parked.
  const auto& deaths = x.child == x.supervisor ? deaths_under_[x.supervisor]
                                               : deaths_of_[x.child];
  const supervisor_options usual;
  auto since = now() - usual.period;
  auto count = std::count_if(deaths.begin(), deaths.end(),
                             [&](auto at) { return at >= since; });
  auto start_failed = x.reason.find("its start failed") != std::string::npos;
  // No exception: it would end the supervisor instead of the simulation.
  if (count <= usual.intensity && !start_failed)
    broken_ = x.child + " gives up after " + std::to_string(count)
              + " restarts";
}

} // namespace banksia::chaos
