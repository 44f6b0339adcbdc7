#include "models/market/bar_formats_chart.hpp"

#include "models/market/bar_formats_text.hpp"

#include <boost/json.hpp>

#include <utility>

namespace banksia {

namespace {

/// When the file was saved is not known: what the source itself has seen the
/// end of is final, and nothing else however late it is.
feed_expectation saved(const std::string& symbol) {
  feed_expectation result;
  result.symbol = symbol;
  result.currency = currency_of_symbol(symbol);
  result.settle = std::chrono::years{1000};
  result.now = timestamp{} + std::chrono::years{500};
  return result;
}

/// Events carry the session's begin on their day.
trading_date day_of(timestamp at, const yahoo_meta& meta) {
  return trading_date{
    std::chrono::floor<std::chrono::days>(at + meta.utc_offset)};
}

std::string payload_of(const feed_bar& x) {
  boost::json::object result;
  auto seconds = std::chrono::floor<std::chrono::seconds>(x.at);
  result["timestamp"] = seconds.time_since_epoch().count();
  result["open"] = x.values.open;
  result["high"] = x.values.high;
  result["low"] = x.values.low;
  result["close"] = x.values.close;
  result["volume"] = x.values.volume;
  if (!x.field.empty())
    result["unreadable"] = x.field;
  return boost::json::serialize(result);
}

} // namespace

bool yahoo_chart_document::feed(std::string_view chunk) {
  if (chunk.size() > yahoo_bytes_max - text_.size())
    return false;
  text_.append(chunk);
  return true;
}

std::string yahoo_chart_document::parse(const std::string& symbol) {
  constexpr int answered = 200;
  chart_ = parse_yahoo_chart(answered, text_, saved(symbol));
  text_ = {};
  if (chart_.status == feed_status::ok
      || chart_.status == feed_status::no_data)
    return {};
  return "not bar data: a chart that is " + std::string{to_string(chart_.status)}
         + ": " + chart_.text;
}

const yahoo_chart_document::entry* yahoo_chart_document::next() {
  if (taken_ >= chart_.bars.size())
    return nullptr;
  const auto& bar = chart_.bars[taken_++];
  entry_ = {};
  entry_.place = taken_;
  entry_.content = &bar;
  entry_.is_final = bar.is_final || !chart_.meta.market_time;
  auto is_due = [&](const auto& events, std::size_t taken) {
    return taken < events.size()
           && day_of(events[taken].at, chart_.meta) <= bar.day;
  };
  for (; is_due(chart_.dividends, dividends_taken_); ++dividends_taken_)
    entry_.dividend = entry_.dividend.value_or(0.0)
                      + chart_.dividends[dividends_taken_].amount;
  for (; is_due(chart_.splits, splits_taken_); ++splits_taken_) {
    const auto& x = chart_.splits[splits_taken_];
    entry_.split = entry_.split.value_or(1.0) * x.numerator / x.denominator;
  }
  entry_.payload = payload_of(bar);
  return &entry_;
}

} // namespace banksia
