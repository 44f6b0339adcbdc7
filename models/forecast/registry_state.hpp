#pragma once

/// Which models there are, and which one serves: a state machine without
/// files, clock or actors. Each change has a time, an author and a reason.
///
///     candidate ──► shadow ──► champion ──► deprecated ──► archived ──► (gone)
///         │            │           ▲             │             ▲
///         │            │           └─ rollback ──┘             │
///         └────────────┴───────────────────────────────────────┘

#include "models/forecast/registry_entry.hpp"

#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace banksia::forecast {

/// A registry that cannot be used; says where it is wrong.
class registry_error : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// Who changes something, when and why.
struct change_order {
  timestamp at{};
  std::string by;
  std::string reason;
};

/// At most one entry is champion; versions are unique; histories are sound and
/// run forwards. What is refused leaves all as it was.
class registry_state {
public:
  /// What went wrong and what to do; nothing when the change was made.
  using problem = std::optional<std::string>;

  registry_state() = default;

  /// A registry from entries that were read.
  /// @throws registry_error when they contradict each other
  static registry_state from_entries(std::vector<registry_entry> entries);

  /// Adds a model as candidate; its history is set here. Adding it again with
  /// the same file changes nothing.
  problem add(registry_entry x, const change_order& order);

  /// A candidate begins to forecast beside the champion.
  problem shadow(std::string_view version, const change_order& order);

  /// A shadow becomes champion; the one before is deprecated. Whether it has
  /// earned it: promotion.hpp.
  problem promote(std::string_view version, const change_order& order);

  /// The champion goes back to deprecated and a former one serves again: the
  /// named one, else the one that was superseded last. Without a champion the
  /// former one just takes over. One that was demoted or rolled back itself
  /// has to be named.
  problem roll_back(const std::optional<std::string>& version,
                    const change_order& order);

  /// The champion is deprecated and nobody takes over: rules serve.
  problem demote(const change_order& order);

  /// A model that is not champion is archived.
  problem archive(std::string_view version, const change_order& order);

  /// Forgets an archived model; its file is the caller's to delete, after
  /// that.
  problem remove(std::string_view version);

  /// As it was before `at`: what was changed then or later never was. What was
  /// removed meanwhile does not come back.
  registry_state before(timestamp at) const;

  /// Ascending by version, which is by training time.
  std::span<const registry_entry> entries() const noexcept { return entries_; }

  const registry_entry* find(std::string_view version) const noexcept;

  const registry_entry* champion() const noexcept;

  /// Whom a rollback would restore.
  const registry_entry* rollback_target() const noexcept;

  friend bool operator==(const registry_state&, const registry_state&) = default;

private:
  registry_entry* find_mutable(std::string_view version) noexcept;
  problem check(std::string_view version, model_status to,
                const change_order& order) const;
  void change(std::string_view version, change_kind kind,
              const change_order& order);

  std::vector<registry_entry> entries_;
};

} // namespace banksia::forecast
