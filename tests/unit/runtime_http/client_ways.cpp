#define CAF_SUITE http_client_ways
// How the client gets to a server: connections, redirects, cancellation.
#include "tests/unit/runtime_http/fetching.hpp"

#include "caf/test/unit_test.hpp"

#include <atomic>

using namespace banksia;
using namespace banksia::http_test;
using http::fetch_error;

namespace {

std::string redirect_to(std::string where, std::string status = "302 Found") {
  return answer("", "Location: " + where + "\r\n", status);
}

/// A script by the path that is asked for.
scripted_server::script by_path(std::map<std::string, std::string> answers) {
  return [answers = std::move(answers)](peer& client, int) {
    for (;;) {
      auto asked = client.read_request();
      if (asked.empty())
        return;
      auto begin = asked.find(' ') + 1;
      auto path = asked.substr(begin, asked.find(' ', begin) - begin);
      auto found = answers.find(path);
      if (!client.send(found == answers.end()
                         ? answer("none", "", "404 Not Found")
                         : found->second))
        return;
    }
  };
}

} // namespace

CAF_TEST(a connection is used again) {
  scripted_server server{always(answer("hello"))};
  http::client client;
  CAF_CHECK(!fetch(client, at(server)).reused);
  for (int i = 0; i < 5; ++i)
    CAF_CHECK(fetch(client, at(server)).reused);
  CAF_CHECK_EQUAL(server.connections(), 1);
  CAF_CHECK_EQUAL(client.counts().connections, 1u);
  CAF_CHECK_EQUAL(client.counts().reused, 5u);
}

CAF_TEST(a connection that is to be closed is not used again) {
  scripted_server server{always(answer("hello", "Connection: close\r\n"))};
  http::client client;
  CAF_CHECK(fetch(client, at(server)));
  CAF_CHECK(!fetch(client, at(server)).reused);
  CAF_CHECK_EQUAL(server.connections(), 2);
}

CAF_TEST(an old connection is not used again) {
  scripted_server server{always(answer("hello"))};
  http::client_options options;
  options.idle_lifetime = 0ms;
  http::client client{options};
  CAF_CHECK(fetch(client, at(server)));
  CAF_CHECK(!fetch(client, at(server)).reused);
}

CAF_TEST(a connection that the server closed is replaced once) {
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
  }};
  http::client client;
  CAF_CHECK(fetch(client, at(server)));
  gone.get_future().wait();
  auto second = fetch(client, at(server));
  CAF_CHECK(second && !second.reused);
  CAF_CHECK_EQUAL(second.body, "hello");
  CAF_CHECK_EQUAL(client.counts().stale, 1u);
  CAF_CHECK_EQUAL(server.connections(), 2);
}

CAF_TEST(what may change something is not sent twice) {
  std::promise<void> gone;
  scripted_server server{[&gone](peer& client, int) {
    client.read_request();
    client.send(answer("hello"));
    client.cut();
    gone.set_value();
  }};
  http::client client;
  CAF_CHECK(fetch(client, at(server)));
  gone.get_future().wait();
  http::fetch_request what;
  what.url = at(server);
  what.method = http::method::post;
  what.body = "order";
  CAF_CHECK(fetch(client, what).error == fetch_error::truncated);
  CAF_CHECK_EQUAL(server.connections(), 1);
}

CAF_TEST(redirects are followed within bounds) {
  scripted_server server{by_path({
    {"/a", redirect_to("/b")},
    {"/b", redirect_to("c?d=e", "301 Moved Permanently")},
    {"/c?d=e", answer("there")},
    {"/loop", redirect_to("/loop")},
    {"/nowhere", answer("", "", "302 Found")},
    {"/mail", redirect_to("mailto:a@b.example")},
    {"/file", redirect_to("file:///etc/passwd")},
  })};
  http::client client;
  auto there = fetch(client, at(server, "/a"));
  CAF_CHECK_EQUAL(there.body, "there");
  CAF_CHECK_EQUAL(there.redirects, 2u);
  CAF_CHECK(there.url.ends_with("/c?d=e"));
  auto loop = fetch(client, at(server, "/loop"));
  CAF_CHECK(loop.error == fetch_error::redirect);
  CAF_CHECK_EQUAL(loop.redirects, 5u);
  for (auto path : {"/nowhere", "/mail", "/file"})
    CAF_CHECK(fetch(client, at(server, path)).error == fetch_error::redirect);
  http::fetch_request post;
  post.url = at(server, "/a");
  post.method = http::method::post;
  CAF_CHECK_EQUAL(fetch(client, post).status, 302);
}

CAF_TEST(a redirect does not lead into a private network) {
  // 127.0.0.1 plays the internet, 127.0.0.2 our network.
  scripted_server inside{always(answer("secret")), nullptr, "127.0.0.2"};
  auto to_inside = "http://127.0.0.2:" + std::to_string(inside.port) + "/";
  scripted_server outside{always(redirect_to(to_inside))};
  http::client_options options;
  options.is_private = [](std::string_view address) {
    return address != "127.0.0.1";
  };
  http::client client{options};
  CAF_CHECK(fetch(client, at(outside)).error == fetch_error::redirect);
  // An open connection is no way round.
  CAF_CHECK_EQUAL(fetch(client, to_inside).body, "secret");
  CAF_CHECK(fetch(client, at(outside)).error == fetch_error::redirect);
  CAF_CHECK_EQUAL(inside.connections(), 1);
  // From inside it may.
  http::client usual;
  CAF_CHECK_EQUAL(fetch(usual, at(outside)).body, "secret");
}

