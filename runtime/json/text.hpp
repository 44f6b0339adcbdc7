#pragma once

/// JSON as people read it. Boost.JSON writes every double in scientific
/// notation (5.754E-1); here it is the shortest decimal that reads back to the
/// same bits, and a whole one keeps its `.0`, so that it stays a double.

#include <boost/json/value.hpp>

#include <string>

namespace banksia {

/// The document on one line. Numbers that JSON cannot express (NaN, infinity)
/// become null. Strings are written as Boost.JSON does.
std::string json_text(const boost::json::value& x);

} // namespace banksia
