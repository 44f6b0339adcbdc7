#pragma once

/// AlphaVantage's TIME_SERIES_INTRADAY, _DAILY and _DAILY_ADJUSTED as JSON.
/// https://www.alphavantage.co/documentation/. It answers 200 for errors too;
/// what they are stands in the text alone. Pure; never throws on bad data.

#include "models/market/feed_answer.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace banksia {

struct alpha_vantage_series {
  feed_status status = feed_status::malformed;
  std::string text; ///< why not ok; never holds the key
  std::string symbol;
  bar_interval interval = bar_interval::d1;
  std::string time_zone;      ///< "US/Eastern"
  std::vector<feed_bar> bars; ///< in order of time; of a daily one `at` is the
                              ///< midnight at which its day begins there
  std::vector<feed_dividend> dividends;
  std::vector<feed_split> splits;
  std::size_t dropped = 0; ///< rows whose time could not be read
};

/// Reads an answer. The format names no currency, so that `expected.currency`
/// is not looked at. An intraday bar is final once it has ended by
/// `expected.now` and either a later one is there or `settle` has passed; a
/// daily one when its day has ended in the series' zone, which for an exchange
/// further west is later than its close and for the ASX far later.
alpha_vantage_series parse_alpha_vantage(int http_status, std::string_view body,
                                         const feed_expectation& expected);

} // namespace banksia
