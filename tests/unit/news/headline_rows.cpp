#define CAF_SUITE headline_rows
#include "models/news/headline_rows.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;

namespace {

constexpr auto received = from_micros(1'760'000'000'000'000); // 2025-10-09

headline_document read(std::string_view text) {
  return read_headlines(text, received);
}

} // namespace

CAF_TEST(columns are found by name in any order and with any separator) {
  for (char separator : {',', '\t', ';', '|'}) {
    std::string text = "Ticker,Published At,Headline,URL,Publisher,Seen At\n"
                       "CBA,2025-07-01T00:00:00Z,Profit up 8 %,"
                       "https://a.example/1,AFR,2025-07-01T01:00:00Z\n";
    for (auto& c : text)
      if (c == ',')
        c = separator;
    auto x = read(text);
    CAF_CHECK_EQUAL(x.error, "");
    CAF_REQUIRE_EQUAL(x.rows.size(), 1u);
    const auto& row = x.rows[0];
    CAF_CHECK_EQUAL(row.line, 2u);
    CAF_CHECK_EQUAL(row.symbols, "CBA");
    CAF_CHECK_EQUAL(row.title, "Profit up 8 %");
    CAF_CHECK_EQUAL(row.link, "https://a.example/1");
    CAF_CHECK_EQUAL(row.source, "AFR");
    CAF_CHECK_EQUAL(row.published, "2025-07-01T00:00:00Z");
    CAF_CHECK_EQUAL(row.fetched, "2025-07-01T01:00:00Z");
    CAF_CHECK(row.problem.empty());
  }
}

CAF_TEST(the more telling name of a column is taken) {
  auto x = read("title,timestamp,date,published_at\na,1,2,3\n");
  CAF_REQUIRE_EQUAL(x.rows.size(), 1u);
  CAF_CHECK_EQUAL(x.rows[0].published, "3");
  auto alone = read("headline,timestamp\na,1\n");
  CAF_REQUIRE_EQUAL(alone.rows.size(), 1u);
  CAF_CHECK_EQUAL(alone.rows[0].published, "1");
}

CAF_TEST(quotes hold separators and line feeds and lines go on counting) {
  auto x = read("title,date\r\n\"One, \"\"two\"\"\nthree\",2025-07-01\r\n\r\n"
                "Four,2025-07-02\r\n");
  CAF_REQUIRE_EQUAL(x.rows.size(), 2u);
  CAF_CHECK_EQUAL(x.rows[0].title, "One, \"two\" three");
  CAF_CHECK_EQUAL(x.rows[0].line, 2u);
  CAF_CHECK_EQUAL(x.rows[1].title, "Four");
  CAF_CHECK_EQUAL(x.rows[1].published, "2025-07-02");
  CAF_CHECK_EQUAL(x.rows[1].line, 5u);
}

CAF_TEST(a row that cannot be read is kept with its reason and no other) {
  auto x = read("title,date\n"
                "\"never closed,2025-07-01\n"
                "one,two,three\n"
                "bytes \xff\xfe,2025-07-01\n"
                "\"closed\" and on,2025-07-01\n"
                "Fine,2025-07-02\n");
  CAF_REQUIRE_EQUAL(x.rows.size(), 5u);
  CAF_CHECK_EQUAL(x.rows[0].problem, "bad_quotes");
  CAF_CHECK_EQUAL(x.rows[0].payload, "\"never closed,2025-07-01");
  CAF_CHECK_EQUAL(x.rows[1].problem, "wrong_column_count");
  CAF_CHECK_EQUAL(x.rows[2].problem, "not_utf8");
  CAF_CHECK_EQUAL(x.rows[3].problem, "bad_quotes");
  CAF_CHECK(x.rows[4].problem.empty());
  CAF_CHECK_EQUAL(x.rows[4].line, 6u);
}

CAF_TEST(markup in titles and links that lead nowhere are cleaned) {
  auto x = read("title,url\nProfit &amp; <b>loss</b>,javascript:alert(1)\n");
  CAF_REQUIRE_EQUAL(x.rows.size(), 1u);
  CAF_CHECK_EQUAL(x.rows[0].title, "Profit & loss");
  CAF_CHECK_EQUAL(x.rows[0].link, "");
}

CAF_TEST(a table without titles is told to be none) {
  CAF_CHECK_EQUAL(read("Date,Open,High,Low,Close,Volume\n1,2,3,4,5,6\n").error,
                  "not headlines: no column is named title or headline");
  for (auto nothing : {"", " \r\n", "\xef\xbb\xbf"})
    CAF_CHECK_EQUAL(read(nothing).error, "not headlines: the file is empty");
  CAF_CHECK(!read("\0\1\2\3").error.empty());
  auto only_header = read("title,date\n");
  CAF_CHECK(only_header.error.empty());
  CAF_CHECK(only_header.rows.empty());
}

CAF_TEST(json rows are found however deep they lie) {
  auto x = read(R"({"status": "ok", "articles": [
    {"title": "One", "publishedAt": "2025-07-01T00:00:00Z",
     "source": {"id": null, "name": "AFR"}, "url": "https://a.example/1"},
    {"headline": "Two", "datetime": 1751328000, "tickers": ["CBA", "WBC"]}]})");
  CAF_REQUIRE_EQUAL(x.rows.size(), 2u);
  CAF_CHECK_EQUAL(x.rows[0].title, "One");
  CAF_CHECK_EQUAL(x.rows[0].source, "AFR");
  CAF_CHECK_EQUAL(x.rows[0].link, "https://a.example/1");
  CAF_CHECK_EQUAL(x.rows[1].title, "Two");
  CAF_CHECK_EQUAL(x.rows[1].published, "1751328000");
  CAF_CHECK_EQUAL(x.rows[1].symbols, "CBA,WBC");
  CAF_CHECK_EQUAL(x.rows[1].line, 2u);
}

