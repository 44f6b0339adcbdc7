#pragma once

/// How long a request may take. Pure.

#include "runtime/http/message.hpp"

#include <boost/system/result.hpp>

#include <chrono>

namespace banksia::http {

/// By which a client says after how many seconds nobody waits any more.
inline constexpr std::string_view timeout_header = "Request-Timeout";

/// The time for an answer: `allowed`, or less where the client asks for less.
/// A decimal number of seconds above 0 ("2", "0.25") is taken, anything else is
/// the problem to answer with.
boost::system::result<std::chrono::milliseconds, response>
time_for(const request& what, std::chrono::milliseconds allowed);

} // namespace banksia::http
