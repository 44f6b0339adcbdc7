#define CAF_SUITE http_client_answers
// What the client makes of answers, good and bad. Each call must end with the
// right error, within its limits.
#include "tests/unit/runtime_http/fetching.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;
using namespace banksia::http_test;
using http::fetch_error;

namespace {

http::fetch_result from(scripted_server::script script,
                        const http::fetch_limits& limits = quick()) {
  scripted_server server{std::move(script)};
  http::client client;
  return fetch(client, at(server, "/data?apikey=S3CR3T&x=1"), limits);
}

/// The error of a call, which must come in time and keep the secret.
fetch_error error_of(scripted_server::script script,
                     const http::fetch_limits& limits = quick()) {
  auto result = from(std::move(script), limits);
  CAF_CHECK(result.took < limits.total + 1s);
  CAF_CHECK(result.text.find("S3CR3T") == std::string::npos);
  CAF_CHECK_EQUAL(result.text.empty(), result.error == fetch_error::none);
  return result.error;
}

http::fetch_limits impatient() {
  auto limits = quick();
  limits.idle = 100ms;
  limits.total = 400ms;
  return limits;
}

} // namespace

CAF_TEST(a good answer) {
  std::string asked;
  auto result = from([&asked](peer& client, int) {
    asked = client.read_request();
    client.send(answer("hello", "ETag: \"1\"\r\nX-Other: y\r\n"
                                "Last-Modified: Thu, 10 Sep 2026 19:29:06 GMT"
                                "\r\n"));
    client.await_close();
  });
  CAF_CHECK(result && result.status == 200);
  CAF_CHECK_EQUAL(result.body, "hello");
  CAF_CHECK_EQUAL(result.etag(), "\"1\"");
  CAF_CHECK_EQUAL(result.last_modified(), "Thu, 10 Sep 2026 19:29:06 GMT");
  CAF_CHECK(result.header("x-other") == "y");
  CAF_CHECK(result.url.ends_with("/data?apikey=***&x=1"));
  CAF_CHECK(asked.starts_with("GET /data?apikey=S3CR3T&x=1 HTTP/1.1\r\n"));
  CAF_CHECK(asked.find("Host: 127.0.0.1:") != asked.npos);
  CAF_CHECK(asked.find("User-Agent: banksia/") != asked.npos);
  CAF_CHECK(asked.find("Accept-Encoding: gzip, deflate\r\n") != asked.npos);
}

CAF_TEST(chunks and an answer that ends with the connection) {
  auto chunked = from(once("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"
                           "\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"));
  CAF_CHECK_EQUAL(chunked.body, "hello world");
  auto until_end = from(once("HTTP/1.1 200 OK\r\n\r\nhello"));
  CAF_CHECK_EQUAL(until_end.body, "hello");
  auto interim = from(once("HTTP/1.1 103 Early Hints\r\n\r\n" + answer("x")));
  CAF_CHECK_EQUAL(interim.body, "x");
}

CAF_TEST(an answer that is cut off) {
  CAF_CHECK(error_of(once("")) == fetch_error::truncated);
  CAF_CHECK(error_of(once("HTTP/1.1 200 OK\r\nContent-Le"))
            == fetch_error::truncated);
  CAF_CHECK(error_of(once("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello"))
            == fetch_error::truncated);
  CAF_CHECK(error_of(once("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"
                          "\r\n5\r\nhello\r\n"))
            == fetch_error::truncated);
}

CAF_TEST(a wrong content length) {
  CAF_CHECK(error_of(once("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhello"))
            == fetch_error::bad_length);
  CAF_CHECK(error_of(once("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\nhello"))
            == fetch_error::bad_length);
  CAF_CHECK(error_of(once("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n"
                          "Content-Length: 5\r\n\r\nhello"))
            == fetch_error::bad_length);
  // Longer than what comes, and the connection stays open.
  CAF_CHECK(error_of(
              [](peer& client, int) {
                client.read_request();
                client.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello");
                client.await_close();
              },
              impatient())
            == fetch_error::timeout);
}

