#define CAF_SUITE probe
#include "runtime/supervision/probe.hpp"

#include "caf/test/unit_test.hpp"

#include <thread>
#include <vector>

using namespace banksia;

CAF_TEST(a probe is idle and empty at first) {
  probe x{"cycle"};
  CAF_CHECK_EQUAL(x.path, "cycle");
  CAF_CHECK_EQUAL(x.messages.load(), 0u);
  CAF_CHECK_EQUAL(x.busy_since_ns.load(), 0u);
}

CAF_TEST(a message that is being handled shows since when) {
  probe x{"cycle"};
  x.begin(&typeid(int), 1000);
  CAF_CHECK_EQUAL(x.busy_since_ns.load(), 1000u);
  CAF_CHECK(x.last_content.load() == &typeid(int));
  CAF_CHECK_EQUAL(x.messages.load(), 0u);
}

CAF_TEST(times add up and the slowest is kept) {
  probe x{"cycle"};
  x.begin(nullptr, 100);
  x.end({50, 50}, 150);
  x.begin(nullptr, 200);
  x.end({300, 900}, 500);
  x.begin(nullptr, 600);
  x.end({}, 610);
  CAF_CHECK_EQUAL(x.messages.load(), 3u);
  CAF_CHECK_EQUAL(x.processing_ns.load(), 50u + 900u);
  CAF_CHECK_EQUAL(x.slowest_ns.load(), 300u);
  CAF_CHECK_EQUAL(x.last_message_ns.load(), 610u);
  CAF_CHECK_EQUAL(x.busy_since_ns.load(), 0u);
}

namespace {

std::uint64_t exact_time = 0;
std::uint64_t exact_reads = 0;

std::uint64_t exact() noexcept {
  ++exact_reads;
  return exact_time;
}

using timer = basic_message_timer<exact>;

/// A message from one exact time to another.
timer::measured handle(timer& x, std::uint64_t from, std::uint64_t to) {
  auto coarse = [](std::uint64_t t) { return t / timer::tick_ns * timer::tick_ns; };
  exact_time = from;
  x.begin(coarse(from));
  exact_time = to;
  return x.end(coarse(to));
}

constexpr std::uint64_t ms = 1'000'000;

} // namespace

CAF_TEST(the first message after a tick stands for those since the one before) {
  timer x;
  auto first = handle(x, 9 * ms, 9 * ms + 100);
  CAF_CHECK_EQUAL(first.spent_ns, 100u);
  CAF_CHECK_EQUAL(first.total_ns, 100u);
  exact_reads = 0;
  for (std::uint64_t i = 1; i <= 9; ++i)
    CAF_CHECK_EQUAL(handle(x, 9 * ms + i * 100, 9 * ms + i * 100 + 80).total_ns,
                    0u);
  CAF_CHECK_EQUAL(exact_reads, 0u);
  auto next = handle(x, 13 * ms, 13 * ms + 50);
  CAF_CHECK_EQUAL(next.spent_ns, 50u);
  CAF_CHECK_EQUAL(next.total_ns, 500u);
}

CAF_TEST(a message of two ticks or more is measured whenever it comes) {
  timer x;
  handle(x, 9 * ms, 9 * ms + 100);
  auto slow = handle(x, 10 * ms, 30 * ms);
  CAF_CHECK_EQUAL(slow.spent_ns, 20 * ms);
  CAF_CHECK_EQUAL(slow.total_ns, 20 * ms);
}

CAF_TEST(a slow message stands for no other) {
  timer x;
  handle(x, 9 * ms, 9 * ms + 100);
  handle(x, 9 * ms + 200, 9 * ms + 300);
  CAF_CHECK_EQUAL(handle(x, 13 * ms, 63 * ms).total_ns, 50 * ms);
  CAF_CHECK_EQUAL(handle(x, 70 * ms, 70 * ms + 10).total_ns, 20u);
}

CAF_TEST(the coarse clock is the exact one as of a tick) {
  auto before = monotonic_ns();
  auto coarse = coarse_ns();
  CAF_CHECK_LESS_OR_EQUAL(coarse, monotonic_ns());
  CAF_CHECK_LESS_OR_EQUAL(before, coarse + 100 * ms);
}

CAF_TEST(the clock does not go back) {
  auto before = monotonic_ns();
  auto after = monotonic_ns();
  CAF_CHECK_LESS_OR_EQUAL(before, after);
  CAF_CHECK_GREATER(before, 0u);
}

CAF_TEST(a path has one probe however often it is asked for) {
  probe_board board;
  auto first = board.at("symbol/CBA.AX");
  CAF_CHECK(board.at("symbol/CBA.AX") == first);
  CAF_CHECK(board.at("symbol/WBC.AX") != first);
  CAF_CHECK_EQUAL(first->path, "symbol/CBA.AX");
}

CAF_TEST(probes are visited in the order of their paths) {
  probe_board board;
  for (auto path : {"scheduler", "cycle", "store/writer"})
    board.at(path);
  std::vector<std::string> seen;
  board.each([&](const probe& x) { seen.push_back(x.path); });
  CAF_CHECK_EQUAL(seen, (std::vector<std::string>{"cycle", "scheduler",
                                                  "store/writer"}));
}

CAF_TEST(threads that ask for the same path share its probe) {
  probe_board board;
  std::vector<std::shared_ptr<probe>> got(4);
  std::vector<std::thread> threads;
  for (auto& x : got)
    threads.emplace_back([&board, &x] {
      for (int i = 0; i < 500; ++i)
        x = board.at("path/" + std::to_string(i));
    });
  for (auto& x : threads)
    x.join();
  for (auto& x : got)
    CAF_CHECK(x == board.at("path/499"));
}
