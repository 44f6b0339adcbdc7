#pragma once

/// The domain as JSON, with the contract's field names. One mapping for the
/// services, the events and the commands.

#include "messages/protocol.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

namespace banksia {

/// A number, or null where it is not finite: JSON has no NaN.
boost::json::value json_number(double x);

/// RFC 3339 text.
boost::json::value json_time(timestamp t);

boost::json::object to_json(const bar& x);
boost::json::object to_json(const headline& x);
boost::json::object to_json(const market_context& x);

/// Present features by name; missing ones are absent.
boost::json::object to_json(const feature_vector& x);

boost::json::object to_json(const prediction& x);
boost::json::object to_json(const outcome& x);
boost::json::object to_json(const cycle_slot& x, cycle_status status);
boost::json::object to_json(const component_health& x);

} // namespace banksia
