#define CAF_SUITE http_access
#include "runtime/http/admission.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia::http;

namespace {

const local_endpoint at{"192.0.2.7", 8001};
const access_rules plain{"secret"};

bool ours(std::string_view host) {
  return host_is_ours(host, at, plain);
}

int status_of(const request& what, const access_rules& rules = plain) {
  route known{what.method, "/a", [](const request&, responder) {},
              route_access::operate};
  admission door{rules, {}};
  auto refused = door.judge(what, {&known, "", {}}, at, {}).refusal;
  return refused ? refused->status : 0;
}

request post() {
  request what;
  what.method = method::post;
  what.body = "{}";
  what.segments = {"a"};
  what.remote = "127.0.0.1:50000";
  what.headers = {{"Host", "localhost:8001"},
                  {"Content-Type", "application/json"},
                  {"Authorization", "Bearer secret"}};
  return what;
}

request post_with(const std::string& name, const std::string& value) {
  auto what = post();
  for (auto& header : what.headers)
    if (header.first == name) {
      header.second = value;
      return what;
    }
  what.headers.emplace_back(name, value);
  return what;
}

} // namespace

CAF_TEST(loopback names and the own address are ours) {
  for (auto host : {"localhost", "LOCALHOST:9", "127.0.0.1:8001", "127.1.2.3",
                    "[::1]", "[::1]:8001", "192.0.2.7:8001"})
    CAF_CHECK(ours(host));
}

CAF_TEST(other names are not ours) {
  for (auto host :
       {"", "evil.example", "evil.example:8001", "192.0.2.7", "192.0.2.7:80",
        "localhost.evil.example", "127.evil.example", "127.0.0.1.evil.example",
        "localhost:x", "localhost:123456", "[::1", "[::1]x", ":8001",
        "a@localhost"})
    CAF_CHECK(!ours(host));
}

CAF_TEST(names can be added) {
  access_rules rules;
  rules.allowed_hosts = {"prediction", "banksia.example:443"};
  CAF_CHECK(host_is_ours("prediction:8001", at, rules));
  CAF_CHECK(host_is_ours("Banksia.example:443", at, rules));
  CAF_CHECK(!host_is_ours("banksia.example:80", at, rules));
}

CAF_TEST(an origin is ours when it is the host) {
  access_rules rules;
  rules.allowed_origins = {"https://banksia.example"};
  CAF_CHECK(origin_is_ours("http://localhost:8080", "localhost:8080", rules));
  CAF_CHECK(origin_is_ours("https://a.example", "a.example", rules));
  CAF_CHECK(origin_is_ours("https://banksia.example", "x", rules));
  CAF_CHECK(!origin_is_ours("http://localhost:3000", "localhost:8080", rules));
  CAF_CHECK(!origin_is_ours("null", "localhost:8080", rules));
  CAF_CHECK(!origin_is_ours("", "", rules));
  CAF_CHECK(!origin_is_ours("http://", "", rules));
}

CAF_TEST(secrets are compared whole) {
  CAF_CHECK(same_secret("abc", "abc"));
  CAF_CHECK(!same_secret("abc", "abd"));
  CAF_CHECK(!same_secret("abc", "ab"));
  CAF_CHECK(!same_secret("", "abc"));
}

CAF_TEST(a complete request passes) {
  CAF_CHECK_EQUAL(status_of(post()), 0);
  CAF_CHECK_EQUAL(status_of(post_with("Origin", "http://localhost:8001")), 0);
  CAF_CHECK_EQUAL(
    status_of(post_with("Content-Type", "Application/JSON ; charset=utf-8")),
    0);
  CAF_CHECK_EQUAL(status_of(post_with("Authorization", "bearer secret")), 0);
}

CAF_TEST(each rule refuses with its own status) {
  CAF_CHECK_EQUAL(status_of(post_with("Host", "evil.example")), 421);
  CAF_CHECK_EQUAL(status_of(post_with("Origin", "http://evil.example")), 403);
  CAF_CHECK_EQUAL(status_of(post_with("Origin", "null")), 403);
  for (auto token : {"Bearer wrong", "Bearer ", "Bearer", "", "secret",
                     "Basic secret", "Bearer secret "})
    CAF_CHECK_EQUAL(status_of(post_with("Authorization", token)), 401);
  for (auto media : {"text/plain", "application/jsonx", "",
                     "application/x-www-form-urlencoded"})
    CAF_CHECK_EQUAL(status_of(post_with("Content-Type", media)), 415);
}

CAF_TEST(without a body no media type is needed) {
  auto what = post_with("Content-Type", "");
  what.body.clear();
  CAF_CHECK_EQUAL(status_of(what), 0);
}

CAF_TEST(without a token nobody may change anything) {
  CAF_CHECK_EQUAL(status_of(post_with("Authorization", "Bearer "),
                            access_rules{}),
                  401);
}

CAF_TEST(exactly one host is needed) {
  auto none = post();
  none.headers.erase(none.headers.begin());
  CAF_CHECK_EQUAL(status_of(none), 400);
  none.version = 10;
  CAF_CHECK_EQUAL(status_of(none), 0);
  auto two = post();
  two.headers.emplace_back("host", "localhost");
  CAF_CHECK_EQUAL(status_of(two), 400);
}
