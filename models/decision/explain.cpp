#include "models/decision/explain.hpp"

#include "models/decision/explain_parts.hpp"
#include "models/decision/score_side.hpp"

namespace banksia {

std::string_view to_string(factor_side x) noexcept {
  switch (x) {
    case factor_side::both:
      return "both";
    case factor_side::buy:
      return "buy";
    case factor_side::sell:
      return "sell";
  }
  return "";
}

namespace {

using explain_parts::number;

/// Appends the factors of one side.
class side_explainer {
public:
  side_explainer(std::vector<factor>& to, factor_side side,
                 const side_view& view, const side_scores& scores,
                 const rule_parameters& p)
    : to_(to), side_(side), view_(view), scores_(scores), p_(p) {}

  void run() {
    add_points();
    add_components();
    add_confidence();
    add_gates();
    add({"strong", side_, scores_.strong ? 1.0 : 0.0, 0.0,
         scores_.strong ? 1.0 : 0.0, true,
         scores_.strong ? "all conditions of a strong signal hold"
                        : "no strong signal"});
  }

private:
  void add(factor x) { to_.push_back(std::move(x)); }

  void add_points() {
    auto sma = sma_points(view_, p_);
    auto rsi = rsi_points(view_, p_);
    add({"points.base", side_, p_.points_base, 1.0, p_.points_base, true,
         "points before any indicator: " + number(p_.points_base)});
    add({"points.sma", side_,
         (view_.sma_rising ? 1.0 : 0.0) - (view_.sma_falling ? 1.0 : 0.0), 1.0,
         sma, true,
         std::string{"5-day mean "}
           + (view_.sma_rising    ? "favourable to"
              : view_.sma_falling ? "against"
                                  : "level with")
           + " the 20-day mean: " + number(sma) + " points"});
    add({"points.rsi", side_, view_.rsi, 1.0, rsi, true,
         "rsi " + number(view_.rsi) + ": " + number(rsi) + " points"});
  }

  void add_component(std::string_view name, double score, double weight,
                     bool present, const std::string& seen) {
    std::string text{name};
    if (present)
      text += ": " + seen + ", score " + number(score) + " × weight "
              + number(weight);
    else
      text += ": missing, its weight goes to the others";
    add({std::string{name}, side_, present ? score : 0.0, weight,
         present ? weight * score : 0.0, present, std::move(text)});
  }

  void add_components() {
    auto w = weights_of(view_, p_);
    auto points = "T " + number(scores_.technical_points.value());
    points += view_.has_macd
                ? ", MACD histogram " + number(view_.macd_histogram)
                : std::string{", MACD missing"};
    add_component("technical", scores_.technical.value(), w.technical, true,
                  points);
    add_component("news", scores_.news.value(), w.news, view_.has_news,
                  "sentiment " + number(view_.sentiment) + ", confidence "
                    + number(view_.news_confidence));
    add_component("volume", scores_.volume.value(), w.volume, view_.has_volume,
                  "ratio " + number(view_.volume_ratio) + ", trend "
                    + number(view_.volume_trend));
    add_component("risk", scores_.risk.value(), w.risk, true,
                  "volatility " + number(view_.volatility));
  }

  void add_confidence() {
    auto multiplier = multiplier_of(view_.trend, p_);
    auto confidence = scores_.confidence.value();
    auto threshold = scores_.threshold.value();
    add({"confidence.base", side_, p_.confidence_base, 1.0,
         p_.confidence_base, true,
         "confidence before any component: " + number(p_.confidence_base)});
    add({"confidence.trend", side_, multiplier, 1.0, multiplier, true,
         std::string{"market as this side sees it is "}
           + std::string{to_string(view_.trend)} + ": × "
           + number(multiplier)});
    add({"confidence.stress", side_, view_.stress, 1.0, view_.stress, true,
         "market stress: × " + number(view_.stress)});
    add({"confidence", side_, confidence, threshold, confidence, true,
         "confidence " + number(confidence) + " within ["
           + number(p_.confidence_lowest) + ", "
           + number(p_.confidence_highest) + "], threshold "
           + number(threshold)});
  }

  void add_gate(rule_gate gate, double seen, double least, bool present) {
    auto ok = holds(scores_, gate);
    std::string text{to_string(gate)};
    text += present ? " " + number(seen) : std::string{" missing"};
    text += ok ? ": holds" : ": fails";
    text += " (must exceed " + number(least) + ")";
    add({"gate." + std::string{to_string(gate)}, side_, present ? seen : 0.0,
         least, ok ? 1.0 : 0.0, present, std::move(text)});
  }

  void add_gates() {
    auto points = scores_.technical_points.value();
    add_gate(rule_gate::confidence, scores_.confidence.value(),
             scores_.threshold.value(), true);
    add_gate(rule_gate::technical, points, p_.gate_technical_above, true);
    add_gate(rule_gate::volume_trend, view_.volume_trend,
             p_.gate_volume_trend_above, view_.has_volume);
    add_gate(rule_gate::sentiment, view_.sentiment, p_.gate_sentiment_above,
             view_.has_news);
    // The others bind in a BEARISH market alone.
    if (view_.trend != market_trend::bearish)
      return;
    add_gate(rule_gate::bearish_sentiment, view_.sentiment,
             p_.bearish_gate_sentiment_above, view_.has_news);
    add_gate(rule_gate::bearish_technical, points,
             p_.bearish_gate_technical_above, true);
    add_gate(rule_gate::bearish_volume_trend, view_.volume_trend,
             p_.bearish_gate_volume_trend_above, view_.has_volume);
  }

  std::vector<factor>& to_;
  factor_side side_;
  const side_view& view_;
  const side_scores& scores_;
  const rule_parameters& p_;
};

} // namespace

std::vector<factor> explain(const decision_trace& trace,
                            const market_context& context,
                            const rule_parameters& p) {
  std::vector<factor> result;
  explain_parts::add_market(result, context);
  auto buy = buy_view(trace.inputs, context, p);
  auto sell = mirrored(buy);
  side_explainer{result, factor_side::buy, buy, trace.buy, p}.run();
  side_explainer{result, factor_side::sell, sell, trace.sell, p}.run();
  return result;
}

} // namespace banksia
