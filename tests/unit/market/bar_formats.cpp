#define CAF_SUITE bar_formats
#include "models/market/bar_formats.hpp"

#include "tests/unit/market/bar_samples.hpp"

#include "caf/test/unit_test.hpp"

#include <random>

using namespace banksia;
using namespace banksia::test;
using namespace std::chrono_literals;

namespace {

constexpr auto jan_2 = std::chrono::year{2024} / 1 / 2;

/// Whether the text is refused with a reason that contains `part`.
bool refused_as(std::string_view text, std::string_view part) {
  auto found = detect_bars(text, "CBA.AX.csv");
  return !found.source && found.error.starts_with("not bar data: ")
         && found.error.find(part) != std::string::npos;
}

constexpr std::string_view alpha_vantage = R"json({
  "Meta Data": {
    "1. Information": "Intraday", "2. Symbol": "CBA.AX",
    "4. Interval": "1min", "6. Time Zone": "US/Eastern"
  },
  "Time Series (1min)": {
    "2018-06-18 02:00:00": {"1. open": "69.61", "2. high": "69.65",
      "3. low": "69.60", "4. close": "69.65", "5. volume": "3374"},
    "2018-06-18 01:59:00": {"1. open": "69.60", "2. high": "69.63",
      "3. low": "69.57", "4. close": "oops", "5. volume": "12100"},
    "2018-03-11 02:30:00": {"1. open": "1", "2. high": "1", "3. low": "1",
      "4. close": "1", "5. volume": "1"},
    "2018-06-18 01:57:00": 7
  }
})json";

} // namespace

CAF_TEST(a Yahoo file is read as traded) {
  auto read = read_all("Date,Open,High,Low,Close,Adj Close,Volume\n"
                       "2024-01-02,10.5,11,10,10.8,9.9,1200\n"
                       "2024-01-03,null,null,null,null,null,null\n",
                       "in/CBA.AX.csv");
  CAF_REQUIRE(read.source.has_value());
  CAF_CHECK(read.source->format == bar_format::symbol_csv);
  CAF_CHECK(read.source->interval == bar_interval::d1);
  CAF_CHECK(!read.source->newest_first);
  CAF_REQUIRE_EQUAL(read.rows.size(), 2u);
  const auto& row = read.rows[0];
  CAF_CHECK(row.problem == row_problem::none);
  CAF_CHECK_EQUAL(row.symbol, "CBA.AX");
  CAF_CHECK(row.day == jan_2);
  CAF_CHECK(!row.at);
  CAF_CHECK(row.values == (bar_values{10.5, 11, 10, 10.8, 1200}));
  CAF_CHECK(!row.dividend);
  CAF_CHECK(read.rows[1].problem == row_problem::missing_value);
  CAF_CHECK_EQUAL(read.rows[1].field, "open");
  CAF_CHECK_EQUAL(read.rows[1].line, 3u);
  CAF_CHECK_EQUAL(read.rows[1].text,
                  "2024-01-03,null,null,null,null,null,null");
}

CAF_TEST(a yfinance midnight with offset is a day of its own zone) {
  auto read = read_all(
    "Date,Open,High,Low,Close,Volume,Dividends,Stock Splits,Capital Gains\n"
    "2024-01-02 00:00:00+11:00,1,2,.5,1.5,10,0.25,0.0,0.0\n"
    "2024-07-02 00:00:00+10:00,,,,,,,,\n"
    "2024-07-03 00:00:00+10:00,NaN,1,1,1,1,0,2.0,0\n",
    "CBA.AX.csv");
  CAF_REQUIRE_EQUAL(read.rows.size(), 3u);
  CAF_CHECK(read.source->interval == bar_interval::d1);
  CAF_CHECK(read.rows[0].day == jan_2);
  CAF_CHECK(read.rows[0].midnight);
  CAF_CHECK(read.rows[0].at == parse_rfc3339("2024-01-01T13:00:00Z"));
  CAF_CHECK(read.rows[0].values == (bar_values{1, 2, .5, 1.5, 10}));
  CAF_CHECK(read.rows[0].dividend == 0.25);
  CAF_CHECK(read.rows[1].problem == row_problem::missing_value);
  CAF_CHECK(!read.rows[1].split);
  CAF_CHECK(read.rows[2].problem == row_problem::missing_value);
  CAF_CHECK(read.rows[2].split == 2.0);
}

