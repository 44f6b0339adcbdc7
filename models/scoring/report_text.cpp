#include "models/scoring/report_text.hpp"

#include "models/scoring/figures.hpp"

namespace banksia {

namespace {

std::string rate_text(const rate_estimate& x) {
  return per_cent(x.value) + " %" + bracket(x.interval);
}

std::string constant_name(const group_performance& x) {
  return "always " + std::string{to_string(x.best_constant)};
}

std::string verdict(const performance_report& x) {
  if (x.skill_shown)
    return "skill shown";
  if (!x.difference.interval)
    return "no skill shown (too few days to tell)";
  if (x.difference.interval->upper < 0.0)
    return "no skill shown, worse than a constant answer";
  return "no skill shown";
}

std::string days_needed_text(const performance_report& x) {
  if (x.days_needed)
    return "about " + count_of(*x.days_needed, "trading day")
           + " in all to show the present difference";
  if (x.difference.value > 0.0)
    return "unknown: an interval takes "
           + count_of(min_interval_days, "trading day");
  return "none would do: there is no advantage to show";
}

std::string group_text(const group_performance& x) {
  if (x.samples == 0)
    return "0 samples";
  return count_of(x.samples, "sample") + ", success "
         + rate_text(x.success_rate) + ", best constant (" + constant_name(x)
         + ") " + per_cent(x.best_constant_rate.value)
         + " %, mean confidence " + per_cent(x.mean_confidence) + " %";
}

std::string counts_text(const performance_report& x) {
  std::string result;
  auto coverage = x.coverage ? per_cent(*x.coverage) + " %" : "unknown";
  result += text_line("coverage",
                      coverage + " ("
                        + count_of(x.counts.predictions, "prediction") + ", "
                        + count_of(x.counts.abstentions, "abstention") + ")");
  result += text_line(
    "left out", std::to_string(x.excluded.gaps) + " over a gap of sessions, "
                  + std::to_string(x.excluded.void_outcomes) + " void, "
                  + std::to_string(x.excluded.unusable) + " unusable");
  return result;
}

std::string warnings(const performance_report& x) {
  std::string result;
  if (x.leak.leak_suspected)
    result += "warning: BUY and SELL were right "
              + per_cent(x.leak.accuracy) + " % over "
              + count_of(x.leak.days, "trading day") + ", surely more than "
              + per_cent(x.leak.interval.lower) + " %"
              + ": treat it as a leak of future data until shown otherwise\n";
  if (x.success_disagreements > 0)
    result += "warning: the stored success of "
              + count_of(x.success_disagreements, "outcome")
              + " contradicts the success rule; the rates follow the rule: run "
                "`banksia db verify`\n";
  if (x.excluded.unusable > 0)
    result += "warning: " + count_of(x.excluded.unusable, "outcome")
              + " unusable (no action, no real day, or a number out of "
                "range): run `banksia db verify`\n";
  return result;
}

std::string bucket_label(const open_minutes_performance& x) {
  if (!x.to_minutes)
    return std::to_string(x.from_minutes) + "+ min";
  if (*x.to_minutes == x.from_minutes)
    return std::to_string(x.from_minutes) + " min";
  return std::to_string(x.from_minutes) + "-" + std::to_string(*x.to_minutes)
         + " min";
}

} // namespace

std::string headline_of(const performance_report& x) {
  if (x.samples == 0)
    return "no outcomes yet";
  return verdict(x) + ": success " + per_cent(x.success_rate.value)
         + " % vs best constant (" + constant_name(x) + ") "
         + per_cent(x.best_constant_rate.value) + " %, difference "
         + per_cent(x.difference.value, true) + " points"
         + bracket(x.difference.interval, true);
}

std::string to_text(const performance_report& x) {
  auto result = headline_of(x) + "\n";
  if (x.samples == 0)
    return result + counts_text(x) + warnings(x);
  result += text_line("samples", std::to_string(x.samples) + " over "
                                   + count_of(x.days, "trading day"));
  result += text_line("success", rate_text(x.success_rate));
  result += text_line("always HOLD", rate_text(x.always_hold_rate));
  result += text_line("best constant", rate_text(x.best_constant_rate) + " ("
                                         + constant_name(x) + ")");
  result += text_line("days needed", days_needed_text(x));
  result += counts_text(x);
  for (const auto& action : x.by_action)
    result
      += text_line(std::string{to_string(action.action)}, group_text(action));
  for (const auto& bucket : x.by_open_minutes)
    result += text_line("open " + bucket_label(bucket), group_text(bucket));
  return result + "  brackets: 95 % intervals, resampled by trading day\n"
         + warnings(x);
}

} // namespace banksia
