#pragma once

/// Which symbols are predicted, and what became of their listings. Everything
/// is *as of* a time: a change counts from its `effective_at` on and alters
/// nothing before it, so a cycle that is made late asks for the same symbols as
/// one made in time.

#include "messages/domain.hpp"
#include "models/market/adjustment.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace banksia {

enum class listing_state : std::uint8_t {
  active = 0,
  halted = 1,   ///< followed; does not trade for now, and so abstains
  delisted = 2, ///< will not trade again
  removed = 3,  ///< no longer predicted; what is owed is still evaluated
  renamed = 4,  ///< trades under its successor
};

/// "active", "halted", "delisted", "removed", "renamed".
std::string_view to_string(listing_state x) noexcept;

/// A symbol's place as of a time.
struct listing {
  std::string symbol;
  std::uint32_t index = 0; ///< position among all symbols of this process
  listing_state state = listing_state::active;
  timestamp since; ///< of that state; zero: the configuration says so
  std::string reason;    ///< a person's words
  std::string successor; ///< of a renamed one
};

/// A code under which a security traded, for bars that opened in [from, until).
struct code_span {
  std::string symbol;
  timestamp from = from_micros(std::numeric_limits<std::int64_t>::min());
  timestamp until = from_micros(std::numeric_limits<std::int64_t>::max());

  bool holds(timestamp opened_at) const noexcept {
    return opened_at >= from && opened_at < until;
  }
};

/// Leaves only the bars that opened while the code was theirs.
void keep_of_code(std::vector<bar>& bars, const code_span& code);

/// Likewise those about such bars.
void keep_of_code(std::vector<bar_revision>& revisions, const code_span& code);

/// Likewise those that took effect then.
void keep_of_code(std::vector<corporate_action>& actions,
                  const code_span& code);

/// Why an evaluation cannot be made any more.
struct trading_stop {
  timestamp at; ///< from when on
  listing_state why = listing_state::halted;
};

/// Whether it has the form of a symbol, as in the configuration: up to 10 of
/// A-Z and 0-9, before ".AX" or behind "^".
bool is_symbol_text(std::string_view text) noexcept;

/// All changes up to now over the configured symbols. Indexes count the symbols
/// in the order in which they came: they are never used again and never move,
/// so what a message says of one stays true. A value; copy it to change it.
class listings {
public:
  /// How many symbols there may be, those that have gone included: each may be
  /// an actor.
  static constexpr std::size_t symbols_max = 1000;

  /// Market time for which a symbol that is no longer predicted is still asked
  /// for and kept: the longest horizon ends in it, over any holiday.
  static constexpr std::chrono::days linger{7};

  /// A successor's bars count from a little before the change: trades under the
  /// old code that came late are told under the new one.
  static constexpr std::chrono::days overlap{1};

  listings() = default;
  explicit listings(std::span<const std::string> configured);

  /// Why a change makes no sense after all that were added; nothing when it
  /// does.
  std::optional<std::string> refusal(const listing_change& x) const;

  /// Takes a change in. Changes come in the order of `in_order`; one that
  /// makes no sense by now, say because the configuration is another, changes
  /// nothing.
  void add(const listing_change& x);

  /// By index.
  const std::vector<std::string>& symbols() const noexcept { return symbols_; }

  std::optional<std::uint32_t> index_of(std::string_view symbol) const;

  /// @returns nothing before the symbol was added
  std::optional<listing> at(std::uint32_t index, timestamp t) const;

  /// The symbols that have a place in a cycle at `t`, halted ones included, by
  /// index.
  std::vector<std::uint32_t> predicted_at(timestamp t) const;

  bool is_halted(std::uint32_t index, timestamp t) const;

  /// Whether anybody still needs its bars at `t`: it is predicted, or was
  /// until lately.
  bool is_needed(std::uint32_t index, timestamp t) const;

  /// When the last change counts from; zero without any.
  timestamp newest() const noexcept { return newest_; }

  // -- codes ----------------------------------------------------------------------

  /// The codes whose bars make the history of `symbol`, oldest first; itself
  /// is the last.
  std::vector<code_span> codes_before(std::string_view symbol) const;

  /// The codes under which what was owed by `symbol` trades on; itself is the
  /// first.
  std::vector<code_span> codes_after(std::string_view symbol) const;

  /// The first code of the security that has the code `symbol`.
  std::string first_code(std::string_view symbol) const;

  /// The codes that are nobody's successor, by index.
  std::vector<std::string> first_codes() const;

  /// The code at `t` of the security that had the code `symbol` at first.
  std::string code_at(std::string_view symbol, timestamp t) const;

  // -- evaluations ------------------------------------------------------------------

  /// Why an evaluation of `symbol`, predicted at `slot` and due at `due`, can
  /// be made no more, by what was known at `now`: it was delisted before it was
  /// due; a halt holds at `due`; or, while nothing was traded since the slot
  /// (`has_exit` is false), a halt or delisting has begun after `due`, or it
  /// was removed longer ago than anybody looks for trades.
  std::optional<trading_stop> stop_of(std::string_view symbol, timestamp slot,
                                      timestamp due, timestamp now,
                                      bool has_exit) const;

  /// Whether anything may be stopped or renamed at all.
  bool is_plain() const noexcept { return newest_ == timestamp{}; }

private:
  struct mark {
    timestamp at;
    listing_state state = listing_state::active;
    std::string reason;
  };
  struct entry {
    std::vector<mark> marks; ///< ascending
  };
  struct rename {
    std::string from;
    std::string to;
    timestamp at;
  };

  std::uint32_t follow(const std::string& symbol, mark first);
  listing_state last_state(std::uint32_t index) const;
  const mark* mark_at(std::uint32_t index, timestamp t) const;
  const rename* rename_from(std::string_view symbol, timestamp after) const;
  const rename* rename_to(std::string_view symbol) const;

  std::vector<std::string> symbols_;
  std::vector<entry> entries_; ///< by index
  std::map<std::string, std::uint32_t, std::less<>> indexes_;
  std::vector<rename> renames_; ///< in order
  timestamp newest_{};
};

/// The order in which changes are added: as they became known.
std::vector<listing_change> in_order(std::vector<listing_change> changes);

/// Likewise, added to the configured symbols.
listings listings_of(std::span<const std::string> configured,
                     std::vector<listing_change> changes);

} // namespace banksia
