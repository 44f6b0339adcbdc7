#pragma once

/// Statements that end when nobody waits for their rows any more.

#include <functional>

namespace banksia::storage {

/// While it lives, statements that run on this thread are asked now and then
/// (each 100 µs or so) whether their time is over; they then fail with a
/// `storage_error`. The innermost one counts. Waiting for another's lock is
/// bounded by `database::be_patient` instead.
class interruption {
public:
  explicit interruption(std::function<bool()> is_over);
  ~interruption();
  interruption(const interruption&) = delete;
  interruption& operator=(const interruption&) = delete;

  /// Whether the statement that runs on this thread is to end.
  static bool is_due();

private:
  std::function<bool()> is_over_;
  const interruption* outer_;
};

} // namespace banksia::storage
