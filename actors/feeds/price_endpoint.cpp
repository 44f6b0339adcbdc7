#include "actors/feeds/price_endpoint.hpp"

#include "models/market/adjustment.hpp"
#include "models/market/alphavantage.hpp"
#include "models/market/calendar.hpp"
#include "models/market/quality.hpp"
#include "models/market/yahoo_chart.hpp"
#include "runtime/http/url.hpp"

#include <algorithm>
#include <utility>

namespace banksia {

namespace {

std::string host_of(const std::string& base_url) {
  auto url = http::parse_url(base_url);
  return url ? url->host : base_url;
}

std::string unix_seconds(timestamp t) {
  return std::to_string(
    std::chrono::floor<std::chrono::seconds>(t).time_since_epoch().count());
}

/// Percent-encodes what has a meaning in a URL: "^AXJO" → "%5EAXJO".
std::string escaped(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (unsigned char c : text) {
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_') {
      out += static_cast<char>(c);
    } else {
      out += '%';
      out += digits[c >> 4];
      out += digits[c & 15];
    }
  }
  return out;
}

std::string_view yahoo_interval(bar_interval x) {
  return x == bar_interval::m60 ? "60m" : to_string(x);
}

feed_expectation expected(const price_request& asked, timestamp now) {
  feed_expectation x;
  x.symbol = asked.symbol;
  x.interval = asked.interval;
  x.currency = asked.symbol.starts_with('^')
                 ? ""
                 : std::string{currency_of_symbol(asked.symbol)};
  x.now = now;
  return x;
}

std::string row_text(const feed_bar& x) {
  const auto& v = x.values;
  return to_rfc3339(x.at) + " open " + std::to_string(v.open) + " high "
         + std::to_string(v.high) + " low " + std::to_string(v.low) + " close "
         + std::to_string(v.close) + " volume " + std::to_string(v.volume);
}

bar bar_of(const price_answer& answer, const price_request& asked,
           const feed_bar& x, timestamp now) {
  bar made;
  made.symbol = asked.symbol;
  made.interval = asked.interval;
  made.opened_at = asked.interval == bar_interval::d1
                     ? timestamp{std::chrono::sys_days{x.day}}
                     : x.at;
  made.received_at = now;
  put(made, x.values);
  made.source = answer.source;
  return made;
}

/// Takes over what has ended. What may still change is counted, and the newest
/// of it kept apart.
void add_bars(price_answer& to, const price_request& asked,
              const std::vector<feed_bar>& bars, timestamp now) {
  for (const auto& x : bars) {
    if (!x.is_final) {
      ++to.growing;
      to.running.clear();
      if (x.problem == row_problem::none)
        to.running.push_back(bar_of(to, asked, x, now));
    } else if (x.problem != row_problem::none) {
      to.unreadable.push_back({1, asked.symbol, to.source,
                               std::string{to_string(x.problem)}, row_text(x),
                               now});
    } else {
      to.bars.push_back(bar_of(to, asked, x, now));
    }
  }
}

/// What one share of a day has become by the splits after it.
double shares_since(const std::vector<feed_split>& splits, trading_date day) {
  double result = 1.0;
  for (const auto& x : splits)
    if (auto date = exchange_calendar::trading_date_of(x.at);
        date && *date > day)
      result *= x.numerator / x.denominator;
  return result;
}

/// Yahoo tells prices, volumes and dividends in today's shares, as of the
/// splits it tells beside them: makes them what was traded and paid.
void undo_splits(yahoo_chart& chart) {
  if (chart.splits.empty())
    return;
  for (auto& x : chart.bars) {
    auto factor = shares_since(chart.splits, x.day);
    for (auto value : {&x.values.open, &x.values.high, &x.values.low,
                       &x.values.close})
      *value *= factor;
    x.values.volume /= factor;
  }
  for (auto& x : chart.dividends)
    if (auto day = exchange_calendar::trading_date_of(x.at))
      x.amount *= shares_since(chart.splits, *day);
}

void add_actions(price_answer& to, const price_request& asked,
                 const yahoo_chart& chart, timestamp now) {
  auto add = [&](action_kind kind, timestamp at, double value) {
    corporate_action x;
    x.symbol = asked.symbol;
    x.kind = kind;
    x.effective_at = x.known_at = at;
    x.received_at = now;
    x.value = real{value};
    x.source = to.source;
    if (problem_of(x).empty())
      to.actions.push_back(std::move(x));
  };
  for (const auto& x : chart.splits)
    add(action_kind::split, x.at, x.numerator / x.denominator);
  for (const auto& x : chart.dividends)
    add(action_kind::dividend, x.at, x.amount);
}

/// A failure of the way there; nothing where there is a response to be read.
std::optional<price_answer> way_failed(const http::fetch_result& x,
                                       const std::string& source) {
  if (x)
    return std::nullopt;
  price_answer answer;
  answer.source = source;
  answer.status = to_string(x.error);
  answer.text = x.text;
  return answer;
}

} // namespace

