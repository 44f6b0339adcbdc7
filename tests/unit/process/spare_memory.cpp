#define CAF_SUITE spare_memory
#include "runtime/process/spare_memory.hpp"

#include "caf/test/unit_test.hpp"

#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <memory>
#include <thread>
#include <vector>

using namespace banksia;

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool has_own_heap = true;
#else
constexpr bool has_own_heap = false;
#endif

long resident_megabytes() {
  long pages = 0;
  std::ifstream{"/proc/self/statm"} >> pages >> pages;
  return pages * sysconf(_SC_PAGESIZE) / 1'000'000;
}

using small_block = std::unique_ptr<char[]>;

/// A hundred megabytes of small blocks, the first and the last of which stay.
std::vector<small_block> leave_a_hole() {
  constexpr std::size_t bytes = 500;
  std::vector<small_block> blocks;
  for (int i = 0; i < 200'000; ++i) {
    blocks.push_back(std::make_unique<char[]>(bytes));
    blocks.back()[bytes - 1] = 'x';
  }
  std::vector<small_block> kept;
  kept.push_back(std::move(blocks.front()));
  kept.push_back(std::move(blocks.back()));
  return kept;
}

} // namespace

CAF_TEST(what is free in the middle of the heap goes back to the system) {
  if (has_own_heap) {
    std::puts("banksia-skip: a sanitizer has a heap of its own");
    CAF_CHECK(has_own_heap);
    return;
  }
  auto before = resident_megabytes();
  auto kept = leave_a_hole();
  CAF_REQUIRE_GREATER(resident_megabytes(), before + 80);
  process::spare_memory spare{std::chrono::hours{1},
                              std::chrono::milliseconds{0}};
  // The test's watchdog ends this where it does not come about.
  while (resident_megabytes() > before + 20)
    std::this_thread::yield();
  CAF_CHECK_EQUAL(kept[1][499], 'x');
}

CAF_TEST(one that has nothing to do yet ends at once) {
  process::spare_memory spare{std::chrono::hours{1}, std::chrono::hours{1}};
  CAF_CHECK(true);
}
