#include "actors/services/ml_metrics.hpp"

#include "actors/ml/judge.hpp"
#include "models/scoring/evaluation_parts.hpp"
#include "models/scoring/proper_scores.hpp"

#include <limits>

namespace banksia {

namespace {

using telemetry::metrics;

constexpr std::uint64_t judged_age_ns = 30'000'000'000;
constexpr std::chrono::days judged_over{30};
constexpr std::uint32_t bins = 10;
constexpr double none = std::numeric_limits<double>::quiet_NaN();

void put_trainings(metrics& into, bridge_self* self) {
  std::map<std::string, std::uint64_t> counts{
    {"done", 0}, {"failed", 0}, {"cancelled", 0}};
  auto run = self->state.plan().run;
  for (const auto& [status, count] : self->state.ask().training_counts(run))
    if (counts.contains(status))
      counts[status] = count;
  for (const auto& [status, count] : counts) {
    auto x = into.counter_of("banksia_training_runs_total",
                             "Trainings that have ended, by how.",
                             {{"result", status}});
    x.add(static_cast<double>(count) - x.value());
  }
}

/// What the champion's forecasts of the last days were worth.
void put_quality(metrics& into, bridge_self* self, const std::string& champion,
                 timestamp now) {
  const auto& setup = self->state.context->setup;
  std::vector<live_forecast> rows;
  if (!champion.empty())
    rows = label_rows(self->state.ask().judged(self->state.plan().run,
                                               champion, now - judged_over),
                      self->state.plan().calendar, setup.flat_band);
  std::vector<class_probabilities> said;
  std::vector<move_class> labels;
  for (const auto& x : rows) {
    said.push_back(x.said);
    labels.push_back(x.label);
  }
  into
    .gauge_of("banksia_calibration_error",
              "Expected calibration error of the champion over 30 days.", {})
    .set(rows.empty() ? none : calibration_error(said, labels, bins));
  into
    .gauge_of("banksia_brier_score",
              "Brier score of the champion over 30 days, 0 to 2.", {})
    .set(rows.empty() ? none : score_probabilities(said, labels).brier);
}

} // namespace

void put_model_metrics(bridge_self* self, std::optional<timestamp> now) {
  auto& state = self->state;
  auto& into = state.context->metrics;
  put_trainings(into, self);
  if (!now)
    return;
  std::string champion;
  auto age = none;
  if (auto x = state.ask().champion()) {
    champion = x->model_version;
    age = std::chrono::duration<double>(*now - x->added_at).count();
  }
  into
    .gauge_of("banksia_model_age_seconds",
              "Market time since the champion was trained; NaN: rules serve.",
              {})
    .set(age);
  auto elapsed = monotonic_ns();
  if (state.judged_ns != 0 && elapsed - state.judged_ns < judged_age_ns)
    return;
  put_quality(into, self, champion, *now);
  state.judged_ns = elapsed;
}

} // namespace banksia
