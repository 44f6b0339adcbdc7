#include "runtime/logging/log.hpp"

#include "runtime/telemetry/active_span.hpp"

#include <spdlog/async_logger.h>
#include <spdlog/common.h>
#include <spdlog/details/thread_pool.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <thread>
#include <utility>
#include <vector>

namespace banksia::logging {

namespace {

using async_logger = std::shared_ptr<spdlog::async_logger>;

/// What runs between start and stop. Several loggers share one thread: a line
/// is composed once for each form, by the caller.
struct backend {
  std::shared_ptr<spdlog::details::thread_pool> writer;
  async_logger file;
  async_logger supervision;
  async_logger terminal; ///< null where nothing goes to the terminal
  bool coloured = false;
};

std::shared_ptr<const backend> no_backend;

/// Null while not started. Accessed with std::atomic_load and friends.
std::shared_ptr<const backend> current;

std::mutex start_mutex;
std::atomic<std::uint64_t> dropped_before{0};
std::atomic<level> common_threshold{level::info};

constexpr std::size_t own_levels_max = 1'000;
std::shared_mutex own_levels_mutex;
std::map<std::string, level, std::less<>> own_levels;
std::atomic<bool> any_own_level{false};

bool wants_colour() {
  auto no_colour = std::getenv("NO_COLOR");
  return (no_colour == nullptr || *no_colour == '\0')
         && isatty(STDERR_FILENO) == 1;
}

/// Why a file cannot be appended to; empty where it can.
std::string write_refusal(const std::filesystem::path& path) {
  if (auto file = std::fopen(path.c_str(), "a")) {
    std::fclose(file);
    return "";
  }
  return std::strerror(errno);
}

async_logger make_logger(const char* name, spdlog::sink_ptr sink,
                         const backend& of) {
  auto made = std::make_shared<spdlog::async_logger>(
    name, std::move(sink), of.writer,
    spdlog::async_overflow_policy::overrun_oldest);
  made->set_pattern("%v");
  made->set_level(spdlog::level::trace);
  // The background thread flushes each line: what was logged before a crash
  // of the process is in the file.
  made->flush_on(spdlog::level::trace);
  return made;
}

void write_directly(const std::string& line) {
  auto whole = line + '\n';
  // One call, so that lines of several threads do not mix.
  [[maybe_unused]] auto written
    = ::write(STDERR_FILENO, whole.data(), whole.size());
}

} // namespace

std::optional<std::string> start(const options& with) {
  std::lock_guard lock{start_mutex};
  if (std::atomic_load(&current))
    return "the log is already started: " + with.directory + ": stop it first";
  auto folder = std::filesystem::path{with.directory} / "logs";
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed)
    return "cannot make the log folder: " + folder.string() + ": "
           + failed.message()
           + ": make it writable or choose another --data-dir";
  const std::array<std::filesystem::path, 2> paths{
    folder / ("banksia" + with.suffix + ".jsonl"),
    folder / ("supervision" + with.suffix + ".jsonl")};
  for (const auto& path : paths)
    if (auto refusal = write_refusal(path); !refusal.empty())
      return "cannot write the log: " + path.string() + ": " + refusal
             + ": make it writable or choose another --data-dir";
  try {
    auto made = std::make_shared<backend>();
    made->writer = std::make_shared<spdlog::details::thread_pool>(
      std::max<std::size_t>(with.queue_max, 1)
        * (with.terminal == terminal_form::none ? 1 : 2),
      1);
    auto file_sink = [&](const std::filesystem::path& path) {
      return std::make_shared<spdlog::sinks::rotating_file_sink_mt>(
        path.string(), with.file_bytes_max, with.files_kept);
    };
    made->file = make_logger("file", file_sink(paths[0]), *made);
    made->supervision = make_logger("supervision", file_sink(paths[1]), *made);
    if (with.terminal != terminal_form::none) {
      made->terminal = make_logger(
        "terminal", std::make_shared<spdlog::sinks::stderr_sink_mt>(), *made);
      made->coloured = with.terminal == terminal_form::automatic
                       && wants_colour();
    }
    set_level(with.threshold);
    std::atomic_store(&current, std::shared_ptr<const backend>{made});
  } catch (const spdlog::spdlog_ex& e) {
    return "cannot write the log: " + folder.string() + ": " + e.what()
           + ": make it writable or choose another --data-dir";
  }
  return std::nullopt;
}

