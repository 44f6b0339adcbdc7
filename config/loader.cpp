#include "config/loader.hpp"

#include "config/checks.hpp"
#include "config/profiles.hpp"
#include "config/sources.hpp"

#include <algorithm>
#include <utility>

namespace banksia::config {

namespace {

/// Collects layers from the lowest precedence to the highest.
class assembly {
public:
  void add(layer next) {
    ++rank_;
    for (auto& assignment : next.assignments) {
      assign(values_, *assignment.key, assignment.x);
      origins_[assignment.key->name] = {rank_, assignment.source};
    }
    std::move(next.errors.begin(), next.errors.end(),
              std::back_inserter(errors_));
  }

  void fail(config_error error) { errors_.push_back(std::move(error)); }

  load_result finish(std::string profile) {
    // With a value missing, a conflict may be no more than its consequence.
    if (errors_.empty())
      for (auto& found : find_conflicts(values_))
        fail(to_error(found));
    if (!errors_.empty())
      return {std::nullopt, std::move(errors_)};
    configuration result{std::move(profile), std::move(values_), {}};
    for (auto& key : all_keys())
      result.effective.push_back({std::string{key.name},
                                  to_toml(read(result.values, key)),
                                  origin_of(key.name).second});
    return {std::move(result), {}};
  }

private:
  /// The layer's rank and its name for the value; rank 0 is the defaults.
  using origin = std::pair<int, std::string>;

  origin origin_of(std::string_view name) const {
    auto found = origins_.find(name);
    return found == origins_.end() ? origin{0, "default"} : found->second;
  }

  /// Blames the key that was set last: whoever set it can mend it.
  config_error to_error(const conflict& found) const {
    auto key = *std::max_element(
      found.keys.begin(), found.keys.end(), [&](auto a, auto b) {
        return origin_of(a).first < origin_of(b).first;
      });
    return {origin_of(key).second, std::string{key}, found.what, found.hint};
  }

  int rank_ = 0;
  settings values_;
  std::map<std::string_view, origin> origins_;
  std::vector<config_error> errors_;
};

/// The chosen profile's name and who chose it.
std::pair<std::string, std::string> choose_profile(const sources& from) {
  if (from.profile)
    return {*from.profile, "--env"};
  auto variable = from.environment.find("TRADING_ENV");
  if (variable != from.environment.end())
    return {variable->second, "environment TRADING_ENV"};
  return {std::string{default_profile}, "default"};
}

config_error unknown_profile(const std::string& name,
                             const std::string& source) {
  std::string valid;
  for (auto known : profile_names())
    valid += (valid.empty() ? "" : ", ") + std::string{known};
  auto hint = "choose one of " + valid;
  if (auto best = nearest(name, profile_names()))
    hint += "; did you mean " + quote(*best) + "?";
  return {source, "", "unknown environment " + shown(name), hint};
}

layer read_profile(const std::string& name, std::string_view text) {
  auto source = "profile " + name;
  auto result = read_toml(text, source);
  // The line within the program says nothing to who looks for a value.
  for (auto& assignment : result.assignments)
    assignment.source = source;
  return result;
}

} // namespace

load_result load(const sources& from) {
  assembly parts;
  auto [profile, chosen_by] = choose_profile(from);
  if (auto text = profile_text(profile))
    parts.add(read_profile(profile, *text));
  else
    parts.fail(unknown_profile(profile, chosen_by));
  if (from.file)
    parts.add(read_file(*from.file));
  parts.add(read_environment(from.environment));
  parts.add(read_set(from.set));
  return parts.finish(profile);
}

load_result load_text(std::string_view text, const std::string& name) {
  assembly parts;
  parts.add(read_toml(text, name));
  return parts.finish("");
}

} // namespace banksia::config
