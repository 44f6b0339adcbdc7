#include "runtime/http/operation.hpp"

#include "runtime/http/header_list.hpp"
#include "runtime/http/problem_type.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <charconv>

namespace banksia::http {

namespace {

namespace json = boost::json;
using refusal = std::optional<response>;

response refuse_with(const problem_type& of, std::string_view field,
                     std::string_view detail) {
  return problem(of, detail, {{"field", field}});
}

std::string_view type_of(const json_schema& shape) {
  auto type = shape.if_contains("type");
  if (!type || !type->is_string())
    return "string";
  return {type->as_string().data(), type->as_string().size()};
}

/// A parameter's text as the value that its schema speaks of; the text itself
/// where it is none.
json::value value_of(std::string_view text, const json_schema& shape) {
  auto type = type_of(shape);
  if (type == "integer") {
    std::int64_t number = 0;
    auto end = text.data() + text.size();
    auto [stop, failed] = std::from_chars(text.data(), end, number);
    if (failed == std::errc{} && stop == end)
      return number;
  } else if (type == "array") {
    json::array result;
    for (auto rest = text;;) {
      auto end = std::min(rest.find(','), rest.size());
      result.emplace_back(rest.substr(0, end));
      if (end == rest.size())
        return result;
      rest.remove_prefix(end + 1);
    }
  }
  return json::string{text};
}

std::string names_of(const std::vector<parameter>& known) {
  std::string result;
  for (const auto& x : known)
    result += (result.empty() ? "" : ", ") + x.name;
  return result.empty() ? "none" : result;
}

refusal check_value(const std::string& name, std::string_view text,
                    const json_schema& shape, const schema_book& book) {
  auto broken = check_schema(value_of(text, shape), shape, book);
  if (!broken)
    return std::nullopt;
  return refuse_with(problems::invalid_value, name,
                     name + " is \"" + std::string{text}
                       + "\": " + broken->detail);
}

refusal check_query(const request& what, const operation& of,
                    const schema_book& book) {
  for (auto given = what.query.begin(); given != what.query.end(); ++given) {
    const auto& name = given->first;
    auto has_name = [&](const auto& x) { return x.name == name; };
    auto known = std::find_if(of.query.begin(), of.query.end(), has_name);
    if (known == of.query.end())
      return refuse_with(problems::invalid_parameter_name, name,
                         "no such parameter: " + name + ": this route takes "
                           + names_of(of.query));
    auto is_same = [&](const auto& x) { return x.first == name; };
    if (std::any_of(what.query.begin(), given, is_same))
      return refuse_with(problems::invalid_parameter_name, name,
                         "given twice: " + name + ": give it once");
    if (auto refused = check_value(name, given->second, known->shape, book))
      return refused;
  }
  return std::nullopt;
}

refusal check_path(const request& what, const operation& of,
                   const schema_book& book) {
  for (const auto& x : of.path)
    if (auto refused = check_value(x.name, what.param(x.name), x.shape, book))
      return refused;
  return std::nullopt;
}

refusal check_body(request& what, const request_body& of,
                   const schema_book& book) {
  if (what.body.empty()) {
    if (!of.is_required)
      return std::nullopt;
    if (!what.header("Content-Length") && !what.header("Transfer-Encoding"))
      return problem(problems::length_required,
                     "this needs a body, and its length: send Content-Length "
                     "or a chunked body");
    return refuse_with(problems::missing_body, "",
                       "this needs a body: send JSON");
  }
  auto read = parse_json_body(what);
  if (!read)
    return read.error();
  if (auto broken = check_schema(*read, of.shape, book)) {
    auto where = broken->field.empty() ? "the body" : broken->field;
    return refuse_with(problems::invalid_value, broken->field,
                       where + ": " + broken->detail);
  }
  what.content = std::make_shared<const json::value>(std::move(*read));
  return std::nullopt;
}

refusal check_accept(const request& what, const operation& of) {
  auto wanted = what.header("Accept");
  if (!wanted || of.answers.empty())
    return std::nullopt;
  std::string there;
  auto takes = [&](const std::string& media) {
    if (media.empty() || accepts(wanted, media))
      return true;
    if (there.find(media) == std::string::npos)
      there += (there.empty() ? "" : ", ") + media;
    return false;
  };
  for (const auto& x : of.answers)
    if (takes(x.media)
        || std::any_of(x.other_media.begin(), x.other_media.end(), takes))
      return std::nullopt;
  return problem(problems::not_acceptable,
                 "there is no answer that Accept allows: take " + there);
}

} // namespace

bool accepts(std::optional<std::string_view> header, std::string_view media) {
  if (!header)
    return true;
  // The most specific range that fits decides (RFC 9110, section 12.5.1).
  auto bare = media.substr(0, media.find(';'));
  auto kind = bare.substr(0, bare.find('/'));
  int best = -1;
  bool result = false;
  for_each_item(*header, [&](const header_item& x) {
    int rank = -1;
    if (equal_ignoring_case(x.value, bare))
      rank = 2;
    else if (x.value.ends_with("/*")
             && equal_ignoring_case(x.value.substr(0, x.value.size() - 2),
                                    kind))
      rank = 1;
    else if (x.value == "*/*")
      rank = 0;
    if (rank > best) {
      best = rank;
      result = x.is_wanted;
    }
  });
  return result;
}

std::optional<response> check_request(request& what, const operation& of,
                                      const schema_book& book) {
  if (!of.is_described())
    return std::nullopt;
  if (auto refused = check_accept(what, of))
    return refused;
  if (auto refused = check_query(what, of, book))
    return refused;
  if (auto refused = check_path(what, of, book))
    return refused;
  if (of.body)
    return check_body(what, *of.body, book);
  return std::nullopt;
}

} // namespace banksia::http
