#define CAF_SUITE http_url
#include "runtime/http/url.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;
using http::masked;

CAF_TEST(parts of an address) {
  auto url = http::parse_url("HTTPS://Feed.Example/a/b?c=d#e");
  CAF_REQUIRE(url);
  CAF_CHECK(url->secure && !url->is_address);
  CAF_CHECK_EQUAL(url->host, "feed.example");
  CAF_CHECK_EQUAL(url->port, 443);
  CAF_CHECK_EQUAL(url->target, "/a/b?c=d");
  CAF_CHECK_EQUAL(url->authority(), "feed.example");
  CAF_CHECK_EQUAL(http::parse_url("http://a.example:443")->text(),
                  "http://a.example:443/");
  auto v6 = http::parse_url("http://[::1]:8080/x");
  CAF_REQUIRE(v6);
  CAF_CHECK(v6->is_address);
  CAF_CHECK_EQUAL(v6->host, "::1");
  CAF_CHECK_EQUAL(v6->authority(), "[::1]:8080");
  CAF_CHECK(!http::parse_url("http://a.example/" + std::string(9000, 'x')));
}

CAF_TEST(a port is a number) {
  for (auto bad : {"http://a.example:b", "http://a.example:8x/",
                   "http://a.example:-1/", "http://a.example:65536/"})
    CAF_CHECK(!http::parse_url(bad));
  auto usual = http::parse_url("http://a.example:/");
  CAF_REQUIRE(usual);
  CAF_CHECK_EQUAL(usual->port, 80);
}

CAF_TEST(references are resolved) {
  auto from = *http::parse_url("https://a.example/b/c?d=e");
  auto to = [&](std::string_view location) {
    auto result = http::resolve_url(from, location);
    return result ? result->text() : result.error();
  };
  CAF_CHECK_EQUAL(to("/x"), "https://a.example/x");
  CAF_CHECK_EQUAL(to("x?y=z"), "https://a.example/b/x?y=z");
  CAF_CHECK_EQUAL(to("//b.example/x"), "https://b.example/x");
  CAF_CHECK_EQUAL(to("http://b.example"), "http://b.example/");
  CAF_CHECK_EQUAL(to("../../../x"), "https://a.example/x");
  CAF_CHECK_EQUAL(to("javascript:alert(1)"), "neither http nor https");
  CAF_CHECK_EQUAL(to("http://u:p@b.example/"), "a user name in the address");
  CAF_CHECK_EQUAL(to("a b"), "no address");
}

CAF_TEST(secrets are masked) {
  CAF_CHECK_EQUAL(masked("https://a.example/q?symbol=CBA&apikey=X1&b=2"),
                  "https://a.example/q?symbol=CBA&apikey=***&b=2");
  CAF_CHECK_EQUAL(masked("?API_KEY=a b ?Token=c&x"),
                  "?API_KEY=*** b ?Token=***&x");
  CAF_CHECK_EQUAL(masked("failed: https://u:p@a.example/?crumb=x#y"),
                  "failed: https://***@a.example/?crumb=***#y");
  CAF_CHECK_EQUAL(masked("x?a=1;sig=2"), "x?a=1;sig=***");
  CAF_CHECK_EQUAL(masked("?key="), "?key=***");
  CAF_CHECK_EQUAL(masked("?key"), "?key");
  CAF_CHECK_EQUAL(masked("?q=key&p=a"), "?q=key&p=a");
  CAF_CHECK_EQUAL(masked(""), "");
}

CAF_TEST(addresses that are not of the internet) {
  for (auto inside :
       {"127.0.0.1", "127.9.9.9", "10.1.2.3", "172.16.0.1", "172.31.255.255",
        "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "198.18.0.1", "::1", "::", "fe80::1", "fe80::1%eth0",
        "fc00::1", "fd12::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
        "64:ff9b::a00:1", "no address", ""})
    CAF_CHECK(http::is_private_address(inside));
  for (auto outside : {"8.8.8.8", "172.32.0.1", "172.15.0.1", "100.128.0.1",
                       "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"})
    CAF_CHECK(!http::is_private_address(outside));
}
