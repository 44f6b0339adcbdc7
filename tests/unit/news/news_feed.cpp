#define CAF_SUITE news_feed
#include "models/news/news_feed.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;

namespace {

const timestamp now = parse_rfc3339("2026-09-11T00:00:00Z").value();

news_feed read(std::string_view body, const news_limits& limits = {}) {
  return parse_news_feed(body, {}, now, limits);
}

std::string rss(std::string items, std::string head = "<title>T</title>") {
  return "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel>" + head + items
         + "</channel></rss>";
}

constexpr auto date = "<pubDate>Thu, 10 Sep 2026 19:29:06 GMT</pubDate>";

std::string item(std::string title, std::string more = date,
                 std::string link = "https://a.example/1") {
  return "<item><title>" + title + "</title><link>" + link + "</link>" + more
         + "</item>";
}

news_item only(std::string_view body) {
  auto feed = read(body);
  CAF_REQUIRE(feed.status == news_status::ok);
  CAF_REQUIRE_EQUAL(feed.items.size(), 1u);
  return feed.items[0];
}

} // namespace

CAF_TEST(an item of RSS) {
  auto feed = read(rss(
    "<item><title>ANZ &amp; NAB <![CDATA[<b>rise</b>]]></title>"
    "<link> https://a.example/1 </link><guid isPermaLink=\"false\">id-1</guid>"
    "<description>&lt;p&gt;More.&lt;/p&gt;</description>"
    "<pubDate>Thu, 10 Sep 2026 19:29:06 GMT</pubDate>"
    "<source url=\"https://b.example\">The Paper</source></item>",
    "<title>Banks</title><ttl>15</ttl>"
    "<lastBuildDate>Thu, 10 Sep 2026 20:00:00 GMT</lastBuildDate>"));
  CAF_CHECK(feed.status == news_status::ok);
  CAF_CHECK_EQUAL(feed.title, "Banks");
  CAF_CHECK_EQUAL(feed.ttl_minutes.value(), 15u);
  CAF_CHECK_EQUAL(to_rfc3339(feed.built_at.value()), "2026-09-10T20:00:00Z");
  CAF_REQUIRE_EQUAL(feed.items.size(), 1u);
  const auto& x = feed.items[0];
  CAF_CHECK_EQUAL(x.identity, "id-1");
  CAF_CHECK_EQUAL(x.title, "ANZ & NAB rise");
  CAF_CHECK_EQUAL(x.summary, "More.");
  CAF_CHECK_EQUAL(x.link, "https://a.example/1");
  CAF_CHECK_EQUAL(x.source, "The Paper");
  CAF_CHECK(x.dated);
  CAF_CHECK_EQUAL(to_rfc3339(x.published_at), "2026-09-10T19:29:06Z");
  CAF_CHECK(feed.problems == decltype(feed.problems){});
}

CAF_TEST(an entry of Atom) {
  auto x = only(
    "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>F</title>"
    "<entry><id>urn:1</id><title type=\"html\">&lt;i&gt;CBA&lt;/i&gt; "
    "&amp;amp; co</title><link rel=\"self\" href=\"https://a.example/self\"/>"
    "<link href=\"https://a.example/1\"/><updated>2026-09-10T19:29:06Z"
    "</updated><published>2026-09-10T18:00:00+10:00</published>"
    "<source><title>Other</title></source><summary>S</summary></entry></feed>");
  CAF_CHECK_EQUAL(x.identity, "urn:1");
  CAF_CHECK_EQUAL(x.title, "CBA & co");
  CAF_CHECK_EQUAL(x.link, "https://a.example/1");
  CAF_CHECK_EQUAL(x.source, "Other");
  CAF_CHECK_EQUAL(to_rfc3339(x.published_at), "2026-09-10T08:00:00Z");
  auto text = only("<a:feed xmlns:a='http://www.w3.org/2005/Atom'><a:entry>"
                   "<a:id>1</a:id><a:title>a &lt;b&gt; c</a:title>"
                   "</a:entry></a:feed>");
  CAF_CHECK_EQUAL(text.title, "a <b> c");
  auto xhtml = only("<feed><entry><id>1</id><title type='xhtml'><div>a"
                    "<b>b</b> c</div></title></entry></feed>");
  CAF_CHECK_EQUAL(xhtml.title, "a b c");
}