CAF_TEST(a redirect by name is no way round either) {
  scripted_server inside{always(answer("secret")), nullptr, "127.0.0.2"};
  scripted_server outside{always(redirect_to(
    "http://friendly.example:" + std::to_string(inside.port) + "/"))};
  http::client_options options;
  options.hosts = {{"friendly.example", "127.0.0.2"}};
  options.is_private = [](std::string_view address) {
    return address != "127.0.0.1";
  };
  http::client client{options};
  CAF_CHECK(fetch(client, at(outside)).error == fetch_error::redirect);
  CAF_CHECK_EQUAL(inside.connections(), 0);
}

CAF_TEST(secrets stay with their origin) {
  std::string asked;
  scripted_server other{[&asked](peer& client, int) {
    asked = client.read_request();
    client.send(answer("there"));
    client.await_close();
  }};
  scripted_server server{always(redirect_to(at(other, "/x?token=T0K3N")))};
  http::client client;
  http::fetch_request what;
  what.url = at(server);
  what.headers = {{"Authorization", "Bearer abc"}, {"Cookie", "a=b"},
                  {"X-Mine", "1"}};
  auto result = fetch(client, what);
  CAF_CHECK_EQUAL(result.body, "there");
  CAF_CHECK(result.url.find("T0K3N") == std::string::npos);
  CAF_CHECK(asked.find("Bearer") == asked.npos);
  CAF_CHECK(asked.find("Cookie") == asked.npos);
  CAF_CHECK(asked.find("X-Mine: 1") != asked.npos);
}

CAF_TEST(nobody listens) {
  std::uint16_t port = 0;
  {
    scripted_server gone{always("")};
    port = gone.port;
  }
  http::client client;
  auto result = fetch(client, "http://127.0.0.1:" + std::to_string(port) + "/");
  CAF_CHECK(result.error == fetch_error::connect && is_passing(result));
}

CAF_TEST(addresses that cannot be fetched) {
  http::client client;
  for (auto bad : {"", "127.0.0.1", "ftp://127.0.0.1/", "http://", "http:///x",
                   "http://user:pass@127.0.0.1/", "http://a b/", "/x",
                   "http://127.0.0.1:99999/", "http://127.0.0.1:0/"})
    CAF_CHECK(fetch(client, bad).error == fetch_error::bad_address);
  http::client_options options;
  options.hosts = {{"gone.example", ""}};
  http::client offline{options};
  CAF_CHECK(fetch(offline, "http://gone.example/").error
            == fetch_error::resolve);
}

CAF_TEST(a call can be cancelled) {
  std::promise<void> arrived, left;
  scripted_server server{[&](peer& client, int) {
    client.read_request();
    arrived.set_value();
    client.await_close();
    left.set_value();
  }};
  http::client client;
  http::fetch_request what;
  what.url = at(server);
  http::fetch_handle handle;
  auto result = begin(client, what, quick(), &handle);
  arrived.get_future().wait();
  handle.cancel();
  auto cancelled = await(std::move(result));
  CAF_CHECK(cancelled.error == fetch_error::cancelled);
  CAF_CHECK(cancelled.took < 2s);
  CAF_CHECK(left.get_future().wait_for(5s) == std::future_status::ready);
  handle.cancel(); // once more, in vain
}

CAF_TEST(the end of the client cancels what is under way) {
  std::promise<void> arrived;
  scripted_server server{[&](peer& client, int) {
    client.read_request();
    arrived.set_value();
    client.await_close();
  }};
  std::future<http::fetch_result> result;
  http::fetch_handle handle;
  {
    http::client client;
    http::fetch_request what;
    what.url = at(server);
    result = begin(client, what, quick(), &handle);
    arrived.get_future().wait();
  }
  CAF_CHECK(await(std::move(result)).error == fetch_error::cancelled);
  handle.cancel();
}

CAF_TEST(calls at a time are bounded) {
  scripted_server server{[](peer& client, int) { client.await_close(); }};
  http::client_options options;
  options.flights_max = 2;
  http::client client{options};
  http::fetch_request what;
  what.url = at(server);
  auto limits = quick();
  limits.total = 500ms;
  auto one = begin(client, what, limits);
  auto two = begin(client, what, limits);
  CAF_CHECK(fetch(client, what).error == fetch_error::busy);
  CAF_CHECK(await(std::move(one)).error == fetch_error::timeout);
  CAF_CHECK(await(std::move(two)).error == fetch_error::timeout);
  CAF_CHECK(fetch(client, what, limits).error == fetch_error::timeout);
}

CAF_TEST(many calls side by side) {
  scripted_server server{always(answer("hello"))};
  http::client client;
  std::vector<std::future<http::fetch_result>> results;
  for (int i = 0; i < 50; ++i) {
    http::fetch_request what;
    what.url = at(server);
    results.push_back(begin(client, what));
  }
  for (auto& result : results)
    CAF_CHECK_EQUAL(await(std::move(result)).body, "hello");
}
