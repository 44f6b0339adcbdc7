#pragma once

/// A server that speaks like Yahoo's chart of a simulated market, and that can
/// fail in every way. What time it is there is what it is asked for.

#include "models/market/calendar.hpp"
#include "models/market/simulator.hpp"
#include "tests/unit/runtime_http/fetching.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <vector>

namespace banksia::live_test {

namespace json = boost::json;

/// How the server answers.
enum class manner : std::uint8_t {
  well,
  error_500,
  rate_limited, ///< 429 in plain text
  refusing,     ///< closes without a word
  truncated,
  hanging,
  no_json,
  wrong_symbol,
  bad_length,
};

inline constexpr std::pair<manner, const char*> failures[]{
  {manner::error_500, "error_500"},   {manner::rate_limited, "rate_limited"},
  {manner::refusing, "refusing"},     {manner::truncated, "truncated"},
  {manner::hanging, "hanging"},       {manner::no_json, "no_json"},
  {manner::wrong_symbol, "wrong_symbol"}, {manner::bad_length, "bad_length"}};

/// The bars of all sessions, by symbol and interval.
class yahoo_market {
public:
  using series = std::map<timestamp, bar>; ///< by the bar's start

  yahoo_market(simulation::simulator_settings settings,
               std::span<const session> sessions) {
    simulation::market_simulator market{std::move(settings)};
    for (const auto& s : sessions) {
      sessions_.push_back(s);
      auto made = market.next({s.date, s.opens_at, s.closes_at,
                               s.auction_ends_at});
      for (auto* bars : {&made.bars, &made.daily})
        for (auto& x : *bars)
          bars_[{x.symbol, x.interval}].emplace(x.opened_at, x);
    }
  }

  /// From the session on the symbol trades in so many shares for each old one.
  void split(const std::string& symbol, const session& on, double ratio) {
    for (auto& [key, bars] : bars_)
      if (key.first == symbol)
        for (auto& [at, x] : bars)
          if (at >= on.opens_at)
            rescale(x, 1.0 / ratio);
    events_.push_back({symbol, on.opens_at, ratio, true});
  }

  void dividend(const std::string& symbol, const session& on, double amount) {
    events_.push_back({symbol, on.opens_at, amount, false});
  }

  const series& of(const std::string& symbol, bar_interval interval) const {
    return bars_.at({symbol, interval});
  }

  std::string chart(const std::string& symbol, bar_interval interval,
                    timestamp from, timestamp until) const {
    json::array times, open, high, low, close, volume;
    for (auto [at, x] : of(symbol, interval)) {
      if (at < from || x.known_at > until)
        continue;
      // Told in the shares of now.
      for (const auto& event : events_)
        if (event.is_split && event.symbol == symbol && event.at > at
            && event.at <= until)
          rescale(x, 1.0 / event.value);
      times.push_back(seconds(at));
      open.push_back(x.open.value());
      high.push_back(x.high.value());
      low.push_back(x.low.value());
      close.push_back(x.close.value());
      volume.push_back(x.volume.value());
    }
    auto now = std::find_if(sessions_.begin(), sessions_.end(),
                            [&](const session& s) {
                              return s.auction_ends_at >= until;
                            });
    json::object meta{
      {"currency", "AUD"},
      {"symbol", symbol},
      {"exchangeName", "ASX"},
      {"instrumentType", symbol.starts_with('^') ? "INDEX" : "EQUITY"},
      {"exchangeTimezoneName", "Australia/Sydney"},
      {"gmtoffset", 36000},
      {"regularMarketTime", seconds(until)},
      {"dataGranularity", to_string(interval)}};
    if (now != sessions_.end())
      meta["currentTradingPeriod"] = json::object{
        {"regular", json::object{{"start", seconds(now->opens_at)},
                                 {"end", seconds(now->auction_ends_at)},
                                 {"gmtoffset", 36000}}}};
    json::object quote{{"open", open},
                       {"high", high},
                       {"low", low},
                       {"close", close},
                       {"volume", volume}};
    json::object result{
      {"meta", meta},
      {"timestamp", times},
      {"events", events_between(symbol, from, until)},
      {"indicators", json::object{{"quote", json::array{quote}}}}};
    return json::serialize(json::object{
      {"chart", json::object{{"result", json::array{result}},
                             {"error", nullptr}}}});
  }

private:
  struct event {
    std::string symbol;
    timestamp at;
    double value;
    bool is_split;
  };

