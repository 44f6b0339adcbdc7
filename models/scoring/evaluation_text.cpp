#include "models/scoring/evaluation_text.hpp"

#include "models/scoring/figures.hpp"

#include <algorithm>

namespace banksia {

namespace {

std::string none_or(const std::optional<double>& x, int decimals,
                    bool sign = false) {
  return x ? decimal(*x, decimals, sign) : "none";
}

std::string p_text(const std::optional<test_result>& x) {
  if (!x)
    return "none";
  return decimal(x->statistic, 2, true) + " (p " + decimal(x->p_value, 3) + ")";
}

std::string rate_text(const rate_estimate& x) {
  return per_cent(x.value) + " %" + bracket(x.interval);
}

// -- actions ------------------------------------------------------------------

std::string side_text(const group_performance& x, double coverage) {
  if (x.samples == 0)
    return "never told";
  return "right " + rate_text(x.success_rate) + " of "
         + count_of(x.samples, "sample") + " (coverage " + per_cent(coverage)
         + " %), best constant there " + per_cent(x.best_constant_rate.value)
         + " %";
}

std::string actions_text(const action_evaluation& x) {
  std::string result;
  result += text_line("success", rate_text(x.all.success_rate) + " of "
                                   + count_of(x.all.samples, "sample")
                                   + " (coverage " + per_cent(x.coverage)
                                   + " %)");
  result += text_line("always HOLD", rate_text(x.all.always_hold_rate));
  result += text_line("best constant",
                      rate_text(x.all.best_constant_rate) + " (always "
                        + std::string{to_string(x.all.best_constant)} + ")");
  result += text_line("BUY", side_text(x.buy, x.buy_coverage));
  result += text_line("SELL", side_text(x.sell, x.sell_coverage));
  result += text_line(
    "direction",
    x.leak.told == 0
      ? "never told"
      : "right " + per_cent(x.leak.accuracy) + " %"
          + bracket(x.leak.interval) + ", Pesaran-Timmermann "
          + p_text(x.direction_test) + ", by day "
          + p_text(x.direction_test_by_day));
  return result;
}

// -- probabilities ------------------------------------------------------------

std::string reliability_text(const reliability& x) {
  std::string result;
  for (const auto& bin : x.bins)
    result += "    said " + per_cent(bin.mean_stated) + " %, came true "
              + per_cent(bin.observed_rate) + " %"
              + bracket(bin.observed_interval) + ", "
              + count_of(bin.samples, "sample") + "\n";
  return result;
}

std::string curve_text(const std::vector<coverage_point>& curve) {
  std::string result;
  for (const auto& x : curve)
    result += "    surest " + per_cent(x.coverage) + " %: right "
              + per_cent(x.accuracy) + " %" + bracket(x.interval) + "\n";
  return result;
}

std::string ic_text(const probability_evaluation& x) {
  if (!x.rank_ic)
    return "none: the forecast does not vary";
  return decimal(x.rank_ic->value, 3, true)
         + decimal_bracket(x.rank_ic->interval, 3, true) + " by rank, "
         + none_or(x.plain_ic, 3, true) + " plain, area under the curve "
         + none_or(x.area_up, 3);
}

std::string probabilities_text(const probability_evaluation& x) {
  std::string result;
  result += text_line(
    "log loss", decimal(x.scores.log_loss, 4) + ", gain over climatology "
                  + decimal(x.log_loss_gain.value, 4, true)
                  + decimal_bracket(x.log_loss_gain.interval, 4, true)
                  + ", Diebold-Mariano " + p_text(x.loss_test));
  result += text_line("Brier score",
                      decimal(x.scores.brier, 4) + ", skill "
                        + decimal(x.brier_skill.value, 4, true)
                        + decimal_bracket(x.brier_skill.interval, 4, true));
  result += text_line(
    "calibration", "error " + decimal(x.ece, 3) + " (equal width "
                     + decimal(x.equal_width.expected_error, 3)
                     + ", equal mass "
                     + decimal(x.equal_mass.expected_error, 3)
                     + "), by class " + decimal(x.class_ece[0], 3) + " "
                     + decimal(x.class_ece[1], 3) + " "
                     + decimal(x.class_ece[2], 3));
  result += text_line(
    "classes", "accuracy " + per_cent(x.confusion.accuracy())
                 + " %, balanced "
                 + per_cent(x.confusion.balanced_accuracy()) + " %, MCC "
                 + decimal(x.confusion.mcc(), 3, true));
  result += text_line("IC", ic_text(x));
  result += "  reliability of the most likely class:\n";
  result += reliability_text(x.equal_mass);
  result += "  accuracy among the surest:\n";
  return result + curve_text(x.coverage_curve);
}

// -- account ------------------------------------------------------------------

std::string account_text(const account_evaluation& x, std::uint64_t trials) {
  auto deflated = x.deflated
                    ? none_or(x.deflated, 3) + " after "
                        + count_of(trials, "trial")
                    : std::string{"none: trials or their variance not known"};
  return text_line("account", "Sharpe ratio "
                                + decimal(x.sharpe_a_year, 2, true)
                                + " a year over "
                                + count_of(x.moments.periods, "trading day")
                                + ", deepest fall " + per_cent(x.fall.depth)
                                + " %")
         + text_line("Sharpe ratio", "above zero with probability "
                                       + none_or(x.probabilistic, 3)
                                       + ", deflated " + deflated);
}

// -- baselines ----------------------------------------------------------------

std::string column(std::string text, std::size_t width) {
  text.insert(0, width > text.size() ? width - text.size() : 0, ' ');
  return text;
}

std::string baseline_row(const forecast_evaluation& x) {
  auto name = x.name;
  name.resize(std::max<std::size_t>(name.size(), 16), ' ');
  auto row = "  " + name;
  row += column(x.actions && x.actions->all.samples > 0
                  ? per_cent(x.actions->all.success_rate.value)
                  : "-",
                9);
  row += column(
    x.probabilities ? decimal(x.probabilities->scores.log_loss, 4) : "-", 10);
  row += column(
    x.probabilities ? decimal(x.probabilities->scores.brier, 4) : "-", 9);
  row += column(x.probabilities
                  ? decimal(x.probabilities->confusion.mcc(), 3, true)
                  : "-",
                8);
  return row + "\n";
}

std::string forecast_text(const forecast_evaluation& x, std::uint64_t trials) {
  auto result = x.name + ": " + x.verdict + "\n";
  if (x.actions)
    result += actions_text(*x.actions);
  if (x.probabilities)
    result += probabilities_text(*x.probabilities);
  if (x.account)
    result += account_text(*x.account, trials);
  if (x.actions && x.actions->leak.leak_suspected)
    result += "warning: directions are right too often: look for a leak of "
              "future data before believing any of this\n";
  return result;
}

} // namespace

std::string to_text(const evaluation_report& x) {
  std::string result
    = count_of(x.samples, "sample") + " over "
      + count_of(x.days, "trading day") + ", " + to_string(x.first_day)
      + " to " + to_string(x.last_day) + "; down "
      + per_cent(x.base_rates[0]) + " %, flat " + per_cent(x.base_rates[1])
      + " %, up " + per_cent(x.base_rates[2]) + " %\n";
  for (const auto& forecast : x.forecasts)
    result += forecast_text(forecast, x.trials);
  result += "baselines on the same samples:\n"
            "                  success  log loss    Brier     MCC\n";
  for (const auto& baseline : x.baselines)
    result += baseline_row(baseline);
  return result + "  brackets: 95 % intervals, resampled by trading day; of "
                  "bins and curves Wilson's\n";
}

} // namespace banksia
