#define CAF_SUITE sentiment_classifier
#include "models/sentiment/classifier.hpp"

#include "models/sentiment/classifier_features.hpp"
#include "tests/unit/sentiment/labelled_samples.hpp"

#include "caf/test/unit_test.hpp"

#include <cmath>

using namespace banksia::sentiment;
using namespace banksia::test;

namespace {

std::string failure_of(std::span<const labelled_sentence> sentences,
                       const training_settings& settings) {
  try {
    classifier::train(sentences, settings);
  } catch (const model_error& error) {
    return error.what();
  }
  return "";
}

std::string problem(auto field, auto value) {
  training_settings x;
  x.*field = value;
  return problem_of(x).value_or("").substr(0, 8);
}

} // namespace

CAF_TEST(it learns words that the lexicon does not know) {
  auto model = classifier::train(invented_sentences(40));
  headline_scorer scorer;
  auto told = [&](std::string_view text) {
    return label_of(model.probabilities(text, scorer));
  };
  CAF_CHECK(told("the wombat was glorbly") == label::positive);
  CAF_CHECK(told("the wombat was snarfic") == label::negative);
  CAF_CHECK(told("the wombat was beige") == label::neutral);
}

CAF_TEST(probabilities add up and make the score) {
  auto model = classifier::train(invented_sentences(20));
  headline_scorer scorer;
  for (auto text : {"", "glorbly", "a snarfic day", "\xff\xfe"}) {
    auto p = model.probabilities(text, scorer);
    CAF_CHECK(std::abs(p[0] + p[1] + p[2] - 1.0) < 1e-12);
    CAF_CHECK_EQUAL(score_of(p), p[2] - p[0]);
  }
}

CAF_TEST(the same seed gives the same bits and another one does not) {
  training_settings settings;
  auto sentences = invented_sentences(20);
  auto model = classifier::train(sentences, settings);
  CAF_CHECK(classifier::train(sentences, settings) == model);
  settings.seed = 2;
  CAF_CHECK(!(classifier::train(sentences, settings) == model));
}

CAF_TEST(rare labels are not drowned) {
  // 300 neutral sentences, 4 of each other: a word of its own is enough.
  auto sentences = invented_sentences(4);
  for (int i = 0; i < 300; ++i)
    sentences.push_back({"beige wombat number " + std::to_string(i),
                         label::neutral});
  headline_scorer scorer;
  training_settings settings;
  settings.class_balance = 0.0;
  auto text = "the wombat was snarfic";
  auto alike = classifier::train(sentences, settings);
  settings.class_balance = 1.0;
  auto balanced = classifier::train(sentences, settings);
  CAF_CHECK(balanced.probabilities(text, scorer)[0]
            > alike.probabilities(text, scorer)[0]);
}

CAF_TEST(reasons name words and come heaviest first) {
  auto model = classifier::train(invented_sentences(40));
  headline_scorer scorer;
  auto reasons = model.reasons("the wombat was snarfic", scorer, 3);
  CAF_REQUIRE(!reasons.empty() && reasons.size() <= 3);
  bool named = false;
  for (const auto& x : reasons)
    named = named || x.feature.find("snarfic") != std::string::npos;
  CAF_CHECK(named);
  CAF_CHECK(reasons.front().contribution < 0.0);
  for (std::size_t i = 1; i < reasons.size(); ++i)
    CAF_CHECK(std::abs(reasons[i].contribution)
              <= std::abs(reasons[i - 1].contribution));
}

CAF_TEST(a label without a sentence is named) {
  std::vector<labelled_sentence> none{{"up", label::positive},
                                      {"flat", label::neutral}};
  CAF_CHECK_EQUAL(failure_of(none, {}),
                  "no sentence is labelled negative: give some of each label");
}

CAF_TEST(unfit settings are named) {
  using s = training_settings;
  CAF_CHECK(!problem_of(s{}));
  CAF_CHECK_EQUAL(problem(&s::hash_bits, 7u), "hash_bit");
  CAF_CHECK_EQUAL(problem(&s::hash_bits, 21u), "hash_bit");
  CAF_CHECK_EQUAL(problem(&s::epochs, 0u), "epochs: ");
  CAF_CHECK_EQUAL(problem(&s::epochs, 1001u), "epochs: ");
  CAF_CHECK_EQUAL(problem(&s::rate, 0.0), "rate: se");
  CAF_CHECK_EQUAL(problem(&s::rate, std::nan("")), "rate: se");
  CAF_CHECK_EQUAL(problem(&s::l2, -1.0), "l2: set ");
  CAF_CHECK_EQUAL(problem(&s::class_balance, 1.5), "class_ba");
  s unfit;
  unfit.epochs = 0;
  CAF_CHECK(failure_of(invented_sentences(2), unfit).starts_with("unfit"));
}

CAF_TEST(ties are neutral) {
  CAF_CHECK(label_of({1.0 / 3, 1.0 / 3, 1.0 / 3}) == label::neutral);
  CAF_CHECK(label_of({0.4, 0.2, 0.4}) == label::negative);
  CAF_CHECK(label_of({0.2, 0.2, 0.6}) == label::positive);
}

CAF_TEST(features are one a bucket and in order) {
  feature_reader reader{8};
  headline_scorer scorer;
  const auto& found = reader.read("profit rose 5 % and profit rose 5 %, costs "
                                  "fell compared with 2009",
                                  scorer);
  for (std::size_t i = 0; i < found.size(); ++i) {
    CAF_CHECK(found[i].index < 256u);
    if (i > 0)
      CAF_CHECK(found[i - 1].index < found[i].index);
  }
}

CAF_TEST(stems) {
  CAF_CHECK_EQUAL(stem_of("profits"), "profit");
  CAF_CHECK_EQUAL(stem_of("loss"), "loss");
  CAF_CHECK_EQUAL(stem_of("rising"), stem_of("rise"));
  CAF_CHECK_EQUAL(stem_of("increased"), stem_of("increase"));
  CAF_CHECK_EQUAL(stem_of("up"), "up");
}
