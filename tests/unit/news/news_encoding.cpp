#define CAF_SUITE news_encoding
#include "models/news/news_encoding.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;

namespace {

std::string utf16(std::u16string_view text, bool big) {
  std::string result;
  for (auto unit : text) {
    auto high = static_cast<char>(unit >> 8);
    auto low = static_cast<char>(unit & 0xFF);
    result += big ? high : low;
    result += big ? low : high;
  }
  return result;
}

std::string text(std::string_view bytes, std::string_view charset = {}) {
  auto decoded = decode_document(bytes, charset);
  return decoded.unknown ? "unknown" : decoded.text;
}

} // namespace

CAF_TEST(the declaration tells the encoding) {
  CAF_CHECK_EQUAL(text("<?xml version='1.0' encoding='ISO-8859-1'?>caf\xE9"),
                  "<?xml version='1.0' encoding='ISO-8859-1'?>café");
  CAF_CHECK_EQUAL(
    text("<?xml version=\"1.0\" encoding=\"windows-1252\"?>\x93x\x94 \x80"),
    "<?xml version=\"1.0\" encoding=\"windows-1252\"?>“x” €");
  CAF_CHECK_EQUAL(text("<a>caf\xC3\xA9</a>"), "<a>café</a>");
  CAF_CHECK_EQUAL(text("<?xml encoding='Shift_JIS'?>x"), "unknown");
}

CAF_TEST(the header is stronger and a byte order mark stronger still) {
  CAF_CHECK_EQUAL(text("<?xml encoding='UTF-8'?>\xE9", "iso-8859-1"),
                  "<?xml encoding='UTF-8'?>é");
  CAF_CHECK_EQUAL(text("\xEF\xBB\xBF<a>\xC3\xA9</a>", "iso-8859-1"),
                  "<a>é</a>");
}

CAF_TEST(UTF 16 in either order) {
  std::u16string_view document = u"<a>é€𝄞</a>";
  for (auto big : {false, true}) {
    auto bytes = utf16(document, big);
    CAF_CHECK_EQUAL(text(bytes), "<a>é€𝄞</a>");
    CAF_CHECK_EQUAL(text(utf16(u"\uFEFF", big) + bytes), "<a>é€𝄞</a>");
    CAF_CHECK_EQUAL(text(bytes.substr(0, bytes.size() - 1)), "unknown");
  }
  std::u16string lone{u"<a>?</a>"};
  lone[3] = 0xD834;
  CAF_CHECK_EQUAL(text(utf16(lone, false)), "unknown");
  lone[3] = 0xDC34;
  CAF_CHECK_EQUAL(text(utf16(lone, true)), "unknown");
}

CAF_TEST(bytes that are not what they are said to be) {
  auto decoded = decode_document("<?xml encoding='UTF-8'?>Caf\xE9 \x96", {});
  CAF_CHECK(decoded.mislabelled);
  CAF_CHECK_EQUAL(decoded.text, "<?xml encoding='UTF-8'?>Café –");
  for (std::string_view bad : {"\xC0\xAF", "\xED\xA0\x80", "\xF5\x80\x80\x80",
                               "\xE2\x82", "\x80", "\xF0\x8F\xBF\xBF"})
    CAF_CHECK(decode_document(bad, {}).mislabelled);
  CAF_CHECK(!decode_document("é€𝄞", {}).mislabelled);
}
