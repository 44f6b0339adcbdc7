#include "runtime/telemetry/process_metrics.hpp"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

namespace banksia::telemetry {

namespace {

std::string read_text(const char* path) {
  std::ifstream in{path};
  return {std::istreambuf_iterator<char>{in}, {}};
}

double boot_time_seconds() {
  std::istringstream in{read_text("/proc/stat")};
  for (std::string line; std::getline(in, line);) {
    std::istringstream words{line};
    std::string name;
    double value = 0.0;
    if (words >> name >> value && name == "btime")
      return value;
  }
  return 0.0;
}

double open_files() {
  std::error_code failed;
  double count = 0.0;
  std::filesystem::directory_iterator it{"/proc/self/fd", failed};
  for (; !failed && it != std::filesystem::directory_iterator{};
       it.increment(failed))
    ++count;
  return count;
}

} // namespace

std::optional<process_reading>
parse_process_stat(std::string_view text, double boot_time_seconds,
                   double ticks_per_second, double page_bytes) {
  // The program's name, in brackets, may itself hold spaces and brackets.
  auto end_of_name = text.rfind(')');
  if (end_of_name == std::string_view::npos)
    return std::nullopt;
  std::istringstream words{std::string{text.substr(end_of_name + 1)}};
  std::string status;
  words >> status;
  // Fields 4 … 24 of proc(5): `values[i]` is field i + 4.
  std::vector<double> values;
  for (double value = 0.0; values.size() < 21 && words >> value;)
    values.push_back(value);
  if (values.size() < 21)
    return std::nullopt;
  process_reading result;
  result.cpu_seconds = (values[10] + values[11]) / ticks_per_second;
  result.threads = values[16];
  result.start_time_seconds = boot_time_seconds + values[18] / ticks_per_second;
  result.resident_memory_bytes = values[20] * page_bytes;
  return result;
}

std::optional<process_reading> read_process() {
  static const auto booted = boot_time_seconds();
  static const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
  static const auto page = static_cast<double>(sysconf(_SC_PAGESIZE));
  return parse_process_stat(read_text("/proc/self/stat"), booted, ticks, page);
}

double processors() {
  return std::max(1u, std::thread::hardware_concurrency());
}

void add_process_metrics(metrics& into) {
  auto cpu = into.counter_of("process_cpu_seconds_total",
                             "User and system CPU time used, in seconds.");
  auto memory = into.gauge_of("process_resident_memory_bytes",
                              "Memory held in RAM, in bytes.");
  auto threads = into.gauge_of("process_threads", "Threads of the process.");
  auto files = into.gauge_of("process_open_fds", "Open file descriptors.");
  auto start = into.gauge_of("process_start_time_seconds",
                             "When the process started, seconds since 1970.");
  into.before_render([=]() mutable {
    auto reading = read_process();
    if (!reading)
      return; // not Linux's /proc: the last values stay
    cpu.add(reading->cpu_seconds - cpu.value());
    memory.set(reading->resident_memory_bytes);
    threads.set(reading->threads);
    start.set(reading->start_time_seconds);
    files.set(open_files());
  });
}

} // namespace banksia::telemetry
