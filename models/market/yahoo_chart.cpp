#include "models/market/yahoo_chart.hpp"

#include "models/market/bar_formats.hpp"
#include "models/market/bar_formats_text.hpp"
#include "models/market/yahoo_chart_json.hpp"
#include "models/market/yahoo_status.hpp"

#include <date/tz.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace banksia {

using yahoo_json::cell;
using yahoo_json::column;
using yahoo_json::document;

namespace {

/// Seconds that can be a time here: 1900 to 2200.
constexpr double earliest_s = -2'208'988'800.0;
constexpr double latest_s = 7'258'118'400.0;

void note(yahoo_chart& out, chart_problem x) {
  if (std::find(out.problems.begin(), out.problems.end(), x)
      == out.problems.end())
    out.problems.push_back(x);
}

std::optional<timestamp> time_of(const cell& x) {
  if (!x.is_number() || !(x.number() >= earliest_s)
      || !(x.number() <= latest_s))
    return std::nullopt;
  return timestamp{std::chrono::seconds{static_cast<std::int64_t>(x.number())}};
}

const cell* number(const document& from, std::string_view name) {
  auto found = from.numbers.find(name);
  return found == from.numbers.end() ? nullptr : &found->second;
}

std::string text(const document& from, std::string_view name) {
  auto found = from.texts.find(name);
  return found == from.texts.end() ? std::string{}
                                   : bar_text::printable(found->second, 80);
}

std::optional<timestamp> time(const document& from, std::string_view name) {
  const auto* x = number(from, name);
  return x ? time_of(*x) : std::nullopt;
}

// -- what kind of answer ------------------------------------------------------

yahoo_chart& refuse(yahoo_chart& out, feed_status status, std::string why) {
  out.status = status;
  out.text = std::move(why);
  return out;
}

/// What can be said without columns. True: `out` is complete.
bool classify(int http_status, std::string_view body,
              const std::string& failure, const document& from,
              yahoo_chart& out) {
  auto status = yahoo_status_of_http(http_status);
  if (body.starts_with("Edge: Too Many Requests"))
    status = feed_status::rate_limited;
  if (from.has_error && failure.empty()) {
    auto by_code = yahoo_status_of_code(from.error_code);
    // The HTTP status is the better word where the code is a new one.
    if (by_code == feed_status::malformed && status != feed_status::ok)
      by_code = status;
    refuse(out, by_code,
           bar_text::printable(from.error_code + ": " + from.error_text, 200));
    return true;
  }
  if (status != feed_status::ok) {
    refuse(out, status, "HTTP " + std::to_string(http_status) + ": "
                          + bar_text::printable(body.substr(0, 400), 200));
    return true;
  }
  if (!failure.empty()) {
    refuse(out, feed_status::malformed,
           (body.starts_with('<') ? std::string{"HTML, not JSON"} : failure)
             + ": " + bar_text::printable(body.substr(0, 200), 80));
    return true;
  }
  if (!from.has_chart) {
    refuse(out, feed_status::malformed, "JSON without a \"chart\"");
    return true;
  }
  if (from.results == 0) {
    refuse(out, feed_status::no_data, "no result");
    return true;
  }
  return false;
}

// -- meta ---------------------------------------------------------------------

void read_meta(const document& from, yahoo_chart& out) {
  auto& meta = out.meta;
  meta.symbol = text(from, "symbol");
  auto unit = unit_of_currency(text(from, "currency"));
  meta.currency = unit.code;
  meta.unit_divisor = unit.divisor;
  if (unit.divisor != 1.0)
    note(out, chart_problem::minor_unit);
  meta.exchange = text(from, "exchangeName");
  meta.instrument = text(from, "instrumentType");
  meta.time_zone = text(from, "exchangeTimezoneName");
  meta.granularity = text(from, "dataGranularity");
  // No zone is more than 26 hours from another.
  if (const auto* x = number(from, "gmtoffset");
      x && std::abs(x->number()) <= 26.0 * 3600.0)
    meta.utc_offset
      = std::chrono::seconds{static_cast<std::int64_t>(x->number())};
  meta.market_time = time(from, "regularMarketTime");
  if (const auto* x = number(from, "regularMarketPrice"))
    meta.market_price = x->number() / unit.divisor;
  meta.session_start = time(from, "currentTradingPeriod.regular.start");
  meta.session_end = time(from, "currentTradingPeriod.regular.end");
}

/// Something else than asked for; empty when all is as expected.
std::string difference(const yahoo_meta& meta, const feed_expectation& to) {
  auto differs = [](std::string_view what, const std::string& is,
                    std::string_view should) {
    return std::string{what} + " is \"" + is + "\", not " + std::string{should};
  };
  if (!to.symbol.empty()
      && bar_text::lower(meta.symbol) != bar_text::lower(to.symbol))
    return differs("symbol", meta.symbol, to.symbol);
  if (!to.currency.empty() && meta.currency != to.currency)
    return differs("currency", meta.currency, to.currency);
  auto interval = interval_from_text(meta.granularity);
  if (!interval || (to.interval && *interval != *to.interval))
    return differs("interval", meta.granularity,
                   to.interval ? to_string(*to.interval) : "a known one");
  return {};
}

// -- bars ---------------------------------------------------------------------

/// Days and ends of bars on this exchange.
class session_clock {
public:
  session_clock(yahoo_chart& out, bar_interval interval,
                const feed_expectation& expected)
    : meta_(out.meta), interval_(interval), expected_(expected) {
    try {
      zone_ = date::locate_zone(meta_.time_zone);
    } catch (const std::exception&) { // date's way of saying unknown
      note(out, chart_problem::unknown_zone);
    }
    if (meta_.session_start && meta_.session_end)
      session_day_ = day_of(*meta_.session_start);
    if (meta_.market_time && expected_.now > timestamp{})
      long_over_ = std::min(*meta_.market_time, expected_.now)
                   - std::chrono::hours{48};
  }

