#include "actors/ml/model_shelf.hpp"

#include "actors/ml/model_channels.hpp"
#include "actors/ml/model_inputs.hpp"
#include "models/forecast/numeric_environment.hpp"

#include <algorithm>
#include <utility>

namespace banksia {

namespace {

using forecast::model_status;
using forecast::registry_entry;
using forecast::registry_state;

/// One model's word on all rows.
void fill(model_forecasts& out, const forecast::forecast_model& model,
          const forecast_request& request) {
  auto found = model.forecast(inputs_of(model, request.rows));
  out.rows.reserve(found.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    const auto& from = found[i];
    class_forecast x;
    x.down = fraction{from.probabilities[0]};
    x.flat = fraction{from.probabilities[1]};
    x.up = fraction{from.probabilities[2]};
    x.magnitude = fraction{from.magnitude};
    x.outlying = count_outlying(model.scales(), request.rows[i].features);
    x.batch_rows = from.batch_rows;
    x.batch_slot = from.slot;
    out.rows.push_back(std::move(x));
  }
}

} // namespace

model_shelf::model_shelf(registry_folder from)
  : folder_(std::move(from)), environment_(to_string(forecast::current_numeric_environment())) {}

model_shelf::held model_shelf::find(const registry_entry& entry) const {
  auto is_it = [&](const held_model& x) {
    return x.version == entry.version && x.sha256 == entry.sha256;
  };
  if (champion_ && is_it(*champion_))
    return champion_;
  auto at = std::find_if(shadows_.begin(), shadows_.end(), is_it);
  return at == shadows_.end() ? held{} : held{*at};
}

model_shelf::held model_shelf::take(const registry_entry& entry) {
  if (auto known = find(entry))
    return known;
  try {
    auto content = folder_.load(entry.version);
    auto model = std::make_shared<const forecast::forecast_model>(
      forecast::forecast_model::from_tensors(content.manifest.shape,
                                             content.tensors));
    auto problem = channel_problem(model->shape());
    if (problem.empty())
      return held_model{entry.version, entry.sha256, std::move(model)};
    refused_.push_back(entry.version + ": " + problem);
  } catch (const std::exception& error) {
    refused_.push_back(entry.version + ": " + error.what());
  }
  return std::nullopt;
}

model_shelf::held model_shelf::take_champion(const registry_state& known) {
  const auto* champion = known.champion();
  if (champion == nullptr)
    return std::nullopt;
  if (auto found = take(*champion))
    return found;
  if (champion_)
    return champion_;
  const auto* before = known.rollback_target();
  return before == nullptr ? held{} : take(*before);
}

void model_shelf::reload() {
  refused_.clear();
  registry_state known;
  try {
    known = folder_.read();
  } catch (const registry_failure& error) {
    refused_.push_back(std::string{"registry: "} + error.what());
    return;
  }
  auto champion = take_champion(known);
  std::vector<held_model> shadows;
  auto entries = known.entries();
  // The newest first: their versions sort by time.
  for (auto at = entries.rbegin(); at != entries.rend(); ++at) {
    if (at->status() != model_status::shadow || shadows.size() == shadows_max)
      continue;
    if (auto found = take(*at))
      shadows.push_back(std::move(*found));
  }
  champion_ = std::move(champion);
  shadows_ = std::move(shadows);
}

forecast_answer model_shelf::forecast(const forecast_request& request) const {
  forecast_answer answer;
  answer.number = request.number;
  answer.environment = environment_;
  if (request.rows.size() > rows_max) {
    answer.failure = std::to_string(request.rows.size())
                     + " rows in one request: ask for at most "
                     + std::to_string(rows_max);
    return answer;
  }
  auto add = [&](const held_model& x, bool served) {
    model_forecasts out;
    out.model_version = x.version;
    out.served = served;
    try {
      fill(out, *x.model, request);
    } catch (const std::exception& error) {
      out.rows.clear();
      out.failure = error.what();
    }
    answer.models.push_back(std::move(out));
  };
  if (champion_)
    add(*champion_, true);
  for (const auto& x : shadows_)
    add(x, false);
  if (!champion_ && !refused_.empty())
    answer.failure = refused_.front();
  return answer;
}

forecaster_status model_shelf::status() const {
  forecaster_status x;
  x.reachable = true;
  x.champion = champion_ ? champion_->version : "";
  for (const auto& shadow : shadows_)
    x.shadows.push_back(shadow.version);
  x.refused = refused_;
  x.environment = environment_;
  return x;
}

} // namespace banksia
