#pragma once

/// What was delivered, as a hash and as the last events.

#include <caf/atom.hpp>
#include <caf/fwd.hpp>
#include <caf/type_erased_tuple.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace banksia::chaos {

/// Path, generation, message and virtual time of each message that was handled.
/// No node id, no pointer and no order of an unordered container enters.
class trace {
public:
  static constexpr std::size_t kept = 40;

  void note(std::string_view path, std::uint64_t generation,
            const caf::type_erased_tuple& content,
            std::chrono::nanoseconds now);

  /// Something that was done from outside: a fault, a restart.
  void remark(std::string text, std::chrono::nanoseconds now);

  std::uint64_t hash() const noexcept { return hash_; }
  std::uint64_t count() const noexcept { return count_; }

  /// The last events, oldest first, one a line.
  std::string last(caf::actor_system& system) const;

private:
  struct event {
    const std::string* path = nullptr; ///< null: a remark
    std::uint64_t generation = 0;
    std::array<caf::rtti_pair, 3> types{};
    std::size_t size = 0;
    caf::atom_value atom{};
    std::chrono::nanoseconds time{0};
    std::string remark;
  };

  void add(std::string_view bytes) noexcept;
  void add(std::uint64_t x) noexcept;
  event& next();

  std::set<std::string, std::less<>> paths_;
  std::vector<event> ring_{kept};
  std::uint64_t count_ = 0;
  std::uint64_t hash_ = 14695981039346656037ULL;
};

} // namespace banksia::chaos
