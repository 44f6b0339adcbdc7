#pragma once

/// What a cycle knows of the market as a whole, and of which symbols it has yet
/// to read the past.

#include "actors/run_plan.hpp"
#include "messages/protocol.hpp"

#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace banksia {

/// Values are as of a slot, from what was known by then: what feeds deliver too
/// early, twice, or late changes nothing in them. A desk that was not told a
/// symbol's past from the beginning names it, to be read from the store. Without
/// a store to read, it says what it can.
class market_desk {
public:
  /// @param told whether the feed delivers everything from the beginning
  void begin(const run_plan& plan, bool told);

  /// Takes up the symbols that came.
  void follow(const run_plan& plan);

  /// Takes in a bar of a symbol or of the index; others are nobody's.
  void add(const run_plan& plan, const bar& x);

  /// Takes in a bar of one of the plan's context series. @returns false for any
  /// other bar
  bool add_if_level(const run_plan& plan, const bar& x);
  void add(const bar_revision& x);
  void add(const corporate_action& x);

  /// A bar of a context series.
  void add_level(context_series series, const bar& x);

  /// All that became known until then, since the last such word, was added.
  void hear(timestamp watermark);

  /// The symbols, the index among them, whose past has to be read before the
  /// values at `slot` can be made.
  /// @param among the symbols followed then; null: all of the plan
  std::vector<std::string>
  unread_at(const run_plan& plan, timestamp slot,
            const std::vector<std::string>* among) const;

  /// What `unread_at` has named was added, from `market_begin` on and as far as
  /// it was known at `slot`.
  void end_reading(const run_plan& plan, timestamp slot,
                   const std::vector<std::string>& symbols);

  bool levels_read = false; ///< the context series are complete

  /// The values as of a slot; forgets what earlier ones would need.
  market_values at(const run_plan& plan, timestamp slot,
                   const std::vector<std::string>* among);

private:
  /// How far it knows a symbol.
  struct reach {
    timestamp until{};     ///< slots up to here can be asked about
    bool open_end = false; ///< and later ones: the feed tells the rest
  };

  void take_up(const std::string& symbol);
  void leave_all_but(std::vector<std::string> kept);

  market_board board_;
  std::map<std::string, reach> reaches_;
  std::optional<timestamp> heard_; ///< the first word of the feed
  bool told_ = true;
};

} // namespace banksia
