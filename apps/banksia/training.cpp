#include "apps/banksia/training.hpp"

#include "apps/common/programs.hpp"

namespace banksia {

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
/// What sanitizers reserve for themselves is more than any training needs.
constexpr bool memory_is_bounded = false;
#else
constexpr bool memory_is_bounded = true;
#endif

/// How far the market gets in so many minutes that pass.
std::chrono::minutes market_minutes(const node_setup& in,
                                    std::uint32_t passing) {
  auto speed = in.clock.mode == clock_mode::accelerated ? in.clock.speed : 1.0;
  return std::chrono::minutes{static_cast<std::int64_t>(passing * speed)};
}

} // namespace

void add_training(node_setup& to, const config::settings& x,
                  const std::filesystem::path& models) {
  if (x.ml == config::model_service::off)
    return;
  auto& setup = to.training.emplace();
  to.trains = true;
  // The trainer ends what takes too long; this is for one that does not.
  to.training_limit = std::chrono::minutes{x.training_deadline_minutes + 30};
  setup.run = to.plan->run;
  setup.database = std::filesystem::absolute(to.database);
  setup.models = std::filesystem::absolute(models);
  setup.command = {program_beside("banksia-ml").string(), "train", "--kind",
                   x.model_kind};
  if (x.training_days > 0) {
    setup.command.push_back("--days");
    setup.command.push_back(std::to_string(x.training_days));
  }
  if (memory_is_bounded)
    setup.memory_bytes = std::uint64_t{x.training_memory_mb} << 20;
  setup.limits.deadline = std::chrono::minutes{x.training_deadline_minutes};
  if (x.training_time_utc)
    setup.stale_after = std::chrono::days{x.model_retrain_interval_days}
                        + market_minutes(to, x.training_deadline_minutes);
  setup.calendar = to.plan->calendar;
  setup.judging.band_factor = x.flat_band;
  setup.judging.bounds.days = x.demotion_days;
}

} // namespace banksia
