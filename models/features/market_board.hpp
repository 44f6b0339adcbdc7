#pragma once

/// What the market as a whole says as of a slot, from the bars of all followed
/// symbols, of the index and of the context series.

#include "messages/market_values.hpp"
#include "models/features/session_closes.hpp"
#include "models/market/context_series.hpp"

#include <array>
#include <chrono>
#include <map>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace banksia {

/// A symbol's part in the sector's performance and in the breadth. Symbols are
/// to be added in the order of their names, so that the sum is the same to the
/// bit wherever it is made.
class sector_sum {
public:
  /// Fewer returns say nothing of a sector.
  static constexpr std::size_t fewest = 3;

  /// @param change of one symbol over its last session; nothing: it has none
  void add(const std::optional<double>& change) noexcept;

  void set(market_values& to) const noexcept;

private:
  double sum_ = 0.0;
  std::size_t count_ = 0;
  std::size_t rose_ = 0;
  std::size_t fell_ = 0;
};

/// The closes of a context series, as they were first told. O(1) a bar that
/// comes in order. Not thread-safe.
class level_series {
public:
  /// An older level says nothing of today; holidays are shorter.
  static constexpr std::chrono::days age_max{5};

  /// A bar whose close is no positive number changes nothing.
  void add(const bar& x);

  /// The last close known at `t`, unless it has been known for longer than
  /// `age_max`.
  std::optional<double> at(timestamp t) const;

private:
  struct level {
    timestamp known_at;
    timestamp opened_at;
    double close = 0.0;

    friend auto operator<=>(const level&, const level&) = default;
  };

  std::vector<level> levels_; ///< ascending
};

/// Says a level, where there is one.
void set_level(market_values& to, context_series series,
               const std::optional<double>& level) noexcept;

/// When values are asked for.
struct market_moment {
  timestamp slot;
  int ordinal = -1;   ///< of the session; below 0: none
  bool daily = false; ///< the cycle is of a day
};

/// Not thread-safe.
class market_board {
public:
  /// Begins anew. @param index its symbol; empty: there is none
  void begin(std::string index);

  /// Takes a symbol up; one that is there stays as it is.
  void follow(const std::string& symbol);

  /// The closes of a symbol or of the index; null where it is not followed.
  session_closes* find(const std::string& symbol);
  const session_closes* find(const std::string& symbol) const;

  level_series& level(context_series x) noexcept {
    return levels_[static_cast<std::size_t>(x)];
  }

  /// As of a moment, and nothing that became known later.
  /// @param among the symbols that make the sector; null: all that are followed
  market_values at(const market_moment& when,
                   const std::vector<std::string>* among = nullptr) const;

  /// Forgets what no slot from session `ordinal` on needs.
  void forget_before(int ordinal);

private:
  std::optional<double> change_of(const session_closes& x,
                                  const market_moment& when) const;

  std::string index_;
  session_closes index_closes_;
  std::map<std::string, session_closes> symbols_; ///< in order of name
  std::unordered_map<std::string, session_closes*> found_;
  std::array<level_series, all_context_series.size()> levels_;
};

} // namespace banksia
