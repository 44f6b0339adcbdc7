#include "config/keys.hpp"

#include "config/token_entry.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <type_traits>

namespace banksia::config {

namespace {

using enum value_kind;

template <class T>
constexpr bool is_choice
  = std::is_same_v<T, price_source> || std::is_same_v<T, clock_source>
    || std::is_same_v<T, model_service>
    || std::is_same_v<T, without_model>;

template <class T>
value to_value(const T& member, const key_spec& key) {
  if constexpr (is_choice<T>)
    return std::string{key.choices[static_cast<std::size_t>(member)]};
  else if constexpr (std::is_integral_v<T>)
    return static_cast<std::int64_t>(member);
  else if constexpr (std::is_same_v<T, std::optional<std::chrono::minutes>>)
    return member ? time_of_day_text(static_cast<int>(member->count()))
                  : std::string{};
  else if constexpr (std::is_same_v<T, trading_date>)
    return banksia::to_string(member);
  else
    return member;
}

template <class T>
void from_value(T& member, const key_spec& key, const value& x) {
  if constexpr (is_choice<T>) {
    auto found = std::find(key.choices.begin(), key.choices.end(),
                           std::get<std::string>(x));
    member = static_cast<T>(found - key.choices.begin());
  } else if constexpr (std::is_integral_v<T>) {
    member = static_cast<T>(std::get<std::int64_t>(x));
  } else if constexpr (std::is_same_v<T, double>) {
    // A negative zero would be a second text for the same configuration.
    member = std::get<double>(x) + 0.0;
  } else if constexpr (std::is_same_v<T, std::optional<std::chrono::minutes>>) {
    member = std::nullopt;
    if (auto minutes = parse_time_of_day(std::get<std::string>(x)))
      member = std::chrono::minutes{*minutes};
  } else if constexpr (std::is_same_v<T, trading_date>) {
    member = *parse_date(std::get<std::string>(x));
  } else {
    member = std::get<T>(x);
  }
}

/// The member of `all` that `member` points at, be it in the rules or not.
template <class Settings, class T>
auto& resolve(Settings& all, T settings::*member) {
  return all.*member;
}

template <class Settings, class T>
auto& resolve(Settings& all, T rule_parameters::*member) {
  return all.rules.*member;
}

bool is_symbol(std::string_view x) {
  auto letter_or_digit = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  constexpr std::size_t code_length_max = 10;
  auto code = x;
  if (x.starts_with('^'))
    code.remove_prefix(1);
  else if (x.ends_with(".AX"))
    code.remove_suffix(3);
  else
    return false;
  return !code.empty() && code.size() <= code_length_max
         && std::all_of(code.begin(), code.end(), letter_or_digit);
}

bool is_address(const std::string& x) {
  unsigned char buffer[sizeof(in6_addr)];
  return inet_pton(AF_INET, x.c_str(), buffer) == 1
         || inet_pton(AF_INET6, x.c_str(), buffer) == 1;
}

std::string joined(const std::vector<std::string_view>& words) {
  std::string result;
  for (auto word : words)
    result += (result.empty() ? "" : ", ") + std::string{word};
  return result;
}

/// A bound as a person writes it; whole ones without a point.
std::string bound_text(double x) {
  auto whole = static_cast<std::int64_t>(x);
  if (static_cast<double>(whole) == x)
    return std::to_string(whole);
  return to_toml(x);
}

std::string range_text(const key_spec& key) {
  auto& range = key.range;
  auto from = range.above_min ? "above " : "from ";
  auto to = range.above_min ? " and up to " : " to ";
  return from + bound_text(range.min) + to + bound_text(range.max);
}

std::optional<std::string>
complaint_about_symbols(const std::vector<std::string>& symbols) {
  // Each symbol is an actor; a bound keeps a slip from starting thousands.
  constexpr std::size_t symbols_max = 500;
  if (symbols.empty())
    return "the list of symbols is empty";
  if (symbols.size() > symbols_max)
    return "the list has more than " + std::to_string(symbols_max)
           + " symbols";
  for (auto i = symbols.begin(); i != symbols.end(); ++i) {
    if (!is_symbol(*i))
      return shown(*i) + " is not a symbol";
    if (std::find(symbols.begin(), i, *i) != i)
      return "the symbol " + shown(*i) + " is listed twice";
  }
  return std::nullopt;
}

/// Whether one item of such a list is sound.
bool is_item(value_kind kind, const std::string& x) {
  switch (kind) {
    case addresses:
      return is_address(x);
    case tokens:
      return parse_token_entry(x).has_value();
    default:
      return !x.empty() && is_plain_text(x)
             && x.find(' ') == std::string::npos;
  }
}

std::optional<std::string>
complaint_about_items(const key_spec& key,
                      const std::vector<std::string>& items) {
  constexpr std::size_t items_max = 500;
  if (items.size() > items_max)
    return "the list has more than " + std::to_string(items_max) + " entries";
  std::vector<std::string> seen;
  for (std::size_t i = 0; i < items.size(); ++i) {
    // Not the text itself: somebody may have put a secret there.
    if (!is_item(key.kind, items[i]))
      return "entry " + std::to_string(i + 1) + " does not fit into "
             + describe(key);
    auto name = key.kind == tokens ? parse_token_entry(items[i])->name
                                   : items[i];
    if (std::find(seen.begin(), seen.end(), name) != seen.end())
      return shown(name) + " is listed twice";
    seen.push_back(std::move(name));
  }
  return std::nullopt;
}

std::optional<std::string> complaint_about_text(const key_spec& key,
                                                const std::string& x) {
  auto refuse = [&](bool fits) -> std::optional<std::string> {
    if (fits)
      return std::nullopt;
    return shown(x) + " is not " + describe(key);
  };
  if (!key.choices.empty())
    return refuse(std::find(key.choices.begin(), key.choices.end(), x)
                  != key.choices.end());
  switch (key.kind) {
    case time_of_day:
      return refuse(x.empty() || parse_time_of_day(x));
    case date:
      // `parse_date` takes the form without dashes too; one form is enough.
      return refuse(x.size() == 10 && parse_date(x));
    case address:
      return refuse(is_address(x));
    case symbol:
      return refuse(is_symbol(x));
    case any_text:
      return std::nullopt;
    default:
      return refuse(!x.empty());
  }
}

} // namespace

value read(const settings& from, const key_spec& key) {
  return std::visit(
    [&](auto member) { return to_value(resolve(from, member), key); },
    key.member);
}

void assign(settings& to, const key_spec& key, const value& x) {
  std::visit(
    [&](auto member) { from_value(resolve(to, member), key, x); }, key.member);
}

std::string describe(const key_spec& key) {
  if (!key.choices.empty())
    return "one of " + joined(key.choices);
  switch (key.kind) {
    case integer:
      return "a whole number " + range_text(key);
    case number:
      return "a number " + range_text(key);
    case time_of_day:
      return "a time of day as \"HH:MM\", or \"\" for unset";
    case date:
      return "a date as \"YYYY-MM-DD\"";
    case address:
      return "an IPv4 or IPv6 address";
    case symbol:
      return "a symbol such as \"CBA.AX\" or \"^AXJO\"";
    case value_kind::symbols:
      return "a list of symbols such as \"CBA.AX\" or \"^AXJO\"";
    case words:
      return "a list of texts without blanks, or [] for none";
    case addresses:
      return "a list of IPv4 or IPv6 addresses, or [] for none";
    case tokens:
      return "a list of \"NAME:SCOPE:SHA256\", or [] for none";
    case any_text:
      return "a text, or \"\" for none";
    default:
      return "a text that is not empty";
  }
}

std::optional<std::string> complaint_about(const key_spec& key,
                                           const value& x) {
  auto outside = [&](double number) -> std::optional<std::string> {
    if (key.range.contains(number))
      return std::nullopt;
    return to_toml(x) + " is not " + describe(key);
  };
  if (auto whole = std::get_if<std::int64_t>(&x))
    return outside(static_cast<double>(*whole));
  if (auto number = std::get_if<double>(&x))
    return outside(*number);
  if (auto text = std::get_if<std::string>(&x)) {
    if (!is_plain_text(*text))
      return std::string{"the text has control characters or is not UTF-8"};
    return complaint_about_text(key, *text);
  }
  const auto& items = std::get<std::vector<std::string>>(x);
  return key.kind == value_kind::symbols ? complaint_about_symbols(items)
                                         : complaint_about_items(key, items);
}

} // namespace banksia::config