CAF_TEST(a server that says nothing) {
  CAF_CHECK(error_of(
              [](peer& client, int) {
                client.read_request();
                client.await_close();
              },
              impatient())
            == fetch_error::timeout);
}

CAF_TEST(a server that drips) {
  // Never idle for long: only the end of the whole call helps.
  auto drip = [](std::string head, std::string drop) {
    return [head, drop](peer& client, int) {
      client.read_request();
      client.send(head);
      while (!client.closes_within(10) && client.send(drop))
        ;
    };
  };
  CAF_CHECK(error_of(drip("HTTP/1.1 200 OK\r\nX: ", "a"), impatient())
            == fetch_error::timeout);
  CAF_CHECK(error_of(drip("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n",
                          "a"),
                     impatient())
            == fetch_error::timeout);
}

CAF_TEST(an answer without end) {
  auto endless = [](std::string head, std::string piece) {
    return [head, piece](peer& client, int) {
      client.read_request();
      client.send(head);
      while (client.send(piece))
        ;
    };
  };
  auto limits = quick();
  limits.body_bytes_max = 100'000;
  std::string piece(4096, 'a');
  CAF_CHECK(error_of(endless("HTTP/1.1 200 OK\r\n\r\n", piece), limits)
            == fetch_error::too_large);
  CAF_CHECK(error_of(endless("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked"
                             "\r\n\r\n",
                             "1000\r\n" + piece + "\r\n"),
                     limits)
            == fetch_error::too_large);
  CAF_CHECK(error_of(endless("HTTP/1.1 200 OK\r\n", "X: " + piece + "\r\n"),
                     limits)
            == fetch_error::too_large);
  CAF_CHECK(error_of(endless("HTTP/1.1 200 OK\r\nX: ", piece), limits)
            == fetch_error::too_large);
  CAF_CHECK(error_of(once("HTTP/1.1 200 OK\r\nContent-Length: 100001\r\n\r\n"),
                     limits)
            == fetch_error::too_large);
}

CAF_TEST(what is no HTTP) {
  CAF_CHECK(error_of(once("SSH-2.0-OpenSSH_9.2\r\n\r\n"))
            == fetch_error::protocol);
  CAF_CHECK(error_of(once("HTTP/1.1 2x0 OK\r\n\r\n")) == fetch_error::protocol);
  CAF_CHECK(error_of(once("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"
                          "\r\nzz\r\n"))
            == fetch_error::protocol);
}

