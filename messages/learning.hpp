#ifndef BANKSIA_MESSAGES_LEARNING_HPP
#define BANKSIA_MESSAGES_LEARNING_HPP

/// What models say of predictions, and what is said about training and the other
/// daily work. Plain data, as in `messages/domain.hpp`.

#include "messages/features.hpp"
#include "messages/time.hpp"
#include "messages/units.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace banksia {

/// The last bars before a slot, as a recurrent net reads them.
struct bar_window {
  std::uint32_t mask = 0; ///< bit t set: bar t is there; 31 is the newest
  /// Values by bar, the oldest first, then by channel: 4 bytes each,
  /// little-endian IEEE 754. Empty: no bar is there.
  std::string values;

  friend bool operator==(const bar_window&, const bar_window&) = default;
};

/// One model's word on one prediction: calibrated probabilities of the three
/// classes, and how far the price goes.
struct class_forecast {
  std::uint8_t version = 1;
  std::string model_version;
  bool served = false; ///< the champion's; false: only noted, by a shadow
  fraction down;
  fraction flat;
  fraction up;
  fraction magnitude; ///< expected |return|, >= 0
  /// Features far outside of what it was trained on.
  std::uint32_t outlying = 0;
  /// Where it was computed, since the bits change with both.
  std::uint32_t batch_rows = 0;
  std::uint32_t batch_slot = 0;
  /// Library, processor capability and BLAS that computed it.
  std::string environment;

  friend bool operator==(const class_forecast&, const class_forecast&) = default;
};

/// What is forecast: one symbol as of a slot.
struct forecast_row {
  std::string symbol;
  feature_vector features;
  bar_window window;

  friend bool operator==(const forecast_row&, const forecast_row&) = default;
};

/// Rows that are forecast together.
struct forecast_request {
  std::uint8_t version = 1;
  std::uint64_t number = 0; ///< the asker's, told back
  std::vector<forecast_row> rows;

  friend bool operator==(const forecast_request&, const forecast_request&) = default;
};

/// A model's forecasts, one a row of the request. What is the same in all of
/// them stands here alone: model, role and environment.
struct model_forecasts {
  std::string model_version;
  bool served = false;
  std::string failure; ///< why there are none; empty: there are
  std::vector<class_forecast> rows;

  friend bool operator==(const model_forecasts&, const model_forecasts&) = default;
};

/// What all models that forecast say; none may be champion.
struct forecast_answer {
  std::uint8_t version = 1;
  std::uint64_t number = 0;
  std::string environment;
  std::string failure; ///< why nobody answered; empty: somebody did
  std::vector<model_forecasts> models;

  friend bool operator==(const forecast_answer&, const forecast_answer&) = default;
};

/// What a forecaster has loaded.
struct forecaster_status {
  std::uint8_t version = 1;
  bool reachable = false;
  std::string reason; ///< why not
  std::string champion; ///< empty: there is none
  std::vector<std::string> shadows;
  std::vector<std::string> refused; ///< files that cannot be used, with why
  std::string environment;
  std::uint64_t resident_bytes = 0; ///< of its process

  friend bool operator==(const forecaster_status&, const forecaster_status&) = default;
};

/// Work that is due once a day or so: it is stored as owed before it begins.
struct job_record {
  std::uint8_t version = 1;
  std::string run;
  std::string kind; ///< "training", "morning", "evening", "maintenance"
  timestamp due_at; ///< market time
  /// "owed", "done", "failed", "skipped". What has ended stays as it ended.
  std::string status;
  timestamp ended_at; ///< market time; of no meaning while owed
  std::string reason; ///< of a failure or of what was skipped
  std::string result; ///< a JSON object, or empty

  friend bool operator==(const job_record&, const job_record&) = default;
};

/// A training, from its order to its end.
struct training_record {
  std::uint8_t version = 1;
  std::string training_id;
  std::string run;
  std::string cause;      ///< "schedule", or who asked for it
  timestamp requested_at; ///< market time, as are the others
  timestamp ended_at;
  /// "owed", "running", "done", "failed", "cancelled".
  std::string status;
  std::string stage;   ///< what it is doing, in words
  fraction progress;   ///< 0 … 1
  std::string reason;  ///< why it failed
  std::string model_version; ///< what came of it; empty: nothing
  bool promoted = false;
  std::string report; ///< a JSON object: the evaluation, or empty

  friend bool operator==(const training_record&, const training_record&) = default;
};

/// A model as the registry has it.
struct model_record {
  std::uint8_t version = 1;
  std::string model_version;
  std::string status; ///< "candidate", "shadow", "champion", …
  std::string kind;   ///< "ensemble", "mlp", …
  timestamp added_at;
  timestamp changed_at;
  std::string reason;   ///< of the last change
  std::string manifest; ///< a JSON object

  friend bool operator==(const model_record&, const model_record&) = default;
};

} // namespace banksia

#endif // BANKSIA_MESSAGES_LEARNING_HPP
