#define CAF_SUITE live_news_limits
#include "actors/feeds/news_feed.hpp"
#include "tests/unit/actors/samples.hpp"
#include "tests/unit/runtime_http/fetching.hpp"

#include "caf/test/unit_test.hpp"

#include <caf/all.hpp>

#include <condition_variable>
#include <deque>

using namespace banksia;
using namespace std::chrono_literals;

// News pages are asked no more often than their host allows.

namespace {

using time_point = std::chrono::steady_clock::time_point;

constexpr auto empty_page
  = R"(<?xml version="1.0"?><rss version="2.0"><channel>)"
    "<title>Example</title></channel></rss>";

/// Answers from a script, then with an empty page, and keeps when it was asked
/// for what.
class news_host {
public:
  explicit news_host(std::deque<std::string> script)
    : script_(std::move(script)) {}

  std::string page(const std::string& name) const {
    return "http://127.0.0.1:" + std::to_string(server_.port) + "/" + name;
  }

  /// When it was asked for the first so many times; waits until it was.
  std::vector<time_point> asked(std::size_t times) {
    std::unique_lock lock{mutex_};
    if (!changed_.wait_for(lock, 20s, [&] { return asked_.size() >= times; }))
      CAF_FAIL("it was asked " << asked_.size() << " times");
    return {asked_.begin(), asked_.begin() + static_cast<long>(times)};
  }

  std::vector<std::string> pages() {
    std::lock_guard guard{mutex_};
    return pages_;
  }

private:
  bool answer(http_test::peer& client, const std::string& request) {
    std::string text;
    {
      std::lock_guard guard{mutex_};
      asked_.push_back(std::chrono::steady_clock::now());
      pages_.push_back(request.substr(4, request.find(' ', 4) - 4));
      if (script_.empty()) {
        text = http_test::answer(empty_page);
      } else {
        text = script_.front();
        script_.pop_front();
      }
      changed_.notify_all();
    }
    return client.send(text);
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> script_;
  std::vector<time_point> asked_;
  std::vector<std::string> pages_;
  http_test::scripted_server server_{[this](http_test::peer& client, int) {
    for (auto request = client.read_request(); !request.empty();
         request = client.read_request())
      if (!answer(client, request))
        return;
  }};
};

struct system_config : caf::actor_system_config {
  system_config() { add_message_types<caf::id_block::banksia>(); }
};

/// News feeds alone, without anybody who would get headlines.
class watchers {
public:
  ~watchers() {
    for (const auto& x : actors_)
      caf::anon_send_exit(x, caf::exit_reason::kill);
  }

  news_setup setup(const std::string& name, std::vector<news_page> pages) {
    news_setup x;
    x.name = name;
    x.pages = std::move(pages);
    x.poll_every = 10ms;
    x.client = client_;
    x.board = board;
    x.wall = [] { return actors_test::at("2025-07-01T00:00:00Z"); };
    // One failure is not enough to leave it alone.
    x.rules.breaker.window = x.rules.breaker.minimum = 50;
    x.rules.rate = {10'000.0, 10'000.0};
    return x;
  }

  void watch(news_setup x) {
    auto made = system_.spawn(news_feed_watcher,
                              std::make_shared<probe>("news"),
                              actors_test::intraday_plan(), feed_wiring{},
                              std::move(x), ref<store_reader_actor>{});
    actors_.push_back(caf::actor_cast<caf::actor>(made));
  }

  std::shared_ptr<feed_board> board = std::make_shared<feed_board>();

private:
  std::shared_ptr<http::client> client_ = std::make_shared<http::client>();
  system_config config_;
  caf::actor_system system_{config_};
  std::vector<caf::actor> actors_;
};

std::string refusal(const std::string& status, const std::string& after) {
  return http_test::answer("not now", "Retry-After: " + after + "\r\n", status);
}

} // namespace

CAF_TEST(a host that asks for a pause is left alone for so long) {
  for (const auto& [status, after] :
       {std::pair{"429 Too Many Requests", "1"},
        std::pair{"503 Service Unavailable", "1"},
        // A second behind the wall clock of the node.
        std::pair{"429 Too Many Requests", "Tue, 01 Jul 2025 00:00:01 GMT"}}) {
    CAF_MESSAGE(status << ", " << after);
    news_host host{{refusal(status, after)}};
    watchers all;
    all.watch(all.setup("example", {{host.page("a"), {}}, {host.page("b"), {}}}));
    auto asked = host.asked(3);
    // The pause is the host's: it counts for its other pages too.
    CAF_CHECK(asked[1] - asked[0] >= 990ms);
    // The page that was refused is tried again, before the next one.
    auto pages = host.pages();
    CAF_CHECK_EQUAL(pages[1], "/a");
    CAF_CHECK_EQUAL(pages[2], "/b");
    auto facts = all.board->all()["example"];
    CAF_CHECK_EQUAL(facts.failures.size(), 1u);
    CAF_CHECK(facts.trouble.empty());
  }
}

CAF_TEST(a page that fails for a moment is tried again within its round) {
  news_host host{{http_test::answer("oh", {}, "500 Internal")}};
  watchers all;
  auto setup = all.setup("example", {{host.page("a"), {}}});
  setup.poll_every = 1h; // the next round is far
  all.watch(setup);
  host.asked(2);
}

CAF_TEST(a page that is not there waits for its next round) {
  news_host host{{http_test::answer("none", {}, "404 Not Found")}};
  watchers all;
  all.watch(all.setup("example", {{host.page("a"), {}}, {host.page("b"), {}}}));
  host.asked(3);
  auto pages = host.pages();
  CAF_CHECK_EQUAL(pages[1], "/b");
  CAF_CHECK_EQUAL(pages[2], "/a");
}

CAF_TEST(no host is asked more often than its rate) {
  news_host host{{}};
  watchers all;
  auto setup = all.setup("example", {{host.page("a"), {}}, {host.page("b"), {}}});
  setup.rules.rate = {10.0, 1.0};
  all.watch(setup);
  auto asked = host.asked(6);
  // Each waits a tenth of a second for its token.
  CAF_CHECK(asked[5] - asked[0] >= 490ms);
}

CAF_TEST(feeds of one host share its rate and its pause) {
  news_host host{{refusal("429 Too Many Requests", "1")}};
  watchers all;
  auto rate = std::make_shared<shared_rate_limiter>(rate_rule{10.0, 1.0});
  auto first = all.setup("example", {{host.page("a"), {}}});
  auto second = all.setup("example-2", {{host.page("b"), {}}});
  first.rate = second.rate = rate;
  all.watch(first);
  host.asked(1);
  all.watch(second);
  auto asked = host.asked(6);
  // The second may have been asked while the first was being answered.
  CAF_CHECK(asked[5] - asked[0] >= 1200ms);
}