void stop() {
  std::lock_guard lock{start_mutex};
  auto last = std::atomic_exchange(&current, no_backend);
  if (!last)
    return;
  // Callers that loaded the backend before the exchange finish their entry.
  while (last.use_count() > 1)
    std::this_thread::yield();
  // Declared before `writer`, so that files close after its thread has ended.
  const std::array<async_logger, 3> loggers{last->file, last->supervision,
                                            last->terminal};
  auto writer = last->writer;
  dropped_before += writer->overrun_counter();
  last.reset();
  writer.reset(); // writes what waits, then joins the thread
}

std::uint64_t dropped() {
  auto now = std::atomic_load(&current);
  return dropped_before + (now ? now->writer->overrun_counter() : 0);
}

void set_level(level threshold) {
  common_threshold = threshold;
}

bool set_level(std::string_view component, level threshold) {
  std::unique_lock lock{own_levels_mutex};
  auto known = own_levels.find(component);
  if (known != own_levels.end())
    known->second = threshold;
  else if (own_levels.size() < own_levels_max)
    own_levels.emplace(component, threshold);
  else
    return false;
  any_own_level = true;
  return true;
}

void clear_level(std::string_view component) {
  std::unique_lock lock{own_levels_mutex};
  if (auto known = own_levels.find(component); known != own_levels.end())
    own_levels.erase(known);
  any_own_level = !own_levels.empty();
}

namespace {

void write(const record& entry) {
  auto now = std::atomic_load(&current);
  if (!now) {
    write_directly(to_terminal_line(entry, false));
    return;
  }
  now->file->log(spdlog::level::info,
                 spdlog::string_view_t{to_json_line(entry)});
  if (now->terminal)
    now->terminal->log(
      spdlog::level::info,
      spdlog::string_view_t{to_terminal_line(entry, now->coloured)});
}

} // namespace

bool is_on(level severity, std::string_view component) {
  if (any_own_level) {
    std::shared_lock lock{own_levels_mutex};
    if (auto own = own_levels.find(component); own != own_levels.end())
      return severity >= own->second;
  }
  return severity >= common_threshold;
}

void log(level severity, std::string_view component, std::string_view message,
         std::span<const field> with) noexcept {
  try {
    if (!is_on(severity, component))
      return;
    record entry{std::chrono::system_clock::now(), severity, component,
                 message, with};
    auto traced = telemetry::current_context();
    auto names_trace = std::any_of(with.begin(), with.end(), [](auto& x) {
      return x.key == "trace_id";
    });
    if (!traced.is_valid() || names_trace) {
      write(entry);
      return;
    }
    auto trace = telemetry::trace_id_text(traced);
    std::vector<field> fields{with.begin(), with.end()};
    fields.emplace_back("trace_id", trace);
    entry.fields = fields;
    write(entry);
  } catch (...) {
    // Out of memory: losing the entry is better than losing the caller.
  }
}

void log_supervision(std::string_view json_object) noexcept {
  try {
    std::string line{json_object};
    std::replace_if(
      line.begin(), line.end(), [](char c) { return c == '\n' || c == '\r'; },
      ' ');
    if (auto now = std::atomic_load(&current))
      now->supervision->log(spdlog::level::info, spdlog::string_view_t{line});
    else
      write_directly(line);
  } catch (...) {
    // As in `log`.
  }
}

} // namespace banksia::logging
