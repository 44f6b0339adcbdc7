#include "actors/ml/trainer_parts.hpp"

#include "runtime/logging/log.hpp"

namespace banksia::trainer_parts {

bool is_begun_again(trainer_self* self, const training_end& end,
                    const std::string& refused) {
  auto& state = self->state;
  const auto& replayed = state.desk->setup().replayed;
  auto by_itself = end.how == training_end::kind::failed
                     ? end.by_itself
                     : refused.empty();
  if (!replayed || end.how == training_end::kind::cancelled || by_itself)
    return false;
  auto& of = *state.current;
  auto why = refused.empty() ? end.reason : refused;
  auto text = "training " + of.record.training_id + " as of "
              + to_rfc3339(of.record.requested_at) + ": " + why;
  of.record.reason.clear();
  state.settling = false;
  if (of.tries < replayed->tries_max) {
    logging::log_warn(std::string{path}, text + ": it is begun again");
    start(self);
  } else if (replayed->lost) {
    replayed->lost(text);
  }
  return true;
}

boost::json::object judge_again(trainer_self* self, const training_record& x) {
  if (!self->state.desk->setup().replayed)
    return {};
  auto judgement = judge(self, x.ended_at);
  tell_registry(self);
  return judgement;
}

} // namespace banksia::trainer_parts
