#include "runtime/supervision/monotonic.hpp"

#include <fstream>
#include <string>

namespace banksia::detail {

namespace {

bool kernel_uses_counter() {
  std::ifstream in{
    "/sys/devices/system/clocksource/clocksource0/current_clocksource"};
  std::string name;
  return in >> name && name == "tsc";
}

} // namespace

counter_scale measure_counter() {
  counter_scale result;
#if defined(__x86_64__)
  if (!kernel_uses_counter())
    return result;
  // A millisecond measures the rate to better than a thousandth.
  constexpr std::uint64_t span_ns = 1'000'000;
  auto begun = steady_ns();
  auto first = __rdtsc();
  auto ended = begun;
  while (ended - begun < span_ns)
    ended = steady_ns();
  auto last = __rdtsc();
  if (last <= first)
    return result;
  result.ns_per_tick
    = static_cast<double>(ended - begun) / static_cast<double>(last - first);
  result.counter = last;
  result.ns = ended;
  result.usable = true;
#endif
  return result;
}

} // namespace banksia::detail
