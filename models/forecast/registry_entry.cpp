#include "models/forecast/registry_entry.hpp"

#include "models/forecast/model_manifest.hpp"

#include <algorithm>
#include <array>

namespace banksia::forecast {

namespace {

constexpr std::array<std::string_view, 5> status_names{
  "candidate", "shadow", "champion", "deprecated", "archived"};

constexpr std::array<std::string_view, 8> kind_names{
  "added", "shadowed", "promoted", "superseded",
  "rolled_back", "restored", "demoted", "archived"};

template <class Enum, std::size_t N>
std::string_view name_of(const std::array<std::string_view, N>& names, Enum x) {
  auto index = static_cast<std::size_t>(x);
  return index < N ? names[index] : "?";
}

template <class Enum, std::size_t N>
std::optional<Enum> find_name(const std::array<std::string_view, N>& names,
                              std::string_view text) {
  auto at = std::find(names.begin(), names.end(), text);
  if (at == names.end())
    return std::nullopt;
  return static_cast<Enum>(at - names.begin());
}

bool is_sha256(std::string_view text) {
  return text.size() == 64
         && text.find_first_not_of("0123456789abcdef")
              == std::string_view::npos;
}

} // namespace

std::string_view to_string(model_status x) noexcept {
  return name_of(status_names, x);
}

std::optional<model_status> parse_model_status(std::string_view text) noexcept {
  return find_name<model_status>(status_names, text);
}

std::string_view to_string(change_kind x) noexcept {
  return name_of(kind_names, x);
}

std::optional<change_kind> parse_change_kind(std::string_view text) noexcept {
  return find_name<change_kind>(kind_names, text);
}

std::optional<model_status> status_before(change_kind x) noexcept {
  switch (x) {
    case change_kind::added:
    case change_kind::archived: return std::nullopt;
    case change_kind::shadowed: return model_status::candidate;
    case change_kind::promoted: return model_status::shadow;
    case change_kind::restored: return model_status::deprecated;
    case change_kind::superseded:
    case change_kind::rolled_back:
    case change_kind::demoted: return model_status::champion;
  }
  return std::nullopt;
}

model_status status_after(change_kind x) noexcept {
  switch (x) {
    case change_kind::added: return model_status::candidate;
    case change_kind::shadowed: return model_status::shadow;
    case change_kind::promoted:
    case change_kind::restored: return model_status::champion;
    case change_kind::superseded:
    case change_kind::rolled_back:
    case change_kind::demoted: return model_status::deprecated;
    case change_kind::archived: break;
  }
  return model_status::archived;
}

bool may_follow(model_status from, model_status to) noexcept {
  switch (from) {
    case model_status::candidate:
      return to == model_status::shadow || to == model_status::archived;
    case model_status::shadow:
      return to == model_status::champion || to == model_status::archived;
    case model_status::champion: return to == model_status::deprecated;
    case model_status::deprecated:
      return to == model_status::champion || to == model_status::archived;
    case model_status::archived: return false;
  }
  return false;
}

std::optional<std::string> problem_of(const registry_entry& x) {
  if (!is_model_version(x.version))
    return "not a model's version: '" + x.version + "'";
  if (!is_sha256(x.sha256))
    return x.version + ": its sha256 is not 64 hex digits";
  if (x.history.empty() || x.history.front().kind != change_kind::added)
    return x.version + ": its history does not begin with added";
  for (std::size_t i = 0; i < x.history.size(); ++i) {
    const auto& change = x.history[i];
    if (change.reason.empty())
      return x.version + ": a change without a reason";
    if (i == 0)
      continue;
    auto before = status_after(x.history[i - 1].kind);
    auto expected = status_before(change.kind);
    if (change.kind == change_kind::added
        || (expected && *expected != before)
        || !may_follow(before, status_after(change.kind)))
      return x.version + ": " + std::string{to_string(change.kind)}
             + " does not follow " + std::string{to_string(before)};
    if (change.at < x.history[i - 1].at)
      return x.version + ": its history runs backwards";
  }
  return std::nullopt;
}

} // namespace banksia::forecast
