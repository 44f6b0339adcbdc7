#define CAF_SUITE scoring_evaluation_render
#include "models/scoring/evaluation_json.hpp"
#include "models/scoring/evaluation_text.hpp"

#include "tests/unit/scoring/forecasts.hpp"

#include "caf/test/unit_test.hpp"

#include <boost/json/serialize.hpp>

using namespace banksia;
using namespace banksia::scoring_test;

namespace {

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

evaluation_report some_report(double foresight, bool with_account) {
  auto samples = noise(1, 60);
  std::vector<named_forecast> forecasts{leaning(samples, foresight, 1)};
  named_forecast rules{.name = "rules",
                       .actions = forecasts[0].actions,
                       .probabilities = {},
                       .daily_returns = {}};
  forecasts.push_back(rules);
  splitmix64 random{2};
  for (int i = 0; with_account && i < 60; ++i)
    forecasts[0].daily_returns.push_back(0.01 * normal(random));
  std::vector<named_forecast> others{even_climatology(samples.size())};
  return evaluate_forecasts(samples, forecasts, others,
                            {.bootstrap = {.resamples = 200},
                             .trials = with_account ? 12u : 0u,
                             .trial_variance = 0.002});
}

/// No number in the text or document is one that is none.
bool sound(const std::string& text) {
  return !has(text, "nan") && !has(text, "inf");
}

} // namespace

CAF_TEST(the text has every figure) {
  auto report = some_report(0.3, true);
  auto text = to_text(report);
  CAF_CHECK(sound(text));
  CAF_CHECK(text.starts_with("420 samples over 60 trading days, 2025-01-01 to "
                             "2025-03-01; down "));
  for (auto part :
       {"model: ", "rules: ", "  success", "always HOLD", "best constant",
        "  BUY", "  SELL", "coverage", "Pesaran-Timmermann", "by day",
        "  log loss", "Diebold-Mariano", "  Brier score", "skill",
        "calibration", "equal width", "equal mass", "balanced", "MCC", "IC",
        "by rank", "surest 100.0 %", "came true", "Sharpe ratio",
        "after 12 trials", "deepest fall", "climatology", "brackets: 95 %"})
    CAF_CHECK(has(text, part));
  CAF_CHECK(has(text, report.forecasts[0].verdict));
  for (auto c : text)
    CAF_REQUIRE(c == '\n' || (c >= ' ' && c <= '~'));
}

CAF_TEST(the text says what is missing and what is too good) {
  auto report = some_report(0.9, false);
  auto text = to_text(report);
  CAF_CHECK(has(text, "warning: directions are right too often"));
  CAF_CHECK(!has(text, "account"));
  report.forecasts.resize(1);
  auto& x = report.forecasts[0];
  x.actions->buy = {};
  x.actions->leak = {};
  x.probabilities->rank_ic.reset();
  x.probabilities->loss_test.reset();
  x.account = account_evaluation{};
  text = to_text(report);
  for (auto part : {"never told", "none: the forecast does not vary",
                    "Diebold-Mariano none", "none: trials or their variance not known",
                    "with probability none"})
    CAF_CHECK(has(text, part));
}

CAF_TEST(the document has every field and null for what is not known) {
  auto report = some_report(0.3, true);
  auto value = to_json(report);
  CAF_CHECK(sound(boost::json::serialize(value)));
  const auto& x = value.as_object();
  for (auto name : {"samples", "days", "first_day", "last_day", "base_rates",
                    "trials", "forecasts", "baselines"})
    CAF_CHECK(x.contains(name));
  const auto& model = x.at("forecasts").at(0).as_object();
  const auto& p = model.at("probabilities").as_object();
  for (auto name :
       {"log_loss", "log_loss_gain", "log_loss_gain_interval", "days_needed",
        "diebold_mariano", "brier", "brier_by_class", "brier_skill",
        "brier_skill_interval", "ece", "ece_by_class", "reliability",
        "coverage_curve", "classes", "rank_ic", "rank_ic_interval", "plain_ic",
        "area_up"})
    CAF_CHECK(p.contains(name));
  CAF_CHECK(p.at("log_loss").as_double()
            == report.forecasts[0].probabilities->scores.log_loss);
  CAF_CHECK(p.at("classes").at("confusion").at(2).as_array().size() == 3u);
  CAF_CHECK(p.at("reliability").at("equal_mass").at("bins").as_array().size()
            > 0u);
  const auto& actions = model.at("actions").as_object();
  for (auto name : {"success_rate", "difference_interval", "skill_shown",
                    "coverage", "days_needed", "BUY", "SELL", "directional",
                    "pesaran_timmermann", "pesaran_timmermann_by_day",
                    "suspicion"})
    CAF_CHECK(actions.contains(name));
  CAF_CHECK(!actions.contains("mean_confidence"));
  CAF_CHECK(model.at("account").at("deflated_sharpe").is_double());
  CAF_CHECK(model.at("skill_shown").as_bool()
            == report.forecasts[0].skill_shown);
  const auto& rules = x.at("forecasts").at(1).as_object();
  CAF_CHECK(rules.at("probabilities").is_null());
  CAF_CHECK(rules.at("account").is_null());
  const auto& reference = x.at("baselines").at(0).at("probabilities");
  CAF_CHECK(reference.at("diebold_mariano").is_null());
  CAF_CHECK(reference.at("rank_ic").is_null());
  CAF_CHECK(reference.at("rank_ic_interval").at(1).is_null());
}

CAF_TEST(a forecast that never acts has nulls and not zeros) {
  auto samples = noise(1, 20);
  std::vector<named_forecast> forecasts{
    {.name = "silent",
     .actions = std::vector(samples.size(), trade_action::none),
     .probabilities = {},
     .daily_returns = {}}};
  std::vector<named_forecast> others{even_climatology(samples.size())};
  auto report = evaluate_forecasts(samples, forecasts, others);
  CAF_CHECK_EQUAL(report.forecasts[0].verdict, "no skill shown: never acted");
  auto value = to_json(report);
  const auto& actions = value.at("forecasts").at(0).at("actions");
  CAF_CHECK(actions.at("success_rate").is_null());
  CAF_CHECK(actions.at("suspicion").at("accuracy").is_null());
  CAF_CHECK(actions.at("pesaran_timmermann").is_null());
  CAF_CHECK(actions.at("coverage").as_double() == 0.0);
  CAF_CHECK(sound(to_text(report)));
}

CAF_TEST(a promotion is a document) {
  promotion_verdict x{.promote = true, .reasons = {"a", "b"}};
  CAF_CHECK_EQUAL(boost::json::serialize(to_json(x)),
                  R"({"promote":true,"reasons":["a","b"],)"
                  R"("text":"promoted: a; b"})");
}
