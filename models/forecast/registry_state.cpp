#include "models/forecast/registry_state.hpp"

#include <algorithm>

namespace banksia::forecast {

namespace {

std::string quoted(std::string_view version) {
  return "model " + std::string{version};
}

std::optional<std::string> order_problem(const change_order& order) {
  if (order.reason.empty())
    return std::string{"no reason: say why"};
  if (order.by.empty())
    return std::string{"no author: say who changes it"};
  return std::nullopt;
}

} // namespace

registry_state registry_state::from_entries(std::vector<registry_entry> entries) {
  std::sort(entries.begin(), entries.end(),
            [](const registry_entry& a, const registry_entry& b) {
              return a.version < b.version;
            });
  std::size_t champions = 0;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (auto found = problem_of(entries[i]))
      throw registry_error(*found);
    if (i > 0 && entries[i].version == entries[i - 1].version)
      throw registry_error(quoted(entries[i].version) + " is there twice");
    champions += entries[i].status() == model_status::champion;
  }
  if (champions > 1)
    throw registry_error(std::to_string(champions)
                         + " champions where there can be one");
  registry_state out;
  out.entries_ = std::move(entries);
  return out;
}

const registry_entry*
registry_state::find(std::string_view version) const noexcept {
  auto at = std::lower_bound(entries_.begin(), entries_.end(), version,
                             [](const registry_entry& x, std::string_view v) {
                               return x.version < v;
                             });
  return at == entries_.end() || at->version != version ? nullptr : &*at;
}

registry_entry* registry_state::find_mutable(std::string_view version) noexcept {
  return const_cast<registry_entry*>(find(version));
}

const registry_entry* registry_state::champion() const noexcept {
  for (const auto& x : entries_)
    if (x.status() == model_status::champion)
      return &x;
  return nullptr;
}

const registry_entry* registry_state::rollback_target() const noexcept {
  const registry_entry* out = nullptr;
  for (const auto& x : entries_)
    if (x.history.back().kind == change_kind::superseded
        && (out == nullptr || x.since() >= out->since()))
      out = &x;
  return out;
}

registry_state::problem registry_state::check(std::string_view version,
                                              model_status to,
                                              const change_order& order) const {
  if (auto found = order_problem(order))
    return found;
  const auto* entry = find(version);
  if (entry == nullptr)
    return "no such model: " + std::string{version}
           + ": banksia models list shows them";
  if (!may_follow(entry->status(), to))
    return quoted(version) + " is " + std::string{to_string(entry->status())}
           + " and cannot become " + std::string{to_string(to)}
           + ": see banksia models show " + std::string{version};
  if (order.at < entry->since())
    return quoted(version) + " changed last at " + to_rfc3339(entry->since())
           + ", after " + to_rfc3339(order.at) + ": check the clock";
  return std::nullopt;
}

void registry_state::change(std::string_view version, change_kind kind,
                            const change_order& order) {
  find_mutable(version)->history.push_back(
    {order.at, kind, order.by, order.reason});
}

registry_state::problem registry_state::add(registry_entry x,
                                            const change_order& order) {
  if (auto found = order_problem(order))
    return found;
  if (const auto* known = find(x.version)) {
    if (known->sha256 == x.sha256)
      return std::nullopt;
    return quoted(x.version)
           + " is there already, with another file: train under a new version";
  }
  x.metrics = as_kept(x.metrics);
  x.history = {{order.at, change_kind::added, order.by, order.reason}};
  if (auto found = problem_of(x))
    return found;
  auto at = std::lower_bound(entries_.begin(), entries_.end(), x,
                             [](const registry_entry& a,
                                const registry_entry& b) {
                               return a.version < b.version;
                             });
  entries_.insert(at, std::move(x));
  return std::nullopt;
}

registry_state::problem registry_state::shadow(std::string_view version,
                                               const change_order& order) {
  if (auto found = check(version, model_status::shadow, order))
    return found;
  change(version, change_kind::shadowed, order);
  return std::nullopt;
}

registry_state::problem registry_state::promote(std::string_view version,
                                                const change_order& order) {
  if (auto found = check(version, model_status::champion, order))
    return found;
  if (find(version)->status() != model_status::shadow)
    return quoted(version)
           + " was champion before: banksia models rollback "
           + std::string{version};
  if (const auto* before = champion()) {
    if (auto found = check(before->version, model_status::deprecated, order))
      return found;
    change(before->version, change_kind::superseded, order);
  }
  change(version, change_kind::promoted, order);
  return std::nullopt;
}

registry_state::problem
registry_state::roll_back(const std::optional<std::string>& version,
                          const change_order& order) {
  const auto* target
    = version ? find(*version) : rollback_target();
  if (target == nullptr && !version)
    return std::string{"no former champion to go back to: promote one, or let "
                       "the rules serve"};
  auto to = version.value_or(target == nullptr ? "" : target->version);
  if (auto found = check(to, model_status::champion, order))
    return found;
  if (target->status() != model_status::deprecated)
    return quoted(to) + " never was champion: banksia models promote " + to;
  if (const auto* before = champion()) {
    if (auto found = check(before->version, model_status::deprecated, order))
      return found;
    change(before->version, change_kind::rolled_back, order);
  }
  change(to, change_kind::restored, order);
  return std::nullopt;
}

registry_state::problem registry_state::demote(const change_order& order) {
  const auto* before = champion();
  if (before == nullptr)
    return std::string{"there is no champion: nothing to demote"};
  if (auto found = check(before->version, model_status::deprecated, order))
    return found;
  change(before->version, change_kind::demoted, order);
  return std::nullopt;
}

registry_state::problem registry_state::archive(std::string_view version,
                                                const change_order& order) {
  if (auto found = check(version, model_status::archived, order))
    return found;
  change(version, change_kind::archived, order);
  return std::nullopt;
}

registry_state::problem registry_state::remove(std::string_view version) {
  const auto* entry = find(version);
  if (entry == nullptr)
    return "no such model: " + std::string{version}
           + ": banksia models list shows them";
  if (entry->status() != model_status::archived)
    return quoted(version) + " is " + std::string{to_string(entry->status())}
           + ": archive it first";
  entries_.erase(entries_.begin() + (entry - entries_.data()));
  return std::nullopt;
}

registry_state registry_state::before(timestamp at) const {
  registry_state out;
  for (auto x : entries_) {
    // Histories run forwards.
    std::erase_if(x.history,
                  [&](const status_change& y) { return y.at >= at; });
    if (!x.history.empty())
      out.entries_.push_back(std::move(x));
  }
  return out;
}

} // namespace banksia::forecast
