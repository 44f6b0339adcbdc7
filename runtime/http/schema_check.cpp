#include "runtime/http/schema.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <chrono>
#include <stdexcept>

namespace banksia::http {

namespace {

namespace json = boost::json;

using outcome = std::optional<schema_violation>;

std::string_view text_of(const json::value& x) {
  const auto& text = x.as_string();
  return {text.data(), text.size()};
}

bool is_whole(const json::value& x) {
  if (x.is_int64() || x.is_uint64())
    return true;
  // JSON Schema: a number without a fraction is an integer, as 30.0.
  return x.is_double() && x.get_double() >= -9e15 && x.get_double() <= 9e15
         && x.get_double()
              == static_cast<double>(static_cast<std::int64_t>(x.get_double()));
}

bool has_type(const json::value& x, std::string_view type) {
  return (type == "object" && x.is_object())
         || (type == "array" && x.is_array())
         || (type == "string" && x.is_string())
         || (type == "number" && x.is_number())
         || (type == "integer" && is_whole(x))
         || (type == "boolean" && x.is_bool())
         || (type == "null" && x.is_null());
}

/// The types that a schema allows, in words: "text or null".
std::string type_words(const json::value& types) {
  static constexpr std::pair<std::string_view, std::string_view> words[]{
    {"object", "an object"},  {"array", "a list"},
    {"string", "a text"},     {"number", "a number"},
    {"integer", "a whole number"}, {"boolean", "true or false"},
    {"null", "null"}};
  auto word = [](std::string_view type) -> std::string {
    for (const auto& [name, said] : words)
      if (name == type)
        return std::string{said};
    return std::string{type};
  };
  if (types.is_string())
    return word(text_of(types));
  std::string result;
  for (const auto& x : types.as_array())
    result += (result.empty() ? "" : " or ") + word(text_of(x));
  return result;
}

bool is_any_of(const json::value& x, const json::value& types) {
  if (types.is_string())
    return has_type(x, text_of(types));
  return std::any_of(types.as_array().begin(), types.as_array().end(),
                     [&](const auto& y) { return has_type(x, text_of(y)); });
}

/// A schema's member where it is there.
const json::value* keyword(const json_schema& of, std::string_view name) {
  return of.if_contains(name);
}

bool is_digits(std::string_view text) {
  return !text.empty()
         && text.find_first_not_of("0123456789") == std::string_view::npos;
}

int number_in(std::string_view text) {
  int result = 0;
  for (auto c : text)
    result = result * 10 + (c - '0');
  return result;
}

/// "hh:mm" with both in their bounds.
bool is_hours_and_minutes(std::string_view text) {
  return text.size() == 5 && text[2] == ':' && is_digits(text.substr(0, 2))
         && is_digits(text.substr(3)) && number_in(text.substr(0, 2)) < 24
         && number_in(text.substr(3)) < 60;
}

/// Checks one value and what is in it.
class checker {
public:
  explicit checker(const schema_book& book) : book_(book) {}

  outcome check(const json::value& x, const json_schema& against,
                const std::string& at) const {
    if (auto name = keyword(against, "$ref"))
      return check(x, named(text_of(*name)), at);
    if (auto choices = keyword(against, "anyOf"))
      return check_choices(x, choices->as_array(), at);
    auto types = keyword(against, "type");
    if (types && !is_any_of(x, *types))
      return violation(at, "it must be " + type_words(*types));
    if (auto values = keyword(against, "enum"))
      if (auto broken = check_enum(x, values->as_array(), at))
        return broken;
    if (x.is_object())
      return check_object(x.get_object(), against, at);
    if (x.is_array())
      return check_array(x.get_array(), against, at);
    if (x.is_string())
      return check_text(text_of(x), against, at);
    if (x.is_number())
      return check_number(x.to_number<double>(), against, at);
    return std::nullopt;
  }

private:
  static schema_violation violation(const std::string& at, std::string why) {
    return {at, std::move(why)};
  }

  const json_schema& named(std::string_view reference) const {
    auto name = reference.substr(reference.rfind('/') + 1);
    auto found = book_.named.if_contains(name);
    if (!found)
      throw std::out_of_range("no such schema: " + std::string{name});
    return found->as_object();
  }

  /// The last choice is null by construction, so the first one's words count.
  outcome check_choices(const json::value& x, const json::array& choices,
                        const std::string& at) const {
    outcome first;
    for (const auto& choice : choices) {
      auto broken = check(x, choice.as_object(), at);
      if (!broken)
        return std::nullopt;
      if (!first)
        first = std::move(broken);
    }
    return first;
  }

  static outcome check_enum(const json::value& x, const json::array& values,
                            const std::string& at) {
    if (std::find(values.begin(), values.end(), x) != values.end())
      return std::nullopt;
    std::string all;
    for (const auto& value : values)
      if (value.is_string())
        all += (all.empty() ? "" : ", ") + std::string{text_of(value)};
    return violation(at, "it must be one of: " + all);
  }

