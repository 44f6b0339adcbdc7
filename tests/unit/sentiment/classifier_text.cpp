#define CAF_SUITE sentiment_model_text
#include "messages/ids.hpp"
#include "models/sentiment/classifier.hpp"
#include "tests/unit/sentiment/labelled_samples.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;
using namespace banksia::sentiment;
using namespace banksia::test;

namespace {

struct fixture {
  classifier model = classifier::train(invented_sentences(5));
  std::string text = model.to_text();

  static std::string refusal(std::string_view text) {
    try {
      classifier::from_text(text);
    } catch (const model_error& error) {
      return error.what();
    }
    return "";
  }

  static bool refused(std::string_view text, std::string_view word) {
    auto got = refusal(text);
    CAF_MESSAGE(got);
    return got.find(word) != std::string::npos;
  }

  /// The text with one piece replaced, and sealed anew: the writer's defect.
  std::string forged(std::string_view from, std::string_view to) const {
    auto result = text.substr(0, text.rfind("sha256 "));
    auto at = result.find(from);
    CAF_REQUIRE(at != std::string::npos);
    result.replace(at, from.size(), to);
    return result + "sha256 " + sha256_hex(result) + "\n";
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(model_text_tests, fixture)

CAF_TEST(what is written is read) {
  auto again = classifier::from_text(text);
  CAF_CHECK(again == model);
  CAF_CHECK_EQUAL(again.to_text(), text);
  CAF_CHECK_EQUAL(again.hash_bits(), 18u);
  CAF_CHECK_EQUAL(again.samples()[0], 5u);
}

CAF_TEST(foreign text is no model) {
  for (auto foreign : {"", "{}", "banksia", "label\tsentence\n"})
    CAF_CHECK(refused(foreign, "not a sentiment model"));
}

CAF_TEST(a later version says so before anything else) {
  auto later = text;
  later.replace(later.find(" 1\n"), 3, " 2\n");
  CAF_CHECK(refused(later, "version 2"));
  CAF_CHECK(refused("banksia-sentiment-model 99\nwho knows", "version 99"));
  CAF_CHECK(refused("banksia-sentiment-model 0\n", "damaged"));
  CAF_CHECK(refused("banksia-sentiment-model x\n", "damaged"));
}

CAF_TEST(a changed byte anywhere is found) {
  auto step = text.size() / 97 + 1;
  for (std::size_t at = 0; at < text.size(); at += step) {
    auto changed = text;
    changed[at] = changed[at] == '7' ? '8' : '7';
    CAF_CHECK(!refusal(changed).empty());
  }
}

CAF_TEST(a cut text is found) {
  auto step = text.size() / 53 + 1;
  for (std::size_t size = 0; size < text.size(); size += step)
    CAF_CHECK(!refusal(std::string_view{text}.substr(0, size)).empty());
  CAF_CHECK(refused(text.substr(0, text.size() - 1), "check sum"));
  CAF_CHECK(refused(text + "more", "check sum"));
}

CAF_TEST(other features and lexicons are refused) {
  CAF_CHECK(refused(forged("features 1", "features 9"), "set of features"));
  CAF_CHECK(refused(forged("lexicon ", "lexicon 1"), "lexicon"));
}

CAF_TEST(sealed nonsense is refused) {
  CAF_CHECK(refused(forged("hash_bits 18", "hash_bits 31"), "hash_bits"));
  CAF_CHECK(refused(forged("hash_bits 18", "hash_bits 8"), "damaged"));
  CAF_CHECK(refused(forged("hash_bits", "hash_bat"), "hash_bits"));
  CAF_CHECK(refused(forged("samples 5", "samples -5"), "samples"));
  CAF_CHECK(refused(forged("bias ", "bias nan "), "bias"));
  CAF_CHECK(refused(forged("bias ", "bias inf "), "bias"));
  CAF_CHECK(refused(forged("weights ", "weights 99999999"), "weights"));
  CAF_CHECK(refused(forged("weights ", "weights 9"), "damaged"));
}

CAF_TEST(a bucket out of order is refused) {
  // The first bucket again in the second row's place.
  auto at = text.find('\n', text.find("weights ")) + 1;
  auto end = text.find('\n', at) + 1;
  auto row = text.substr(at, end - at);
  CAF_CHECK(refused(forged(row, row + row), "bucket"));
}

CAF_TEST(a huge text is not even looked at) {
  std::string huge(classifier::text_bytes_max + 1, ' ');
  CAF_CHECK(refused(huge, "larger"));
}

CAF_TEST_FIXTURE_SCOPE_END()
