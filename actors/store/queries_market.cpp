#include "actors/store/queries.hpp"

#include "actors/store/bar_parts.hpp"
#include "actors/store/list_sql.hpp"
#include "actors/store/query_rows.hpp"
#include "runtime/storage/query_timer.hpp"

#include <algorithm>
#include <iterator>

namespace banksia::store {

using rows::micros_or;
using rows::select;

namespace {

/// That one part of a long reading has: they are long texts.
constexpr std::int64_t part_headlines = 100;

} // namespace

// -- bars and headlines ---------------------------------------------------------

std::vector<bar> queries::bars(std::string_view symbol, bar_interval interval,
                               timestamp until) {
  return bars_since(symbol, interval, from_micros(rows::earliest), until);
}

std::vector<bar> queries::bars_since(std::string_view symbol,
                                     bar_interval interval, timestamp from,
                                     timestamp until) {
  auto part = bars_part(*db_, symbol, interval, from, until);
  auto result = std::move(part.bars);
  while (part.next) {
    part = bars_part(*db_, symbol, interval, *part.next, until);
    result.insert(result.end(), std::move_iterator{part.bars.begin()},
                  std::move_iterator{part.bars.end()});
  }
  return result;
}

std::vector<bar> queries::bars_between(std::string_view symbol,
                                       bar_interval interval,
                                       std::optional<timestamp> from,
                                       std::optional<timestamp> to,
                                       std::int64_t limit) {
  storage::query_timer timer{"bars_between"};
  auto query = db_->prepare(
    select(rows::bar_columns,
           "FROM bars WHERE symbol = ? AND interval = ? AND opened_at >= ? "
           "AND opened_at < ? ORDER BY opened_at DESC LIMIT ?"));
  query.bind_all(symbol, to_string(interval), micros_or(from, rows::earliest),
                 micros_or(to, rows::latest), limit);
  std::vector<bar> result;
  while (query.step())
    result.push_back(rows::read_bar(query));
  std::reverse(result.begin(), result.end());
  return result;
}

std::vector<headline> queries::headlines(std::string_view symbol,
                                         timestamp until, std::int64_t limit) {
  auto query = db_->prepare(
    select(rows::headline_columns,
           "FROM headlines WHERE symbol = ? AND (known_at, headline_id) < (?, ?) "
           "ORDER BY known_at DESC, headline_id DESC LIMIT ?"));
  std::vector<headline> result;
  // Behind all that became known at that very time.
  auto before = std::pair{until, std::string{after_all_ids}};
  for (auto left = limit; left > 0;) {
    storage::query_timer timer{"headlines"};
    auto part = std::min(left, part_headlines);
    query.bind_all(symbol, to_micros(before.first), before.second, part);
    auto size = result.size();
    while (query.step())
      result.push_back(rows::read_headline(query));
    query.reset();
    left -= part;
    if (result.size() - size < static_cast<std::size_t>(part))
      break;
    before = {result.back().known_at, result.back().headline_id};
  }
  std::reverse(result.begin(), result.end());
  return result;
}

std::vector<headline> queries::headline_page(std::string_view symbol,
                                             const time_page& page) {
  storage::query_timer timer{"headline_page"};
  auto query = db_->prepare(select(
    rows::headline_columns,
    "FROM headlines WHERE symbol = ?6 AND "
      + page_conditions(page, "known_at", "headline_id")));
  bind_page(query, page);
  query.bind(6, symbol);
  std::vector<headline> result;
  while (query.step())
    result.push_back(rows::read_headline(query));
  return result;
}

std::vector<headline> queries::headlines_between(std::string_view symbol,
                                                 timestamp after,
                                                 timestamp until) {
  storage::query_timer timer{"headlines_between"};
  auto query = db_->prepare(
    select(rows::headline_columns,
           "FROM headlines WHERE symbol = ? AND known_at > ? AND known_at <= ? "
           "ORDER BY known_at, headline_id"));
  query.bind_all(symbol, to_micros(after), to_micros(until));
  std::vector<headline> result;
  while (query.step())
    result.push_back(rows::read_headline(query));
  return result;
}

std::vector<bar_revision> queries::revisions(std::string_view symbol,
                                             bar_interval interval,
                                             timestamp until) {
  storage::query_timer timer{"revisions"};
  auto query = db_->prepare(
    select(rows::revision_columns,
           "FROM bar_revisions WHERE symbol = ? AND interval = ? "
           "AND known_at <= ? ORDER BY known_at, opened_at"));
  query.bind_all(symbol, to_string(interval), to_micros(until));
  std::vector<bar_revision> result;
  while (query.step())
    result.push_back(rows::read_revision(query));
  return result;
}

std::vector<corporate_action> queries::actions(std::string_view symbol,
                                               timestamp until) {
  storage::query_timer timer{"actions"};
  auto query = db_->prepare(
    select(rows::action_columns,
           "FROM corporate_actions WHERE symbol = ? AND known_at <= ? "
           "ORDER BY effective_at, kind, value"));
  query.bind_all(symbol, to_micros(until));
  std::vector<corporate_action> result;
  while (query.step())
    result.push_back(rows::read_action(query));
  return result;
}

std::vector<listing_change> queries::listings(timestamp until) {
  storage::query_timer timer{"listings"};
  auto query = db_->prepare(
    "SELECT symbol, event, effective_at, successor, reason, source, "
    "received_at, known_at FROM listing_changes WHERE known_at <= ? "
    "ORDER BY effective_at, symbol, event");
  query.bind_all(to_micros(until));
  std::vector<listing_change> result;
  while (query.step())
    result.push_back(rows::read_listing(query));
  return result;
}

std::vector<std::string> queries::symbols_with_bars(bar_interval interval) {
  storage::query_timer timer{"symbols_with_bars"};
  // A skip scan: one seek a symbol instead of a walk over all bars.
  auto query = db_->prepare("SELECT symbol FROM bars WHERE symbol > ? "
                            "ORDER BY symbol LIMIT 1");
  auto has = db_->prepare("SELECT 1 FROM bars WHERE symbol = ? "
                          "AND interval = ? LIMIT 1");
  std::vector<std::string> result;
  std::string last;
  for (;;) {
    query.bind_all(last);
    auto found = query.step();
    if (found)
      last = query.text(0);
    query.reset();
    if (!found)
      return result;
    has.bind_all(last, to_string(interval));
    if (has.step())
      result.push_back(last);
    has.reset();
  }
}

std::optional<timestamp> queries::watermark(std::string_view source) {
  storage::query_timer timer{"watermark"};
  auto query = db_->prepare("SELECT known_at FROM watermarks WHERE source = ?");
  query.bind_all(source);
  if (!query.step())
    return std::nullopt;
  return rows::time_at(query, 0);
}

} // namespace banksia::store
