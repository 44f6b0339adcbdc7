#pragma once

/// What the tests of processes share: the fixture program, and looks at
/// processes from outside.

#include "runtime/process/process_watch.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/resource.h>

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace banksia::process_test {

using namespace std::chrono_literals;
using banksia::process::process_exit;
using banksia::process::process_spec;

/// The fixture with these arguments.
inline process_spec fixture_with(std::vector<std::string> arguments) {
  process_spec spec;
  spec.command = {BANKSIA_BINARY_DIR "/process_fixture"};
  spec.command.insert(spec.command.end(), arguments.begin(), arguments.end());
  return spec;
}

/// Looks again and again until it holds. @returns false at the deadline
template <class F>
bool eventually(F holds, std::chrono::milliseconds limit = 5s) {
  auto until = std::chrono::steady_clock::now() + limit;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > until)
      return false;
    ::poll(nullptr, 0, 2);
  }
  return true;
}

/// Nobody in this process opens a descriptor beyond the limit meanwhile.
class few_descriptors {
public:
  explicit few_descriptors(rlim_t limit) {
    getrlimit(RLIMIT_NOFILE, &before_);
    rlimit low{limit, before_.rlim_max};
    setrlimit(RLIMIT_NOFILE, &low);
  }
  ~few_descriptors() { setrlimit(RLIMIT_NOFILE, &before_); }
  few_descriptors(const few_descriptors&) = delete;
  few_descriptors& operator=(const few_descriptors&) = delete;

private:
  rlimit before_{};
};

/// Whether it throws the error of this folder.
template <class F>
bool fails(F f) {
  try {
    f();
  } catch (const process::process_error&) {
    return true;
  }
  return false;
}

/// The letter of its state (`R`, `S`, `T`, `Z` …); nothing when there is none.
inline std::optional<char> state_of(pid_t pid) {
  std::ifstream in("/proc/" + std::to_string(pid) + "/stat");
  std::string line;
  if (!std::getline(in, line))
    return std::nullopt;
  // The name may hold anything, also brackets.
  return line.at(line.rfind(')') + 2);
}

/// A zombie whose parent has not looked yet is none that runs.
inline bool runs(pid_t pid) {
  auto state = state_of(pid);
  return state && *state != 'Z' && *state != 'X';
}

inline std::size_t open_descriptors() {
  std::filesystem::directory_iterator all("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

inline std::size_t own_children() {
  std::ifstream in("/proc/thread-self/children");
  return static_cast<std::size_t>(
    std::distance(std::istream_iterator<std::string>{in}, {}));
}

/// Keeps what a watched process does. Thread-safe.
class recorder {
public:
  process::process_events events() {
    process::process_events result;
    result.on_line = [this](process::stream from,
                            const process::output_line& line) {
      std::lock_guard guard{mutex_};
      longest_ = std::max(longest_, line.text.size());
      dropped_ += line.dropped_before;
      lines_[static_cast<std::size_t>(from)].emplace_back(line.text);
      changed_.notify_all();
    };
    result.on_exit = [this](const process_exit& exit) {
      std::lock_guard guard{mutex_};
      ++exits_;
      exit_ = exit;
      changed_.notify_all();
    };
    return result;
  }

  std::optional<process_exit> exit(std::chrono::milliseconds limit = 10s) {
    std::unique_lock guard{mutex_};
    changed_.wait_for(guard, limit, [&] { return exit_.has_value(); });
    return exit_;
  }

  /// What follows `word` and a space in the first line that begins so.
  std::string after(const std::string& word,
                    std::chrono::milliseconds limit = 10s) {
    std::unique_lock guard{mutex_};
    std::string result;
    changed_.wait_for(guard, limit, [&] {
      for (const auto& line : lines_[0])
        if (line.starts_with(word + " ")) {
          result = line.substr(word.size() + 1);
          return true;
        }
      return false;
    });
    return result;
  }

  pid_t pid_after(const std::string& word) {
    auto text = after(word);
    return text.empty() ? -1 : static_cast<pid_t>(std::stol(text));
  }

  std::vector<std::string> lines(process::stream from) {
    std::lock_guard guard{mutex_};
    return lines_[static_cast<std::size_t>(from)];
  }

  std::size_t count(process::stream from) {
    std::lock_guard guard{mutex_};
    return lines_[static_cast<std::size_t>(from)].size();
  }

  std::size_t exits() {
    std::lock_guard guard{mutex_};
    return exits_;
  }

  std::size_t longest() {
    std::lock_guard guard{mutex_};
    return longest_;
  }

  std::uint64_t dropped() {
    std::lock_guard guard{mutex_};
    return dropped_;
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> lines_[3];
  std::optional<process_exit> exit_;
  std::size_t exits_ = 0;
  std::size_t longest_ = 0;
  std::uint64_t dropped_ = 0;
};

/// A process and what it did; killed with the test.
struct watched_process {
  explicit watched_process(const process_spec& spec,
                           process::line_limits limits = {})
    : watch(spec, limits, record.events()) {}

  recorder record;
  process::process_watch watch;
};

/// Milliseconds since it was made.
struct stopwatch {
  std::chrono::steady_clock::time_point started
    = std::chrono::steady_clock::now();

  std::chrono::milliseconds elapsed() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - started);
  }
};

} // namespace banksia::process_test
