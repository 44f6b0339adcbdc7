#include "actors/learning/results.hpp"

#include "models/scoring/evaluation_json.hpp"
#include "models/scoring/evaluation_text.hpp"
#include "models/scoring/figures.hpp"
#include "models/scoring/json_parts.hpp"

namespace banksia::learning {

namespace json = boost::json;

namespace {

json::object json_of(const fold_summary& x) {
  json::array members;
  for (const auto& m : x.members)
    members.push_back({{"kind", json::string{to_string(m.member)}},
                       {"best_epoch", m.best_epoch},
                       {"validation_loss", m.validation_loss},
                       {"stopped_early", m.stopped_early}});
  return {{"first_day", to_string(x.first_day)},
          {"last_day", to_string(x.last_day)},
          {"training_rows", x.training_rows},
          {"validation_rows", x.validation_rows},
          {"calibration_rows", x.calibration_rows},
          {"test_rows", x.test_rows},
          {"purged", x.purged},
          {"temperature", x.temperature},
          {"members", std::move(members)}};
}

json::object json_of(const dataset& x) {
  json::array symbols(x.symbols.begin(), x.symbols.end());
  return {{"symbols", std::move(symbols)},
          {"rows", x.size()},
          {"slots", x.counts.slots},
          {"abstained", x.counts.abstained},
          {"without_outcome", x.counts.open},
          {"gaps", x.counts.gaps},
          {"without_band", x.counts.unbanded},
          {"older", x.counts.older}};
}

json::object json_of(const model_verdict& x) {
  json::object out{{"promote", x.promote},
                   {"text", x.text},
                   {"reasons", json::array(x.reasons.begin(), x.reasons.end())},
                   {"leak_suspected", x.leak_suspected},
                   {"direction_gain", x.direction_gain.value}};
  out["direction_gain_interval"] = to_array(x.direction_gain.interval);
  out["direction_days_needed"] = or_null(x.direction_gain.days_needed);
  const auto& champion = x.evidence.gain_over_champion;
  out["gain_over_champion"]
    = champion ? json::value(champion->value) : json::value(nullptr);
  out["gain_over_champion_interval"]
    = to_array(champion ? champion->interval : std::nullopt);
  return out;
}

std::string fold_line(const fold_summary& x) {
  auto text = std::to_string(x.training_rows) + " + "
              + std::to_string(x.validation_rows) + " + "
              + std::to_string(x.calibration_rows) + " rows, "
              + std::to_string(x.purged) + " purged; tests "
              + std::to_string(x.test_rows) + "; temperature "
              + decimal(x.temperature, 2) + "; best epoch";
  for (const auto& m : x.members)
    text += " " + std::to_string(m.best_epoch);
  return text_line(to_string(x.first_day), text);
}

} // namespace

json::object to_json(const dataset& data, const walk_result& result,
                     const model_verdict& verdict) {
  auto out = banksia::to_json(result.report).as_object();
  out["verdict"] = json_of(verdict);
  json::array folds;
  for (const auto& x : result.folds)
    folds.push_back(json_of(x));
  out["folds"] = std::move(folds);
  out["dataset"] = json_of(data);
  return out;
}

std::string to_text(const dataset& data, const walk_result& result,
                    const model_verdict& verdict) {
  const auto& c = data.counts;
  std::string text = "verdict: " + verdict.text + "\n";
  text += verdict.promote ? "promoted\n" : "not promoted\n";
  for (const auto& reason : verdict.reasons)
    text += "  " + reason + "\n";
  text += "\n" + banksia::to_text(result.report);
  text += "\nrows\n";
  text += text_line("learned from",
                    std::to_string(data.size()) + " of "
                      + count_of(c.slots, "slot") + " of "
                      + count_of(data.symbols.size(), "symbol"));
  text += text_line("left out", std::to_string(c.abstained)
                                  + " without a prediction, "
                                  + std::to_string(c.open)
                                  + " without an outcome, "
                                  + std::to_string(c.gaps)
                                  + " over more than a session, "
                                  + std::to_string(c.unbanded)
                                  + " without a flat band, "
                                  + std::to_string(c.older)
                                  + " too old to keep");
  text += "\nfolds (training + early stopping + calibration)\n";
  for (const auto& x : result.folds)
    text += fold_line(x);
  return text;
}

} // namespace banksia::learning
