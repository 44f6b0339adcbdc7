#define CAF_SUITE http_admission
#include "runtime/http/admission.hpp"

#include "runtime/http/plain_target.hpp"

#include "caf/test/unit_test.hpp"

#include <openssl/sha.h>

using namespace banksia::http;
using std::chrono::seconds;

namespace {

const local_endpoint at{"192.0.2.7", 8001};
constexpr admission::time_point start{};

std::string hash_of(const std::string& text) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(),
         digest);
  std::string result;
  for (auto byte : digest) {
    char hex[3];
    std::snprintf(hex, sizeof hex, "%02x", byte);
    result += hex;
  }
  return result;
}

access_rules exposed() {
  access_rules result;
  result.token = "operators";
  result.reading_is_free = false;
  result.tokens = {{"reader", route_access::read, hash_of("r")},
                   {"worker", route_access::operate, hash_of("o")},
                   {"chief", route_access::admin, hash_of("a")}};
  return result;
}

struct asking {
  method how = method::get;
  route_access access = route_access::read;
  std::string authorization = {};
  std::string remote = "198.51.100.9:4000";
  name_values more = {};
};

admitted ask(admission& door, const asking& x,
             admission::time_point now = start) {
  request what;
  what.method = x.how;
  what.segments = {"a"};
  what.path = "/a";
  what.remote = x.remote;
  what.headers = {{"Host", "localhost"}};
  if (!x.authorization.empty())
    what.headers.emplace_back("Authorization", x.authorization);
  for (const auto& header : x.more)
    what.headers.push_back(header);
  route to{x.how, "/a", [](const request&, responder) {}, x.access, "/a"};
  return door.judge(what, {&to, "", {}}, at, now);
}

int status(const admitted& x) {
  return x.refusal ? x.refusal->status : 0;
}

int status(const access_rules& rules, const asking& x) {
  admission door{rules, {}};
  return status(ask(door, x));
}

std::string header(const name_values& in, const std::string& name) {
  for (const auto& [known, value] : in)
    if (known == name)
      return value;
  return {};
}

} // namespace

CAF_TEST(each scope includes the ones before) {
  constexpr route_access scopes[]{route_access::read, route_access::operate,
                                  route_access::admin};
  const char* secrets[]{"r", "o", "a"};
  for (int has = 0; has < 3; ++has)
    for (int needs = 0; needs < 3; ++needs) {
      asking x{method::get, scopes[needs],
               "Bearer " + std::string{secrets[has]}};
      CAF_CHECK_EQUAL(status(exposed(), x), has >= needs ? 0 : 403);
    }
  CAF_CHECK_EQUAL(status(exposed(), {}), 401);
  CAF_CHECK_EQUAL(status(exposed(), {method::get, route_access::open}), 0);
}

CAF_TEST(the caller is named) {
  admission door{exposed(), {}};
  auto x = ask(door, {method::post, route_access::admin, "Bearer o"});
  CAF_CHECK_EQUAL(status(x), 403);
  CAF_CHECK_EQUAL(x.caller, "worker");
  CAF_CHECK(x.scope == route_access::operate);
  CAF_CHECK_EQUAL(x.client, "198.51.100.9");
}

CAF_TEST(the token of the operator is for this machine alone) {
  asking x{method::post, route_access::admin, "Bearer operators"};
  CAF_CHECK_EQUAL(status(exposed(), x), 401);
  for (auto remote : {"127.0.0.1:4000", "::1:4000", "::ffff:127.0.0.1:4000"}) {
    x.remote = remote;
    CAF_CHECK_EQUAL(status(exposed(), x), 0);
  }
}

CAF_TEST(a browser is asked for a password which only reads) {
  admission door{exposed(), {}};
  auto asked = ask(door, {.more = {{"Accept", "text/html,*/*"}}});
  CAF_REQUIRE(asked.refusal.has_value());
  CAF_CHECK_EQUAL(asked.refusal->headers.size(), 2u);
  CAF_CHECK(asked.refusal->headers[1].second.starts_with("Basic realm="));
  // "me:r", "me:a", "r"
  CAF_CHECK_EQUAL(status(exposed(), {.authorization = "Basic bWU6cg=="}), 0);
  CAF_CHECK_EQUAL(status(exposed(), {.authorization = "Basic cg=="}), 401);
  CAF_CHECK_EQUAL(status(exposed(), {.authorization = "Basic !"}), 401);
  CAF_CHECK_EQUAL(status(exposed(), {method::post, route_access::operate,
                                     "Basic bWU6YQ=="}),
                  401);
}

CAF_TEST(behind a proxy the client is its last hop that is not trusted) {
  auto rules = exposed();
  rules.behind_proxy = true;
  rules.trusted_proxies = {"10.0.0.1"};
  auto client = [&](const std::string& remote, const std::string& hops) {
    admission door{rules, {}};
    asking x{method::get, route_access::open, {}, remote};
    if (!hops.empty())
      x.more = {{"X-Forwarded-For", hops}};
    auto decided = ask(door, x);
    return decided.refusal ? "refused" : decided.client;
  };
  CAF_CHECK_EQUAL(client("10.0.0.1:1", "203.0.113.5"), "203.0.113.5");
  CAF_CHECK_EQUAL(client("127.0.0.1:1", "127.0.0.1, 203.0.113.5 , 10.0.0.1"),
                  "203.0.113.5");
  CAF_CHECK_EQUAL(client("10.0.0.1:1", "[2001:db8::7]:443"), "2001:db8::7");
  CAF_CHECK_EQUAL(client("10.0.0.1:1", "203.0.113.5:99"), "203.0.113.5");
  CAF_CHECK_EQUAL(client("127.0.0.1:1", ""), "127.0.0.1");
  CAF_CHECK_EQUAL(client("10.0.0.1:1", "who knows"), "refused");
  CAF_CHECK_EQUAL(client("198.51.100.9:1", "127.0.0.1"), "refused");
}