CAF_TEST(columns are found by name in any order and case) {
  auto read = read_all("Volume,log_returns,CLOSE,high,Low,Open,Date\n"
                       "7,,4,5,1,2,20240102\n",
                       "WBC.csv");
  CAF_REQUIRE_EQUAL(read.rows.size(), 1u);
  CAF_CHECK(read.rows[0].values == (bar_values{2, 5, 1, 4, 7}));
  CAF_CHECK_EQUAL(read.rows[0].symbol, "WBC.AX");
}

CAF_TEST(an index without a volume column has volume zero) {
  auto read = read_all("Date,Open,High,Low,Close\n2024-01-02,1,1,1,1\n",
                       "^AXJO.csv");
  CAF_REQUIRE_EQUAL(read.rows.size(), 1u);
  CAF_CHECK(read.rows[0].problem == row_problem::none);
  CAF_CHECK_EQUAL(read.rows[0].values.volume, 0.0);
  CAF_CHECK_EQUAL(read.rows[0].symbol, "^AXJO");
}

CAF_TEST(three lines of header name symbol and columns) {
  auto read = read_all("Price,Close,High,Low,Open,Volume\r\n"
                       "Ticker,^GSPC,^GSPC,^GSPC,^GSPC,^GSPC\r\n"
                       "Date,,,,,\r\n"
                       "2024-01-02,4,5,1,2,7\r\n",
                       "whatever.csv");
  CAF_REQUIRE_EQUAL(read.rows.size(), 1u);
  CAF_CHECK(read.source->format == bar_format::three_line_csv);
  CAF_CHECK_EQUAL(read.rows[0].symbol, "^GSPC");
  CAF_CHECK_EQUAL(read.rows[0].line, 4u);
  CAF_CHECK_EQUAL(read.rows[0].text, "2024-01-02,4,5,1,2,7");
  CAF_CHECK(read.rows[0].values == (bar_values{2, 5, 1, 4, 7}));
}

CAF_TEST(intraday rows have an instant and their gap is the interval) {
  std::string text = "Price,Close,High,Low,Open,Volume\n"
                     "Ticker,X=X,X=X,X=X,X=X,X=X\nDatetime,,,,,\n";
  for (auto time : {"00:00:00", "01:00:00", "01:15:00"})
    text += "2024-01-02 " + std::string(time) + "+00:00,1,1,1,1,0\n";
  auto read = read_all(text, "rates.csv");
  CAF_REQUIRE_EQUAL(read.rows.size(), 3u);
  CAF_CHECK(read.source->interval == bar_interval::m15);
  CAF_CHECK(read.rows[2].at == parse_rfc3339("2024-01-02T01:15:00Z"));
  CAF_CHECK(!read.rows[2].midnight);
  // The name knows better than the gap.
  CAF_CHECK(read_all(text, "X=X_5m.csv").source->interval == bar_interval::m5);
}

CAF_TEST(an unusual gap leaves the interval open) {
  auto read = read_all("Datetime,Open,High,Low,Close,Volume\n"
                       "2024-01-02 10:00:00+11:00,1,1,1,1,1\n"
                       "2024-01-02 10:07:00+11:00,1,1,1,1,1\n",
                       "CBA.csv");
  CAF_CHECK(!read.source->interval);
}

CAF_TEST(a file that runs backwards is said to) {
  auto read = read_all("Date,Open,High,Low,Close,Volume\n"
                       "2024-01-03,1,1,1,1,1\n2024-01-02,1,1,1,1,1\n",
                       "CBA.csv");
  CAF_CHECK(read.source->newest_first);
}

