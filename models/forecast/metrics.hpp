#pragma once

/// Figures that say how good a model is.

#include "models/scoring/interval.hpp"

#include <map>
#include <optional>
#include <string>

namespace banksia::forecast {

/// A figure with its 95 % interval, where there is one.
struct metric {
  double value = 0.0;
  std::optional<interval95> interval;

  friend bool operator==(const metric&, const metric&) = default;
};

/// By name: log_loss, brier, brier_skill, ece, …
using metric_table = std::map<std::string, metric>;

/// `x` as files keep it: to twelve significant digits, so that writing what
/// was read gives the same text (parsers of JSON may be off by the last bit).
double as_kept(double x);

/// JSON has no NaN: an interval that is none is left out.
metric as_kept(const metric& x);

/// As is a figure that is none.
metric_table as_kept(const metric_table& x);

} // namespace banksia::forecast
