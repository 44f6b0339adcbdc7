#pragma once

/// Stored forecasts, made again by `banksia-ml recompute`.

#include "actors/symbol/recompute.hpp"

#include <boost/json/object.hpp>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace banksia::commands {

/// What speaks for up against down in one model's forecast
/// (`models/forecast/forecast_model.hpp`, attribution).
struct forecast_reasons {
  double score = 0.0;
  std::vector<std::pair<std::string, double>> parts; ///< the largest first
};

/// Asks the program that lies beside this one.
class forecast_repeater {
public:
  explicit forecast_repeater(std::filesystem::path models);

  /// As `forecast_again` wants it. What it learns beside is kept here.
  std::string repeat(class_forecast& said, const forecast_row& row);

  /// By model.
  const std::map<std::string, forecast_reasons>& reasons() const noexcept {
    return reasons_;
  }

  /// Whether another library, processor or BLAS computed a stored forecast.
  bool elsewhere() const noexcept { return elsewhere_; }

private:
  std::filesystem::path models_;
  std::map<std::string, forecast_reasons> reasons_;
  bool elsewhere_ = false;
};

/// The document that `banksia-ml recompute` reads.
boost::json::object recompute_document(const class_forecast& said,
                                       const forecast_row& row);

} // namespace banksia::commands
