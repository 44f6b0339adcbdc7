#pragma once

/// What Yahoo's ways to say no stand for. Used by yahoo_chart.cpp alone.

#include "models/market/feed_answer.hpp"

#include <string_view>

namespace banksia {

/// Of the codes seen in `chart.error.code`; `malformed` for a new one.
feed_status yahoo_status_of_code(std::string_view code);

/// Of an HTTP status; `ok` where the body decides.
feed_status yahoo_status_of_http(int status);

} // namespace banksia
