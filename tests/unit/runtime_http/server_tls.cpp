#define CAF_SUITE http_server_tls
#include "runtime/http/client.hpp"
#include "runtime/http/server.hpp"

#include "tests/scratch_folder.hpp"
#include "tests/unit/runtime_http/certificates.hpp"
#include "tests/unit/runtime_http/fetching.hpp"

#include "caf/test/unit_test.hpp"

#include <filesystem>
#include <fstream>


using namespace banksia;
using namespace banksia::http_test;

namespace {

/// PEM files in a folder of its own, and a client that trusts them.
struct tls_fixture {
  tls_fixture() {
    auto authority = make_certificate({.name = "authority", .alternate = {}});
    leaf = make_certificate({"leaf", "IP:127.0.0.1"}, &authority);
    write_pem(authority, file("ca.pem"));
    write_pem(leaf, file("leaf.pem"));
    auto* out = std::fopen(file("leaf.key").c_str(), "w");
    PEM_write_PrivateKey(out, leaf.key.get(), nullptr, nullptr, 0, nullptr,
                         nullptr);
    std::fclose(out);
    http::client_options trusting;
    trusting.ca_file = file("ca.pem");
    client = std::make_unique<http::client>(trusting);
  }

  std::string file(const std::string& name) const {
    return folder.file(name).string();
  }

  http::server_options options() const {
    http::server_options result;
    result.tls = http::tls_files{file("leaf.pem"), file("leaf.key")};
    return result;
  }

  banksia::test::scratch_folder folder;
  identity leaf;
  std::unique_ptr<http::client> client;
};

http::router hello() {
  http::router result;
  result.get("/hello", [](const http::request&, const http::responder& reply) {
    reply({200, "text/plain", "hello"});
  });
  return result;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(server_tls_tests, tls_fixture)

CAF_TEST(a listener speaks https and nothing else) {
  http::server server{options()};
  auto port = server.start({"test", "127.0.0.1", 0}, hello());
  CAF_REQUIRE(port.has_value());
  auto at = "127.0.0.1:" + std::to_string(*port) + "/hello";
  for (int i = 0; i < 2; ++i) {
    auto got = fetch(*client, "https://" + at);
    CAF_CHECK_EQUAL(got.text, "");
    CAF_CHECK_EQUAL(got.body, "hello");
    CAF_CHECK_EQUAL(got.header("Strict-Transport-Security").value_or(""),
                    "max-age=31536000");
    CAF_CHECK_EQUAL(got.reused, i == 1);
  }
  CAF_CHECK(!fetch(*client, "http://" + at));
}

CAF_TEST(files that are of no use are named) {
  auto refused = [&](const std::string& certificate, const std::string& key) {
    http::server_options with;
    with.tls = http::tls_files{certificate, key};
    http::server server{with};
    auto port = server.start({"test", "127.0.0.1", 0}, hello());
    return port ? std::string{} : port.error();
  };
  CAF_CHECK(refused(file("none.pem"), file("leaf.key"))
              .starts_with("cannot use the certificate: " + file("none.pem")));
  CAF_CHECK(refused(file("leaf.pem"), file("none.key"))
              .starts_with("cannot use the key: " + file("none.key")));
}

CAF_TEST_FIXTURE_SCOPE_END()
