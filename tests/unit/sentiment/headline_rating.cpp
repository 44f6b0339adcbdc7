#define CAF_SUITE headline_rating
#include "models/sentiment/headline_rating.hpp"

#include "tests/unit/sentiment/labelled_samples.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;
using namespace banksia::sentiment;
using namespace banksia::test;

namespace {

headline untold(const std::string& title) {
  headline x;
  x.title = title;
  return x;
}

} // namespace

CAF_TEST(a headline without a score gets the lexicons) {
  headline_rating rating;
  std::vector<headline> all{untold("profit fell"), untold("profit rose"),
                            untold("the annual meeting")};
  CAF_CHECK_EQUAL(rating.rate(all), 3u);
  headline_scorer scorer;
  for (const auto& x : all) {
    CAF_CHECK(x.scored);
    CAF_CHECK(x.score.value() == scorer.score(x.title).score);
  }
  CAF_CHECK(all[0].score.value() < 0.0);
  CAF_CHECK(all[1].score.value() > 0.0);
  CAF_CHECK(all[2].score.value() == 0.0);
}

CAF_TEST(a score that the source gave stays) {
  headline_rating rating;
  auto told = untold("profit fell");
  told.score = real{0.9};
  told.scored = true;
  std::vector<headline> all{told};
  CAF_CHECK_EQUAL(rating.rate(all), 0u);
  CAF_CHECK(all[0] == told);
  CAF_CHECK_EQUAL(rating.rate({}), 0u);
}

CAF_TEST(a model goes before the lexicon) {
  auto model = std::make_shared<classifier>(
    classifier::train(invented_sentences(20)));
  headline_rating rating{model};
  std::vector<headline> all{untold("a snarfic day"), untold("a glorbly day")};
  CAF_CHECK_EQUAL(rating.rate(all), 2u);
  headline_scorer scorer;
  CAF_CHECK(all[0].score.value()
            == score_of(model->probabilities("a snarfic day", scorer)));
  CAF_CHECK(all[0].score.value() < 0.0);
  CAF_CHECK(all[1].score.value() > 0.0);
}
