#define CAF_SUITE config_exposure
#include "config/exposure.hpp"

#include "config/loader.hpp"
#include "config/token_entry.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia::config;

namespace {

const std::string hash(64, 'a');
const std::string reader = "grafana:read:" + hash;

std::string errors_of(std::string_view text) {
  return to_string(load_text(text, "x.toml").errors);
}

bool complains(const std::string& text, std::string_view of) {
  return errors_of(text).find(of) != std::string::npos;
}

std::string tokens(const std::string& entry) {
  return "api_tokens = [\"" + entry + "\"]\n";
}

} // namespace

CAF_TEST(loopback needs nothing) {
  for (auto address : {"127.0.0.1", "127.8.8.8", "::1"})
    CAF_CHECK_EQUAL(errors_of("bind_address = \"" + std::string{address}
                              + "\""),
                    "");
}

CAF_TEST(another address needs tokens and tls) {
  for (auto address : {"0.0.0.0", "::", "10.0.0.7", "2001:db8::1"}) {
    auto bind = "bind_address = \"" + std::string{address} + "\"\n";
    CAF_CHECK(complains(bind, "would send tokens in the clear"));
    CAF_CHECK(complains(bind, "nobody has a token"));
    CAF_CHECK(complains(bind + tokens(reader), "in the clear"));
    CAF_CHECK(complains(bind + "tls = \"on\"", "nobody has a token"));
    CAF_CHECK_EQUAL(errors_of(bind + tokens(reader) + "tls = \"on\""), "");
  }
}

CAF_TEST(behind a proxy the proxy is named and tokens are needed) {
  std::string proxy = "behind_proxy = \"on\"\n";
  CAF_CHECK(complains(proxy, "nobody has a token"));
  CAF_CHECK_EQUAL(errors_of(proxy + tokens(reader)), "");
  auto outside = proxy + tokens(reader) + "bind_address = \"10.0.0.7\"\n";
  CAF_CHECK(complains(outside, "believes whoever connects"));
  CAF_CHECK_EQUAL(errors_of(outside + "trusted_proxies = [\"10.0.0.1\"]"), "");
  CAF_CHECK(complains(outside + "trusted_proxies = [\"proxy.example\"]",
                      "entry 1 does not fit"));
  CAF_CHECK(complains(proxy + tokens(reader) + "tls = \"on\"",
                      "both the node and a proxy"));
}

CAF_TEST(a certificate comes with its key) {
  CAF_CHECK(complains("tls_key_file = \"a.key\"", "without a key"));
  CAF_CHECK(complains("tls_certificate_file = \"a.pem\"", "without a key"));
  CAF_CHECK_EQUAL(errors_of("tls_certificate_file = \"a.pem\"\n"
                            "tls_key_file = \"a.key\""),
                  "");
}

CAF_TEST(a token entry has a name and a scope and a hash) {
  auto read = parse_token_entry(reader);
  CAF_REQUIRE(read.has_value());
  CAF_CHECK_EQUAL(read->name, "grafana");
  CAF_CHECK_EQUAL(read->scope, "read");
  CAF_CHECK_EQUAL(read->sha256, hash);
  for (const auto& wrong :
       {std::string{}, std::string{"a"}, std::string{"a:read"}, "a:" + hash,
        ":read:" + hash, "a:write:" + hash, "a b:read:" + hash,
        "a:read:" + hash + "a", "a:read:" + std::string(64, 'A'),
        std::string(41, 'n') + ":read:" + hash})
    CAF_CHECK(!parse_token_entry(wrong).has_value());
}

CAF_TEST(a token that stands there itself is not repeated in the error) {
  auto text = errors_of(tokens("grafana:read:verysecret"));
  CAF_CHECK(text.find("entry 1 does not fit") != std::string::npos);
  CAF_CHECK(text.find("verysecret") == std::string::npos);
  CAF_CHECK(complains("api_tokens = [\"a:read:" + hash + "\", \"a:admin:"
                        + hash + "\"]",
                      "\"a\" is listed twice"));
}

CAF_TEST(lists come from the environment too) {
  sources from;
  from.environment["BANKSIA_ALLOWED_HOSTS"] = "a.example,b.example:443";
  from.environment["BANKSIA_API_TOKENS"] = "";
  auto loaded = load(from);
  CAF_REQUIRE(loaded.loaded.has_value());
  CAF_CHECK_EQUAL(loaded.loaded->values.allowed_hosts.size(), 2u);
  CAF_CHECK(loaded.loaded->values.api_tokens.empty());
  CAF_CHECK(complains("allowed_hosts = [\"a b\"]", "entry 1 does not fit"));
}
