#define CAF_SUITE news_recorded
#include "models/news/news_feed.hpp"

#include "tests/unit/market/feed_samples.hpp"
#include "tests/unit/market/recorded_days.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;
using namespace banksia::test;

namespace {

news_feed read(const std::filesystem::path& file) {
  return parse_news_feed(whole_file(file), "utf-8",
                         at("2026-10-01T00:00:00Z"));
}

} // namespace

CAF_TEST(Google News) {
  auto folder = recorded("news/rss_transcribed");
  if (folder.empty())
    return;
  auto feed = read(folder / "google_news_AAPL_2026-09-09.xml");
  CAF_REQUIRE(feed.status == news_status::ok);
  CAF_REQUIRE_EQUAL(feed.items.size(), 1u);
  const auto& x = feed.items[0];
  CAF_CHECK_EQUAL(x.title,
                  "How Apple stock usually reacts to big iPhone reveal events");
  CAF_CHECK_EQUAL(x.source, "Yahoo Finance");
  CAF_CHECK_EQUAL(x.identity, "CBMiugFBVV95");
  CAF_CHECK_EQUAL(x.link,
                  "https://news.google.com/rss/articles/CBMiugFBVV95?oc=5");
  CAF_CHECK_EQUAL(to_rfc3339(x.published_at), "2026-09-09T09:08:43Z");
  CAF_CHECK_EQUAL(x.summary, "How Apple stock usually reacts Yahoo Finance");
}

CAF_TEST(Yahoo) {
  auto folder = recorded("news/rss_transcribed");
  if (folder.empty())
    return;
  auto feed = read(folder / "yahoo_7203.T_2026-09-27.xml");
  CAF_REQUIRE(feed.status == news_status::ok);
  CAF_CHECK_EQUAL(feed.title, "Yahoo! Finance: 7203.T News");
  CAF_CHECK_EQUAL(to_rfc3339(feed.built_at.value()), "2026-09-27T16:10:53Z");
  CAF_REQUIRE_EQUAL(feed.items.size(), 2u);
  CAF_CHECK_EQUAL(feed.items[0].title,
                  "UK consumers urged to sign up for share of £56m new car "
                  "delivery compensation");
  CAF_CHECK_EQUAL(feed.items[0].link,
                  "https://uk.finance.yahoo.com/news/"
                  "uk-consumers-urged-sign-share-113811619.html?.tsrc=rss");
  CAF_CHECK_EQUAL(to_rfc3339(feed.items[0].published_at),
                  "2026-09-24T12:34:01Z");
  CAF_CHECK_EQUAL(to_rfc3339(feed.items[1].published_at),
                  "2026-09-26T15:30:15Z");
  CAF_CHECK_EQUAL(feed.items[1].identity, feed.items[1].link);
}

CAF_TEST(members in another order and an item without title) {
  auto folder = recorded("news/rss_transcribed");
  if (folder.empty())
    return;
  auto feed = read(folder / "yahoo_AAPL_2026-09-10_item_order.xml");
  CAF_REQUIRE(feed.status == news_status::ok);
  CAF_REQUIRE_EQUAL(feed.items.size(), 1u);
  CAF_CHECK_EQUAL(feed.count(item_problem::untitled), 1u);
  CAF_CHECK_EQUAL(feed.items[0].identity,
                  "9451ea7f-7928-44ed-a220-eae3eaa12747");
  CAF_CHECK_EQUAL(to_rfc3339(feed.items[0].published_at),
                  "2026-09-10T19:29:06Z");
}
