#pragma once

/// How far each source of news is to be believed.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace banksia::sentiment {

struct source_reliability {
  std::string name; ///< in lower case: "reuters"
  double reliability = 1.0; ///< weight of its headlines, in (0, 1]

  friend bool operator==(const source_reliability&,
                         const source_reliability&) = default;
};

/// Sources by name.
struct source_table {
  std::vector<source_reliability> sources;
  double unknown = 0.5; ///< of a source that is not listed

  /// The reliability of the source whose name, at word boundaries, occurs in
  /// `source` in any case ("Reuters Australia"); of several the longest name's.
  double of(std::string_view source) const;

  friend bool operator==(const source_table&, const source_table&) = default;
};

/// Exchange and company notices 1, news agencies 0.95, financial papers 0.9,
/// general papers and portals 0.7 to 0.8, opinion 0.5, forums 0.3. A judgement,
/// not a measurement.
source_table default_sources();

/// Says what is wrong with a table, and what to set; nothing when fit.
std::optional<std::string> problem_of(const source_table& x);

} // namespace banksia::sentiment
