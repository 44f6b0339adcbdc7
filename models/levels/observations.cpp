#include "models/levels/observations.hpp"

#include <algorithm>
#include <map>

namespace banksia::levels {

namespace {

using std::chrono::hours;

double seconds_between(timestamp from, timestamp to) {
  return std::chrono::duration<double>(to - from).count();
}

} // namespace

std::vector<observation> uptime_of(std::span<const ready_hour> seen,
                                   timestamp newest) {
  std::vector<observation> result;
  if (seen.empty())
    return result;
  std::map<timestamp, double> ready;
  for (const auto& x : seen)
    ready[x.hour] += x.ready_seconds;
  // A span may have begun in the hour before the one that it is counted in.
  auto first = std::min(seen.front().began, newest);
  for (timestamp hour = std::chrono::floor<hours>(first); hour <= newest;
       hour += hours{1}) {
    auto from = std::max<timestamp>(hour, first);
    auto to = std::min<timestamp>(hour + hours{1}, newest);
    observation x;
    x.at = hour;
    auto known = ready.find(hour);
    x.good = known == ready.end() ? 0.0 : known->second;
    // Less than nothing where a span reaches over the hour; that evens out.
    x.bad = seconds_between(from, to) - x.good;
    result.push_back(x);
  }
  return result;
}

std::vector<observation> sustained_cpu(std::span<const cpu_span> spans) {
  std::vector<observation> result;
  std::size_t first = 0;
  double used = 0.0;
  for (const auto& x : spans) {
    used += x.cpu_seconds;
    while (spans[first].ended_at <= x.ended_at - sustained)
      used -= spans[first++].cpu_seconds;
    if (x.seconds <= 0.0 || x.capacity <= 0.0)
      continue;
    auto processors = x.capacity / x.seconds;
    auto there = std::max(x.seconds,
                          std::chrono::duration<double>(sustained).count());
    observation y;
    y.at = x.ended_at;
    y.peak = std::max(used, 0.0) / (there * processors);
    result.push_back(y);
  }
  return result;
}

} // namespace banksia::levels
