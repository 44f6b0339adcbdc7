#include "models/forecast/train.hpp"

#include "models/forecast/torch/learner.hpp"
#include "models/forecast/torch/model_parts.hpp"
#include "models/forecast/torch/numeric.hpp"

#include <algorithm>
#include <cmath>

namespace banksia::forecast {

std::string_view to_string(training_failure x) noexcept {
  switch (x) {
    case training_failure::bad_options: return "bad_options";
    case training_failure::bad_data: return "bad_data";
    case training_failure::too_little_data: return "too_little_data";
    case training_failure::look_ahead: return "look_ahead";
    case training_failure::nan_loss: return "nan_loss";
    case training_failure::cancelled: return "cancelled";
  }
  return "?";
}

namespace {

using failure_and_reason = std::pair<training_failure, std::string>;

std::array<std::size_t, class_count> count_labels(const training_set& x) {
  std::array<std::size_t, class_count> out{};
  for (auto label : x.labels)
    ++out[static_cast<std::size_t>(label)];
  return out;
}

std::optional<failure_and_reason> data_problem(const training_options& options,
                                               const training_set& set,
                                               std::string_view which) {
  if (set.inputs.bar_channels != options.shape.bar_channels.size())
    return failure_and_reason{
      training_failure::bad_data,
      std::string{which} + ": bars of "
        + std::to_string(set.inputs.bar_channels) + " values where "
        + std::to_string(options.shape.bar_channels.size())
        + " are named: build the window that the options name"};
  if (auto problem = problem_of(set, options.shape.symbols.size()))
    return failure_and_reason{training_failure::bad_data,
                              std::string{which} + ": " + *problem};
  return std::nullopt;
}

std::optional<failure_and_reason> size_problem(const training_options& options,
                                               const training_set& set,
                                               const training_set& validation) {
  auto too_few = [](std::string_view which, std::size_t found,
                    std::size_t least) {
    return failure_and_reason{
      training_failure::too_little_data,
      std::string{which} + ": " + std::to_string(found) + " rows of at least "
        + std::to_string(least) + ": wait for more outcomes"};
  };
  if (set.rows() < options.rows_min)
    return too_few("training", set.rows(), options.rows_min);
  if (validation.rows() < options.validation_rows_min)
    return too_few("validation", validation.rows(),
                   options.validation_rows_min);
  auto counts = count_labels(set);
  for (std::size_t i = 0; i < class_count; ++i)
    if (counts[i] == 0)
      return failure_and_reason{
        training_failure::too_little_data,
        "training: no row is labelled "
          + std::string{to_string(static_cast<direction_class>(i))}
          + ": wait for more outcomes, or narrow the band of flat"};
  return std::nullopt;
}

/// Whether a label of the training rows ends when validation has begun.
std::optional<failure_and_reason> time_problem(const training_set& set,
                                               const training_set& validation) {
  auto last = *std::max_element(set.label_ends.begin(), set.label_ends.end());
  auto first
    = *std::min_element(validation.slots.begin(), validation.slots.end());
  if (last <= first)
    return std::nullopt;
  return failure_and_reason{
    training_failure::look_ahead,
    "validation begins at " + to_rfc3339(first)
      + " but a training label ends at " + to_rfc3339(last)
      + ": leave out the rows whose outcome was not known by then"};
}

std::optional<failure_and_reason> problem_of_all(
  const training_options& options, const training_set& set,
  const training_set& validation) {
  if (auto problem = problem_of(options))
    return failure_and_reason{training_failure::bad_options, *problem};
  if (auto problem = data_problem(options, set, "training"))
    return problem;
  if (auto problem = data_problem(options, validation, "validation"))
    return problem;
  if (auto problem = size_problem(options, set, validation))
    return problem;
  return time_problem(set, validation);
}

class_numbers weigh_classes(const training_set& set, double balance) {
  auto counts = count_labels(set);
  auto mean = static_cast<double>(set.rows()) / class_count;
  class_numbers out{};
  for (std::size_t i = 0; i < class_count; ++i)
    out[i] = std::pow(mean / static_cast<double>(counts[i]), balance);
  return out;
}

double mean_magnitude(const training_set& set) {
  double sum = 0.0;
  for (auto x : set.returns)
    sum += std::abs(x);
  auto mean = sum / static_cast<double>(set.rows());
  return mean > 0.0 && std::isfinite(mean) ? mean : 1.0;
}

} // namespace

training_result train(const training_options& options, const training_set& set,
                      const training_set& validation,
                      const progress_callback& progress) {
  training_result out;
  auto fail = [&out](failure_and_reason problem) {
    out.failure = problem.first;
    out.reason = std::move(problem.second);
  };
  if (auto problem = problem_of_all(options, set, validation)) {
    fail(*std::move(problem));
    return out;
  }
  use_one_thread();
  out.class_weights = weigh_classes(set, options.class_balance);
  auto parts = std::make_unique<model_parts>();
  parts->shape = options.shape;
  // On the training rows alone: scales of later rows would be look-ahead.
  parts->scales = standardizer::fit(set.inputs);
  parts->magnitude_scale = mean_magnitude(set);
  // Under weights w the best logits are those of w × p; this gives p back.
  for (std::size_t i = 0; i < class_count; ++i)
    parts->logit_shift[i] = -std::log(out.class_weights[i]);
  learner learning{options, out.class_weights, *parts,
                   labelled_tensors::from(set, *parts),
                   labelled_tensors::from(validation, *parts)};
  std::uint64_t seed = options.seed;
  for (auto kind : members_of(options.shape.kind)) {
    parts->networks.emplace_back(kind, options.shape);
    auto problem
      = learning.learn(parts->networks.back(), seed++, progress, out);
    if (problem) {
      fail(*std::move(problem));
      return out;
    }
  }
  out.model = model_parts::finish(std::move(parts));
  return out;
}

} // namespace banksia::forecast