  outcome check_object(const json::object& x, const json_schema& against,
                       const std::string& at) const {
    static const json::object none;
    auto properties = keyword(against, "properties");
    const auto& known = properties ? properties->as_object() : none;
    auto inside = [&](std::string_view name) {
      return at.empty() ? std::string{name} : at + "." + std::string{name};
    };
    if (auto others = keyword(against, "additionalProperties"))
      for (const auto& [name, value] : x) {
        if (known.contains(name))
          continue;
        if (others->is_bool())
          return violation(inside(name), "no such field: use "
                                           + names_of(known));
        if (auto broken = check(value, others->as_object(), inside(name)))
          return broken;
      }
    auto required = keyword(against, "required");
    for (const auto& [name, shape] : known) {
      if (auto value = x.if_contains(name)) {
        if (auto broken = check(*value, shape.as_object(), inside(name)))
          return broken;
      } else if (required && contains(required->as_array(), name)) {
        return violation(inside(name), "missing");
      }
    }
    return std::nullopt;
  }

  static bool contains(const json::array& in, std::string_view name) {
    return std::any_of(in.begin(), in.end(),
                       [&](const auto& x) { return text_of(x) == name; });
  }

  static std::string names_of(const json::object& known) {
    std::string result;
    for (const auto& member : known)
      result += (result.empty() ? "" : ", ") + std::string{member.key()};
    return result.empty() ? "none" : result;
  }

  outcome check_array(const json::array& x, const json_schema& against,
                      const std::string& at) const {
    if (auto least = keyword(against, "minItems");
        least && x.size() < least->to_number<std::size_t>())
      return violation(at, x.empty() ? "it is empty"
                                     : "too few elements");
    if (auto most = keyword(against, "maxItems");
        most && x.size() > most->to_number<std::size_t>())
      return violation(at, "more than "
                             + std::to_string(most->to_number<std::size_t>())
                             + " elements: send them in parts");
    auto elements = keyword(against, "items");
    for (std::size_t i = 0; elements && i < x.size(); ++i)
      if (auto broken = check(x[i], elements->as_object(),
                              at + "[" + std::to_string(i) + "]"))
        return broken;
    return std::nullopt;
  }

  outcome check_text(std::string_view x, const json_schema& against,
                     const std::string& at) const {
    if (auto most = keyword(against, "maxLength");
        most && length_of(x) > most->to_number<std::size_t>())
      return violation(at, "longer than "
                             + std::to_string(most->to_number<std::size_t>())
                             + " characters: say it shorter");
    if (auto format = keyword(against, "format"))
      return check_format(x, text_of(*format), at);
    return std::nullopt;
  }

  /// Characters, as JSON Schema counts them, of UTF-8.
  static std::size_t length_of(std::string_view x) {
    return static_cast<std::size_t>(std::count_if(
      x.begin(), x.end(),
      [](char c) { return (static_cast<unsigned char>(c) & 0xC0u) != 0x80u; }));
  }

  outcome check_format(std::string_view x, std::string_view format,
                       const std::string& at) const {
    if (format == "date-time" && !is_rfc3339(x))
      return violation(at, "not a time: " + std::string{x}
                             + ": write RFC 3339 with a zone, as "
                               "2025-07-01T00:00:00Z");
    if (format == "date" && !is_full_date(x))
      return violation(at, "not a date: " + std::string{x}
                             + ": write it as 2025-07-01");
    auto known = book_.formats.find(format);
    if (known != book_.formats.end() && !known->second(x))
      return violation(at, "no " + std::string{format} + ": "
                             + std::string{x});
    return std::nullopt;
  }

  static outcome check_number(double x, const json_schema& against,
                              const std::string& at) {
    auto least = keyword(against, "minimum");
    auto most = keyword(against, "maximum");
    if ((least && x < least->to_number<double>())
        || (most && x > most->to_number<double>()))
      return violation(at, "out of range: it goes from "
                             + (least ? json::serialize(*least) : "anything")
                             + " to "
                             + (most ? json::serialize(*most) : "anything"));
    return std::nullopt;
  }

  const schema_book& book_;
};

} // namespace

bool is_full_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-'
      || !is_digits(text.substr(0, 4)) || !is_digits(text.substr(5, 2))
      || !is_digits(text.substr(8)))
    return false;
  namespace dates = std::chrono;
  return dates::year_month_day{
    dates::year{number_in(text.substr(0, 4))},
    dates::month{static_cast<unsigned>(number_in(text.substr(5, 2)))},
    dates::day{static_cast<unsigned>(number_in(text.substr(8)))}}
    .ok();
}

bool is_rfc3339(std::string_view text) {
  // 2025-07-01T00:00:00[.f…](Z|±hh:mm)
  if (text.size() < 20 || !is_full_date(text.substr(0, 10))
      || (text[10] != 'T' && text[10] != 't')
      || !is_hours_and_minutes(text.substr(11, 5)) || text[16] != ':'
      || !is_digits(text.substr(17, 2)) || number_in(text.substr(17, 2)) > 60)
    return false;
  auto rest = text.substr(19);
  if (rest.starts_with('.')) {
    auto end = std::min(rest.find_first_not_of("0123456789", 1), rest.size());
    if (end == 1)
      return false;
    rest.remove_prefix(end);
  }
  return rest == "Z" || rest == "z"
         || (rest.size() == 6 && (rest[0] == '+' || rest[0] == '-')
             && is_hours_and_minutes(rest.substr(1)));
}

std::optional<schema_violation> check_schema(const boost::json::value& value,
                                             const json_schema& against,
                                             const schema_book& book) {
  return checker{book}.check(value, against, {});
}

} // namespace banksia::http
