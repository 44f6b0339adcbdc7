#include "models/market/alphavantage.hpp"

#include "models/market/bar_formats.hpp"
#include "models/market/bar_formats_json.hpp"
#include "models/market/bar_formats_text.hpp"

#include <boost/json.hpp>
#include <date/tz.h>

#include <algorithm>
#include <array>

namespace banksia {

namespace {

namespace json = boost::json;

bool says(const std::string& lower_text, std::string_view what) {
  return lower_text.find(what) != std::string::npos;
}

/// Their texts repeat the key: "We have detected your API key as ABC123 and".
std::string without_key(std::string text) {
  constexpr std::string_view before = "api key as ";
  auto at = bar_text::lower(text).find(before);
  if (at == std::string::npos)
    return text;
  at += before.size();
  auto end = std::min(text.find(' ', at), text.size());
  return text.replace(at, end - at, "***");
}

/// What an answer without a series says, by the member it says it in and the
/// words seen there.
feed_status status_of(std::string_view member, const std::string& text) {
  auto words = bar_text::lower(text);
  if (says(words, "rate limit") || says(words, "call frequency")
      || says(words, "requests per") || says(words, "spreading out"))
    return feed_status::rate_limited;
  if (says(words, "premium") || says(words, "apikey is invalid")
      || says(words, "demo"))
    return feed_status::unauthorized;
  if (member == "Error Message")
    // Of a well-formed request this is the answer for an unknown symbol.
    return says(words, "invalid api call") ? feed_status::not_found
                                           : feed_status::bad_request;
  if (member == "Note")
    return feed_status::rate_limited;
  return feed_status::no_data;
}

void classify(std::string_view body, std::string failure,
              alpha_vantage_series& out) {
  out.status = feed_status::malformed;
  out.text = std::move(failure);
  json::error_code broken;
  auto parsed = json::parse(bar_text::without_bom(body), broken);
  const auto* root = broken ? nullptr : parsed.if_object();
  if (root == nullptr)
    return;
  if (root->empty()) {
    out.status = feed_status::no_data;
    out.text = "an empty document";
    return;
  }
  for (std::string_view member : {"Error Message", "Note", "Information"}) {
    const auto* value = root->if_contains(member);
    if (value == nullptr || !value->is_string())
      continue;
    std::string text{value->get_string().data(), value->get_string().size()};
    out.status = status_of(member, text);
    out.text = std::string{member} + ": "
               + bar_text::printable(without_key(std::move(text)), 200);
    return;
  }
}

feed_status status_of_http(int status) {
  if (status == 200)
    return feed_status::ok;
  if (status == 429)
    return feed_status::rate_limited;
  if (status == 401 || status == 403)
    return feed_status::unauthorized;
  if (status == 404)
    return feed_status::not_found;
  if (status >= 500)
    return feed_status::unavailable;
  return status >= 400 ? feed_status::bad_request : feed_status::malformed;
}

void read_value(bar_column name, std::string_view text, double& to,
                feed_bar& bar) {
  auto state = bar_text::parse_number(text, to);
  if (state == bar_text::field_state::ok || bar.problem != row_problem::none)
    return;
  bar.problem = state == bar_text::field_state::missing
                  ? row_problem::missing_value
                  : row_problem::bad_number;
  bar.field = to_string(name);
}

feed_bar read_bar(const alpha_vantage_document::entry& row, timestamp at) {
  feed_bar bar;
  bar.at = at;
  bar.day = *row.day;
  if (row.bad_shape)
    bar.problem = row_problem::wrong_column_count;
  read_value(bar_column::open, row.open, bar.values.open, bar);
  read_value(bar_column::high, row.high, bar.values.high, bar);
  read_value(bar_column::low, row.low, bar.values.low, bar);
  read_value(bar_column::close, row.close, bar.values.close, bar);
  read_value(bar_column::volume, row.volume, bar.values.volume, bar);
  double adjusted = 0.0;
  if (bar_text::parse_number(row.adjusted_close, adjusted)
      == bar_text::field_state::ok)
    bar.adjusted_close = adjusted;
  return bar;
}

void read_events(const alpha_vantage_document::entry& row, timestamp at,
                 alpha_vantage_series& out) {
  double x = 0.0;
  if (bar_text::parse_number(row.dividend, x) == bar_text::field_state::ok
      && x > 0.0)
    out.dividends.push_back({at, x});
  if (bar_text::parse_number(row.split, x) == bar_text::field_state::ok
      && x > 0.0 && x != 1.0)
    out.splits.push_back({at, x, 1.0});
}

timestamp midnight_of(trading_date day, const date::time_zone& zone) {
  date::local_time<micros> there{
    std::chrono::sys_days{day}.time_since_epoch()};
  // Where midnight is skipped or doubled the first moment of the day is meant.
  return timestamp{
    zone.to_sys(there, date::choose::earliest).time_since_epoch()};
}

void read_rows(alpha_vantage_document& from, const date::time_zone& zone,
               const feed_expectation& expected, alpha_vantage_series& out) {
  auto daily = out.interval == bar_interval::d1;
  while (const auto* row = from.next()) {
    if (row->bad_time || !row->day || (!daily && !row->at)) {
      ++out.dropped;
      continue;
    }
    auto at = daily ? midnight_of(*row->day, zone) : *row->at;
    read_events(*row, at, out);
    out.bars.push_back(read_bar(*row, at));
  }
  for (std::size_t i = 0; i < out.bars.size(); ++i) {
    auto& bar = out.bars[i];
    auto end = daily
                 ? midnight_of(std::chrono::sys_days{bar.day}
                                 + std::chrono::days{1}, zone)
                 : bar.at + std::chrono::minutes{minutes_of(out.interval)};
    auto newest = i + 1 == out.bars.size();
    bar.is_final = expected.now >= end
                   && (daily || !newest
                       || expected.now >= end + expected.settle);
  }
}

} // namespace

alpha_vantage_series parse_alpha_vantage(int http_status, std::string_view body,
                                         const feed_expectation& expected) {
  alpha_vantage_series out;
  auto refuse = [&out](feed_status status, std::string why) {
    out.status = status;
    out.text = std::move(why);
    return out;
  };
  if (auto status = status_of_http(http_status); status != feed_status::ok)
    return refuse(status, "HTTP " + std::to_string(http_status) + ": "
                            + bar_text::printable(body.substr(0, 400), 200));
  alpha_vantage_document document;
  if (!document.feed(body))
    return refuse(feed_status::malformed, "a body of more than 64 MiB");
  if (auto failure = document.parse(); !failure.empty()) {
    classify(body, std::move(failure), out);
    return out;
  }
  out.symbol = bar_text::printable(document.symbol(), 80);
  out.time_zone = bar_text::printable(document.time_zone(), 80);
  auto interval = document.interval().empty()
                    ? std::optional{bar_interval::d1}
                    : interval_from_text(document.interval());
  if (!interval || (expected.interval && *interval != *expected.interval))
    return refuse(feed_status::unexpected,
                  "interval is \""
                    + bar_text::printable(document.interval(), 40) + '"');
  out.interval = *interval;
  if (!expected.symbol.empty()
      && bar_text::lower(out.symbol) != bar_text::lower(expected.symbol))
    return refuse(feed_status::unexpected, "symbol is \"" + out.symbol
                                             + "\", not " + expected.symbol);
  // `parse` has found the zone already.
  read_rows(document, *date::locate_zone(document.time_zone()), expected, out);
  if (out.bars.empty())
    return refuse(out.dropped > 0 ? feed_status::malformed
                                  : feed_status::no_data,
                  "no bars");
  out.status = feed_status::ok;
  return out;
}

} // namespace banksia