CAF_TEST(several symbols in one file name each row) {
  auto read = read_all("Symbol,Date,Open,High,Low,Close,Volume\n"
                       "CBA,20240102,1,1,1,1,1\n"
                       "^AXJO,20240102,1,1,1,1,1\n"
                       "\"wbc\",20240102,1,1,1,1,1\n"
                       ",20240102,1,1,1,1,1\n"
                       "C B,20240102,1,1,1,1,1\n",
                       "all.csv");
  CAF_CHECK(read.source->format == bar_format::multi_symbol_csv);
  CAF_REQUIRE_EQUAL(read.rows.size(), 5u);
  CAF_CHECK_EQUAL(read.rows[0].symbol, "CBA.AX");
  CAF_CHECK_EQUAL(read.rows[1].symbol, "^AXJO");
  CAF_CHECK_EQUAL(read.rows[2].symbol, "WBC.AX");
  CAF_CHECK(read.rows[3].problem == row_problem::bad_symbol);
  CAF_CHECK(read.rows[4].problem == row_problem::bad_symbol);
}

CAF_TEST(a day file has no header and survives a broken first line) {
  auto read = read_all("\xEF\xBB\xBF" "1AD,20200224,.08,.081,.078,xx,218482\n"
                       "1ST,20200224,.05,.05,.048,.05,587187",
                       "20200224.csv");
  CAF_CHECK(read.source->format == bar_format::day_file);
  CAF_CHECK(read.source->interval == bar_interval::d1);
  CAF_REQUIRE_EQUAL(read.rows.size(), 2u);
  CAF_CHECK(read.rows[0].problem == row_problem::bad_number);
  CAF_CHECK_EQUAL(read.rows[0].symbol, "1AD.AX");
  CAF_CHECK_EQUAL(read.rows[1].symbol, "1ST.AX");
  CAF_CHECK(read.rows[1].values == (bar_values{.05, .05, .048, .05, 587187}));
}

CAF_TEST(AlphaVantage times are turned into UTC and put in order) {
  auto read = read_all(alpha_vantage, "x.json");
  CAF_CHECK_EQUAL(read.error, "");
  CAF_CHECK(read.source->interval == bar_interval::m1);
  CAF_REQUIRE_EQUAL(read.rows.size(), 4u);
  // 02:30 on 11 March 2018 was skipped by the clocks of New York.
  CAF_CHECK(read.rows[0].problem == row_problem::bad_date);
  CAF_CHECK(read.rows[1].problem == row_problem::wrong_column_count);
  CAF_CHECK(read.rows[2].problem == row_problem::bad_number);
  CAF_CHECK_EQUAL(read.rows[2].field, "close");
  const auto& last = read.rows[3];
  CAF_CHECK(last.problem == row_problem::none);
  CAF_CHECK_EQUAL(last.symbol, "CBA.AX");
  CAF_CHECK_EQUAL(last.line, 1u);
  CAF_CHECK(last.at == parse_rfc3339("2018-06-18T06:00:00Z"));
  CAF_CHECK(last.values == (bar_values{69.61, 69.65, 69.60, 69.65, 3374}));
  CAF_CHECK(last.text.starts_with("\"2018-06-18 02:00:00\": {"));
}

CAF_TEST(JSON that is cut off or lacks its zone is an error) {
  auto cut = read_all(alpha_vantage.substr(0, 500), "x.json");
  CAF_CHECK(cut.error.find("broken JSON") != std::string::npos);
  CAF_CHECK(cut.rows.empty());
  std::string text{alpha_vantage};
  text.replace(text.find("US/Eastern"), 10, "Mars/North");
  auto lost = read_all(text, "x.json");
  CAF_CHECK(lost.error.find("Mars/North") != std::string::npos);
  std::string nothing{alpha_vantage};
  nothing.replace(nothing.find("\"Time Series (1min)\": {"), 23,
                  "\"x\": \"Time Series (1min)\", \"y\": {");
  CAF_CHECK(read_all(nothing, "x.json").error.find("without a")
            != std::string::npos);
}

