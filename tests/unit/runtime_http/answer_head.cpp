#define CAF_SUITE http_answer_head
#include "runtime/http/answer_head.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia::http;

namespace {

head_facts facts() {
  head_facts x;
  x.keep_alive = true;
  x.trace_id = "abc";
  x.request_id = "mine";
  x.content_length = 5;
  return x;
}

std::size_t count(const std::string& in, std::string_view what) {
  std::size_t result = 0;
  for (auto at = in.find(what); at != std::string::npos;
       at = in.find(what, at + 1))
    ++result;
  return result;
}

} // namespace

CAF_TEST(a head has a status line each field once and an empty line) {
  auto head = answer_head({200, "application/json", "12345"}, facts());
  CAF_CHECK(head.starts_with("HTTP/1.1 200 OK\r\nDate: "));
  CAF_CHECK(head.ends_with("\r\n\r\n"));
  CAF_CHECK_EQUAL(count(head, "\r\n\r\n"), 1u);
  for (auto line :
       {"\r\nCache-Control: no-store\r\n", "\r\nX-Trace-Id: abc\r\n",
        "\r\nX-Request-Id: mine\r\n", "\r\nContent-Length: 5\r\n",
        "\r\nContent-Type: application/json\r\n",
        "\r\nContent-Security-Policy: default-src 'none'; "
        "frame-ancestors 'none'\r\n"})
    CAF_CHECK_EQUAL(count(head, line), 1u);
  CAF_CHECK_EQUAL(count(head, "Strict-Transport-Security"), 0u);
}

CAF_TEST(further fields leave those of the server as they are) {
  auto alone = answer_head({404, "text/plain", "12345"}, facts());
  response with{404, "text/plain", "12345"};
  with.headers = {{"X-Further", "1"}};
  auto beside = answer_head(with, facts());
  constexpr std::string_view line = "X-Further: 1\r\n";
  auto at = beside.find(line);
  CAF_REQUIRE(at != std::string::npos);
  beside.erase(at, line.size());
  // Their second may have changed in between.
  auto without_date = [](const std::string& head) {
    return head.substr(head.find("GMT"));
  };
  CAF_CHECK_EQUAL(without_date(beside), without_date(alone));
}

CAF_TEST(a page may load its own files) {
  auto head = answer_head({200, "text/html; charset=utf-8", ""}, facts());
  CAF_CHECK_EQUAL(count(head, "Content-Security-Policy"), 1u);
  CAF_CHECK_EQUAL(count(head, "script-src 'self'"), 1u);
}

CAF_TEST(fields of an answer win over the server) {
  response with{200, "", ""};
  with.headers = {{"cache-control", "no-cache"}, {"Vary", "a"}, {"Vary", "b"}};
  name_values further{{"ETag", "\"x\""}, {"X-Frame-Options", "SAMEORIGIN"}};
  auto about = facts();
  about.further = &further;
  auto head = answer_head(with, about);
  CAF_CHECK_EQUAL(count(head, "no-store"), 0u);
  CAF_CHECK_EQUAL(count(head, "cache-control: no-cache\r\n"), 1u);
  CAF_CHECK_EQUAL(count(head, "Vary: "), 2u);
  CAF_CHECK_EQUAL(count(head, "X-Frame-Options: "), 1u);
  CAF_CHECK_EQUAL(count(head, "X-Frame-Options: SAMEORIGIN\r\n"), 1u);
  CAF_CHECK_EQUAL(count(head, "ETag: \"x\"\r\n"), 1u);
}

CAF_TEST(what would break the message is left out) {
  response with{200, "text/plain\r\nX-Evil: 1", ""};
  with.headers = {{"Content-Length", "99"}, {"connection", "close"},
                  {"Transfer-Encoding", "chunked"}, {"", "x"},
                  {"Bad Name", "x"}, {"Location", "/a\r\nX-Evil: 2"}};
  auto head = answer_head(with, facts());
  CAF_CHECK_EQUAL(count(head, "X-Evil"), 0u);
  CAF_CHECK_EQUAL(count(head, "99"), 0u);
  CAF_CHECK_EQUAL(count(head, "chunked"), 0u);
  CAF_CHECK_EQUAL(count(head, "Bad Name"), 0u);
  CAF_CHECK_EQUAL(count(head, "Content-Length"), 1u);
}

CAF_TEST(a connection says only what its version does not) {
  auto line = [](unsigned version, bool keep_alive) {
    auto about = facts();
    about.version = version;
    about.keep_alive = keep_alive;
    auto head = answer_head({204, "", ""}, about);
    auto at = head.find("Connection: ");
    return at == std::string::npos ? std::string{}
                                   : head.substr(at, head.find('\r', at) - at);
  };
  CAF_CHECK_EQUAL(line(11, true), "");
  CAF_CHECK_EQUAL(line(11, false), "Connection: close");
  CAF_CHECK_EQUAL(line(10, true), "Connection: keep-alive");
  CAF_CHECK_EQUAL(line(10, false), "");
  auto old = facts();
  old.version = 10;
  CAF_CHECK(answer_head({404, "", ""}, old).starts_with("HTTP/1.0 404 Not Found"));
}

CAF_TEST(without a body nothing is said of its length) {
  auto about = facts();
  about.content_length = std::nullopt;
  about.is_secure = true;
  auto head = answer_head({304, "", ""}, about);
  CAF_CHECK_EQUAL(count(head, "Content-Length"), 0u);
  CAF_CHECK_EQUAL(count(head, "Strict-Transport-Security: max-age="), 1u);
}

CAF_TEST(dates are as RFC 9110 has them) {
  CAF_CHECK_EQUAL(http_date(784111777), "Sun, 06 Nov 1994 08:49:37 GMT");
}
