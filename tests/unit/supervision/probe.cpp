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
  x.end(100, 150);
  x.begin(nullptr, 200);
  x.end(200, 500);
  x.begin(nullptr, 600);
  x.end(600, 610);
  CAF_CHECK_EQUAL(x.messages.load(), 3u);
  CAF_CHECK_EQUAL(x.processing_ns.load(), 50u + 300u + 10u);
  CAF_CHECK_EQUAL(x.slowest_ns.load(), 300u);
  CAF_CHECK_EQUAL(x.last_message_ns.load(), 610u);
  CAF_CHECK_EQUAL(x.busy_since_ns.load(), 0u);
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
