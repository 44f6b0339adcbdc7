#include "runtime/json/text.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string_view>

namespace banksia {

namespace {

namespace json = boost::json;

void write(std::string& out, const json::value& x);

/// What needs no escape is copied, which is nearly everything.
void write(std::string& out, json::string_view x) {
  auto is_plain = [](char c) {
    return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\';
  };
  if (!std::all_of(x.begin(), x.end(), is_plain)) {
    out += json::serialize(x);
    return;
  }
  out += '"';
  out.append(x.data(), x.size());
  out += '"';
}

void write(std::string& out, double x) {
  if (!std::isfinite(x)) {
    out += "null";
    return;
  }
  // As in JavaScript, exponents are for what would be mostly zeros.
  auto size = std::fabs(x);
  auto plain = size == 0 || (size >= 1e-6 && size < 1e15);
  char digits[64];
  auto end = std::to_chars(digits, digits + sizeof digits, x,
                           plain ? std::chars_format::fixed
                                 : std::chars_format::scientific)
               .ptr;
  std::string_view text{digits, static_cast<std::size_t>(end - digits)};
  out += text;
  if (text.find_first_of(".e") == std::string_view::npos)
    out += ".0";
}

void write(std::string& out, const json::object& x) {
  out += '{';
  for (const auto& member : x) {
    if (out.back() != '{')
      out += ',';
    write(out, member.key());
    out += ':';
    write(out, member.value());
  }
  out += '}';
}

void write(std::string& out, const json::array& x) {
  out += '[';
  for (const auto& element : x) {
    if (out.back() != '[')
      out += ',';
    write(out, element);
  }
  out += ']';
}

void write(std::string& out, const json::value& x) {
  switch (x.kind()) {
    case json::kind::object:
      return write(out, x.get_object());
    case json::kind::array:
      return write(out, x.get_array());
    case json::kind::string:
      return write(out, json::string_view{x.get_string()});
    case json::kind::bool_:
      out += x.get_bool() ? "true" : "false";
      return;
    case json::kind::int64:
      out += std::to_string(x.get_int64());
      return;
    case json::kind::double_:
      return write(out, x.get_double());
    default:
      out += json::serialize(x);
  }
}

} // namespace

std::string json_text(const json::value& x) {
  std::string out;
  write(out, x);
  return out;
}

} // namespace banksia
