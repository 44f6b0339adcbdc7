#pragma once

/// Trainings and models as JSON, as `messages/json.hpp` does the rest.

#include "messages/learning.hpp"

#include <boost/json/object.hpp>

namespace banksia {

/// Without the report, which is long.
boost::json::object summary_json(const training_record& x);

/// With `report`: an object, or null where there is none.
boost::json::object to_json(const training_record& x);

/// With `manifest`: an object, or null where it is not known.
boost::json::object to_json(const model_record& x);

} // namespace banksia
