#pragma once

/// Which companies a headline is about.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace banksia::sentiment {

/// How the letters of an alias must be written.
enum class alias_case : std::uint8_t {
  name = 0,   ///< a name: capitals at the beginning of each word, or all
  ticker = 1, ///< as listed, and not in a title that shouts ("BANKS NAB …")
  marked = 2, ///< a ticker that is a word too: only "ASX:SUN", "(SUN)", "SUN.AX"
};

struct company_alias {
  std::string symbol; ///< "NAB.AX"
  std::string text;   ///< "National Australia Bank"
  alias_case letters = alias_case::name;
};

/// The names that headlines use, and names that only look like them.
struct alias_table {
  std::vector<company_alias> aliases;
  /// Longer names that are something else: "Port Macquarie", "ANZ Stadium".
  std::vector<std::string> not_meant;
};

/// The seven banks and insurers: CBA, WBC, ANZ, NAB, MQG, QBE, SUN.
alias_table bank_aliases();

/// The symbols that `title` names, each once, in the order of the table. An
/// alias counts at word boundaries alone; "'s" may follow. A symbol's own form
/// ("CBA.AX", "ASX:CBA") counts always, so "can" is no ticker of anybody's.
std::vector<std::string> symbols_in(std::string_view title,
                                    const alias_table& table);

} // namespace banksia::sentiment
