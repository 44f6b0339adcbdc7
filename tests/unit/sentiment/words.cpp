#define CAF_SUITE sentiment_words
#include "models/sentiment/words.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia::sentiment;

namespace {

/// "profit|#5000000$|," for a word, a sum of money and a stop.
std::string shown(std::string_view text) {
  text_words words{text};
  std::string result;
  for (const auto& x : words.all()) {
    if (!result.empty())
      result += '|';
    if (x.kind != word_kind::number) {
      result += x.text;
      continue;
    }
    char digits[40];
    std::snprintf(digits, sizeof(digits), "#%g", x.value);
    result += digits;
    result += x.sign > 0 ? "+" : x.sign < 0 ? "-" : "";
    result += x.percent ? "%" : "";
    result += x.money ? "$" : "";
    result += x.year ? "y" : "";
  }
  return result;
}

} // namespace

CAF_TEST(words are in lower case and know how they were written) {
  text_words words{"ANZ Bank's profit"};
  CAF_REQUIRE_EQUAL(words.all().size(), 3u);
  CAF_CHECK_EQUAL(words.all()[0].text, "anz");
  CAF_CHECK(words.all()[0].upper);
  CAF_CHECK_EQUAL(words.all()[1].text, "bank");
  CAF_CHECK_EQUAL(words.all()[1].seen, "Bank's");
  CAF_CHECK(words.all()[1].capital && !words.all()[1].upper);
  CAF_CHECK(!words.all()[2].capital);
}

CAF_TEST(numbers have units) {
  CAF_CHECK_EQUAL(shown("up 12 %"), "up|#12%");
  CAF_CHECK_EQUAL(shown("up 12.5%"), "up|#12.5%");
  CAF_CHECK_EQUAL(shown("3 per cent of 4 percent"), "#3%|of|#4%");
  CAF_CHECK_EQUAL(shown("$1,234.5 million"), "#1.2345e+09$");
  CAF_CHECK_EQUAL(shown("EUR20 or 2bn or 5 mn"),
                  "eur|#20$|or|#2e+09$|or|#5e+06$");
  CAF_CHECK_EQUAL(shown("in 2009"), "in|#2009y");
  CAF_CHECK_EQUAL(shown("$2009"), "#2009$");
  CAF_CHECK_EQUAL(shown("25 bps"), "#25%");
}

CAF_TEST(decimals parted from their number come back to it) {
  CAF_CHECK_EQUAL(shown("EUR20 .4 m"), "eur|#2.04e+07$");
}

CAF_TEST(signs count where they stand alone) {
  CAF_CHECK_EQUAL(shown("EUR -0.4 and +3%"), "eur|#0.4-$|and|#3+%");
  CAF_CHECK_EQUAL(shown("50-60"), "#50|#60");
}

CAF_TEST(a number with letters is a name) {
  CAF_CHECK_EQUAL(shown("4G and 1st"), "4g|and|1st");
}

CAF_TEST(negations and possessives) {
  CAF_CHECK_EQUAL(shown("didn't"), "did|not");
  CAF_CHECK_EQUAL(shown("does n't"), "does|not");
  CAF_CHECK_EQUAL(shown("don\xe2\x80\x99t"), "do|not");
  CAF_CHECK_EQUAL(shown("Finland 's sales"), "finland|sales");
}

CAF_TEST(hyphens part words and dashes part clauses) {
  CAF_CHECK_EQUAL(shown("year-on-year"), "year|on|year");
  CAF_CHECK_EQUAL(shown("up - down"), "up|-|down");
  CAF_CHECK_EQUAL(shown("up\xe2\x80\x94" "down"), "up|-|down");
}

CAF_TEST(stops end sentences and abbreviations do not) {
  CAF_CHECK_EQUAL(shown("Up. Down"), "up|.|down");
  CAF_CHECK_EQUAL(shown("Smith Corp. fell"), "smith|corp|fell");
}

CAF_TEST(markup and entities go) {
  CAF_CHECK_EQUAL(plain_text("<b>up</b>"), " up ");
  CAF_CHECK_EQUAL(plain_text("A&amp;B &lt; 3 < 4"), "A&B < 3 < 4");
  CAF_CHECK_EQUAL(shown("profit<br/>up"), "profit|up");
}

CAF_TEST(any bytes will do) {
  CAF_CHECK_EQUAL(plain_text("a\xff\xfe" "b"), "a  b");
  CAF_CHECK_EQUAL(plain_text("a\xc3"), "a ");
  CAF_CHECK_EQUAL(plain_text("a\xc0\xaf"), "a  ");
  CAF_CHECK_EQUAL(plain_text("\xed\xa0\x80"), "   ");
  CAF_CHECK_EQUAL(plain_text("\xf4\x90\x80\x80"), "    ");
  CAF_CHECK_EQUAL(plain_text("\xf0\x9f\x93\x88"), "\xf0\x9f\x93\x88");
  CAF_CHECK_EQUAL(plain_text(std::string_view{"a\0b", 3}), "a b");
  CAF_CHECK_EQUAL(shown("Soci\xc3\xa9t\xc3\xa9 up"), "soci\xc3\xa9t\xc3\xa9|up");
  CAF_CHECK_EQUAL(shown(""), "");
  for (int byte = 0; byte < 256; ++byte)
    for (int second = 0; second < 256; ++second) {
      std::string text{static_cast<char>(byte), static_cast<char>(second)};
      text_words words{text};
      CAF_REQUIRE(words.all().size() <= 3);
    }
}

CAF_TEST(a text beyond the limit is cut) {
  std::string text;
  for (int i = 0; i < 10'000; ++i)
    text += "up ";
  text_words words{text};
  CAF_CHECK_EQUAL(words.all().size(), (text_words::bytes_max + 2) / 3);
}
