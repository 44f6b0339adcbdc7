#include "models/news/news_encoding.hpp"

#include "models/news/characters.hpp"

#include <optional>
#include <utility>

namespace banksia {

using characters::append_utf8;

namespace {

enum class encoding : std::uint8_t { utf8, utf16_le, utf16_be, windows_1252 };

std::string lower(std::string_view text) {
  std::string result;
  for (char c : text)
    result += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return result;
}

std::optional<encoding> by_name(std::string_view text) {
  auto name = lower(text);
  if (name == "utf-8" || name == "utf8")
    return encoding::utf8;
  if (name == "utf-16" || name == "utf-16le")
    return encoding::utf16_le;
  if (name == "utf-16be")
    return encoding::utf16_be;
  for (auto known : {"iso-8859-1", "iso8859-1", "latin1", "latin-1", "l1",
                     "windows-1252", "cp1252", "us-ascii", "ascii"})
    if (name == known)
      return encoding::windows_1252;
  return std::nullopt;
}

/// The encoding that `<?xml … encoding="…"?>` names, empty without one.
std::string_view declared(std::string_view bytes) {
  if (!bytes.starts_with("<?xml"))
    return {};
  auto line = bytes.substr(0, bytes.substr(0, 512).find("?>"));
  auto at = line.find("encoding");
  if (at == line.npos)
    return {};
  auto open = line.find_first_of("\"'", at);
  if (open == line.npos)
    return {};
  auto end = line.find(line[open], open + 1);
  return end == line.npos ? std::string_view{}
                          : line.substr(open + 1, end - open - 1);
}

bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    auto byte = [&](std::size_t k) {
      return i + k < text.size() ? static_cast<unsigned char>(text[i + k]) : 0u;
    };
    auto first = byte(0);
    auto follows = [&](std::size_t k) { return (byte(k) & 0xC0) == 0x80; };
    if (first < 0x80)
      i += 1;
    else if (first >= 0xC2 && first < 0xE0 && follows(1))
      i += 2;
    else if (first >= 0xE0 && first < 0xF0 && follows(1) && follows(2)
             && !(first == 0xE0 && byte(1) < 0xA0)
             && !(first == 0xED && byte(1) > 0x9F))
      i += 3;
    else if (first >= 0xF0 && first < 0xF5 && follows(1) && follows(2)
             && follows(3) && !(first == 0xF0 && byte(1) < 0x90)
             && !(first == 0xF4 && byte(1) > 0x8F))
      i += 4;
    else
      return false;
  }
  return true;
}

std::string from_windows_1252(std::string_view bytes) {
  std::string result;
  result.reserve(bytes.size() + bytes.size() / 8);
  for (char c : bytes) {
    std::uint32_t byte = static_cast<unsigned char>(c);
    append_utf8(result, byte >= 0x80 && byte < 0xA0
                          ? characters::windows_1252[byte - 0x80]
                          : byte);
  }
  return result;
}

/// Nothing where units do not pair up.
std::optional<std::string> from_utf16(std::string_view bytes, bool big) {
  if (bytes.size() % 2 != 0)
    return std::nullopt;
  auto unit = [&](std::size_t i) {
    std::uint32_t a = static_cast<unsigned char>(bytes[i]);
    std::uint32_t b = static_cast<unsigned char>(bytes[i + 1]);
    return big ? a << 8 | b : b << 8 | a;
  };
  std::string result;
  for (std::size_t i = 0; i < bytes.size(); i += 2) {
    auto c = unit(i);
    if (c >= 0xD800 && c < 0xE000) {
      auto low = c < 0xDC00 && i + 3 < bytes.size() ? unit(i + 2) : 0;
      if (low < 0xDC00 || low > 0xDFFF)
        return std::nullopt;
      c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
      i += 2;
    }
    append_utf8(result, c);
  }
  return result;
}

} // namespace

decoded_document decode_document(std::string_view bytes,
                                 std::string_view charset) {
  decoded_document out;
  std::optional<encoding> in;
  if (bytes.starts_with("\xEF\xBB\xBF")) {
    in = encoding::utf8;
    bytes.remove_prefix(3);
  } else if (bytes.starts_with("\xFF\xFE")) {
    in = encoding::utf16_le;
    bytes.remove_prefix(2);
  } else if (bytes.starts_with("\xFE\xFF")) {
    in = encoding::utf16_be;
    bytes.remove_prefix(2);
  } else if (bytes.starts_with(std::string_view{"<\0", 2})) {
    in = encoding::utf16_le;
  } else if (bytes.starts_with(std::string_view{"\0<", 2})) {
    in = encoding::utf16_be;
  } else {
    auto name = charset.empty() ? declared(bytes) : charset;
    in = name.empty() ? encoding::utf8 : by_name(name);
    // The declaration could be read byte by byte, so that it cannot be.
    if (in == encoding::utf16_le || in == encoding::utf16_be)
      in = encoding::utf8;
  }
  if (!in) {
    out.unknown = true;
  } else if (*in == encoding::utf16_le || *in == encoding::utf16_be) {
    auto text = from_utf16(bytes, *in == encoding::utf16_be);
    out.unknown = !text;
    out.text = std::move(text).value_or(std::string{});
  } else if (*in == encoding::utf8 && is_utf8(bytes)) {
    out.text = bytes;
  } else {
    out.mislabelled = *in == encoding::utf8;
    out.text = from_windows_1252(bytes);
  }
  return out;
}

} // namespace banksia