  static void rescale(bar& x, double by) {
    for (auto value : {&x.open, &x.high, &x.low, &x.close})
      *value = price{value->value() * by};
    x.volume = shares{x.volume.value() / by};
  }

  json::object events_between(const std::string& symbol, timestamp from,
                              timestamp until) const {
    json::object splits, dividends;
    for (const auto& x : events_) {
      if (x.symbol != symbol || x.at < from || x.at > until)
        continue;
      json::object told{{"date", seconds(x.at)}};
      if (x.is_split) {
        told["numerator"] = x.value;
        told["denominator"] = 1;
      } else {
        told["amount"] = x.value;
      }
      (x.is_split ? splits : dividends)[std::to_string(seconds(x.at))] = told;
    }
    return {{"splits", splits}, {"dividends", dividends}};
  }

  static std::int64_t seconds(timestamp t) {
    return std::chrono::floor<std::chrono::seconds>(t)
      .time_since_epoch()
      .count();
  }

  std::vector<session> sessions_;
  std::vector<event> events_;
  std::map<std::pair<std::string, bar_interval>, series> bars_;
};

/// One source of that market.
class yahoo_server {
public:
  explicit yahoo_server(const yahoo_market& market)
    : market_(&market), server_([this](http_test::peer& client, int) {
        for (auto request = client.read_request(); !request.empty();
             request = client.read_request())
          if (!answer(client, request))
            return;
      }) {}

  void behave(manner how) { how_ = how; }

  /// It has trouble with this symbol alone; "": with none.
  void fail_for(const std::string& symbol) {
    std::lock_guard guard{mutex_};
    failing_ = symbol;
  }

  std::string url() const {
    return "http://127.0.0.1:" + std::to_string(server_.port);
  }

  /// What it was asked for last is the market's time.
  timestamp now() const { return from_micros(now_us_); }

private:
  static std::string part(const std::string& of, const std::string& name) {
    auto at = of.find(name + "=");
    if (at == std::string::npos)
      return {};
    at += name.size() + 1;
    return of.substr(at, of.find_first_of("& ", at) - at);
  }

  static std::string symbol_of(const std::string& request) {
    auto begin = request.find("/chart/") + 7;
    auto symbol = request.substr(begin, request.find('?') - begin);
    return symbol.starts_with("%5E") ? "^" + symbol.substr(3) : symbol;
  }

  bool fails_for(const std::string& symbol) {
    std::lock_guard guard{mutex_};
    return symbol == failing_;
  }

  std::string body(const std::string& request) {
    auto symbol = symbol_of(request);
    auto at = [&](const char* name) {
      return timestamp{std::chrono::seconds{std::stoll(part(request, name))}};
    };
    if (at("period2") > now())
      now_us_ = to_micros(at("period2"));
    if (how_ == manner::wrong_symbol)
      symbol = symbol == "CBA.AX" ? "WBC.AX" : "CBA.AX";
    return market_->chart(symbol, *parse_interval(part(request, "interval")),
                          at("period1"), at("period2"));
  }

  bool answer(http_test::peer& client, const std::string& request) {
    auto well = body(request);
    if (fails_for(symbol_of(request)))
      return client.send(http_test::answer("oh", {}, "500 Internal"));
    switch (how_.load()) {
      case manner::error_500:
        return client.send(http_test::answer("oh", {}, "500 Internal"));
      case manner::rate_limited:
        return client.send(http_test::answer("Edge: Too Many Requests", {},
                                             "429 Too Many Requests"));
      case manner::refusing:
        return false;
      case manner::truncated: {
        auto bytes = http_test::answer(well);
        client.send(bytes.substr(0, bytes.size() / 2));
        return false;
      }
      case manner::hanging:
        client.await_close();
        return false;
      case manner::no_json:
        return client.send(http_test::answer("<html>maintenance</html>"));
      case manner::bad_length:
        client.send("HTTP/1.1 200 OK\r\nContent-Length: 1x\r\n\r\n" + well);
        return false;
      case manner::well:
      case manner::wrong_symbol:
        break;
    }
    return client.send(http_test::answer(well));
  }

  const yahoo_market* market_;
  std::atomic<manner> how_{manner::well};
  std::mutex mutex_;
  std::string failing_;
  std::atomic<std::int64_t> now_us_{0};
  http_test::scripted_server server_;
};

} // namespace banksia::live_test
