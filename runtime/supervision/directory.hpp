#pragma once

#include "runtime/supervision/ref.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace banksia {

/// The names of a node: a path to its slot. Thread-safe.
class directory {
public:
  /// The slot of a path; made at first use.
  std::shared_ptr<actor_slot> slot(const std::string& path) {
    std::lock_guard guard{mutex_};
    auto& entry = slots_[path];
    if (!entry)
      entry = std::make_shared<actor_slot>(path);
    return entry;
  }

  template <class Interface>
  ref<Interface> name(const std::string& path) {
    return ref<Interface>{slot(path)};
  }

  /// Calls `visit` with each slot, in the order of their paths.
  template <class F>
  void each(F visit) const {
    std::lock_guard guard{mutex_};
    for (const auto& [path, entry] : slots_)
      visit(*entry);
  }

private:
  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<actor_slot>> slots_;
};

} // namespace banksia
