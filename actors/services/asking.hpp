#pragma once

/// How a service asks another part of the node: within what is left of the
/// request's deadline, through the part's breaker, and a second time only where
/// that does no harm.

#include "actors/services/bridge.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

namespace banksia {

/// Why a question has no answer.
struct asked_in_vain {
  enum class cause {
    away,    ///< nobody is there, or who was there fell
    silent,  ///< it did not answer in time
    failing, ///< not asked: it keeps not answering
    busy,    ///< not asked: too many wait for it
    late,    ///< not asked: the request's deadline has passed
    refused, ///< it answered with an error
  };
  cause why = cause::away;
  std::string part; ///< the dependency's name
  std::string detail;
  std::chrono::milliseconds retry_after{1000};
};

/// The problem it is: 504 where time ran out, else 503. `advice` says what to do.
http::response problem_of(const asked_in_vain& x, std::string_view advice);

/// Whether a question may be put to a part's next generation, when the one that
/// was asked had fallen.
enum class second_try : bool { never, when_not_reached };

namespace detail {

/// What a question knows when its answer comes.
struct question {
  bridge_self* self = nullptr;
  dependency* part = nullptr;
  shared_context context; ///< in which the part is: outlives the call
  std::shared_ptr<part_call> call;
  dependency::time_point deadline;
  std::chrono::milliseconds limit{0};

  /// Back in the job that asked.
  void resume() const { self->state.deadline = deadline; }

  void was_answered() const {
    call->succeeded(self->state.context->elapsed());
    resume();
  }

  asked_in_vain failed(const caf::error& why) const;
};

/// Nothing when the part may be asked now.
std::optional<asked_in_vain> begin_question(bridge_self* self,
                                            dependency& part,
                                            question& into);

/// `done`, after the question was settled; its parameters stay what they are,
/// since CAF looks at them.
template <class F, class... Ts>
auto answered(const question& of, F done, void (F::*)(Ts...) const) {
  return [of, done](Ts... xs) {
    of.was_answered();
    done(xs...);
  };
}

bool was_not_reached(const caf::error& why);

/// @pre `x` is positive
inline deadline_ns nanoseconds_of(std::chrono::milliseconds x) {
  return static_cast<deadline_ns>(std::chrono::nanoseconds{x}.count());
}

} // namespace detail

/// Asks `part` by its name within its patience and the deadline of the job
/// under way, which goes with it: a part that comes to it later does not begin.
/// One of `done` (a lambda) and `failed` is called, once, at once
/// where it is not asked.
template <class Interface, class Done, class Failed, class... Ts>
void ask_part(bridge_self* self, dependency& part, const ref<Interface>& name,
              second_try again, Done done, Failed failed, Ts... xs) {
  detail::question asked;
  if (auto why = detail::begin_question(self, part, asked)) {
    failed(*why);
    return;
  }
  const auto& target = name.get();
  if (!target) {
    failed(asked_in_vain{asked_in_vain::cause::away, part.name(),
                         name.path() + " is not running"});
    return;
  }
  auto settled = detail::answered(asked, done, &Done::operator());
  auto give_up = [asked, failed](caf::error& why) {
    auto x = asked.failed(why);
    asked.resume();
    failed(x);
  };
  asking_scope in_time{monotonic_ns() + detail::nanoseconds_of(asked.limit)};
  self->request(target, caf::duration{asked.limit}, xs...)
    .then(settled, [=](caf::error& why) {
      auto left = std::chrono::floor<std::chrono::milliseconds>(
        asked.deadline - self->state.context->elapsed());
      if (again == second_try::never || !detail::was_not_reached(why)
          || left.count() <= 0 || !asked.part->take_retry())
        give_up(why);
      else {
        auto limit = std::min(left, asked.limit);
        asking_scope in_time{monotonic_ns() + detail::nanoseconds_of(limit)};
        name.ask(self, limit, settled, give_up, xs...);
      }
    });
}

} // namespace banksia
