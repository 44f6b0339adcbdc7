#define CAF_SUITE live_news
#include "tests/integration/tree/live_run.hpp"
#include "tests/unit/runtime_http/fetching.hpp"

#include <atomic>

using namespace banksia;
using namespace banksia::tree_test;
using namespace std::chrono_literals;

namespace {

std::string rss_of(const std::vector<std::string>& titles) {
  std::string text = "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel>"
                     "<title>Example</title>";
  for (std::size_t i = 0; i < titles.size(); ++i)
    text += "<item><guid>" + std::to_string(i) + "</guid><title>" + titles[i]
            + "</title><link>https://news.example/" + std::to_string(i)
            + "</link><pubDate>Tue, 01 Jul 2025 00:30:00 GMT</pubDate></item>";
  return text + "</channel></rss>";
}

/// A page that may be in order, broken or away, and knows what was asked.
struct news_server {
  std::mutex mutex;
  std::vector<std::string> titles{"Commonwealth Bank profit rises 8 %"};
  std::atomic<bool> broken{false};
  std::atomic<int> served{0}, spared{0};
  http_test::scripted_server server{[this](http_test::peer& client, int) {
    for (auto request = client.read_request(); !request.empty();
         request = client.read_request())
      if (!answer(client, request))
        return;
  }};

  bool answer(http_test::peer& client, const std::string& request) {
    if (broken)
      return client.send(http_test::answer("<rss><channel><item>"));
    std::lock_guard guard{mutex};
    auto tag = "\"" + std::to_string(titles.size()) + "\"";
    if (request.find("If-None-Match: " + tag) != std::string::npos) {
      ++spared;
      return client.send("HTTP/1.1 304 Not Modified\r\nETag: " + tag
                         + "\r\n\r\n");
    }
    ++served;
    return client.send(http_test::answer(
      rss_of(titles), "Content-Type: application/rss+xml\r\nETag: " + tag
                        + "\r\n"));
  }

  void add(const std::string& title) {
    std::lock_guard guard{mutex};
    titles.push_back(title);
  }

  /// A page that has these alone.
  void turn(std::vector<std::string> to) {
    std::lock_guard guard{mutex};
    titles = std::move(to);
  }
};

template <class F>
bool comes_true(running_tree& tree, F holds) {
  for (int i = 0; i < 200; ++i) {
    if (holds())
      return true;
    tree.seen.expect("cycle", tree.seen.count("cycle") + 1);
  }
  return false;
}

std::vector<headline> stored(const std::filesystem::path& file,
                             const std::string& symbol) {
  auto db = store::open_for_reading(file);
  return store::queries{db}.headlines(symbol, end_of_time, 100);
}

} // namespace

CAF_TEST(headlines come from a page once and survive its failures) {
  scratch_folder folder;
  auto file = folder.path() / "banksia.db";
  news_server server;
  auto setup = simulated_node(file);
  auto board = std::make_shared<feed_board>();
  auto simulated = *setup.simulation;
  // Prices from imported bars (none); what counts here are the news.
  setup.simulation.reset();
  setup.clock.speed = 36'000; // ten hours a second
  outside_world outside;
  outside.board = board;
  news_setup news;
  news.name = "example";
  news.pages = {{"http://127.0.0.1:" + std::to_string(server.server.port)
                   + "/rss",
                 {}}};
  news.poll_every = 20ms;
  news.client = std::make_shared<http::client>();
  news.wall = [at = simulated.first_session] {
    return timestamp{std::chrono::sys_days{at}};
  };
  news.board = board;
  news.aliases = sentiment::bank_aliases();
  news.rules.breaker.open_for = 50ms;
  outside.news = {news};
  source_setup nobody;
  nobody.endpoint = yahoo_endpoint("http://127.0.0.1:1");
  nobody.client = news.client;
  nobody.wall = news.wall;
  outside.sources = {nobody};
  setup.outside = outside;
  running_tree tree{setup};
  CAF_CHECK(comes_true(tree, [&] { return stored(file, "CBA.AX").size() == 1; }));
  CAF_CHECK(comes_true(tree, [&] { return server.spared > 3; }));
  CAF_CHECK_EQUAL(server.served.load(), 1);
  CAF_CHECK_EQUAL(stored(file, "CBA.AX").size(), 1u);
  auto first = stored(file, "CBA.AX")[0];
  CAF_CHECK(first.scored);
  CAF_CHECK(first.known_at == first.received_at + news_settle);

  server.broken = true;
  CAF_CHECK(comes_true(tree, [&] {
    auto facts = board->all()["example"];
    return facts.failures["malformed"] > 0 && !facts.trouble.empty();
  }));
  server.broken = false;
  server.add("Westpac and Macquarie Group to merge units");
  CAF_CHECK(comes_true(tree, [&] { return stored(file, "WBC.AX").size() == 1; }));
  CAF_CHECK_EQUAL(stored(file, "MQG.AX").size(), 1u);
  CAF_CHECK(board->all()["example"].trouble.empty());

  // One that starts anew asks anew, and tells nothing twice: a story that comes
  // in nearly the same words neither, though what it repeats has left the page.
  auto served = server.served.load();
  server.turn({"Commonwealth Bank profit rises 8 % - AFR", "Gold falls",
               "Wheat falls", "Commonwealth Bank fined by regulator"});
  tree.kill("feed/news/example");
  CAF_CHECK(comes_true(tree, [&] { return server.served > served; }));
  CAF_CHECK(comes_true(tree, [&] { return stored(file, "CBA.AX").size() == 2; }));
  for (const auto& x : stored(file, "CBA.AX"))
    CAF_CHECK(x.title.find("AFR") == std::string::npos);
  CAF_CHECK_EQUAL(stored(file, "WBC.AX").size(), 1u);
  CAF_CHECK(tree.stop());
}
