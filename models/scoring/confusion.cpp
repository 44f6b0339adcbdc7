#include "models/scoring/confusion.hpp"

#include <cmath>
#include <cstddef>

namespace banksia {

namespace {

double total_of(const class_confusion& x, std::size_t k, bool row) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < move_class_count; ++i)
    sum += row ? x.counts[k][i] : x.counts[i][k];
  return static_cast<double>(sum);
}

double right_of(const class_confusion& x) {
  std::uint64_t sum = 0;
  for (std::size_t k = 0; k < move_class_count; ++k)
    sum += x.counts[k][k];
  return static_cast<double>(sum);
}

} // namespace

void class_confusion::add(move_class actual, move_class told) noexcept {
  ++counts[index_of(actual)][index_of(told)];
}

std::uint64_t class_confusion::samples() const noexcept {
  std::uint64_t sum = 0;
  for (const auto& row : counts)
    for (auto n : row)
      sum += n;
  return sum;
}

double class_confusion::accuracy() const noexcept {
  auto all = static_cast<double>(samples());
  return all > 0.0 ? right_of(*this) / all : 0.0;
}

std::optional<double> class_confusion::recall(move_class x) const noexcept {
  auto k = index_of(x);
  auto came = total_of(*this, k, true);
  if (came == 0.0)
    return std::nullopt;
  return static_cast<double>(counts[k][k]) / came;
}

double class_confusion::balanced_accuracy() const noexcept {
  double sum = 0.0;
  int classes = 0;
  for (auto x : move_classes) {
    if (auto part = recall(x)) {
      sum += *part;
      ++classes;
    }
  }
  return classes > 0 ? sum / classes : 0.0;
}

double class_confusion::mcc() const noexcept {
  const auto s = static_cast<double>(samples());
  auto covariance = right_of(*this) * s;
  auto told = s * s;
  auto came = s * s;
  for (std::size_t k = 0; k < move_class_count; ++k) {
    auto t = total_of(*this, k, true);
    auto p = total_of(*this, k, false);
    covariance -= t * p;
    told -= p * p;
    came -= t * t;
  }
  if (!(told > 0.0) || !(came > 0.0))
    return 0.0;
  return covariance / (std::sqrt(told) * std::sqrt(came));
}

class_confusion confusion_of(std::span<const class_probabilities> forecasts,
                             std::span<const move_class> labels) noexcept {
  class_confusion result;
  for (std::size_t i = 0; i < forecasts.size(); ++i)
    result.add(labels[i], most_likely(forecasts[i]));
  return result;
}

} // namespace banksia
