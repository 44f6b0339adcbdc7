#pragma once

/// Which parts of a node a process runs.

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace banksia {

enum class node_role : std::uint8_t {
  core,       ///< the tree: time, symbols, feeds, store, evaluation, models
  prediction, ///< each of the others: one HTTP service
  evaluation,
  ml,
  data,
  dashboard, ///< and the gateway to the four others
};

/// Some of the roles.
class role_set {
public:
  constexpr role_set() = default;
  constexpr role_set(std::initializer_list<node_role> roles) {
    for (auto x : roles)
      bits_ |= bit(x);
  }

  static constexpr role_set all() {
    return {node_role::core, node_role::prediction, node_role::evaluation,
            node_role::ml,   node_role::data,       node_role::dashboard};
  }

  constexpr bool has(node_role x) const noexcept { return bits_ & bit(x); }
  constexpr bool is_empty() const noexcept { return bits_ == 0; }
  constexpr void add(node_role x) noexcept { bits_ |= bit(x); }

  friend constexpr bool operator==(const role_set&, const role_set&) = default;

private:
  static constexpr std::uint8_t bit(node_role x) {
    return static_cast<std::uint8_t>(1U << static_cast<unsigned>(x));
  }

  std::uint8_t bits_ = 0;
};

std::string_view to_string(node_role x) noexcept;

/// The roles joined by `between`, always in the same order.
std::string to_string(role_set x, std::string_view between = ",");

/// What `parse_roles` has found.
struct parsed_roles {
  role_set roles;
  std::string problem; ///< empty: `roles` counts
};

/// Reads "core,prediction"; blanks around a name do not count.
parsed_roles parse_roles(std::string_view text);

} // namespace banksia
