#pragma once

#include <mutex>
#include <optional>
#include <string>

namespace banksia {

/// Whether a process without the core reaches it: told by `core/link`, read by
/// the services. Thread-safe.
class core_view {
public:
  void set_reached() {
    std::lock_guard guard{mutex_};
    trouble_.reset();
  }

  void set_away(std::string why) {
    std::lock_guard guard{mutex_};
    trouble_ = std::move(why);
  }

  /// Why it is not reached; nothing when it is.
  std::optional<std::string> trouble() const {
    std::lock_guard guard{mutex_};
    return trouble_;
  }

private:
  mutable std::mutex mutex_;
  std::optional<std::string> trouble_ = "the core was not reached yet";
};

} // namespace banksia