CAF_TEST(JSON that is damaged anywhere never crashes) {
  std::minstd_rand random{5};
  const std::string_view alphabet = "0123456789.,-:\"{}[]nulx \n\xFF";
  std::size_t broken = 0;
  std::size_t rows = 0;
  for (int round = 0; round < 3000; ++round) {
    std::string text{alpha_vantage};
    for (int i = 0; i < 2; ++i)
      text[random() % text.size()] = alphabet[random() % alphabet.size()];
    auto read = read_chunks(text, "x.json", [&] { return 1 + random() % 500; });
    broken += !read.error.empty();
    rows += read.rows.size();
    if (!read.error.empty())
      CAF_REQUIRE(read.rows.empty());
  }
  CAF_CHECK(broken > 100);
  CAF_CHECK(rows > 100);
}

CAF_TEST(JSON that is too long is an error) {
  auto found = detect_bars(alpha_vantage, "x.json");
  CAF_REQUIRE(found.source.has_value());
  bar_reader reader{*found.source};
  const std::string blanks(alpha_vantage_document::max_bytes / 4 + 1, ' ');
  for (int i = 0; i < 4; ++i)
    reader.feed(blanks);
  reader.finish();
  CAF_CHECK(reader.next() == nullptr);
  CAF_CHECK(reader.error().find("64 MiB") != std::string::npos);
}

CAF_TEST(what is not bar data is refused with what it is) {
  using namespace std::string_view_literals;
  CAF_CHECK(refused_as("", "empty"));
  CAF_CHECK(refused_as("\xEF\xBB\xBF", "byte order mark"));
  CAF_CHECK(refused_as("\n \r\n", "blank"));
  CAF_CHECK(refused_as("../data/trading_predictions.db", "without columns"));
  CAF_CHECK(refused_as("SQLite format 3\0...."sv, "SQLite"));
  CAF_CHECK(refused_as("\x1F\x8B\x08\0"sv, "gzip"));
  CAF_CHECK(refused_as("PK\x03\x04...", "ZIP"));
  CAF_CHECK(refused_as("\xFF\xFE"
                       "D\0a\0"sv,
                       "UTF-16"));
  CAF_CHECK(refused_as("ab\0cd"sv, "binary data: ab\\x00cd"));
  CAF_CHECK(refused_as("\n<!DOCTYPE html><html>", "HTML"));
  CAF_CHECK(refused_as("{\"Note\": \"call frequency\"}", "AlphaVantage"));
  CAF_CHECK(refused_as("[1, 2]", "JSON"));
  CAF_CHECK(refused_as("{\"Meta Data\": {}, \"Time Series (2min)\": {}}",
                       "2min"));
  CAF_CHECK(refused_as("date,symbol,predicted,confidence\n2024-01-02,B,1,2\n",
                       "without Open, High, Low, Close"));
  CAF_CHECK(refused_as("Date,Open,High,Low,Adj Close\n", "without Close"));
  CAF_CHECK(refused_as("Date,Open,High,Low,Close,Close\n", "twice"));
  CAF_CHECK(refused_as(std::string(70, ','), "more than 64 columns"));
  CAF_CHECK(refused_as("Date,Open,High,Low,Close,Volume\r2024-01-02,1,1\r",
                       "carriage returns"));
  CAF_CHECK(refused_as("1,2,3\n4,5,6\n", "1,2,3"));
}

