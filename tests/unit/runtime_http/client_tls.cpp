#define CAF_SUITE http_client_tls
#include "tests/unit/runtime_http/fetching.hpp"

#include "caf/test/unit_test.hpp"

#include <filesystem>

#include <unistd.h>

using namespace banksia;
using namespace banksia::http_test;
using http::fetch_error;

namespace {

/// An authority in a file, and a client that trusts it.
struct fixture {
  fixture() {
    write_pem(authority, ca_file);
    http::client_options options;
    options.ca_file = ca_file;
    for (auto name : {"feed.example", "other.example"})
      options.hosts.emplace(name, "127.0.0.1");
    client = std::make_unique<http::client>(options);
  }

  ~fixture() { std::filesystem::remove(ca_file); }

  identity signed_for(std::string alternate, long begins_s = -3600,
                      long ends_s = 3600) {
    return make_certificate({"leaf", std::move(alternate), begins_s, ends_s},
                            &authority);
  }

  http::fetch_result from(const scripted_server& server,
                          std::string host = "feed.example") {
    return fetch(*client, "https://" + host + ':'
                            + std::to_string(server.port) + "/");
  }

  /// One call to a server with that certificate.
  http::fetch_result with(const identity& certificate,
                          std::string host = "feed.example") {
    scripted_server server{always(answer("hello")), &certificate};
    return from(server, std::move(host));
  }

  identity authority = make_certificate({.name = "test authority",
                                         .alternate = {}});
  std::string ca_file
    = (std::filesystem::temp_directory_path()
       / ("banksia_ca_" + std::to_string(::getpid()) + ".pem")).string();
  std::unique_ptr<http::client> client;
};

bool says(const http::fetch_result& result, std::string_view text) {
  return result.text.find(text) != std::string::npos;
}

} // namespace

CAF_TEST(a certificate for the name is trusted and the connection kept) {
  fixture f;
  auto leaf = f.signed_for("DNS:feed.example");
  scripted_server server{always(answer("hello")), &leaf};
  auto result = f.from(server);
  CAF_CHECK_EQUAL(result.body, "hello");
  CAF_CHECK(f.from(server).reused);
  CAF_CHECK_EQUAL(server.connections(), 1);
}

CAF_TEST(an address can be in the certificate) {
  fixture f;
  CAF_CHECK_EQUAL(f.with(f.signed_for("IP:127.0.0.1"), "127.0.0.1").body,
                  "hello");
  CAF_CHECK(f.with(f.signed_for("IP:127.0.0.2"), "127.0.0.1").error
            == fetch_error::tls);
}

CAF_TEST(the certificate of another name is refused) {
  fixture f;
  auto result = f.with(f.signed_for("DNS:other.example"));
  CAF_CHECK(result.error == fetch_error::tls);
  CAF_CHECK(says(result, "mismatch"));
  // The common name is no name.
  auto common = make_certificate({"feed.example", "DNS:x.example"},
                                 &f.authority);
  CAF_CHECK(f.with(common).error == fetch_error::tls);
}

CAF_TEST(a certificate out of its time is refused) {
  fixture f;
  auto expired = f.with(f.signed_for("DNS:feed.example", -7200, -3600));
  CAF_CHECK(expired.error == fetch_error::tls);
  CAF_CHECK(says(expired, "expired"));
  auto early = f.with(f.signed_for("DNS:feed.example", 3600, 7200));
  CAF_CHECK(early.error == fetch_error::tls);
  CAF_CHECK(says(early, "not yet valid"));
}

CAF_TEST(an unknown authority is refused) {
  fixture f;
  auto other = make_certificate({.name = "other authority", .alternate = {}});
  auto leaf = make_certificate({"leaf", "DNS:feed.example"}, &other);
  auto result = f.with(leaf);
  CAF_CHECK(result.error == fetch_error::tls);
  CAF_CHECK(says(result, "issuer certificate")
            || says(result, "verify the first certificate"));
  CAF_CHECK(!is_passing(result));
  CAF_CHECK(f.with(make_certificate({"self", "DNS:feed.example"})).error
            == fetch_error::tls);
}

CAF_TEST(a server without TLS and one that is silent) {
  fixture f;
  scripted_server plain{[](peer& client, int) {
    client.send(answer("hello"));
    client.await_close();
  }};
  CAF_CHECK(f.from(plain).error == fetch_error::tls);
  scripted_server silent{[](peer& client, int) { client.await_close(); }};
  http::fetch_request what;
  what.url = "https://feed.example:" + std::to_string(silent.port) + "/";
  auto limits = quick();
  limits.handshake = 100ms;
  auto result = fetch(*f.client, what, limits);
  CAF_CHECK(result.error == fetch_error::timeout);
  CAF_CHECK(result.took < 2s);
}

CAF_TEST(an answer whose end is cut off is noticed) {
  fixture f;
  auto leaf = f.signed_for("DNS:feed.example");
  // Without a length the end of the connection ends the body: it must be a
  // farewell of TLS, or somebody has cut the line.
  scripted_server cut{[](peer& client, int) {
                        client.read_request();
                        client.send("HTTP/1.1 200 OK\r\n\r\nhel");
                        client.cut();
                      },
                      &leaf};
  CAF_CHECK(f.from(cut).error == fetch_error::truncated);
  scripted_server well{[](peer& client, int) {
                         client.read_request();
                         client.send("HTTP/1.1 200 OK\r\n\r\nhello");
                       },
                       &leaf};
  CAF_CHECK_EQUAL(f.from(well).body, "hello");
}

CAF_TEST(a redirect never leads from https to http) {
  fixture f;
  auto leaf = f.signed_for("DNS:feed.example,DNS:other.example");
  scripted_server plain{always(answer("plain"))};
  scripted_server down{always(answer("", "Location: " + at(plain) + "\r\n",
                                     "302 Found")),
                       &leaf};
  CAF_CHECK(f.from(down).error == fetch_error::redirect);
  CAF_CHECK_EQUAL(plain.connections(), 0);
  scripted_server target{always(answer("there")), &leaf};
  scripted_server up{always(answer(
    "", "Location: https://other.example:" + std::to_string(target.port)
          + "/\r\n", "302 Found"))};
  CAF_CHECK_EQUAL(fetch(*f.client, at(up)).body, "there");
}

CAF_TEST(a connection that the server closed is replaced once) {
  fixture f;
  auto leaf = f.signed_for("DNS:feed.example");
  std::promise<void> gone;
  scripted_server server{[&gone](peer& client, int connection) {
                           client.read_request();
                           client.send(answer("hello"));
                           if (connection == 1) {
                             client.cut();
                             gone.set_value();
                           } else {
                             client.await_close();
                           }
                         },
                         &leaf};
  CAF_CHECK(f.from(server));
  gone.get_future().wait();
  auto second = f.from(server);
  CAF_CHECK(second && !second.reused);
}

CAF_TEST(a file of certificates must be readable) {
  http::client_options options;
  options.ca_file = "/nonexistent.pem";
  try {
    http::client client{options};
    CAF_FAIL("no exception");
  } catch (const std::runtime_error& error) {
    CAF_CHECK(std::string{error.what()}.find("/nonexistent.pem")
              != std::string::npos);
  }
}