CAF_TEST(an item of RDF) {
  auto x = only(
    "<rdf:RDF xmlns:rdf='x' xmlns:dc='y'><channel rdf:about='c'><title>C"
    "</title></channel><item rdf:about='https://a.example/1'><title>WBC"
    "</title><link>https://a.example/1</link><dc:date>2026-09-10T19:29+10:00"
    "</dc:date></item></rdf:RDF>");
  CAF_CHECK_EQUAL(x.title, "WBC");
  CAF_CHECK_EQUAL(x.identity, "https://a.example/1");
  CAF_CHECK_EQUAL(to_rfc3339(x.published_at), "2026-09-10T09:29:00Z");
}

CAF_TEST(names of other spaces mean something else) {
  auto x = only(rss("<item><media:title>no</media:title><itunes:title>no"
                    "</itunes:title><title>yes</title></item>"));
  CAF_CHECK_EQUAL(x.title, "yes");
  CAF_CHECK_EQUAL(read(rss("<atom:link href='x'/><image><title>I</title>"
                           "<item><title>no</title></item></image>"))
                    .items.size(),
                  0u);
}

CAF_TEST(identity falls back from guid to link to title) {
  CAF_CHECK_EQUAL(only(rss(item("A"))).identity, "https://a.example/1");
  CAF_CHECK_EQUAL(only(rss("<item><title>A</title></item>")).identity, "A");
  CAF_CHECK_EQUAL(
    only(rss("<item><title>A</title><guid>https://a.example/2</guid></item>"))
      .link,
    "https://a.example/2");
}

CAF_TEST(duplicates and untitled items are dropped and counted) {
  auto feed = read(rss(item("A") + item("B") + "<item><link>x</link></item>"
                       + item("<![CDATA[ <b></b> ]]>")));
  CAF_CHECK_EQUAL(feed.items.size(), 1u);
  CAF_CHECK_EQUAL(feed.count(item_problem::duplicate), 1u);
  CAF_CHECK_EQUAL(feed.count(item_problem::untitled), 2u);
}

CAF_TEST(hostile links are dropped and counted) {
  auto feed = read(rss(item("A", date, "javascript:alert(1)")
                       + item("B", date, "data:text/html,x")
                       + item("C", date, "")));
  CAF_REQUIRE_EQUAL(feed.items.size(), 3u);
  for (const auto& x : feed.items)
    CAF_CHECK_EQUAL(x.link, "");
  CAF_CHECK_EQUAL(feed.count(item_problem::bad_link), 3u);
}

CAF_TEST(dates that cannot be used give the time of receipt) {
  auto problem = [](std::string more) {
    auto feed = read(rss(item("A", more)));
    CAF_REQUIRE_EQUAL(feed.items.size(), 1u);
    CAF_CHECK(!feed.items[0].dated && feed.items[0].published_at == now);
    for (std::size_t i = 0; i < item_problem_count; ++i)
      if (feed.problems[i] == 1)
        return to_string(static_cast<item_problem>(i));
    return std::string_view{};
  };
  CAF_CHECK_EQUAL(problem(""), "no_date");
  CAF_CHECK_EQUAL(problem("<pubDate/>"), "no_date");
  CAF_CHECK_EQUAL(problem("<pubDate>soon</pubDate>"), "bad_date");
  CAF_CHECK_EQUAL(problem("<pubDate>1 Jan 1970 00:00 GMT</pubDate>"),
                  "bad_date");
  CAF_CHECK_EQUAL(problem("<pubDate>10 Sep 2026 10:00</pubDate>"), "no_zone");
  CAF_CHECK_EQUAL(problem("<pubDate>11 Sep 2026 00:10:01 GMT</pubDate>"),
                  "future_date");
  // A little ahead is a clock that is wrong.
  CAF_CHECK(only(rss(item("A", "<pubDate>11 Sep 2026 00:10:00 GMT</pubDate>")))
              .dated);
  // A second date helps.
  CAF_CHECK(only(rss(item("A", "<pubDate>soon</pubDate><dc:date>"
                               "2026-09-10T10:00:00Z</dc:date>")))
              .dated);
}