CAF_TEST(three header lines that do not fit are refused) {
  CAF_CHECK(refused_as("Price,Close,High,Low,Open\nTicker,A,A,A,B\nDate,,,,\n",
                       "several symbols"));
  CAF_CHECK(refused_as("Price,Close,High,Low,Open\nTicker,A,A,A\nDate,,,,\n",
                       "different lengths"));
  CAF_CHECK(refused_as("Price,Close,High\nTicker,AB,AB\nDate,,\n",
                       "without Open, Low"));
  CAF_CHECK(refused_as("Price,Close,High,Low,Open\nTicker,?,?,?,?\nDate,,,,\n",
                       "names no symbol"));
}

CAF_TEST(a header without rows is a file without rows) {
  auto read = read_all("Date,Open,High,Low,Close,Volume", "CBA.csv");
  CAF_CHECK(read.source.has_value());
  CAF_CHECK(read.rows.empty());
  CAF_CHECK(!read.source->interval);
}

CAF_TEST(the symbol is taken from the name of the file) {
  auto symbol = [](std::string_view name) {
    return symbol_from_filename(name).value_or("");
  };
  CAF_CHECK_EQUAL(symbol("CBA.csv"), "CBA.AX");
  CAF_CHECK_EQUAL(symbol("/a/b.c/CBA.AX.csv"), "CBA.AX");
  CAF_CHECK_EQUAL(symbol("CBA.AX_data.csv"), "CBA.AX");
  CAF_CHECK_EQUAL(symbol("AUDUSD=X_15m.csv"), "AUDUSD=X");
  CAF_CHECK_EQUAL(symbol("^GSPC.csv"), "^GSPC");
  CAF_CHECK_EQUAL(symbol("BTC-USD.csv.gz"), "BTC-USD");
  CAF_CHECK_EQUAL(symbol("alphavantage_1min_CBA.AX_2018-06-18.json"), "CBA.AX");
  CAF_CHECK_EQUAL(symbol("360.csv"), "360.AX");
  CAF_CHECK_EQUAL(symbol("1AD.AX.csv"), "1AD.AX");
  CAF_CHECK_EQUAL(symbol("cba.ax.csv"), "CBA.AX");
  CAF_CHECK_EQUAL(symbol("cba.csv"), "CBA.AX");
  CAF_CHECK_EQUAL(symbol("7203.T.csv"), "7203.T");
  CAF_CHECK_EQUAL(symbol("daily_CBA.csv"), "CBA.AX");
  for (auto name : {"20200224.csv", "prices.csv", "my file.csv", "v1.2.csv",
                    "", ".csv", "2018-06-18.csv", "___.csv", "of_the_day.csv",
                    "AET-L-1d-100x-error.csv"})
    CAF_CHECK_EQUAL(symbol(name), "");
}

CAF_TEST(a file whose symbol nobody tells has only rows in trouble) {
  auto read = read_all("Date,Open,High,Low,Close,Volume\n"
                       "2024-01-02,1,1,1,1,1\n",
                       "prices.csv");
  CAF_CHECK_EQUAL(read.source->symbol, "");
  CAF_REQUIRE_EQUAL(read.rows.size(), 1u);
  CAF_CHECK(read.rows[0].problem == row_problem::bad_symbol);
}

CAF_TEST(intervals are read from texts and names) {
  CAF_CHECK(interval_from_text("1min") == bar_interval::m1);
  CAF_CHECK(interval_from_text("30m") == bar_interval::m30);
  CAF_CHECK(interval_from_text("1h") == bar_interval::m60);
  CAF_CHECK(interval_from_text("60min") == bar_interval::m60);
  CAF_CHECK(interval_from_text("Daily") == bar_interval::d1);
  CAF_CHECK(interval_from_text("1d") == bar_interval::d1);
  for (auto text : {"", "m", "2m", "2d", "7h", "15x", "1AD", "15"})
    CAF_CHECK(!interval_from_text(text));
  CAF_CHECK(interval_from_filename("a/AUDUSD=X_15m.csv") == bar_interval::m15);
  CAF_CHECK(!interval_from_filename("CBA.csv"));
}
