#include "models/features/feature_table.hpp"

#include <optional>

namespace banksia {

namespace {

constexpr std::string_view preface
  = R"(# The 53 features

Written by `build/bin/feature_reference` from the table in `models/features/feature_table.cpp`; a test compares them.

All are as of the slot of a cycle: made of bars, headlines and actions known by then. A *day* is a daily bar; while a session
runs, the day that its intraday bars build counts as the last one, its volume projected to the close by the share that has
usually traded by then. Splits and dividends known by then take effect where they fall, so that all prices and volumes are told
in the shares and money of the last bar. A feature that cannot be computed is *missing*: its bit in the mask is clear and its
value 0, which means nothing. One that would not be a finite number is missing too.

*Since* is the version of the feature set that first computes it; a stored vector carries its version, and one of an older version
is explained by what that version computed. "—" is not computed yet.
)";

std::string cell(std::string_view text) {
  std::string result;
  for (auto c : text) {
    if (c == '|')
      result += '\\';
    result += c;
  }
  return result;
}

std::string row_of(const feature_definition& x) {
  std::string row = "| `" + std::string{x.name} + "` |";
  for (auto text : {x.definition, x.unit, x.input, x.missing, x.source})
    row += ' ' + cell(text) + " |";
  return row + ' ' + (x.since > 0 ? std::to_string(x.since) : "—") + " |\n";
}

} // namespace

std::string_view to_string(feature_group x) noexcept {
  switch (x) {
    case feature_group::news:
      return "News";
    case feature_group::technical:
      return "Technical indicators";
    case feature_group::price:
      return "Prices";
    case feature_group::volume:
      return "Volume";
    case feature_group::market:
      return "Market";
    case feature_group::interaction:
      return "Interactions";
    case feature_group::time:
      return "Time";
  }
  return "";
}

feature_vector as_version(feature_vector x, std::uint16_t version) noexcept {
  if (version == 0 || version >= feature_set_version)
    return x;
  x.version = version;
  for (std::size_t i = 0; i < feature_count; ++i)
    if (feature_table[i].since > version) {
      x.values[i] = 0.0;
      x.mask &= ~(std::uint64_t{1} << i);
    }
  return x;
}

std::string feature_reference() {
  std::string text{preface};
  std::optional<feature_group> group;
  for (const auto& x : feature_table) {
    if (group != x.group)
      text += "\n## " + std::string{to_string(x.group)}
              + "\n\n| feature | definition | unit | input | missing when | "
                "source | since |\n|---|---|---|---|---|---|---|\n";
    group = x.group;
    text += row_of(x);
  }
  return text;
}

} // namespace banksia