  trading_date day_of(timestamp t) {
    if (t < cached_begin_ || t >= cached_end_)
      look_up(t);
    auto day = std::chrono::floor<std::chrono::days>(t + offset_);
    // Nearly always the day of the bar before, or one soon after it: then
    // there is no calendar to work out. Each month has 28 days.
    auto later = static_cast<unsigned>((day - last_).count());
    auto of_month = static_cast<unsigned>(last_day_.day()) + later;
    last_ = day;
    last_day_ = later < 8 && of_month <= 28
                  ? last_day_.year() / last_day_.month()
                      / std::chrono::day{of_month}
                  : trading_date{day};
    return last_day_;
  }

  /// @pre `bar.day` was the last day asked for
  bool is_final(const feed_bar& bar) const {
    // Nearly all bars of a chart: no bar takes two days.
    if (bar.at < long_over_ && session_day_ != bar.day)
      return true;
    auto end = end_of(bar);
    if (expected_.now < end)
      return false;
    return (meta_.market_time && *meta_.market_time >= end)
           || expected_.now >= end + expected_.settle;
  }

private:
  /// The zone's offset, which holds for a span of months.
  void look_up(timestamp t) {
    offset_ = meta_.utc_offset;
    cached_begin_ = timestamp::min();
    cached_end_ = timestamp::max();
    if (zone_ == nullptr)
      return;
    auto info = zone_->get_info(t);
    offset_ = info.offset;
    auto inside = [](date::sys_seconds x) {
      constexpr timestamp low{std::chrono::seconds{
        static_cast<std::int64_t>(earliest_s)}};
      constexpr timestamp high{std::chrono::seconds{
        static_cast<std::int64_t>(latest_s) + 1}};
      if (x <= std::chrono::floor<std::chrono::seconds>(low))
        return low;
      return x >= std::chrono::floor<std::chrono::seconds>(high)
               ? high
               : timestamp{x.time_since_epoch()};
    };
    cached_begin_ = inside(info.begin);
    cached_end_ = inside(info.end);
  }

  timestamp end_of(const feed_bar& bar) const {
    auto in_session = session_day_ == bar.day;
    if (interval_ == bar_interval::d1) {
      if (in_session)
        return *meta_.session_end;
      auto midnight = std::chrono::sys_days{bar.day} + std::chrono::days{1};
      return timestamp{midnight} - offset_;
    }
    auto end = bar.at + std::chrono::minutes{minutes_of(interval_)};
    return in_session && bar.at < *meta_.session_end
             ? std::min(end, *meta_.session_end)
             : end;
  }

