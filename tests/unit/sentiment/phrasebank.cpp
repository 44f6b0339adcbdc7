#define CAF_SUITE sentiment_phrasebank
#include "models/sentiment/labelled_text.hpp"
#include "models/sentiment/quality.hpp"
#include "tests/unit/market/recorded_days.hpp"

#include "caf/test/unit_test.hpp"

#include <zlib.h>

#include <sstream>

using namespace banksia::sentiment;

namespace {

struct fixture {
  std::vector<labelled_sentence> sentences;

  fixture() {
    auto folder = banksia::test::recorded("sentiment/financial_phrasebank");
    if (folder.empty())
      return;
    std::ifstream in{folder / "phrases.tsv", std::ios::binary};
    std::ostringstream text;
    text << in.rdbuf();
    sentences = parse_labelled(text.str());
  }

  /// The half whose CRC-32 is even or odd.
  std::vector<labelled_sentence> half(unsigned parity) const {
    std::vector<labelled_sentence> result;
    for (const auto& x : sentences) {
      auto bytes = reinterpret_cast<const Bytef*>(x.sentence.data());
      auto crc = crc32(0, bytes, static_cast<uInt>(x.sentence.size()));
      if (crc % 2 == parity)
        result.push_back(x);
    }
    return result;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(phrasebank_tests, fixture)

CAF_TEST(the lexicon tells labels of sentences) {
  if (sentences.empty())
    return;
  auto got = judge_lexicon(sentences);
  CAF_MESSAGE("accuracy " << got.accuracy() << " macro F1 " << got.macro_f1());
  CAF_CHECK_EQUAL(got.samples(), 3661u);
  CAF_CHECK(got.macro_f1() >= 0.74);
  CAF_CHECK(got.accuracy() >= 0.77);
}

CAF_TEST(the half that nobody looked at is told nearly as well) {
  if (sentences.empty())
    return;
  auto seen = judge_lexicon(half(0));
  auto unseen = judge_lexicon(half(1));
  CAF_MESSAGE("macro F1: even " << seen.macro_f1() << " odd "
                                << unseen.macro_f1());
  CAF_CHECK(unseen.samples() > 1500u);
  CAF_CHECK(unseen.macro_f1() >= 0.72);
  CAF_CHECK(seen.macro_f1() - unseen.macro_f1() < 0.05);
}

CAF_TEST(a classifier does better than the lexicon) {
  if (sentences.empty())
    return;
  auto lexicon = judge_lexicon(sentences);
  auto got = cross_validate(sentences, 5);
  CAF_MESSAGE("accuracy " << got.accuracy() << " macro F1 " << got.macro_f1());
  CAF_CHECK(got.accuracy() >= 0.80);
  CAF_CHECK(got.macro_f1() >= 0.77);
  CAF_CHECK(got.macro_f1() > lexicon.macro_f1());
}

CAF_TEST_FIXTURE_SCOPE_END()
