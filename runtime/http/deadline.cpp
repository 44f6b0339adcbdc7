#include "runtime/http/deadline.hpp"

#include "runtime/http/problem_type.hpp"

#include <algorithm>
#include <charconv>

namespace banksia::http {

namespace {

using std::chrono::milliseconds;

/// Digits with a point at most: neither sign nor exponent nor a name.
std::optional<double> parse_seconds(std::string_view text) {
  constexpr std::size_t length_max = 16;
  if (text.empty() || text.size() > length_max
      || text.find_first_not_of("0123456789.") != std::string_view::npos)
    return std::nullopt;
  double value = 0.0;
  auto end = text.data() + text.size();
  auto [stop, failed]
    = std::from_chars(text.data(), end, value, std::chars_format::fixed);
  if (failed != std::errc{} || stop != end || value <= 0.0)
    return std::nullopt;
  return value;
}

} // namespace

boost::system::result<milliseconds, response>
time_for(const request& what, milliseconds allowed) {
  auto asked = what.header(timeout_header);
  if (!asked)
    return allowed;
  auto seconds = parse_seconds(*asked);
  if (!seconds)
    return problem(problems::invalid_header,
                   "Request-Timeout is \"" + std::string{*asked}
                     + "\": send seconds above 0, as 2.5",
                   {{"field", timeout_header}});
  // As doubles, since the client's number may be beyond any duration.
  auto wanted = std::max(*seconds * 1000.0, 1.0);
  if (wanted >= static_cast<double>(allowed.count()))
    return allowed;
  return milliseconds{static_cast<std::int64_t>(wanted)};
}

} // namespace banksia::http
