#define CAF_SUITE news_text
#include "models/news/news_text.hpp"

#include "models/news/seen_items.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;

namespace {

std::string html(std::string_view text) { return text_of_html(text, 500); }

} // namespace

CAF_TEST(tags comments scripts and styles go) {
  CAF_CHECK_EQUAL(html("<b>ANZ</b> up<br/>2&#37;"), "ANZ up 2%");
  CAF_CHECK_EQUAL(html("a<!-- <b> -->b"), "a b");
  CAF_CHECK_EQUAL(html("a<script>alert('<b>')</script>b"), "a b");
  CAF_CHECK_EQUAL(html("a<STYLE>x{}</Style >b"), "a b");
  CAF_CHECK_EQUAL(html("a<script>never closed"), "a");
  CAF_CHECK_EQUAL(html("a <img src=x onerror=alert(1)"), "a");
  CAF_CHECK_EQUAL(html("profit < 5 % but > 3 %"), "profit < 5 % but > 3 %");
}

CAF_TEST(entities are decoded once) {
  CAF_CHECK_EQUAL(html("Smith &amp; Sons&rsquo; &quot;deal&quot;&nbsp;&pound;5"),
                  "Smith & Sons’ \"deal\" £5");
  CAF_CHECK_EQUAL(html("&#8217;&#x2019;&#146;"), "’’’");
  CAF_CHECK_EQUAL(html("&amp;lt;"), "&lt;");
  CAF_CHECK_EQUAL(html("AT&T &unknown; &#0; &#xD800; &#x110000; &"),
                  "AT&T &unknown; &#0; &#xD800; &#x110000; &");
  CAF_CHECK_EQUAL(html("&lt;b&gt;"), "<b>");
}

CAF_TEST(white space and what is not seen) {
  CAF_CHECK_EQUAL(plain_text(" a\r\n\t b\x01 c\xC2\xA0 ", 100), "a b c");
  CAF_CHECK_EQUAL(plain_text("a\xE2\x80\x8B""b\xE2\x80\xAE""c\xEF\xBB\xBF", 9),
                  "abc");
  CAF_CHECK_EQUAL(plain_text("a\xFF\xC3" "b\xE2\x82", 9), "ab");
  CAF_CHECK_EQUAL(plain_text("", 9), "");
}

CAF_TEST(a cut keeps characters whole) {
  CAF_CHECK_EQUAL(plain_text("äöüäöü", 12), "äöüäöü");
  CAF_CHECK_EQUAL(plain_text("äöüäöü", 11), "äöüä…");
  CAF_CHECK_EQUAL(plain_text("abcdef", 5), "ab…");
  for (std::size_t limit = 0; limit < 40; ++limit)
    CAF_CHECK(plain_text("äö € abc 𝄞 xyz ÿ", limit).size() <= limit);
}

CAF_TEST(only http and https links are kept) {
  CAF_CHECK_EQUAL(safe_link(" https://a.example/b?c=d#e\n"),
                  "https://a.example/b?c=d#e");
  CAF_CHECK_EQUAL(safe_link("HTTP://a.example"), "HTTP://a.example");
  for (auto bad :
       {"", "javascript:alert(1)", "JaVaScRiPt:alert(1)",
        "data:text/html,<script>", "vbscript:x", "file:///etc/passwd",
        "ftp://a.example", "//a.example", "/relative", "https://", "https:///x",
        "https://user:pass@a.example/", "https://a.example/ b",
        "https://a.example/\"onclick=", "https://a.example/<b>",
        "java\nscript:alert(1)", "https://a.example/\x01", "https://:80/"})
    CAF_CHECK_EQUAL(safe_link(bad), "");
  CAF_CHECK_EQUAL(safe_link("https://a.example/" + std::string(3000, 'x')), "");
}

CAF_TEST(what was seen is remembered within bounds) {
  seen_items seen{3};
  CAF_CHECK(seen.add("a"));
  CAF_CHECK(!seen.add("a"));
  CAF_CHECK(seen.add("b") && seen.add("c") && seen.add("d"));
  CAF_CHECK_EQUAL(seen.size(), 3u);
  CAF_CHECK(!seen.contains("a") && seen.contains("b"));
  CAF_CHECK(seen.add("a"));
}
