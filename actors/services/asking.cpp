#include "actors/services/asking.hpp"

#include "actors/services/problem_types.hpp"

namespace banksia {

namespace {

using std::chrono::milliseconds;

std::string seconds_text(milliseconds x) {
  return std::to_string(std::max<std::int64_t>(
    1, std::chrono::ceil<std::chrono::seconds>(x).count()));
}

const http::problem_type& type_of(asked_in_vain::cause x) {
  switch (x) {
    case asked_in_vain::cause::silent:
      return problems::part_silent;
    case asked_in_vain::cause::failing:
      return problems::part_failing;
    case asked_in_vain::cause::busy:
      return problems::part_busy;
    case asked_in_vain::cause::late:
      return problems::deadline_passed;
    default:
      return problems::part_away;
  }
}

} // namespace

http::response problem_of(const asked_in_vain& x, std::string_view advice) {
  const auto& type = type_of(x.why);
  auto result = http::problem(type, x.detail + ": " + std::string{advice},
                              {{"dependency", x.part}});
  if (type.status == 503)
    result.headers.emplace_back("Retry-After", seconds_text(x.retry_after));
  return result;
}

namespace detail {

bool was_not_reached(const caf::error& why) {
  // No target at all is a dead one too.
  return why == caf::sec::request_receiver_down
         || why == caf::sec::invalid_argument;
}

std::optional<asked_in_vain> begin_question(bridge_self* self,
                                            dependency& part,
                                            question& into) {
  using cause = asked_in_vain::cause;
  auto now = self->state.context->elapsed();
  auto deadline = self->state.deadline;
  // Compared first, since a request without a deadline has none to subtract from.
  auto limit = deadline - part.patience() > now
                 ? part.patience()
                 : std::chrono::floor<milliseconds>(deadline - now);
  if (limit.count() <= 0)
    return asked_in_vain{cause::late, part.name(),
                         "no time was left to ask " + part.name()};
  part_refusal why;
  auto call = part.begin(now, why);
  if (!call && why.is_failing)
    return asked_in_vain{cause::failing, part.name(),
                         part.name() + " keeps failing (" + why.reason
                           + "), so it is not asked for now",
                         why.retry_after};
  if (!call)
    return asked_in_vain{cause::busy, part.name(),
                         "too many wait for " + part.name() + " already"};
  into = {self,     &part,   self->state.context, std::move(call),
          deadline, limit};
  return std::nullopt;
}

asked_in_vain question::failed(const caf::error& why) const {
  using cause = asked_in_vain::cause;
  if (why == caf::sec::request_timeout) {
    auto text = part->name() + " did not answer within "
                + std::to_string(limit.count()) + " ms";
    // A caller's own haste says nothing of the part.
    if (limit >= part->patience())
      call->failed(self->state.context->elapsed(), text);
    return {cause::silent, part->name(), text};
  }
  if (was_not_reached(why))
    return {cause::away, part->name(), part->name() + " is away"};
  // Whoever answers with an error is there.
  call->succeeded(self->state.context->elapsed());
  return {cause::refused, part->name(),
          part->name() + " failed: " + self->system().render(why)};
}

} // namespace detail

} // namespace banksia
