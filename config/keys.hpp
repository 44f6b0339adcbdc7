#pragma once

/// One table that describes every key. It drives parsing, validation, the
/// output of `banksia check-config` and the generated reference.

#include "config/settings.hpp"
#include "config/value.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace banksia::config {

/// What a key holds, as a person writes it.
enum class value_kind : std::uint8_t {
  integer,     ///< a whole number within `key_spec::range`
  number,      ///< a finite number within `key_spec::range`
  text,        ///< any text but the empty one
  any_text,    ///< any text, or "" for none
  choice,      ///< one of `key_spec::choices`
  time_of_day, ///< "HH:MM", or "" for unset
  date,        ///< "YYYY-MM-DD"
  address,     ///< an IPv4 or IPv6 address
  symbol,      ///< "CBA.AX" or "^AXJO"
  symbols,     ///< a list of symbols
  words,       ///< a list of texts without blanks; may be empty
  addresses,   ///< a list of IP addresses; may be empty
  tokens,      ///< a list of "NAME:SCOPE:SHA256"; may be empty
};

/// The allowed numbers, both ends included unless `above_min`.
struct value_range {
  double min = std::numeric_limits<double>::lowest();
  double max = std::numeric_limits<double>::max();
  bool above_min = false; ///< `min` itself is not allowed

  bool contains(double x) const noexcept {
    return (above_min ? x > min : x >= min) && x <= max;
  }
};

/// Whether a key can change a prediction or outcome.
enum class key_effect : std::uint8_t {
  decision,  ///< part of the configuration hash
  operation, ///< says only where things are and how many serve them
  /// Part of the hash where it is not the default: keys that came later, so
  /// that who does not use them has the hash of before.
  decision_where_set,
};

/// The member that a key sets.
using key_member
  = std::variant<std::uint16_t settings::*, std::uint32_t settings::*,
                 std::uint64_t settings::*, double settings::*,
                 std::string settings::*, std::vector<std::string> settings::*,
                 std::optional<std::chrono::minutes> settings::*,
                 trading_date settings::*, config::price_source settings::*,
                 clock_source settings::*, model_service settings::*,
                 config::without_model settings::*,
                 double rule_parameters::*>;

/// Whether the kind is a list.
constexpr bool is_list(value_kind x) noexcept {
  return x >= value_kind::symbols;
}

/// All there is to know about one key. Its default is the member's initial
/// value in `settings`.
struct key_spec {
  std::string_view name; ///< "symbols", "rules.technical_weight"
  value_kind kind;
  key_member member;
  value_range range;
  std::vector<std::string_view> choices;
  std::string_view unit; ///< "minutes", "fraction"; empty: none
  std::string_view doc;  ///< one line
  key_effect effect = key_effect::decision;
  bool restart_needed = true; ///< false: taken over by a running node
};

/// Every key, the plan's first, those of `[rules]` last.
const std::vector<key_spec>& all_keys();

/// The keys of what is too much or takes too long; `all_keys` has them too.
std::vector<key_spec> limit_keys();

/// The keys of the table `[rules]`, one for each parameter of the rule engine;
/// `all_keys` has them too.
std::vector<key_spec> rule_keys();

/// The key of that name; null when there is none.
const key_spec* find_key(std::string_view name);

/// Every key's name, in the table's order.
const std::vector<std::string_view>& key_names();

/// `BANKSIA_<KEY>`: upper case, a dot becomes an underscore.
std::string environment_name(const key_spec& key);

/// What the key holds in `from`.
value read(const settings& from, const key_spec& key);

/// Sets the key in `to`. The value must have passed `complaint_about`.
void assign(settings& to, const key_spec& key, const value& x);

/// The key's default.
value default_of(const key_spec& key);

/// "a whole number from 1 to 1440", for messages and the reference.
std::string describe(const key_spec& key);

/// What is wrong with `x` for this key on its own; nothing when it may stand.
/// `x` must be of the alternative the kind calls for.
std::optional<std::string> complaint_about(const key_spec& key, const value& x);

} // namespace banksia::config
