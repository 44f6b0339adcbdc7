#include "actors/cycle/cycle.hpp"

#include "models/decision/policy.hpp"

#include <algorithm>

namespace banksia {

namespace {

/// A model's words, one a prediction that was asked about; none where they
/// cannot be true.
bool fits(const model_forecasts& said, std::size_t rows) {
  return said.failure.empty() && said.rows.size() == rows
         && std::all_of(said.rows.begin(), said.rows.end(), is_sound);
}

} // namespace

void cycle_state::close(gathering& x) {
  auto asks = wiring.gate
              && std::any_of(x.drafts.begin(), x.drafts.end(),
                             [](const prediction& p) { return !p.abstained; });
  if (asks)
    x.models = forecasting::due;
  else
    complete(x);
}

std::optional<forecast_request> cycle_state::next_to_forecast() {
  auto due = std::find_if(open_.begin(), open_.end(), [](const auto& x) {
    return x.second.models == forecasting::due;
  });
  if (due == open_.end())
    return std::nullopt;
  auto& x = due->second;
  x.models = forecasting::asked;
  forecast_request request;
  request.number = due->first;
  for (std::size_t i = 0; i < x.drafts.size(); ++i)
    if (!x.drafts[i].abstained)
      request.rows.push_back(
        {x.drafts[i].symbol, x.drafts[i].features, std::move(x.windows[i])});
  return request;
}

void cycle_state::take(const forecast_answer& answer) {
  auto found = open_.find(answer.number);
  if (found == open_.end() || found->second.models != forecasting::asked)
    return;
  auto& x = found->second;
  std::vector<prediction*> asked;
  for (auto& p : x.drafts)
    if (!p.abstained)
      asked.push_back(&p);
  for (const auto& said : answer.models) {
    if (!fits(said, asked.size()))
      continue;
    for (std::size_t i = 0; i < asked.size(); ++i) {
      auto& kept = asked[i]->forecasts.emplace_back(said.rows[i]);
      kept.model_version = said.model_version;
      kept.served = said.served;
      kept.environment = answer.environment;
    }
  }
  x.models = forecasting::over;
  complete(x);
}

} // namespace banksia
