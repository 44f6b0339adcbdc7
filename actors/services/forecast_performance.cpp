#include "actors/services/forecast_performance.hpp"

#include "actors/ml/judge.hpp"
#include "actors/store/run_counts.hpp"
#include "models/scoring/figures.hpp"
#include "models/scoring/json_parts.hpp"
#include "models/scoring/promotion.hpp"

namespace banksia {

namespace {

/// Stored forecasts as what is judged.
struct judged_set {
  std::vector<forecast_sample> samples;
  named_forecast served{"served", {}, {}, {}};
};

void add(judged_set& to, const live_forecast& row) {
  forecast_sample x;
  x.day = row.day;
  x.slot = x.label_end = row.slot;
  x.actual_return = fraction{row.actual_return};
  x.band = row.band;
  to.samples.push_back(x);
  to.served.probabilities.push_back(row.said);
}

/// How often each class came true; nothing is impossible (Laplace's rule).
named_forecast climatology_of(const std::vector<forecast_sample>& samples) {
  std::array<double, move_class_count> counts{};
  for (const auto& x : samples)
    counts[static_cast<std::size_t>(x.label())] += 1.0;
  class_probabilities rates{};
  auto all = static_cast<double>(samples.size() + move_class_count);
  for (std::size_t i = 0; i < move_class_count; ++i)
    rates[i] = (counts[i] + 1.0) / all;
  named_forecast result{std::string{reference_name}, {}, {}, {}};
  result.probabilities.assign(samples.size(), rates);
  return result;
}

} // namespace

std::optional<forecast_performance>
forecasts_of(storage::database& db, std::string_view run, std::int64_t days,
             std::string_view symbol, const exchange_calendar& calendar,
             double band_factor, const bootstrap_options& options) {
  auto newest = store::newest_scored_slot(db, run, symbol);
  if (!newest)
    return std::nullopt;
  store::queries ask{db};
  auto rows = ask.judged(run, "", *newest - std::chrono::days{days});
  std::erase_if(rows, [&](const store::judged_forecast& row) {
    return !row.said.served || (!symbol.empty() && row.symbol != symbol);
  });
  judged_set judged;
  for (const auto& row : label_rows(rows, calendar, band_factor))
    add(judged, row);
  if (judged.samples.empty())
    return std::nullopt;
  evaluation_options how;
  how.bootstrap = options;
  auto against = climatology_of(judged.samples);
  auto report = evaluate_forecasts(judged.samples, {&judged.served, 1},
                                   {&against, 1}, how);
  return forecast_performance{*report.forecasts.front().probabilities,
                              report.days};
}

void put(boost::json::object& into, const forecast_performance& x) {
  const auto& scores = x.scores;
  into["brier"] = scores.scores.brier;
  into["brier_skill"] = scores.brier_skill.value;
  into["brier_skill_interval"] = to_array(scores.brier_skill.interval);
  into["ece"] = scores.ece;
  into["log_loss"] = scores.scores.log_loss;
  into["log_loss_gain"] = scores.log_loss_gain.value;
  into["log_loss_gain_interval"] = to_array(scores.log_loss_gain.interval);
  into["forecast_samples"] = scores.scores.samples;
}

std::string to_text(const forecast_performance& x) {
  const auto& scores = x.scores;
  auto result = text_line("forecasts",
                          count_of(scores.scores.samples, "forecast") + " over "
                            + count_of(x.days, "trading day"));
  result += text_line("log loss",
                      decimal(scores.scores.log_loss, 4)
                        + ", gain over climatology "
                        + decimal(scores.log_loss_gain.value, 4, true)
                        + decimal_bracket(scores.log_loss_gain.interval, 4,
                                          true));
  result += text_line("Brier",
                      decimal(scores.scores.brier, 4) + ", skill "
                        + decimal(scores.brier_skill.value, 4, true)
                        + decimal_bracket(scores.brier_skill.interval, 4,
                                          true));
  result += text_line("calibration",
                      "expected error " + decimal(scores.ece, 3)
                        + (scores.ece <= promotion_bounds{}.largest_ece
                             ? ", within its bound"
                             : ", above its bound"));
  return result;
}

} // namespace banksia
