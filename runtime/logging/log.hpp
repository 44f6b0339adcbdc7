#pragma once

/// The process's log: JSON lines in a file that rotates, a readable form on
/// the terminal, both written by one background thread. Every function may be
/// called from any thread, also before `start` and after `stop`: entries then
/// go to stderr at once.

#include "runtime/logging/record.hpp"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace banksia::logging {

/// Whether and how entries appear on stderr.
enum class terminal_form : std::uint8_t {
  none,      ///< not at all
  automatic, ///< coloured on a terminal unless NO_COLOR is set and not empty
  plain,     ///< never coloured
};

struct options {
  /// The data directory; the files lie in its `logs/`, made when missing.
  std::string directory = ".";
  /// Behind the files' names, where several processes share the directory:
  /// "-data" makes `banksia-data.jsonl`.
  std::string suffix = "";
  /// Entries below are dropped.
  level threshold = level::info;
  terminal_form terminal = terminal_form::automatic;
  /// A file this long is renamed (`banksia.1.jsonl` … `banksia.5.jsonl`).
  std::size_t file_bytes_max = 10 * 1024 * 1024;
  /// Renamed files kept besides the current one.
  std::size_t files_kept = 5;
  /// Entries that may wait for the background thread, twice that with a
  /// terminal. Beyond, the oldest are dropped and counted.
  std::size_t queue_max = 8192;
};

/// Opens `logs/banksia.jsonl` and `logs/supervision.jsonl`. Returns an error
/// (what: where: what to do) when they cannot be written or the log is already
/// started; nothing has started then.
[[nodiscard]] std::optional<std::string> start(const options& with = {});

/// Writes what waits, closes the files. Does nothing unless started. Called
/// by one thread at a time.
void stop();

/// Entries dropped because the queue was full, since the process started.
std::uint64_t dropped();

/// Sets the threshold of all components without one of their own.
void set_level(level threshold);

/// Sets the threshold of one component; at most 1,000 components have their
/// own, further ones are ignored (false).
bool set_level(std::string_view component, level threshold);

/// Makes a component follow the common threshold again.
void clear_level(std::string_view component);

/// Whether an entry would be written, for entries costly to compose.
bool is_on(level severity, std::string_view component);

using fields = std::initializer_list<field>;

/// Writes an entry unless it is below its threshold, with the `trace_id` of the
/// span that the thread is in. Never blocks on a disk
/// or terminal once started, never throws.
void log(level severity, std::string_view component, std::string_view message,
         std::span<const field> with) noexcept;

inline void log_debug(std::string_view component, std::string_view message,
                      fields with = {}) noexcept {
  log(level::debug, component, message, {with.begin(), with.size()});
}

inline void log_info(std::string_view component, std::string_view message,
                     fields with = {}) noexcept {
  log(level::info, component, message, {with.begin(), with.size()});
}

inline void log_warn(std::string_view component, std::string_view message,
                     fields with = {}) noexcept {
  log(level::warn, component, message, {with.begin(), with.size()});
}

inline void log_error(std::string_view component, std::string_view message,
                      fields with = {}) noexcept {
  log(level::error, component, message, {with.begin(), with.size()});
}

inline void log_fatal(std::string_view component, std::string_view message,
                      fields with = {}) noexcept {
  log(level::fatal, component, message, {with.begin(), with.size()});
}

/// Writes one line to `logs/supervision.jsonl`. `json_object` is a JSON object
/// as the caller composed it; line breaks in it become spaces.
void log_supervision(std::string_view json_object) noexcept;

} // namespace banksia::logging
