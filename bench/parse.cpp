/// Reading prices: Yahoo's chart against Boost.JSON's tree of the same bytes,
/// CSV rows against counting the lines. Bodies are made here. Run by parse.sh.
///
///   bench_parse [PAIRS] [BARS]

#include "models/market/bar_formats_reader.hpp"
#include "models/market/yahoo_chart.hpp"
#include "runtime/resilience/splitmix.hpp"

#include <boost/json.hpp>

#include <time.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

namespace {

using namespace banksia;

/// A price as Yahoo writes it: the shortest decimal of a float that was widened
/// to a double ("106.36692810058594").
std::string number(splitmix& random) {
  auto cents = static_cast<double>(5'000 + random.below(10'000)) / 100.0;
  char text[32];
  auto end = std::to_chars(text, text + sizeof text,
                           static_cast<double>(static_cast<float>(cents)))
               .ptr;
  return {text, end};
}

std::string chart_body(std::size_t bars) {
  splitmix random{7};
  auto column = [&](const char* name, auto value) {
    std::string result = std::string{"\""} + name + "\":[";
    for (std::size_t i = 0; i < bars; ++i)
      result += (i ? "," : "") + value(i);
    return result + ']';
  };
  auto price = [&](std::size_t) { return number(random); };
  return R"({"chart":{"result":[{"meta":{"currency":"AUD","symbol":"CBA.AX",)"
         R"("exchangeName":"ASX","instrumentType":"EQUITY",)"
         R"("regularMarketTime":1786515389,"gmtoffset":36000,)"
         R"("exchangeTimezoneName":"Australia/Sydney","dataGranularity":"1d"},)"
         + column("timestamp",
                  [](std::size_t i) {
                    return std::to_string(946'857'600 + i * 86'400);
                  })
         + R"(,"indicators":{"quote":[{)" + column("open", price) + ','
         + column("high", price) + ',' + column("low", price) + ','
         + column("close", price) + ','
         + column("volume",
                  [&](std::size_t) {
                    return std::to_string(1'000'000 + random.below(9'000'000));
                  })
         + R"(}],"adjclose":[{)" + column("adjclose", price)
         + R"(}]}}],"error":null}})";
}

std::string csv_body(std::size_t rows) {
  splitmix random{8};
  std::string result = "Date,Open,High,Low,Close,Volume\n";
  auto day = std::chrono::sys_days{std::chrono::year{1970} / 1 / 1};
  for (std::size_t i = 0; i < rows; ++i) {
    result += to_string(std::chrono::year_month_day{
      day + std::chrono::days{static_cast<int>(i % 20'000)}});
    for (int k = 0; k < 4; ++k)
      result += ',' + number(random);
    result += ',' + std::to_string(random.below(9'000'000)) + '\n';
  }
  return result;
}

/// Of this thread's processor time, since nothing here waits: other programs on
/// the machine matter less so.
template <class F>
double seconds(F&& work) {
  auto now = [] {
    timespec t{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec)
           + static_cast<double>(t.tv_nsec) / 1e9;
  };
  auto began = now();
  work();
  return now() - began;
}

double median(std::vector<double> x) {
  std::sort(x.begin(), x.end());
  return x[x.size() / 2];
}

[[noreturn]] void fail(const char* what) {
  std::fprintf(stderr, "banksia: bench_parse: %s\n", what);
  std::exit(1);
}

/// Alternating pairs; prints both and the median of time(peer) / time(ours).
template <class Ours, class Peer>
void compare(const char* what, const char* unit, double amount, int pairs,
             Ours ours, Peer peer) {
  ours();
  peer();
  std::vector<double> ratios, our_times, peer_times;
  for (int i = 0; i < pairs; ++i) {
    double a = 0, b = 0;
    if (i % 2 == 0) {
      a = seconds(ours);
      b = seconds(peer);
    } else {
      b = seconds(peer);
      a = seconds(ours);
    }
    our_times.push_back(a);
    peer_times.push_back(b);
    ratios.push_back(b / a);
  }
  std::printf("%s: banksia %.1f %s, peer %.1f %s, median ratio %.3f over %d "
              "pairs\n",
              what, amount / median(our_times), unit,
              amount / median(peer_times), unit, median(ratios), pairs);
}

void bench_charts(std::size_t bars, int pairs) {
  auto body = chart_body(bars);
  constexpr int rounds = 20;
  feed_expectation expected;
  expected.symbol = "CBA.AX";
  expected.currency = "AUD";
  expected.now = parse_rfc3339("2100-01-01T00:00:00Z").value();
  auto ours = [&] {
    for (int i = 0; i < rounds; ++i)
      if (parse_yahoo_chart(200, body, expected).bars.size() != bars)
        fail("bars are missing");
  };
  auto tree = [&] {
    for (int i = 0; i < rounds; ++i)
      if (!boost::json::parse(body).is_object())
        fail("no object");
  };
  auto tree_in_one_piece = [&] {
    for (int i = 0; i < rounds; ++i) {
      boost::json::monotonic_resource memory;
      if (!boost::json::parse(body, &memory).is_object())
        fail("no object");
    }
  };
  auto megabytes = static_cast<double>(body.size()) * rounds / 1e6;
  std::printf("a chart of %zu bars, %zu bytes\n", bars, body.size());
  compare("chart against Boost.JSON's tree", "MB/s", megabytes, pairs, ours,
          tree);
  compare("chart against Boost.JSON's tree, monotonic memory", "MB/s",
          megabytes, pairs, ours, tree_in_one_piece);
}

void bench_rows(int pairs) {
  constexpr std::size_t rows = 500'000;
  auto body = csv_body(rows);
  auto ours = [&] {
    auto found = detect_bars(std::string_view{body}.substr(0, 64 * 1024),
                             "CBA.AX.csv");
    if (!found.source)
      fail("the CSV is not recognised");
    bar_reader reader{*found.source};
    reader.feed(body);
    std::size_t good = 0;
    while (const auto* row = reader.next())
      good += row->problem == row_problem::none ? 1 : 0;
    reader.finish();
    while (const auto* row = reader.next())
      good += row->problem == row_problem::none ? 1 : 0;
    if (good != rows)
      fail("rows are missing");
  };
  auto lines = [&] {
    std::size_t count = 0;
    const char* at = body.data();
    const char* end = at + body.size();
    while ((at = static_cast<const char*>(
              std::memchr(at, '\n', static_cast<std::size_t>(end - at))))
           != nullptr) {
      ++count;
      ++at;
    }
    if (count != rows + 1)
      fail("lines are missing");
  };
  std::printf("a CSV of %zu rows, %zu bytes\n", rows, body.size());
  compare("rows against counting lines", "M rows/s", rows / 1e6, pairs, ours,
          lines);
}

} // namespace

int main(int argc, char** argv) {
  auto pairs = argc > 1 ? std::atoi(argv[1]) : 9;
  auto bars = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 6'500;
  if (pairs < 1 || bars < 1)
    fail("usage: bench_parse [PAIRS] [BARS]");
  bench_charts(bars, pairs);
  bench_rows(pairs);
}
