#include "runtime/http/negotiation.hpp"

#include "runtime/http/content_coding.hpp"
#include "runtime/http/digest.hpp"
#include "runtime/http/header_list.hpp"

#include <array>
#include <memory>
#include <stdexcept>

namespace banksia::http {

namespace {

/// Bytes of the digest that a tag shows: no two answers meet by chance.
constexpr std::size_t tag_bytes = 16;

std::string* header_of(response& x, std::string_view name) {
  for (auto& [known, value] : x.headers)
    if (equal_ignoring_case(known, name))
      return &value;
  return nullptr;
}

std::string_view bare_media(std::string_view type) {
  return type.substr(0, type.find(';'));
}

bool is_text(std::string_view type) {
  auto bare = bare_media(type);
  return bare.starts_with("text/") || bare == "application/json"
         || bare == "application/problem+json";
}

/// The tag that the compressed form has: other bytes need another one.
std::string compressed_tag(std::string_view tag) {
  return std::string{tag.substr(0, tag.size() - 1)} + "-gzip\"";
}

/// Whether the client has it, compressed or not: a weak comparison, as RFC
/// 9110, section 13.1.2, wants.
bool is_known(std::string_view known, std::string_view tag) {
  auto compressed = compressed_tag(tag);
  bool result = false;
  for_each_item(known, [&](const header_item& x) {
    auto one = x.value;
    if (one.starts_with("W/"))
      one.remove_prefix(2);
    result = result || one == "*" || one == tag || one == compressed;
  });
  return result;
}

void compress(response& answer) {
  answer.body = encode_gzip(answer.body);
  answer.headers.emplace_back("Content-Encoding", "gzip");
  if (auto tag = header_of(answer, "ETag"))
    *tag = compressed_tag(*tag);
}

} // namespace

preferences preferences_of(const request& what, bool may_repeat) {
  preferences result;
  auto is_reading = what.method == method::get || what.method == method::head;
  result.may_be_known = may_repeat && is_reading;
  if (auto known = what.header("If-None-Match"); known && is_reading)
    result.known_tags = *known;
  if (auto codings = what.header("Accept-Encoding"))
    for_each_item(*codings, [&](const header_item& x) {
      if (equal_ignoring_case(x.value, "gzip") || x.value == "*")
        result.takes_gzip = x.is_wanted;
    });
  return result;
}

std::string entity_tag(std::string_view content) {
  return '"' + hex_of(sha256_of(content), tag_bytes) + '"';
}

void negotiate(response& answer, const preferences& with) {
  if (answer.status == 200) {
    auto tag = header_of(answer, "ETag");
    if (!tag && with.may_be_known
        && bare_media(answer.content_type) == "application/json") {
      answer.headers.emplace_back("ETag", entity_tag(answer.body));
      // Kept by the client alone, which asks each time whether it still holds.
      if (!header_of(answer, "Cache-Control"))
        answer.headers.emplace_back("Cache-Control", "private, no-cache");
      tag = header_of(answer, "ETag");
    }
    if (tag && is_known(with.known_tags, *tag)) {
      answer.status = 304;
      answer.body.clear();
      answer.content_type.clear();
    }
  }
  if (answer.body.size() < compressed_bytes_min || !is_text(answer.content_type)
      || header_of(answer, "Content-Encoding"))
    return;
  if (!header_of(answer, "Vary"))
    answer.headers.emplace_back("Vary", "Accept-Encoding");
  if (with.takes_gzip)
    compress(answer);
}

} // namespace banksia::http
