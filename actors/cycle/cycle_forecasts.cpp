#include "actors/cycle/cycle.hpp"

#include "models/decision/forecast_words.hpp"

#include <algorithm>

namespace banksia {

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
      request.rows.push_back({x.drafts[i].symbol, x.drafts[i].features,
                              wiring.gate_insists ? x.windows[i]
                                                  : std::move(x.windows[i])});
  return request;
}

void cycle_state::forecast_again(std::uint64_t number) {
  auto found = open_.find(number);
  if (found != open_.end() && found->second.models == forecasting::asked)
    found->second.models = forecasting::due;
}

void cycle_state::take(const forecast_answer& answer) {
  auto found = open_.find(answer.number);
  if (found == open_.end() || found->second.models != forecasting::asked)
    return;
  auto& x = found->second;
  take_words(asked_about(x.drafts), answer);
  x.models = forecasting::over;
  complete(x);
}

} // namespace banksia