CAF_TEST(compressed bodies) {
  std::string text(10'000, 'a');
  auto with = [](std::string coding, std::string body) {
    return once(answer(std::move(body),
                       "Content-Encoding: " + coding + "\r\n"));
  };
  CAF_CHECK_EQUAL(from(with("gzip", compressed(text))).body, text);
  CAF_CHECK_EQUAL(from(with("x-gzip", compressed(text))).body, text);
  CAF_CHECK_EQUAL(from(with("deflate", compressed(text, 15))).body, text);
  CAF_CHECK_EQUAL(from(with("deflate", compressed(text, -15))).body, text);
  CAF_CHECK_EQUAL(from(with("identity", text)).body, text);
  CAF_CHECK_EQUAL(
    from(with("gzip", compressed(text) + compressed("b"))).body, text + 'b');
  CAF_CHECK(error_of(with("gzip", "not gzip")) == fetch_error::bad_encoding);
  CAF_CHECK(error_of(with("br", "x")) == fetch_error::bad_encoding);
  CAF_CHECK(error_of(with("gzip, gzip", compressed(compressed(text))))
            == fetch_error::bad_encoding);
  auto whole = compressed(text);
  CAF_CHECK(error_of(with("gzip", whole.substr(0, whole.size() - 9)))
            == fetch_error::truncated);
  CAF_CHECK(error_of(with("gzip", whole + "more"))
            == fetch_error::bad_encoding);
  whole[whole.size() - 6] ^= 1; // the checksum
  CAF_CHECK(error_of(with("gzip", whole)) == fetch_error::bad_encoding);
}

CAF_TEST(a decompression bomb is refused) {
  auto limits = quick();
  limits.decoded_bytes_max = 1024 * 1024;
  auto bomb = compressed(std::string(64 * 1024 * 1024, '\0'));
  CAF_CHECK(bomb.size() < 100'000);
  CAF_CHECK(error_of(once(answer(bomb, "Content-Encoding: gzip\r\n")), limits)
            == fetch_error::too_large);
  limits.decoded_bytes_max = 64 * 1024 * 1024;
  CAF_CHECK_EQUAL(
    from(once(answer(bomb, "Content-Encoding: gzip\r\n")), limits).body.size(),
    limits.decoded_bytes_max);
}

CAF_TEST(the media type can be asked for) {
  auto result = [](std::string head, std::string status = "200 OK") {
    scripted_server server{once(answer("{}", head, status))};
    http::client client;
    http::fetch_request what;
    what.url = at(server);
    what.accept = {"application/json", "text/json"};
    return fetch(client, what);
  };
  CAF_CHECK(result("Content-Type: Application/JSON; charset=utf-8\r\n"));
  CAF_CHECK(result("Content-Type: text/json\r\n"));
  CAF_CHECK(result("Content-Type: text/html\r\n").error
            == fetch_error::wrong_type);
  CAF_CHECK(result("").error == fetch_error::wrong_type);
  // Of an error the status says enough.
  auto busy = result("Content-Type: text/plain\r\nRetry-After: 7\r\n",
                     "429 Too Many Requests");
  CAF_CHECK(busy && busy.status == 429 && is_passing(busy));
  CAF_CHECK(busy.header("retry-after") == "7");
}

CAF_TEST(conditional requests) {
  std::string asked;
  scripted_server server{[&asked](peer& client, int) {
    asked = client.read_request();
    client.send("HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\n"
                "Content-Length: 500\r\n\r\n");
    client.await_close();
  }};
  http::client client;
  http::fetch_request what;
  what.url = at(server);
  what.if_none_match = "\"1\"";
  what.if_modified_since = "Thu, 10 Sep 2026 19:29:06 GMT";
  auto result = fetch(client, what);
  CAF_CHECK(result && result.not_modified());
  CAF_CHECK_EQUAL(result.body, "");
  CAF_CHECK(asked.find("If-None-Match: \"1\"\r\n") != asked.npos);
  CAF_CHECK(asked.find("If-Modified-Since: Thu, 10 Sep 2026 19:29:06 GMT\r\n")
            != asked.npos);
}

CAF_TEST(other methods and headers) {
  std::string head, post;
  scripted_server server{[&](peer& client, int) {
    head = client.read_request();
    client.send("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n");
    post = client.read_request();
    client.send(answer("done"));
    client.await_close();
  }};
  http::client client;
  http::fetch_request what;
  what.url = at(server);
  what.method = http::method::head;
  CAF_CHECK(fetch(client, what).status == 200);
  what.method = http::method::post;
  what.body = "body";
  what.headers = {{"X-Mine", "1"}, {"Host", "evil"}, {"X-Bad", "a\r\nb: c"}};
  CAF_CHECK_EQUAL(fetch(client, what).body, "done");
  CAF_CHECK(head.starts_with("HEAD / HTTP/1.1\r\n"));
  CAF_CHECK(post.find("Content-Length: 4\r\n") != post.npos);
  CAF_CHECK(post.find("X-Mine: 1\r\n") != post.npos);
  CAF_CHECK(post.find("evil") == post.npos);
  CAF_CHECK(post.find("X-Bad") == post.npos);
}
