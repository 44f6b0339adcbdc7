#pragma once

/// Strict reading of JSON objects: a member that is missing or of another type
/// is an error that names it.

#include "messages/time.hpp"
#include "models/forecast/metrics.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace banksia::forecast {

/// A text that is not what it should be; says which member and what is wrong.
class field_error : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// @throws field_error
const boost::json::object& as_object(const boost::json::value& x,
                                     std::string_view what);
const boost::json::value& member(const boost::json::object& from,
                                 std::string_view name);
const boost::json::object& object_member(const boost::json::object& from,
                                         std::string_view name);
const boost::json::array& array_member(const boost::json::object& from,
                                       std::string_view name);
std::string text_member(const boost::json::object& from, std::string_view name);
std::uint64_t count_member(const boost::json::object& from,
                           std::string_view name);
/// A count of at most 32 bits.
std::uint32_t small_member(const boost::json::object& from,
                           std::string_view name);
/// Finite numbers, as files keep them.
double number_member(const boost::json::object& from, std::string_view name);
std::vector<double> numbers_member(const boost::json::object& from,
                                   std::string_view name);
timestamp time_member(const boost::json::object& from, std::string_view name);
std::vector<std::string> texts_member(const boost::json::object& from,
                                      std::string_view name);
metric_table metrics_member(const boost::json::object& from,
                            std::string_view name);

/// The document's object. @throws field_error where the text is no JSON
boost::json::value parse_document(std::string_view text);

boost::json::object metrics_json(const metric_table& x);
boost::json::array texts_json(const std::vector<std::string>& x);

} // namespace banksia::forecast
