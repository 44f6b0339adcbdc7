#include "runtime/http/problem_type.hpp"
#include "runtime/http/session.hpp"

namespace banksia::http {

// -- limits of time -----------------------------------------------------------

/// From now on what is under way must be over by `until`.
void session::limit(time_point until) {
  due_ = until;
  if (alarm_ <= until)
    return;
  alarm_ = until;
  limit_timer_.expires_at(until);
  limit_timer_.async_wait([self = self()](error_code stopped) {
    if (!stopped)
      self->on_alarm();
  });
}

void session::limit_from_now(std::chrono::milliseconds most) {
  limit(std::chrono::steady_clock::now() + most);
}

/// The timer went off: for a limit that holds, or for one that is history.
void session::on_alarm() {
  alarm_ = time_point::max();
  if (due_ == time_point::max())
    return;
  if (std::chrono::steady_clock::now() < due_)
    return limit(due_);
  lift_limit();
  on_due();
}

/// What is under way took too long.
void session::on_due() {
  switch (phase_) {
    case phase::reading:
      // Closing would leave a client that was too slow without a word.
      is_late_ = true;
      return stream_.cancel();
    case phase::answering:
      return write(problem(problems::deadline_passed,
                           "no answer within the time that this request was "
                           "given: try again later"));
    case phase::writing:
      return stream_.cancel(); // counted as any answer that does not arrive
    case phase::streaming:
    case phase::lingering:
      return close();
    case phase::closed:
      return;
  }
}

} // namespace banksia::http