bool is_answered(const price_answer& x) noexcept {
  return x.status == "ok" || x.status == "no_data";
}

price_endpoint yahoo_endpoint(std::string base_url) {
  price_endpoint x;
  x.name = "yahoo";
  x.host = host_of(base_url);
  x.request = [base_url](const price_request& asked) {
    http::fetch_request request;
    request.url = base_url + "/v8/finance/chart/" + escaped(asked.symbol)
                  + "?interval=" + std::string{yahoo_interval(asked.interval)}
                  + "&period1=" + unix_seconds(asked.from)
                  + "&period2=" + unix_seconds(asked.until)
                  + "&events=div%7Csplit&includePrePost=false";
    return request;
  };
  x.read = [name = x.name](const price_request& asked,
                           const http::fetch_result& got, timestamp now) {
    if (auto failed = way_failed(got, name))
      return *failed;
    auto chart = parse_yahoo_chart(got.status, got.body, expected(asked, now));
    price_answer answer;
    answer.source = name;
    answer.status = to_string(chart.status);
    answer.text = chart.text;
    undo_splits(chart);
    add_actions(answer, asked, chart, now);
    add_bars(answer, asked, chart.bars, now);
    // Free quotes are late: what was traded since the last one is not in it.
    answer.covered_until = asked.until;
    if (chart.meta.market_time && chart.meta.session_start
        && chart.meta.session_end && now >= *chart.meta.session_start
        && *chart.meta.market_time < *chart.meta.session_end)
      answer.covered_until = std::min(asked.until, *chart.meta.market_time);
    return answer;
  };
  return x;
}

price_endpoint alpha_vantage_endpoint(std::string base_url, std::string key) {
  price_endpoint x;
  x.name = "alphavantage";
  x.host = host_of(base_url);
  x.request = [base_url, key](const price_request& asked) {
    http::fetch_request request;
    request.url = base_url + "/query?function=";
    if (asked.interval == bar_interval::d1)
      request.url += "TIME_SERIES_DAILY&outputsize=full";
    else
      request.url += "TIME_SERIES_INTRADAY&outputsize=full&interval="
                     + std::to_string(minutes_of(asked.interval)) + "min";
    request.url += "&symbol=" + escaped(asked.symbol)
                   + "&apikey=" + escaped(key);
    return request;
  };
  x.read = [name = x.name](const price_request& asked,
                           const http::fetch_result& got, timestamp now) {
    if (auto failed = way_failed(got, name))
      return *failed;
    auto series
      = parse_alpha_vantage(got.status, got.body, expected(asked, now));
    price_answer answer;
    answer.source = name;
    answer.status = to_string(series.status);
    answer.text = series.text;
    // The whole series comes, whatever was asked for.
    std::erase_if(series.bars, [&](const feed_bar& bar) {
      return bar.at + std::chrono::days{1} < asked.from;
    });
    add_bars(answer, asked, series.bars, now);
    answer.covered_until = asked.until;
    if (!answer.bars.empty() && asked.interval != bar_interval::d1)
      answer.covered_until
        = std::min(asked.until,
                   answer.bars.back().opened_at
                     + std::chrono::minutes{minutes_of(asked.interval)});
    return answer;
  };
  return x;
}

} // namespace banksia
