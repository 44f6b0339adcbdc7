#define CAF_SUITE sentiment_labelled
#include "models/sentiment/labelled_text.hpp"
#include "models/sentiment/quality.hpp"
#include "tests/unit/sentiment/labelled_samples.hpp"

#include "caf/test/unit_test.hpp"

#include <cmath>

using namespace banksia::sentiment;
using namespace banksia::test;

namespace {

/// The line and the words of the refusal.
std::pair<std::size_t, std::string> refusal(std::string_view text) {
  try {
    parse_labelled(text);
  } catch (const labelled_error& error) {
    return {error.line(), error.what()};
  }
  return {0, ""};
}

bool refused(std::string_view text, std::size_t line, std::string_view word) {
  auto [at, what] = refusal(text);
  CAF_MESSAGE(what);
  return at == line && what.find(word) != std::string::npos;
}

} // namespace

CAF_TEST(columns may stand anywhere) {
  auto got = parse_labelled("\xef\xbb\xbfx\tsentence\ty\tlabel\r\n"
                            "1\tprofit rose\t\tpositive\r\n"
                            "\n"
                            "2\tflat\t\tneutral");
  CAF_REQUIRE_EQUAL(got.size(), 2u);
  CAF_CHECK(got[0] == (labelled_sentence{"profit rose", label::positive}));
  CAF_CHECK(got[1] == (labelled_sentence{"flat", label::neutral}));
}

CAF_TEST(what is wrong is named with its line) {
  CAF_CHECK(refused("", 0, "empty"));
  CAF_CHECK(refused("\n\n", 0, "empty"));
  CAF_CHECK(refused("label\tsentence\n", 0, "no rows"));
  CAF_CHECK(refused("label\ttext\npositive\tx\n", 1, "no column sentence"));
  CAF_CHECK(refused("mood\tsentence\npositive\tx\n", 1, "no column label"));
  CAF_CHECK(refused("label\tsentence\npositive\tx\ngood\ty\n", 3, "'good'"));
  CAF_CHECK(refused("label\tsentence\nPositive\tx\n", 2, "'Positive'"));
  CAF_CHECK(refused("label\tsentence\npositive\n", 2, "fewer columns"));
  CAF_CHECK(refused("label\tsentence\npositive\t \n", 2, "no sentence"));
  CAF_CHECK(refused("label\tsentence\npositive\t\xff\n", 2, "not UTF-8"));
  CAF_CHECK(refused("label\t\xc3\n", 1, "not UTF-8"));
}

CAF_TEST(labels have names) {
  CAF_CHECK(parse_label("negative") == label::negative);
  CAF_CHECK(!parse_label("bad"));
}

CAF_TEST(figures of a confusion) {
  label_quality x;
  CAF_CHECK_EQUAL(x.accuracy(), 0.0);
  CAF_CHECK_EQUAL(x.macro_f1(), 0.0);
  x.confusion = {{{8, 1, 1}, {2, 15, 3}, {0, 4, 6}}};
  CAF_CHECK_EQUAL(x.samples(), 40u);
  CAF_CHECK(x.accuracy() == 29.0 / 40);
  CAF_CHECK(x.f1(label::negative) == 16.0 / 20);
  CAF_CHECK(x.f1(label::neutral) == 30.0 / 40);
  CAF_CHECK(x.f1(label::positive) == 12.0 / 20);
  CAF_CHECK(std::abs(x.macro_f1() - (0.8 + 0.75 + 0.6) / 3) < 1e-12);
}

CAF_TEST(a label that never occurs is not averaged in) {
  label_quality x;
  x.add(label::neutral, label::neutral);
  CAF_CHECK_EQUAL(x.macro_f1(), 1.0);
  x.add(label::neutral, label::positive);
  CAF_CHECK(x.macro_f1() < 0.5);
}

CAF_TEST(each sentence is judged once by one that has not seen it) {
  auto sentences = invented_sentences(20);
  auto got = cross_validate(sentences, 5);
  CAF_CHECK_EQUAL(got.samples(), 60u);
  CAF_CHECK(got == cross_validate(sentences, 5));
  // Each sentence has a word of its own; nothing else tells the labels, so one
  // that had seen them would be right.
  std::vector<labelled_sentence> unique;
  for (int i = 0; i < 60; ++i)
    unique.push_back({"word" + std::to_string(i),
                      static_cast<label>(i % 3)});
  CAF_CHECK(judge(classifier::train(unique), unique).accuracy() > 0.95);
  CAF_CHECK(cross_validate(unique, 5).accuracy() < 0.6);
}

CAF_TEST(folds that cannot be made are refused) {
  auto fails = [](std::size_t folds) {
    try {
      cross_validate(invented_sentences(3), folds);
    } catch (const model_error& error) {
      return std::string{error.what()};
    }
    return std::string{};
  };
  CAF_CHECK_EQUAL(fails(3), "");
  CAF_CHECK(fails(1).starts_with("fewer than 2 folds"));
  CAF_CHECK(fails(4).starts_with("3 sentences are negative"));
}

CAF_TEST(the lexicon is judged without learning) {
  std::vector<labelled_sentence> some{{"profit fell", label::negative},
                                      {"profit rose", label::positive},
                                      {"the meeting", label::positive}};
  auto got = judge_lexicon(some);
  CAF_CHECK_EQUAL(got.confusion[0][0], 1u);
  CAF_CHECK_EQUAL(got.confusion[2][2], 1u);
  CAF_CHECK_EQUAL(got.confusion[2][1], 1u);
}