CAF_TEST(without a proxy nobody chooses an address) {
  admission door{exposed(), {}};
  auto x = ask(door, {.more = {{"X-Forwarded-For", "127.0.0.1"}}});
  CAF_CHECK_EQUAL(x.client, "198.51.100.9");
}

CAF_TEST(a quota is told and refused beyond and refilled) {
  admission_limits limits;
  limits.changes_per_minute = 3;
  admission door{exposed(), limits};
  asking x{method::post, route_access::operate, "Bearer o"};
  for (int left = 2; left >= 0; --left) {
    auto got = ask(door, x);
    CAF_CHECK_EQUAL(status(got), 0);
    CAF_CHECK_EQUAL(header(got.headers, "RateLimit-Policy"),
                    "\"change\";q=3;w=60");
    CAF_CHECK(header(got.headers, "RateLimit")
                .starts_with("\"change\";r=" + std::to_string(left) + ";t="));
  }
  auto refused = ask(door, x);
  CAF_CHECK_EQUAL(status(refused), 429);
  CAF_CHECK(refused.is_flood);
  CAF_CHECK_EQUAL(header(refused.refusal->headers, "Retry-After"), "20");
  CAF_CHECK_EQUAL(status(ask(door, x, start + seconds{19})), 429);
  CAF_CHECK_EQUAL(status(ask(door, x, start + seconds{21})), 0);
  // Another client and this machine's readers are free of it.
  x.remote = "198.51.100.10:1";
  CAF_CHECK_EQUAL(status(ask(door, x)), 0);
  x.remote = "198.51.100.9:1";
  x.how = method::get;
  CAF_CHECK_EQUAL(status(ask(door, x)), 0);
}

CAF_TEST(one who has a network of addresses is one client) {
  admission_limits limits;
  limits.changes_per_minute = 1;
  admission door{exposed(), limits};
  asking x{method::post, route_access::operate, "Bearer o", "2001:db8::1:77"};
  CAF_CHECK_EQUAL(status(ask(door, x)), 0);
  x.remote = "2001:db8::2:77";
  CAF_CHECK_EQUAL(status(ask(door, x)), 429);
  x.remote = "2001:db8:0:1::2:77";
  CAF_CHECK_EQUAL(status(ask(door, x)), 0);
}

CAF_TEST(readers of this machine are not counted) {
  admission_limits limits;
  limits.reads_per_minute = 1;
  auto rules = exposed();
  rules.reading_is_free = true;
  admission door{rules, limits};
  asking x;
  CAF_CHECK_EQUAL(status(ask(door, x)), 0);
  CAF_CHECK_EQUAL(status(ask(door, x)), 429);
  x.remote = "127.0.0.1:9";
  for (int i = 0; i < 5; ++i)
    CAF_CHECK_EQUAL(status(ask(door, x)), 0);
}

CAF_TEST(wrong secrets cost pauses that double and end with a right one) {
  admission_limits limits;
  limits.wrong_secrets_max = 3;
  limits.pause_max = seconds{3};
  admission door{exposed(), limits};
  asking wrong{.authorization = "Bearer x"};
  asking right{.authorization = "Bearer r"};
  auto now = start;
  for (int i = 0; i < 3; ++i)
    CAF_CHECK_EQUAL(status(ask(door, wrong, now)), 401);
  for (int pause : {1, 2, 3, 3}) {
    // Not even a right one is looked at meanwhile.
    auto refused = ask(door, right, now);
    CAF_CHECK_EQUAL(status(refused), 429);
    CAF_CHECK_EQUAL(header(refused.refusal->headers, "Retry-After"),
                    std::to_string(pause));
    now += seconds{pause};
    CAF_CHECK_EQUAL(status(ask(door, wrong, now)), 401);
  }
  asking other{.authorization = "Bearer r", .remote = "198.51.100.10:1"};
  CAF_CHECK_EQUAL(status(ask(door, other, now)), 0);
  now += seconds{3};
  CAF_CHECK_EQUAL(status(ask(door, right, now)), 0);
  CAF_CHECK_EQUAL(status(ask(door, wrong, now)), 401);
  CAF_CHECK_EQUAL(status(ask(door, right, now)), 0);
}

CAF_TEST(a table forgets the one that was silent for longest) {
  client_table<int> table{2};
  table.at("a", 1);
  table.at("b", 2);
  CAF_CHECK(table.find("a") != nullptr);
  table.at("c", 3);
  CAF_CHECK(table.find("b") == nullptr);
  CAF_CHECK_EQUAL(*table.find("a"), 1);
  CAF_CHECK_EQUAL(table.size(), 2u);
  table.erase("a");
  table.erase("z");
  CAF_CHECK_EQUAL(table.size(), 1u);
}

CAF_TEST(targets with tricks behind their escapes are refused) {
  auto plain = [](std::string_view target) {
    request what;
    CAF_REQUIRE(parse_target(target, what));
    return is_plain_target(what);
  };
  for (auto target : {"/", "/a/b", "/a//b", "/p/%5EAXJO", "/a?x=%E2%82%AC",
                      "/p/..a", "/a?x=a/b"})
    CAF_CHECK(plain(target));
  for (auto target : {"/..", "/a/./b", "/%2e%2e/b", "/a%2Fb", "/a%5Cb",
                      "/a%00", "/a%0A", "/a%7F", "/a%ff", "/a%C0%AF",
                      "/a%ED%A0%80", "/a%F4%90%80%80", "/a%E2%82",
                      "/a?x=%00", "/a?%ff=1", "/a%E2%82x"})
    CAF_CHECK(!plain(target));
}