CAF_TEST(a feed in json has a title of its own that is no headline) {
  auto x = read(R"({"title": "My feed", "items": [
    {"title": "One", "date_published": "2025-07-01T00:00:00Z"}]})");
  CAF_REQUIRE_EQUAL(x.rows.size(), 1u);
  CAF_CHECK_EQUAL(x.rows[0].title, "One");
}

CAF_TEST(the shape of the legacy history gives symbol and time of fetching) {
  auto x = read(R"([{"symbol": "CBA.AX", "timestamp": "2025-07-06T15:11:59",
    "sentiment_scores": {"average_sentiment": 0.05},
    "significant_events": {"events_detected": [
      {"type": "deal", "headline": "CommBank signs", "source": "Google News",
       "date": "2025-07-06T15:11:49"}]},
    "recent_headlines": ["ASX closes above 8600", ""]}])");
  CAF_REQUIRE_EQUAL(x.rows.size(), 3u);
  CAF_CHECK_EQUAL(x.rows[0].title, "CommBank signs");
  CAF_CHECK_EQUAL(x.rows[0].symbols, "CBA.AX");
  CAF_CHECK_EQUAL(x.rows[0].published, "2025-07-06T15:11:49");
  CAF_CHECK_EQUAL(x.rows[0].fetched, "2025-07-06T15:11:59");
  CAF_CHECK_EQUAL(x.rows[1].title, "ASX closes above 8600");
  CAF_CHECK_EQUAL(x.rows[1].published, "");
  CAF_CHECK_EQUAL(x.rows[1].fetched, "2025-07-06T15:11:59");
  CAF_CHECK_EQUAL(x.rows[2].title, "");
}

CAF_TEST(damaged json and json without titles are told apart) {
  CAF_CHECK(read("[{\"title\": \"cut").error.find("damaged or cut off")
            != std::string::npos);
  CAF_CHECK(read("[{\"symbol\": \"CBA.AX\", \"confidence\": 0.6}]")
              .error.find("nothing in the JSON has a title")
            != std::string::npos);
  std::string deep(200, '[');
  CAF_CHECK(!read(deep).error.empty());
}

CAF_TEST(of a feed every item is a row with its date or its problem) {
  auto x = read("\xef\xbb\xbf <rss version=\"2.0\"><channel>"
                "<title>Example</title>"
                "<item><guid>1</guid><title>One</title>"
                "<link>https://a.example/1</link>"
                "<pubDate>Tue, 01 Jul 2025 00:30:00 GMT</pubDate></item>"
                "<item><guid>1</guid><title>One again</title></item>"
                "<item><description>No title</description></item>"
                "<item><guid>3</guid><title>Undated</title></item>"
                "<item><guid>4</guid><title>Naive</title>"
                "<pubDate>2025-07-01 00:30:00</pubDate></item>"
                "</channel></rss>");
  CAF_CHECK_EQUAL(x.error, "");
  CAF_CHECK_EQUAL(x.source, "Example");
  CAF_REQUIRE_EQUAL(x.rows.size(), 5u);
  CAF_CHECK_EQUAL(x.rows[0].published, "2025-07-01T00:30:00Z");
  CAF_CHECK(x.rows[0].problem.empty());
  CAF_CHECK(x.rows[1].repeated);
  CAF_CHECK_EQUAL(x.rows[2].problem, "untitled");
  CAF_CHECK_EQUAL(x.rows[2].payload, "No title");
  CAF_CHECK_EQUAL(x.rows[3].problem, "no_date");
  CAF_CHECK_EQUAL(x.rows[4].problem, "no_zone");
  for (std::size_t i = 0; i < x.rows.size(); ++i)
    CAF_CHECK_EQUAL(x.rows[i].line, i + 1);
}

CAF_TEST(a page that is no feed says what it is) {
  CAF_CHECK(read("<html><body>maintenance</body></html>").error.find("no_feed")
            != std::string::npos);
  CAF_CHECK(read("<rss><channel><item>").error.find("malformed")
            != std::string::npos);
}
