#define CAF_SUITE http_negotiation
#include "runtime/http/negotiation.hpp"
#include "runtime/http/problem_type.hpp"

#include "runtime/http/content_coding.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia::http;

namespace {

preferences reading(name_values headers, bool may_repeat = true) {
  request what;
  what.headers = std::move(headers);
  return preferences_of(what, may_repeat);
}

response answered(const preferences& with, std::string body = "{}",
                  std::string type = "application/json") {
  response result{200, std::move(type), std::move(body)};
  negotiate(result, with);
  return result;
}

std::string header(const response& of, std::string_view name) {
  for (const auto& [known, value] : of.headers)
    if (known == name)
      return value;
  return "-";
}

const std::string large(4 * compressed_bytes_min, 'x');

} // namespace

CAF_TEST(equal bytes have one tag and others another) {
  CAF_CHECK_EQUAL(entity_tag("{}"), "\"44136fa355b3678a1146ad16f7e8649e\"");
  CAF_CHECK(entity_tag("{}") != entity_tag("{ }"));
  auto first = answered(reading({}));
  CAF_CHECK_EQUAL(header(first, "ETag"), entity_tag("{}"));
  CAF_CHECK_EQUAL(header(first, "Cache-Control"), "private, no-cache");
}

CAF_TEST(what the client has is not sent again) {
  auto tag = entity_tag("{}");
  for (auto known : {tag, "W/" + tag, "\"a\", " + tag, std::string{"*"},
                     tag.substr(0, tag.size() - 1) + "-gzip\""}) {
    auto got = answered(reading({{"if-none-match", known}}));
    CAF_CHECK_EQUAL(got.status, 304);
    CAF_CHECK_EQUAL(got.body, "");
    CAF_CHECK_EQUAL(header(got, "ETag"), tag);
  }
  auto other = answered(reading({{"If-None-Match", "\"a\""}}));
  CAF_CHECK_EQUAL(other.status, 200);
  CAF_CHECK_EQUAL(other.body, "{}");
}

CAF_TEST(changes and problems and what is never the same have no tag) {
  request post;
  post.method = method::post;
  post.headers = {{"If-None-Match", "*"}};
  auto made = answered(preferences_of(post, true));
  CAF_CHECK_EQUAL(made.status, 200);
  CAF_CHECK_EQUAL(header(made, "ETag"), "-");
  CAF_CHECK_EQUAL(header(answered(reading({}, false)), "ETag"), "-");
  CAF_CHECK_EQUAL(header(answered(reading({}), "x", "text/plain"), "ETag"),
                  "-");
  auto refused = problem(problems::not_found, "not here");
  negotiate(refused, reading({{"If-None-Match", "*"}}));
  CAF_CHECK_EQUAL(refused.status, 404);
  CAF_CHECK_EQUAL(header(refused, "ETag"), "-");
}

CAF_TEST(a tag of the handler is left to it) {
  response page{200, "text/html", "page", {{"ETag", "\"mine\""}}};
  negotiate(page, reading({{"If-None-Match", "\"mine\""}}, false));
  CAF_CHECK_EQUAL(page.status, 304);
}

CAF_TEST(large texts are compressed for who takes it) {
  auto with = reading({{"Accept-Encoding", "br, gzip;q=0.5"}});
  auto got = answered(with, large);
  CAF_CHECK_EQUAL(header(got, "Content-Encoding"), "gzip");
  CAF_CHECK_EQUAL(header(got, "Vary"), "Accept-Encoding");
  // Other bytes, another tag.
  auto tag = entity_tag(large);
  CAF_CHECK_EQUAL(header(got, "ETag"),
                  tag.substr(0, tag.size() - 1) + "-gzip\"");
  CAF_CHECK(got.body.size() < large.size() / 10);
  std::string back;
  CAF_CHECK(decode_content("gzip", got.body, large.size(), back)
            == coding_state::ok);
  CAF_CHECK(back == large);
  CAF_CHECK_EQUAL(header(answered(reading({{"Accept-Encoding", "*"}}), large),
                         "Content-Encoding"),
                  "gzip");
}

CAF_TEST(others get it as it is) {
  for (auto codings : {"", "br", "gzip;q=0", "gzip;q=0.0, br"}) {
    auto got = answered(reading({{"Accept-Encoding", codings}}), large);
    CAF_CHECK_EQUAL(header(got, "Content-Encoding"), "-");
    CAF_CHECK_EQUAL(header(got, "Vary"), "Accept-Encoding");
    CAF_CHECK(got.body == large);
  }
  auto with = reading({{"Accept-Encoding", "gzip"}});
  CAF_CHECK_EQUAL(header(answered(with, "{}"), "Content-Encoding"), "-");
  CAF_CHECK_EQUAL(header(answered(with, large, "image/png"),
                         "Content-Encoding"),
                  "-");
}

CAF_TEST(bodies of many sizes come back) {
  for (std::size_t size : {0u, 1u, 1000u, 70'000u, 1'000'000u}) {
    std::string body;
    for (std::size_t i = 0; body.size() < size; ++i)
      body += std::to_string(i * 7919);
    std::string back;
    CAF_CHECK(decode_content("gzip", encode_gzip(body), body.size(), back)
              == coding_state::ok);
    CAF_CHECK(back == body);
  }
}
