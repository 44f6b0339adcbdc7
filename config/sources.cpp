#include "config/sources.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <system_error>

namespace banksia::config {

namespace {

using enum value_kind;

/// Not a key: it says where the file with the keys lies.
constexpr std::string_view data_dir_variable = "BANKSIA_DATA_DIR";
/// Faults on purpose; no setting.
constexpr std::string_view faults_variable = "BANKSIA_FAULTS";

constexpr std::string_view list_the_keys
  = "`banksia check-config` lists the valid names";

std::string did_you_mean(std::string_view name) {
  return "did you mean " + quote(name) + "?";
}

/// What to do about a name that is no key's.
std::string advice_for(const std::string& name) {
  auto in_rules = "rules." + name;
  if (find_key(in_rules))
    return "write it as " + quote(in_rules) + ", it belongs to the rules";
  auto dot = name.rfind('.');
  if (dot != std::string::npos && find_key(name.substr(dot + 1)))
    return "write " + quote(name.substr(dot + 1)) + " above the line ["
           + bare(name.substr(0, dot)) + "]";
  if (auto best = nearest(name, key_names()))
    return did_you_mean(*best);
  return std::string{list_the_keys};
}

/// A value of the key as a person would write it in TOML.
std::string example_of(const key_spec& key) {
  if (key.kind == time_of_day)
    return "\"00:00\"";
  return to_toml(default_of(key));
}

/// The same without TOML's quotes, for the environment and the command line.
std::string plain_example_of(const key_spec& key) {
  auto x = default_of(key);
  if (auto list = std::get_if<std::vector<std::string>>(&x)) {
    std::string result;
    for (auto& item : *list)
      result += (result.empty() ? "" : ",") + item;
    return result;
  }
  if (key.kind == time_of_day)
    return "00:00";
  auto text = std::get_if<std::string>(&x);
  return text ? *text : to_toml(x);
}

/// Takes `x` over, or says why it cannot stand.
void add(layer& to, const key_spec& key, value x, const std::string& source,
         const std::string& hint) {
  if (auto complaint = complaint_about(key, x))
    to.errors.push_back({source, std::string{key.name}, *complaint, hint});
  else
    to.assignments.push_back({&key, std::move(x), source});
}

// -- TOML ---------------------------------------------------------------------

std::string_view name_of(toml::node_type type) {
  switch (type) {
    case toml::node_type::table:
      return "a table";
    case toml::node_type::array:
      return "a list";
    case toml::node_type::string:
      return "a text";
    case toml::node_type::integer:
      return "a whole number";
    case toml::node_type::floating_point:
      return "a number with a fraction";
    case toml::node_type::boolean:
      return "a truth value";
    default:
      return "a date or time";
  }
}

std::string text_of(const toml::date& x) {
  return banksia::to_string(trading_date{std::chrono::year{x.year},
                                         std::chrono::month{x.month},
                                         std::chrono::day{x.day}});
}

std::optional<value> list_of(const toml::node& node) {
  auto array = node.as_array();
  if (!array)
    return std::nullopt;
  std::vector<std::string> items;
  for (auto& item : *array) {
    auto text = item.as_string();
    if (!text)
      return std::nullopt;
    items.push_back(text->get());
  }
  return items;
}

/// The node as the key's type; nothing when it has another. No number is
/// guessed from a text, nor a whole one from a fraction.
std::optional<value> value_of(const key_spec& key, const toml::node& node) {
  if (is_list(key.kind))
    return list_of(node);
  switch (key.kind) {
    case integer:
      if (auto whole = node.as_integer())
        return whole->get();
      return std::nullopt;
    case number:
      if (auto x = node.as_floating_point())
        return x->get();
      if (auto whole = node.as_integer())
        return static_cast<double>(whole->get());
      return std::nullopt;
    case value_kind::date:
      if (auto day = node.as_date())
        return text_of(day->get());
      [[fallthrough]];
    default:
      if (auto x = node.as_string())
        return x->get();
      return std::nullopt;
  }
}

class toml_reader {
public:
  explicit toml_reader(const std::string& name) : name_(name) {}

  layer read(std::string_view text) {
    try {
      auto root = toml::parse(text, name_);
      read_table(root, "");
    } catch (const toml::parse_error& error) {
      fail(error.source().begin.line, "",
           "not valid TOML: " + bare(error.description(), 200),
           "correct this line; a key may stand only once");
    }
    // The parser sorts by name; people read by line.
    std::stable_sort(lines_.begin(), lines_.end(),
                     [](auto& a, auto& b) { return a.first < b.first; });
    for (auto& [line, error] : lines_)
      result_.errors.push_back(error);
    return std::move(result_);
  }

private:
  void read_table(const toml::table& table, const std::string& prefix) {
    for (auto&& [toml_key, node] : table) {
      auto name = prefix + std::string{toml_key.str()};
      auto line = toml_key.source().begin.line;
      // "rules.x" in quotes is a second way to say x of [rules], which the
      // parser would not see as a duplicate.
      if (toml_key.str().find('.') != std::string_view::npos)
        fail(line, bare(name), "a dot within a quoted key: " + shown(name),
             "write the key without quotes");
      else
        read_node(name, node, line);
    }
  }

