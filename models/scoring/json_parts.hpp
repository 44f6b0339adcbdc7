#pragma once

/// What the JSON of both reports is made of.

#include "models/scoring/group_performance.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <optional>

namespace banksia {

template <class T>
boost::json::value or_null(const std::optional<T>& x) {
  return x ? boost::json::value(*x) : boost::json::value(nullptr);
}

/// Two numbers, or two nulls: an interval is always an array of two.
boost::json::array to_array(const std::optional<interval95>& x);

/// `samples, successes, days, success_rate, …`: the fields of
/// `report_json.hpp` that belong to a group.
boost::json::object group_object(const group_performance& x);

} // namespace banksia
