#pragma once

/// Where a model comes from: enough to train it again and to judge it.

#include "messages/features.hpp"
#include "messages/time.hpp"
#include "models/forecast/metrics.hpp"
#include "models/forecast/options.hpp"
#include "models/scoring/drift.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace banksia::forecast {

/// How each feature that the model learned from lay in its training rows, by
/// the feature's name: what drift is measured against.
using drift_table = std::map<std::string, drift_reference>;

/// `x` as files keep it, its numbers to twelve significant digits.
drift_reference as_kept(const drift_reference& x);

struct model_manifest {
  std::string version; ///< as model_version gives it
  std::uint16_t feature_set = feature_set_version;
  model_shape shape;
  timestamp data_from{};             ///< first slot of the training rows
  timestamp data_to{};               ///< last outcome among all rows
  std::string data_hash;             ///< SHA-256 over all rows, hex
  std::uint64_t rows = 0;            ///< of training
  std::uint64_t validation_rows = 0; ///< for early stopping and calibration
  std::uint64_t seed = 0;
  std::uint32_t trials = 0; ///< variants tried so far, this one included
  std::string configuration_hash;
  std::string build;      ///< of the program that trained it
  std::string library;    ///< LibTorch and its version
  std::string capability; ///< of the processor
  std::string blas;
  metric_table metrics;
  drift_table drift;

  friend bool operator==(const model_manifest&, const model_manifest&) = default;
};

/// `20250701T080000Z-ensemble-1a2b3c4d`: sorts by time; the last part hashes
/// data and seed, so the same training gives the same name.
std::string model_version(timestamp trained_at, model_kind kind,
                          std::string_view data_hash, std::uint64_t seed);

/// Whether `text` can be a version: 1 to 80 of letters, digits, `-`, `_`, `.`,
/// and not beginning with a dot, since it becomes a file's name.
bool is_model_version(std::string_view text) noexcept;

boost::json::object to_json(const model_manifest& x);

/// @throws field_error for a member that is missing or of another type
model_manifest manifest_from_json(const boost::json::object& x);

} // namespace banksia::forecast
