#define CAF_SUITE news_desk
#include "actors/feeds/news_feed.hpp"
#include "tests/unit/actors/samples.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;
using namespace banksia::actors_test;

namespace {

news_item item(std::string identity, std::string title) {
  news_item x;
  x.identity = std::move(identity);
  x.title = std::move(title);
  x.link = "https://news.example/" + x.identity;
  x.published_at = at("2025-07-01T00:30:00Z");
  return x;
}

struct desk_fixture {
  news_desk desk{sentiment::bank_aliases(), nullptr, {"CBA.AX", "WBC.AX"}};
  news_page general{"https://news.example/rss", {}};
  timestamp now = at("2025-07-01T01:00:00Z");
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(news_desk_tests, desk_fixture)

CAF_TEST(titles tell whom they are about) {
  auto made = desk.read(general,
                        {item("1", "Commonwealth Bank and Westpac cut rates"),
                         item("2", "Wheat prices fall"),
                         item("3", "ANZ profit rises")},
                        "Example", now);
  CAF_REQUIRE_EQUAL(made.size(), 2u); // ANZ is not predicted here
  CAF_CHECK(made[0].symbol != made[1].symbol);
  for (const auto& x : made) {
    CAF_CHECK_EQUAL(x.source, "Example");
    CAF_CHECK(x.received_at == now);
    CAF_CHECK(x.known_at == now + news_settle);
    CAF_CHECK(x.published_at < now);
    CAF_CHECK(x.scored);
  }
}

CAF_TEST(a page of one symbol needs no name in its titles) {
  news_page own{"https://news.example/rss?s=CBA.AX", "CBA.AX"};
  auto made = desk.read(own, {item("1", "Bank posts record profit")}, "Example",
                        now);
  CAF_REQUIRE_EQUAL(made.size(), 1u);
  CAF_CHECK_EQUAL(made[0].symbol, "CBA.AX");
  CAF_CHECK_GREATER(made[0].score.value(), 0.0);
}

CAF_TEST(a story is told once however often it comes) {
  auto first = desk.read(general, {item("1", "Westpac profit falls 5 %")},
                         "Example", now);
  CAF_CHECK_EQUAL(first.size(), 1u);
  CAF_CHECK(desk.read(general, {item("1", "Westpac profit falls 5 %")},
                      "Example", now)
              .empty());
  CAF_CHECK_EQUAL(desk.repeated(), 0u);
  CAF_CHECK(desk.read(general, {item("2", "Westpac profit falls 5 % - AFR")},
                      "Example", now)
              .empty());
  CAF_CHECK_EQUAL(desk.repeated(), 1u);
  CAF_CHECK_EQUAL(desk.read(general, {item("3", "Westpac profit falls 9 %")},
                            "Example", now)
                    .size(),
                  1u);
}

CAF_TEST(a desk that begins again knows what was told) {
  auto told = desk.read(general, {item("1", "Westpac profit falls 5 %")},
                        "Example", now);
  news_desk next{sentiment::bank_aliases(), nullptr, {"CBA.AX", "WBC.AX"}};
  next.recall("WBC.AX", told);
  CAF_CHECK(next.read(general,
                      {item("1", "Westpac profit falls 5 %"),
                       item("2", "Westpac profit falls 5 % - AFR")},
                      "Example", now)
              .empty());
  CAF_CHECK_EQUAL(next.repeated(), 2u);
  // Of another symbol nothing was told.
  CAF_CHECK_EQUAL(next.read(general, {item("3", "CBA profit falls 5 %")},
                            "Example", now)
                    .size(),
                  1u);
}

CAF_TEST(the source that an item names is kept) {
  auto x = item("1", "Westpac names new chief executive");
  x.source = "Reuters";
  auto made = desk.read(general, {x}, "Google News", now);
  CAF_REQUIRE_EQUAL(made.size(), 1u);
  CAF_CHECK_EQUAL(made[0].source, "Reuters");
}

CAF_TEST_FIXTURE_SCOPE_END()
