#include "models/market/yahoo_status.hpp"

#include "models/market/bar_formats_text.hpp"

namespace banksia {

namespace {

bool says(std::string_view text, std::string_view what) {
  return bar_text::lower(text).find(what) != std::string::npos;
}

} // namespace

feed_status yahoo_status_of_code(std::string_view code) {
  if (says(code, "not found"))
    return feed_status::not_found;
  if (says(code, "unprocessable") || says(code, "bad request"))
    return feed_status::bad_request;
  if (says(code, "unauthorized") || says(code, "forbidden"))
    return feed_status::unauthorized;
  if (says(code, "too many"))
    return feed_status::rate_limited;
  if (says(code, "internal") || says(code, "unavailable"))
    return feed_status::unavailable;
  return feed_status::malformed;
}

feed_status yahoo_status_of_http(int status) {
  switch (status) {
    case 200:
      return feed_status::ok;
    case 401:
    case 403:
      return feed_status::unauthorized;
    case 404:
      return feed_status::not_found;
    case 400:
    case 422:
      return feed_status::bad_request;
    case 429:
      return feed_status::rate_limited;
    default:
      return status >= 500 ? feed_status::unavailable : feed_status::malformed;
  }
}

} // namespace banksia
