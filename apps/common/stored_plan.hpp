#pragma once

/// The plan that a stored prediction was made with.

#include "actors/run_plan.hpp"
#include "actors/store/queries.hpp"
#include "config/settings.hpp"

#include <boost/json/object.hpp>

namespace banksia {

/// The configuration that was stored with the prediction.
/// @throws commands::command_error with exit 1 when it cannot be read
config::settings stored_settings(store::queries& ask,
                                 const store::stored_prediction& prediction);

/// Sets what a run was started with and no configuration says: its index, its
/// symbols, context series and news. What the parameters do not name stays.
void take_parameters(run_plan& plan, const boost::json::object& parameters);

/// From the configuration that was stored with the prediction and its run's
/// parameters; what is configured now has no part in it.
/// @throws commands::command_error with exit 1 when either cannot be read
shared_plan stored_plan(store::queries& ask,
                        const store::stored_prediction& prediction);

} // namespace banksia
