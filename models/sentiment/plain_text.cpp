#include "models/sentiment/words.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace banksia::sentiment {

namespace {

constexpr std::size_t tag_bytes_max = 300;

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// The bytes of a tag at the beginning of `x`; 0 where there is none.
std::size_t tag_length(std::string_view x) {
  if (x.size() < 3 || !(is_letter(x[1]) || x[1] == '/' || x[1] == '!'))
    return 0;
  auto end = x.substr(0, tag_bytes_max).find('>');
  return end == std::string_view::npos ? 0 : end + 1;
}

using replacement = std::pair<std::string_view, std::string_view>;

constexpr std::array<replacement, 14> entities = {{
  {"&amp;", "&"},
  {"&lt;", "<"},
  {"&gt;", ">"},
  {"&quot;", "\""},
  {"&apos;", "'"},
  {"&#39;", "'"},
  {"&#x27;", "'"},
  {"&#8217;", "'"},
  {"&rsquo;", "'"},
  {"&lsquo;", "'"},
  {"&ndash;", " - "},
  {"&mdash;", " - "},
  {"&nbsp;", " "},
  {"&#160;", " "},
}};

/// Signs beyond ASCII that have a plain form.
constexpr std::array<replacement, 16> signs = {{
  {"\xe2\x80\x98", "'"},
  {"\xe2\x80\x99", "'"},
  {"\xca\xbc", "'"},
  {"\xe2\x80\x9c", "\""},
  {"\xe2\x80\x9d", "\""},
  {"\xe2\x80\x90", "-"},
  {"\xe2\x80\x91", "-"},
  {"\xe2\x80\x92", "-"},
  {"\xe2\x80\x93", " - "},
  {"\xe2\x80\x94", " - "},
  {"\xe2\x88\x92", "-"},
  {"\xe2\x80\xa6", " "},
  {"\xe2\x80\x8b", ""},
  {"\xef\xbb\xbf", ""},
  {"\xe2\x82\xac", "$"},
  {"\xc2\xa3", "$"},
}};

template <std::size_t N>
const replacement* begins(std::string_view x,
                          const std::array<replacement, N>& known) {
  for (const auto& entry : known)
    if (x.starts_with(entry.first))
      return &entry;
  return nullptr;
}

/// The bytes of the UTF-8 character at the beginning of `x`; 0 if there is
/// none. Overlong forms and surrogates are none.
std::size_t character_length(std::string_view x) {
  auto byte = [x](std::size_t i) { return static_cast<unsigned char>(x[i]); };
  auto follows = [&](std::size_t i) {
    return i < x.size() && (byte(i) & 0xc0) == 0x80;
  };
  auto first = byte(0);
  if (first >= 0xc2 && first <= 0xdf)
    return follows(1) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    if (!follows(1) || !follows(2) || (first == 0xe0 && byte(1) < 0xa0)
        || (first == 0xed && byte(1) > 0x9f))
      return 0;
    return 3;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    if (!follows(1) || !follows(2) || !follows(3)
        || (first == 0xf0 && byte(1) < 0x90)
        || (first == 0xf4 && byte(1) > 0x8f))
      return 0;
    return 4;
  }
  return 0;
}

/// Appends what stands for the beginning of `x`, and says how much it was.
std::size_t append_plain(std::string& to, std::string_view x) {
  auto c = static_cast<unsigned char>(x[0]);
  if (c == '<') {
    if (auto length = tag_length(x)) {
      to += ' ';
      return length;
    }
  } else if (c == '&') {
    if (auto entity = begins(x, entities)) {
      to += entity->second;
      return entity->first.size();
    }
  }
  if (c < 0x80) {
    to += c < 0x20 || c == 0x7f ? ' ' : static_cast<char>(c);
    return 1;
  }
  if (auto sign = begins(x, signs)) {
    to += sign->second;
    return sign->first.size();
  }
  auto length = character_length(x);
  if (length == 0 || x.starts_with("\xc2\xa0")) {
    to += ' ';
    return std::max<std::size_t>(1, length);
  }
  to += x.substr(0, length);
  return length;
}

} // namespace

std::string plain_text(std::string_view text) {
  std::string result;
  result.reserve(text.size() + 8);
  for (std::size_t at = 0; at < text.size();) {
    // Most text needs nothing: copy it by the run.
    auto run = at;
    while (run < text.size() && static_cast<unsigned char>(text[run]) >= 0x20
           && static_cast<unsigned char>(text[run]) < 0x7f && text[run] != '<'
           && text[run] != '&')
      ++run;
    result += text.substr(at, run - at);
    at = run;
    if (at < text.size())
      at += append_plain(result, text.substr(at));
  }
  return result;
}

} // namespace banksia::sentiment