  void read_node(const std::string& name, const toml::node& node,
                 std::uint32_t line) {
    auto key = find_key(name);
    if (!key && node.is_table() && name == "rules")
      return read_table(*node.as_table(), "rules.");
    if (!key)
      return read_unknown(name, node, line);
    auto hint = "write " + std::string{key->name} + " = " + example_of(*key);
    if (auto x = value_of(*key, node))
      return add_checked(*key, *x, line, hint);
    fail(line, name,
         "expected " + describe(*key) + ", found "
           + std::string{name_of(node.type())},
         hint);
  }

  void read_unknown(const std::string& name, const toml::node& node,
                    std::uint32_t line) {
    auto label = bare(name);
    if (name == "rules")
      fail(line, name, "\"rules\" is a table, not a value",
           "write [rules] and its keys below");
    else if (node.is_table())
      fail(line, label, "unknown table " + shown(name),
           nearest(name, {"rules"}) ? did_you_mean("rules")
                                    : "the only table is [rules]");
    else
      fail(line, label, "unknown key " + shown(name),
           advice_for(name));
  }

  void add_checked(const key_spec& key, const value& x, std::uint32_t line,
                   const std::string& hint) {
    layer single;
    add(single, key, x, source_at(line), hint);
    for (auto& taken : single.assignments)
      result_.assignments.push_back(taken);
    for (auto& error : single.errors)
      lines_.emplace_back(line, error);
  }

  void fail(std::uint32_t line, const std::string& key, const std::string& what,
            const std::string& hint) {
    lines_.emplace_back(line, config_error{source_at(line), key, what, hint});
  }

  std::string source_at(std::uint32_t line) const {
    return name_ + ":" + std::to_string(line);
  }

  std::string name_;
  layer result_;
  std::vector<std::pair<std::uint32_t, config_error>> lines_;
};

// -- text ---------------------------------------------------------------------

std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> items;
  while (!text.empty()) {
    auto comma = std::min(text.find(','), text.size());
    auto item = text.substr(0, comma);
    auto first = std::min(item.find_first_not_of(' '), item.size());
    auto last = item.find_last_not_of(' ');
    items.emplace_back(item.substr(first, last + 1 - first));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return items;
}

/// Reads an untyped text as the key's type.
void add_text(layer& to, const key_spec& key, const std::string& text,
              const std::string& source, const std::string& hint) {
  std::optional<value> x;
  if (key.kind == integer)
    x = parse_integer(text);
  else if (key.kind == number)
    x = parse_number(text);
  else if (is_list(key.kind))
    x = split_list(text);
  else
    x = text;
  if (x)
    return add(to, key, *x, source, hint);
  to.errors.push_back({source, std::string{key.name},
                       "expected " + describe(key) + ", found " + shown(text),
                       hint});
}

std::string advice_for_variable(std::string_view variable) {
  std::vector<std::string> names{std::string{data_dir_variable}};
  for (auto& key : all_keys())
    names.push_back(environment_name(key));
  // The common beginning would make any short name look alike.
  constexpr std::size_t prefix = std::string_view{"BANKSIA_"}.size();
  std::vector<std::string_view> candidates;
  for (auto& name : names)
    candidates.push_back(std::string_view{name}.substr(prefix));
  if (auto best = nearest(variable.substr(prefix), candidates))
    return did_you_mean("BANKSIA_" + std::string{*best});
  return "unset it; " + std::string{list_the_keys};
}

} // namespace

layer read_toml(std::string_view text, const std::string& name) {
  return toml_reader{name}.read(text);
}

layer read_file(const std::string& path) {
  // A name may hold anything but zero; a message stays one line.
  auto name = is_plain_text(path) ? path : quote(path);
  auto refuse = [&](const std::string& what) {
    return layer{{}, {{name, "", what, "name a TOML file that exists and can "
                                       "be read"}}};
  };
  constexpr std::size_t size_max = 1 << 20;
  std::ifstream file(path, std::ios::binary);
  if (!file)
    return refuse("cannot open the configuration file");
  std::string text(size_max + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad() || (file.fail() && !file.eof()))
    return refuse("cannot read the configuration file");
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > size_max)
    return refuse("the configuration file is larger than 1 MiB");
  return read_toml(text, name);
}

layer read_environment(const std::map<std::string, std::string>& environment) {
  std::map<std::string, const key_spec*> known;
  for (auto& key : all_keys())
    known.emplace(environment_name(key), &key);
  layer result;
  for (auto& [variable, text] : environment) {
    if (!variable.starts_with("BANKSIA_") || variable == data_dir_variable
        || variable == faults_variable)
      continue;
    auto source = "environment " + bare(variable);
    auto key = known.find(variable);
    if (key == known.end())
      result.errors.push_back({source, "", "unknown variable " + shown(variable),
                               advice_for_variable(variable)});
    else
      add_text(result, *key->second, text, source,
               "set " + variable + "=" + plain_example_of(*key->second)
                 + ", for instance, or unset it");
  }
  return result;
}

layer read_set(const std::vector<std::string>& arguments) {
  layer result;
  for (auto& argument : arguments) {
    auto equals = argument.find('=');
    if (equals == std::string::npos) {
      result.errors.push_back({"--set", "", "no \"=\" in " + shown(argument),
                               "write --set key=value"});
      continue;
    }
    auto name = argument.substr(0, equals);
    if (auto key = find_key(name)) {
      add_text(result, *key, argument.substr(equals + 1), "--set",
               "write --set '" + name + "=" + plain_example_of(*key)
                 + "', for instance");
    } else {
      result.errors.push_back({"--set", bare(name),
                               "unknown key " + shown(name),
                               advice_for(name)});
    }
  }
  return result;
}

} // namespace banksia::config
