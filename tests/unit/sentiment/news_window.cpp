#define CAF_SUITE news_window
#include "models/sentiment/news_window.hpp"

#include "caf/test/unit_test.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

using namespace banksia;
using std::chrono::hours;

// CAF_CHECK_EQUAL takes doubles as equal that differ by 1e-5 of their size, so
// exact numbers are compared with CAF_CHECK.

namespace {

const timestamp noon = from_micros(1'751'328'000'000'000);

headline make_headline(const std::string& id, micros age, double score) {
  headline x;
  x.headline_id = id;
  x.symbol = "CBA.AX";
  x.published_at = noon - age;
  x.known_at = noon - age;
  x.score = real{score};
  x.scored = true;
  return x;
}

bool near(double a, double b) {
  return std::abs(a - b) <= 1e-12;
}

} // namespace

CAF_TEST(without headlines there is no reading) {
  news_window x;
  CAF_CHECK(!x.at(noon));
}

CAF_TEST(one fresh headline is its score) {
  news_window x;
  CAF_CHECK(x.add(make_headline("a", hours{0}, -0.5)) == headline_use::kept);
  auto got = x.at(noon);
  CAF_REQUIRE(got.has_value());
  CAF_CHECK(got->sentiment.value() == -0.5);
  CAF_CHECK(near(got->confidence.value(), 1.0 - std::sqrt(0.5)));
  CAF_CHECK(got->count == 1);
}

CAF_TEST(weight halves in six hours) {
  news_window x;
  x.add(make_headline("new", hours{0}, 1.0));
  x.add(make_headline("old", hours{6}, -1.0));
  auto got = *x.at(noon);
  CAF_CHECK(near(got.sentiment.value(), (1.0 - 0.5) / 1.5));
  CAF_CHECK(near(got.confidence.value(), 1.0 - std::exp2(-0.75)));
  auto later = *x.at(noon + hours{6});
  CAF_CHECK(near(later.sentiment.value(), (0.5 - 0.25) / 0.75));
  CAF_CHECK(later.confidence < got.confidence);
}

CAF_TEST(two fresh headlines give one half and four three quarters) {
  news_window x;
  x.add(make_headline("a", hours{0}, 0.2));
  x.add(make_headline("b", hours{0}, 0.4));
  CAF_CHECK(x.at(noon)->confidence.value() == 0.5);
  CAF_CHECK(near(x.at(noon)->sentiment.value(), 0.3));
  x.add(make_headline("c", hours{0}, 0.2));
  x.add(make_headline("d", hours{0}, 0.4));
  CAF_CHECK(x.at(noon)->confidence.value() == 0.75);
}

CAF_TEST(a source counts by its reliability) {
  news_window x;
  x.add(make_headline("a", hours{0}, 1.0), 1.0);
  x.add(make_headline("b", hours{0}, -1.0), 0.25);
  CAF_CHECK(near(x.at(noon)->sentiment.value(), 0.75 / 1.25));
}

CAF_TEST(headlines about events have a sentiment of their own) {
  news_window x;
  auto plain = make_headline("a", hours{0}, -0.5);
  plain.title = "Bank shares drift on a quiet day";
  x.add(plain);
  CAF_CHECK(!x.at(noon)->event_sentiment);
  auto dividend = make_headline("b", hours{0}, 1.0);
  dividend.title = "Bank lifts its dividend";
  x.add(dividend);
  CAF_CHECK(x.at(noon)->event_sentiment == real{1.0});
  auto fine = make_headline("c", hours{6}, -1.0);
  fine.title = "Regulator takes bank to court";
  x.add(fine, 0.5);
  auto got = *x.at(noon);
  CAF_CHECK(near(got.event_sentiment->value(), (1.0 - 0.25) / 1.25));
  CAF_CHECK(near(got.sentiment.value(), (1.0 - 0.25 - 0.5) / 2.25));
  CAF_CHECK_EQUAL(got.count, 3u);
  // 72 hours later the last one alone has left, then all.
  CAF_CHECK(x.at(noon + hours{67})->event_sentiment == real{1.0});
  CAF_CHECK(!x.at(noon + hours{73}));
}

CAF_TEST(the window ends after 72 hours) {
  news_window x;
  x.add(make_headline("a", hours{72}, 0.5));
  CAF_CHECK(x.at(noon).has_value());
  CAF_CHECK(!x.at(noon + micros{1}));
}

CAF_TEST(what was not known yet does not count) {
  news_window x;
  auto late = make_headline("a", hours{5}, 0.5);
  late.known_at = noon + micros{1};
  x.add(late);
  CAF_CHECK(!x.at(noon));
  CAF_CHECK(x.at(noon + micros{1})->count == 1);
}

CAF_TEST(a headline dated ahead counts as new) {
  news_window x;
  auto ahead = make_headline("a", -hours{5}, 0.5);
  ahead.known_at = noon;
  x.add(ahead);
  CAF_CHECK(near(x.at(noon)->confidence.value(), 1.0 - std::sqrt(0.5)));
}

CAF_TEST(the same headline counts once) {
  news_window x;
  x.add(make_headline("a", hours{1}, 0.5));
  CAF_CHECK(x.add(make_headline("a", hours{0}, 0.9))
            == headline_use::duplicate);
  CAF_CHECK_EQUAL(x.size(), 1u);
}

CAF_TEST(unscored and impossible headlines are refused) {
  news_window x;
  auto nan = std::numeric_limits<double>::quiet_NaN();
  auto unscored = make_headline("a", hours{0}, 0.5);
  unscored.scored = false;
  CAF_CHECK(x.add(unscored) == headline_use::unscored);
  auto out = headline_use::out_of_range;
  CAF_CHECK(x.add(make_headline("b", hours{0}, 1.01)) == out);
  CAF_CHECK(x.add(make_headline("c", hours{0}, -1.01)) == out);
  CAF_CHECK(x.add(make_headline("d", hours{0}, nan)) == out);
  CAF_CHECK(x.add(make_headline("e", hours{0}, 0.5), 0.0) == out);
  CAF_CHECK(x.add(make_headline("f", hours{0}, 0.5), 1.01) == out);
  CAF_CHECK(x.add(make_headline("g", hours{0}, 0.5), nan) == out);
  CAF_CHECK_EQUAL(x.size(), 0u);
  CAF_CHECK(x.add(make_headline("h", hours{0}, 1.0)) == headline_use::kept);
  CAF_CHECK(x.add(make_headline("i", hours{0}, -1.0)) == headline_use::kept);
}

CAF_TEST(a full window keeps the newest) {
  news_window_parameters p;
  p.capacity = 2;
  news_window x{p};
  x.add(make_headline("a", hours{3}, 0.1));
  x.add(make_headline("b", hours{1}, 0.2));
  CAF_CHECK(x.add(make_headline("c", hours{4}, 0.3)) == headline_use::too_old);
  CAF_CHECK(x.add(make_headline("d", hours{2}, 0.2)) == headline_use::kept);
  CAF_CHECK_EQUAL(x.size(), 2u);
  CAF_CHECK(near(x.at(noon)->sentiment.value(), 0.2));
}

CAF_TEST(order of adding and repeats do not matter) {
  std::mt19937_64 engine{1};
  std::uniform_int_distribution<int> minute{0, 60 * 80};
  std::uniform_real_distribution<double> score{-1.0, 1.0};
  std::vector<headline> all;
  for (int i = 0; i < 200; ++i)
    all.push_back(make_headline(std::to_string(i),
                                std::chrono::minutes{minute(engine) / 60 * 60},
                                score(engine)));
  news_window forward, shuffled;
  for (const auto& x : all)
    forward.add(x);
  std::shuffle(all.begin(), all.end(), engine);
  for (int round = 0; round < 2; ++round)
    for (const auto& x : all)
      shuffled.add(x);
  CAF_CHECK_EQUAL(forward.size(), 64u);
  CAF_CHECK(forward == shuffled);
  CAF_CHECK(forward.at(noon) == shuffled.at(noon));
}

CAF_TEST(readings stay in range and confidence grows) {
  std::mt19937_64 engine{2};
  std::uniform_int_distribution<int> minute{0, 60 * 72};
  std::bernoulli_distribution good{0.9};
  news_window x;
  double before = 0.0;
  int bad = 0;
  for (int i = 0; i < 64; ++i) {
    x.add(make_headline(std::to_string(i),
                        std::chrono::minutes{minute(engine)},
                        good(engine) ? 1.0 : -1.0));
    auto got = *x.at(noon);
    if (std::abs(got.sentiment.value()) > 1.0
        || !(got.confidence.value() > before)
        || got.confidence.value() > 1.0)
      ++bad;
    before = got.confidence.value();
  }
  CAF_CHECK_EQUAL(bad, 0);
}

CAF_TEST(weights that vanish give no reading) {
  news_window_parameters p;
  p.half_life = micros{1};
  news_window x{p};
  x.add(make_headline("a", hours{1}, 0.5));
  CAF_CHECK(!x.at(noon));
}

CAF_TEST(unfit parameters are named) {
  auto word = [](auto field, auto value) {
    news_window_parameters p;
    p.*field = value;
    return problem_of(p).value_or("").substr(0, 12);
  };
  using p = news_window_parameters;
  CAF_CHECK(!problem_of(p{}));
  CAF_CHECK_EQUAL(word(&p::half_life, micros{0}), "news half_li");
  CAF_CHECK_EQUAL(word(&p::window, micros{-1}), "news window:");
  CAF_CHECK_EQUAL(word(&p::capacity, std::size_t{0}), "news capacit");
  CAF_CHECK_EQUAL(word(&p::half_confidence_headlines, 0.0), "news half_co");
}

CAF_TEST(uses have names) {
  CAF_CHECK_EQUAL(to_string(headline_use::kept), "kept");
  CAF_CHECK_EQUAL(to_string(headline_use::duplicate), "duplicate");
  CAF_CHECK_EQUAL(to_string(headline_use::unscored), "unscored");
  CAF_CHECK_EQUAL(to_string(headline_use::out_of_range), "out_of_range");
  CAF_CHECK_EQUAL(to_string(headline_use::too_old), "too_old");
}
