#define CAF_SUITE feature_table
#include "models/features/feature_table.hpp"

#include "models/features/symbol_features.hpp"

#include "tests/unit/features/series.hpp"

#include "caf/test/unit_test.hpp"

#include <set>

using namespace banksia;
using namespace banksia::test;

namespace {

/// Everything that a symbol can be told.
feature_vector full_vector() {
  symbol_features x;
  auto days = random_days(1, 221);
  for (int i = 0; i < 219; ++i)
    x.add(days[static_cast<std::size_t>(i)], place(i, 360));
  for (int i = 219; i < 221; ++i) {
    auto bars = half_hours(days[static_cast<std::size_t>(i)], i, 1);
    for (int k = 0; k < 12; ++k)
      x.add(bars[static_cast<std::size_t>(k)], place(i, 30 * (k + 1)));
  }
  news_signal news{real{0.25}, real{0.75}, 4, real{0.5}};
  market_values market;
  market.has_index_change = market.has_sector = true;
  market.has_aud_usd = market.has_vix = true;
  return x.features(place(220, 360), news, {calendar_phase{}, 0.01, market});
}

std::size_t count_of(std::string_view text, std::string_view part) {
  std::size_t n = 0;
  for (auto at = text.find(part); at != std::string_view::npos;
       at = text.find(part, at + 1))
    ++n;
  return n;
}

} // namespace

CAF_TEST(what the table calls computed is computed and nothing else) {
  auto x = full_vector();
  CAF_CHECK_EQUAL(x.version, feature_set_version);
  for (std::size_t i = 0; i < feature_count; ++i) {
    const auto& row = feature_table[i];
    CAF_CHECK_EQUAL(std::string{row.name}, std::string{feature_names[i]});
    if (x.has(i) != (row.since > 0))
      CAF_MESSAGE(std::string{row.name} << " is " << x.has(i));
    CAF_CHECK(x.has(i) == (row.since > 0));
  }
}

CAF_TEST(names are unique and rows say something) {
  std::set<std::string_view> names, definitions;
  for (const auto& x : feature_table) {
    names.insert(x.name);
    definitions.insert(x.definition);
    CAF_CHECK((x.since == 0) == x.missing.starts_with("always: "));
  }
  CAF_CHECK_EQUAL(names.size(), feature_count);
  CAF_CHECK_EQUAL(definitions.size(), feature_count);
}

CAF_TEST(an older version has what it computed) {
  auto now = full_vector();
  auto old = as_version(now, 1);
  CAF_CHECK_EQUAL(old.version, 1u);
  std::size_t dropped = 0;
  for (std::size_t i = 0; i < feature_count; ++i) {
    auto known = feature_table[i].since == 1;
    CAF_CHECK_EQUAL(old.has(i), known);
    CAF_CHECK(old.values[i] == (known ? now.values[i] : 0.0));
    dropped += now.has(i) && !known;
  }
  CAF_CHECK_EQUAL(dropped, 32u);
  // What the market as a whole says came with the third.
  auto second = as_version(now, 2);
  for (auto name : {"asx200_change", "sector_performance", "market_breadth",
                    "aud_usd_rate", "vix_level"})
    for (std::size_t i = 0; i < feature_count; ++i)
      if (feature_names[i] == name)
        CAF_CHECK(now.has(i) && !second.has(i));
}

CAF_TEST(the present version and unknown ones are left as they are) {
  auto now = full_vector();
  CAF_CHECK(as_version(now, feature_set_version) == now);
  CAF_CHECK(as_version(now, feature_set_version + 1) == now);
  CAF_CHECK(as_version(now, 0) == now);
}

CAF_TEST(the reference has a row for each feature below its group) {
  auto text = feature_reference();
  for (const auto& x : feature_table) {
    auto row = text.find("| `" + std::string{x.name} + "` |");
    CAF_REQUIRE(row != std::string::npos);
    auto heading = text.rfind("\n## ", row) + 4;
    auto group = text.substr(heading, text.find('\n', heading) - heading);
    CAF_CHECK_EQUAL(group, std::string{to_string(x.group)});
    auto line = text.substr(row, text.find('\n', row) - row);
    // A bar within a cell is escaped, so that each row has its seven cells.
    CAF_CHECK_EQUAL(count_of(line, "|") - count_of(line, "\\|"), 8u);
    CAF_CHECK(line.find(x.unit) != std::string::npos);
  }
  CAF_CHECK_EQUAL(count_of(text, "\n## "), 7u);
}
