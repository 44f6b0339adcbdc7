#include "models/decision/forecast_words.hpp"

#include "models/decision/policy.hpp"

#include <algorithm>

namespace banksia {

namespace {

bool is_heard(const model_forecasts& said, std::size_t rows) {
  return said.failure.empty() && said.rows.size() == rows
         && std::all_of(said.rows.begin(), said.rows.end(), is_sound);
}

} // namespace

std::vector<prediction*> asked_about(std::span<prediction> all) {
  std::vector<prediction*> result;
  for (auto& p : all)
    if (!p.abstained)
      result.push_back(&p);
  return result;
}

void take_words(std::span<prediction* const> asked,
                const forecast_answer& answer) {
  for (const auto& said : answer.models) {
    if (!is_heard(said, asked.size()))
      continue;
    for (std::size_t i = 0; i < asked.size(); ++i) {
      auto& kept = asked[i]->forecasts.emplace_back(said.rows[i]);
      kept.model_version = said.model_version;
      kept.served = said.served;
      kept.environment = answer.environment;
    }
  }
}

} // namespace banksia
