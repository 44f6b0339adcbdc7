/// Writes a database of years of predictions (`latency_store.hpp`) and says
/// what is in it.
///
///   bench_latency_rows FILE [PREDICTIONS] [SYMBOLS] [INTERVAL_MINUTES]

#include "bench/latency_store.hpp"

#include <charconv>
#include <chrono>
#include <cstdio>
#include <stdexcept>
#include <string_view>

namespace {

using namespace banksia::bench;

template <class T>
T number(std::string_view text) {
  T result = 0;
  auto end = text.data() + text.size();
  auto [stop, error] = std::from_chars(text.data(), end, result);
  if (error != std::errc{} || stop != end || result == 0)
    throw std::runtime_error("not a number above 0: " + std::string{text});
  return result;
}

void write(const std::filesystem::path& file, const stored_years& what) {
  if (std::filesystem::exists(file))
    throw std::runtime_error("there is a file already: " + file.string());
  auto began = std::chrono::steady_clock::now();
  auto made = write_years(file, what, [](std::uint64_t count) {
    std::fprintf(stderr, "\r%llu predictions",
                 static_cast<unsigned long long>(count));
  });
  std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  auto bytes = static_cast<double>(std::filesystem::file_size(file));
  std::fprintf(stderr, "\r");
  std::printf("{\"cycles\":%llu,\"predictions\":%llu,\"abstentions\":%llu,"
              "\"outcomes\":%llu,\"bars\":%llu,\"headlines\":%llu,"
              "\"first_slot\":%lld,\"last_slot\":%lld,\"gigabytes\":%.2f,"
              "\"seconds\":%.1f}\n",
              static_cast<unsigned long long>(made.cycles),
              static_cast<unsigned long long>(made.predictions),
              static_cast<unsigned long long>(made.abstentions),
              static_cast<unsigned long long>(made.outcomes),
              static_cast<unsigned long long>(made.bars),
              static_cast<unsigned long long>(made.headlines),
              static_cast<long long>(made.first_slot),
              static_cast<long long>(made.last_slot), bytes / 1e9,
              took.count());
}

} // namespace

int main(int argc, char** argv) {
  if (argc < 2 || argc > 5) {
    std::fprintf(stderr, "usage: bench_latency_rows FILE [PREDICTIONS] "
                         "[SYMBOLS] [INTERVAL_MINUTES]\n");
    return 2;
  }
  try {
    stored_years what;
    if (argc > 2)
      what.predictions = number<std::uint64_t>(argv[2]);
    if (argc > 3)
      what.symbols = number<std::uint32_t>(argv[3]);
    if (argc > 4)
      what.interval_minutes = number<std::uint32_t>(argv[4]);
    write(argv[1], what);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_latency_rows: %s\n", error.what());
    return 1;
  }
  return 0;
}
