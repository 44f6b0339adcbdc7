#include "actors/feeds/recalled_quality.hpp"

#include "messages/time.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace banksia {

namespace {

/// When something came, and whether it was good.
using point = std::pair<std::int64_t, bool>;

/// Repaired bars (verdict 1) are no good as they came.
constexpr std::string_view newest_bars = R"sql(
SELECT received_at, verdict <> 1 FROM bars
WHERE symbol = ?1 AND interval = ?2 AND source = ?3
ORDER BY opened_at DESC LIMIT ?4)sql";

/// Those withdrawn are among the refused rows.
constexpr std::string_view newest_revisions = R"sql(
SELECT known_at, 0 FROM bar_revisions
WHERE symbol = ?1 AND interval = ?2 AND source = ?3 AND withdrawn = 0
ORDER BY opened_at DESC LIMIT ?4)sql";

/// A feed's rows are kept under its name.
constexpr std::string_view newest_refused = R"sql(
SELECT received_at, 0 FROM quarantine WHERE kind = 'feed' AND file = ?1
ORDER BY received_at DESC LIMIT ?2)sql";

constexpr auto window = static_cast<std::int64_t>(running_quality::window);

void read(storage::statement& query, std::vector<point>& into) {
  while (query.step())
    into.emplace_back(query.integer(0), query.integer(1) != 0);
  query.reset();
}

} // namespace

running_quality recalled_quality(storage::database& db,
                                 std::string_view source,
                                 const std::vector<std::string>& symbols,
                                 bar_interval data_interval) {
  std::vector<point> points;
  auto bars = db.prepare(std::string{newest_bars});
  auto revisions = db.prepare(std::string{newest_revisions});
  std::vector<bar_interval> intervals{data_interval};
  if (data_interval != bar_interval::d1)
    intervals.push_back(bar_interval::d1);
  for (const auto& symbol : symbols)
    for (auto interval : intervals)
      for (auto* query : {&bars, &revisions}) {
        query->bind_all(std::string_view{symbol}, to_string(interval), source,
                        window);
        read(*query, points);
      }
  auto refused = db.prepare(std::string{newest_refused});
  refused.bind_all(source, window);
  read(refused, points);
  std::stable_sort(points.begin(), points.end(),
                   [](const point& a, const point& b) {
                     return a.first < b.first;
                   });
  auto skipped = points.size()
                 - std::min(points.size(), running_quality::window);
  running_quality result;
  for (auto i = skipped; i < points.size(); ++i)
    result.add(points[i].second);
  return result;
}

void recall_quality(feed_board& into, storage::database& db,
                    const std::vector<std::string>& sources,
                    const std::vector<std::string>& symbols,
                    bar_interval data_interval) {
  for (const auto& source : sources) {
    auto quality = recalled_quality(db, source, symbols, data_interval);
    if (quality.points() > 0)
      into.change(source, [&](feed_facts& x) { x.quality = quality; });
  }
}

} // namespace banksia