  const yahoo_meta& meta_;
  bar_interval interval_;
  const feed_expectation& expected_;
  const date::time_zone* zone_ = nullptr;
  timestamp cached_begin_{}, cached_end_{};
  std::chrono::sys_days last_{}; ///< the last day asked for
  trading_date last_day_{last_}; ///< the same as a date
  std::chrono::seconds offset_{0};
  std::optional<trading_date> session_day_;
  /// Bars that began before it have ended, and are known to.
  timestamp long_over_ = timestamp::min();
};

void read_cell(const column& from, std::size_t i, bar_column name, double& out,
               feed_bar& bar) {
  auto fail = [&](row_problem problem) {
    if (bar.problem != row_problem::none)
      return;
    bar.problem = problem;
    bar.field = to_string(name);
  };
  if (i >= from.size() || from[i].is_null())
    return fail(row_problem::missing_value);
  if (from[i].is_bad())
    return fail(row_problem::bad_number);
  out = from[i].number();
}

void read_bars(const document& from, bar_interval interval,
               const feed_expectation& expected, yahoo_chart& out) {
  session_clock clock{out, interval, expected};
  auto divisor = out.meta.unit_divisor;
  out.bars.reserve(from.times.size());
  for (std::size_t i = 0; i < from.times.size(); ++i) {
    auto at = time_of(from.times[i]);
    if (!at) {
      note(out, chart_problem::bad_time);
      continue;
    }
    auto& bar = out.bars.emplace_back();
    bar.at = *at;
    bar.day = clock.day_of(*at);
    read_cell(from.open, i, bar_column::open, bar.values.open, bar);
    read_cell(from.high, i, bar_column::high, bar.values.high, bar);
    read_cell(from.low, i, bar_column::low, bar.values.low, bar);
    read_cell(from.close, i, bar_column::close, bar.values.close, bar);
    read_cell(from.volume, i, bar_column::volume, bar.values.volume, bar);
    if (i < from.adjusted.size() && from.adjusted[i].is_number())
      bar.adjusted_close = from.adjusted[i].number() / divisor;
    if (divisor != 1.0)
      for (auto* x : {&bar.values.open, &bar.values.high, &bar.values.low,
                      &bar.values.close})
        *x /= divisor;
    bar.is_final = clock.is_final(bar);
  }
}

/// In order of time, one bar a time (a daily one: a day). Yahoo gives the
/// running day twice at times, the second one with the last trade.
void put_in_order(yahoo_chart& out, bar_interval interval) {
  auto earlier = [](const feed_bar& a, const feed_bar& b) {
    return a.at < b.at;
  };
  if (!std::is_sorted(out.bars.begin(), out.bars.end(), earlier)) {
    note(out, chart_problem::unordered_time);
    std::stable_sort(out.bars.begin(), out.bars.end(), earlier);
  }
  auto same = [interval](const feed_bar& a, const feed_bar& b) {
    return interval == bar_interval::d1 ? a.day == b.day : a.at == b.at;
  };
  std::size_t kept = 0;
  for (std::size_t i = 0; i < out.bars.size(); ++i) {
    if (kept > 0 && same(out.bars[kept - 1], out.bars[i])) {
      note(out, chart_problem::duplicate_time);
      // A bar without values is no better than the one before it.
      if (out.bars[i].problem != row_problem::none)
        continue;
      --kept;
    }
    if (kept != i)
      out.bars[kept] = out.bars[i];
    ++kept;
  }
  out.bars.resize(kept);
}

void read_events(const document& from, yahoo_chart& out) {
  auto positive = [](const cell& x) {
    return x.is_number() && x.number() > 0.0
           && std::isfinite(x.number());
  };
  for (const auto& x : from.dividends) {
    auto at = time_of(x.date);
    if (at && positive(x.amount))
      out.dividends.push_back({*at, x.amount.number() / out.meta.unit_divisor});
    else
      note(out, chart_problem::bad_event);
  }
  for (const auto& x : from.splits) {
    auto at = time_of(x.date);
    if (at && positive(x.numerator) && positive(x.denominator))
      out.splits.push_back({*at, x.numerator.number(), x.denominator.number()});
    else
      note(out, chart_problem::bad_event);
  }
  auto earlier = [](const auto& a, const auto& b) { return a.at < b.at; };
  std::stable_sort(out.dividends.begin(), out.dividends.end(), earlier);
  std::stable_sort(out.splits.begin(), out.splits.end(), earlier);
}

} // namespace

std::string_view to_string(chart_problem x) noexcept {
  constexpr std::array<std::string_view, 9> names{
    "times_missing",  "length_mismatch", "duplicate_time",
    "unordered_time", "bad_time",        "bad_event",
    "minor_unit",     "unknown_zone",    "several_results"};
  return names[static_cast<std::size_t>(x)];
}

yahoo_chart parse_yahoo_chart(int http_status, std::string_view body,
                              const feed_expectation& expected) {
  yahoo_chart out;
  if (body.size() > yahoo_bytes_max)
    return refuse(out, feed_status::malformed, "a body of more than 32 MiB");
  body = bar_text::without_bom(body);
  document from;
  auto failure = yahoo_json::read(body, from);
  if (classify(http_status, body, failure, from, out))
    return out;
  if (from.results > 1)
    note(out, chart_problem::several_results);
  read_meta(from, out);
  if (auto why = difference(out.meta, expected); !why.empty())
    return refuse(out, feed_status::unexpected, std::move(why));
  auto interval = *interval_from_text(out.meta.granularity);
  for (const auto* values :
       {&from.open, &from.high, &from.low, &from.close, &from.volume}) {
    if (from.times.empty() && !values->empty())
      note(out, chart_problem::times_missing);
    else if (values->size() != from.times.size())
      note(out, chart_problem::length_mismatch);
  }
  read_events(from, out);
  read_bars(from, interval, expected, out);
  put_in_order(out, interval);
  if (out.bars.empty()) {
    auto lost = !out.problems.empty()
                && out.problems.front() == chart_problem::times_missing;
    return refuse(out, lost ? feed_status::malformed : feed_status::no_data,
                  lost ? "values without times" : "no bars");
  }
  out.status = feed_status::ok;
  return out;
}

} // namespace banksia