CAF_TEST(the name of the source leaves the title) {
  CAF_CHECK_EQUAL(
    only(rss(item("ANZ rises - The Paper", "<source>The Paper</source>")))
      .title,
    "ANZ rises");
  CAF_CHECK_EQUAL(only(rss(item("ANZ - WBC", "<source>Paper</source>"))).title,
                  "ANZ - WBC");
}

CAF_TEST(entities are refused) {
  std::string laughs = "<?xml version=\"1.0\"?><!DOCTYPE lolz [<!ENTITY lol "
                       "\"lol\">";
  for (char c = 'b'; c < 'k'; ++c)
    laughs += std::string{"<!ENTITY "} + c + " \"&lol;&lol;&lol;&lol;\">";
  auto feed = read(laughs + "]><rss><channel><item><title>&j;</title></item>"
                            "</channel></rss>");
  CAF_CHECK(feed.status == news_status::refused);
  CAF_CHECK(feed.items.empty());
  CAF_CHECK(read("<!DOCTYPE r [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>"
                 "<rss><channel><item><title>&x;</title></item></channel></rss>")
              .status
            == news_status::refused);
  // RSS 0.91 had a harmless one.
  CAF_CHECK(read("<!DOCTYPE rss PUBLIC \"-//Netscape Communications//DTD RSS "
                 "0.91//EN\" \"http://x/rss-0.91.dtd\"><rss><channel/></rss>")
              .status
            == news_status::ok);
}

CAF_TEST(limits) {
  news_limits limits;
  limits.items_max = 2;
  limits.title_bytes_max = 10;
  std::string items;
  for (int i = 0; i < 5; ++i)
    items += item("title number " + std::to_string(i), date,
                  "https://a.example/" + std::to_string(i));
  auto feed = read(rss(items), limits);
  CAF_CHECK_EQUAL(feed.items.size(), 2u);
  CAF_CHECK_EQUAL(feed.count(item_problem::beyond_limit), 3u);
  CAF_CHECK_EQUAL(feed.items[0].title, "title n…");
  limits.bytes_max = 100;
  CAF_CHECK(read(rss(items), limits).status == news_status::too_large);
}

CAF_TEST(what is no feed) {
  for (auto bad : {"", "text", "<", "<rss><channel>", "<rss></channel>",
                   "{\"a\":1}", "<rss><channel><item></channel></rss>"})
    CAF_CHECK(read(bad).status == news_status::malformed);
  CAF_CHECK(read("<html><body/></html>").status == news_status::no_feed);
  CAF_CHECK(read("<rss/>").status == news_status::no_feed);
  CAF_CHECK(read("<?xml encoding='x-unknown'?><rss/>").status
            == news_status::bad_encoding);
  CAF_CHECK(read("<feed/>").status == news_status::ok);
  auto whole = rss(item("A"));
  for (std::size_t length = 0; length < whole.size(); ++length)
    if (read(whole.substr(0, length)).status == news_status::ok)
      CAF_FAIL("cut at " << length);
}

CAF_TEST(deep documents do not break the stack) {
  std::string deep;
  for (int i = 0; i < 100'000; ++i)
    deep += "<b>";
  deep += 'x';
  for (int i = 0; i < 100'000; ++i)
    deep += "</b>";
  CAF_CHECK_EQUAL(only(rss(item(deep))).title, "x");
}
