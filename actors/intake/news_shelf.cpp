#include "actors/intake/news_shelf.hpp"

#include "actors/store/schema.hpp"

#include <algorithm>
#include <utility>

namespace banksia::intake {

namespace {

/// Nearly the same words further apart than that are another story.
constexpr std::chrono::days told_for{7};

constexpr std::string_view find_same = R"sql(
SELECT published_at FROM headlines WHERE symbol = ? AND headline_id = ?)sql";

constexpr std::string_view find_between = R"sql(
SELECT known_at, headline_id, title FROM headlines
WHERE symbol = ? AND known_at >= ? AND known_at <= ?
ORDER BY known_at, headline_id)sql";

/// A database that vanishes when closed. Its file has no name.
std::unique_ptr<storage::database> make_draft(bool wanted) {
  if (!wanted)
    return nullptr;
  auto result = std::make_unique<storage::database>(
    std::filesystem::path{}, storage::open_mode::read_write);
  auto steps = store::migrations();
  storage::migrate(*result, steps, steps.back().number);
  return result;
}

} // namespace

news_shelf::lookups::lookups(storage::database& db)
  : same(db.prepare(find_same)), between(db.prepare(find_between)) {}

news_shelf::news_shelf(storage::database& db, news_shelf_settings settings)
  : db_(&db),
    settings_(settings),
    draft_(make_draft(settings.dry_run)),
    ledger_(target()) {
  own_.emplace(target());
  if (draft_)
    lent_.emplace(*db_);
}

news_shelf::~news_shelf() = default;

std::optional<timestamp> news_shelf::published_before(const headline& x) {
  for (auto* from : {&own_, &lent_}) {
    if (!*from)
      continue;
    auto& query = (*from)->same;
    query.bind_all(x.symbol, x.headline_id);
    std::optional<timestamp> found;
    if (query.step())
      found = from_micros(query.integer(0));
    query.reset();
    if (found)
      return found;
  }
  return std::nullopt;
}

void news_shelf::read(told_titles& into, const std::string& symbol,
                      timestamp from, timestamp until) {
  for (auto* source : {&own_, &lent_}) {
    if (!*source)
      continue;
    auto& query = (*source)->between;
    query.bind_all(symbol, to_micros(from), to_micros(until));
    while (query.step())
      into.kept.emplace(from_micros(query.integer(0)),
                        told_titles::entry{std::string{query.text(1)},
                                           sentiment::print_of(query.text(2))});
    query.reset();
  }
}

/// Moves the stretch that is read so that it reaches a week to both sides.
told_titles& news_shelf::titles_around(const headline& x) {
  auto& told = told_[x.symbol];
  auto from = x.known_at - told_for;
  auto until = x.known_at + told_for;
  if (told.covers(from, until))
    return told;
  // Read ahead: the next row is a little later, as a rule.
  constexpr std::chrono::days ahead{7};
  if (from < told.low() || from > told.high()) {
    told.kept.clear();
    read(told, x.symbol, from, until + ahead);
  } else {
    told.kept.erase(told.kept.begin(), told.kept.lower_bound(from));
    read(told, x.symbol, told.high() + micros{1}, until + ahead);
  }
  told.begin(from, until + ahead);
  return told;
}

headline_fate news_shelf::write(headline x,
                                sentiment::headline_rating& rating) {
  if (auto before = published_before(x))
    return *before == x.published_at ? headline_fate::duplicate
                                     : headline_fate::another_date;
  auto& told = titles_around(x);
  auto print = sentiment::print_of(x.title);
  auto end = told.kept.upper_bound(x.known_at + told_for);
  for (auto i = told.kept.lower_bound(x.known_at - told_for); i != end; ++i)
    if (sentiment::similarity(i->second.print, print) >= sentiment::same_story)
      return headline_fate::told_before;
  rating.rate({&x, 1});
  told.kept.emplace(x.known_at,
                    told_titles::entry{x.headline_id, std::move(print)});
  ledger_.write(headline_batch{1, {std::move(x)}});
  return headline_fate::stored;
}

void news_shelf::keep(std::string_view kind, const std::string& file,
                      std::size_t line, std::string_view symbol,
                      std::string_view reason, std::string_view payload) {
  ledger_.write_quarantine(kind, file, static_cast<std::int64_t>(line), symbol,
                           reason, payload, settings_.received_at);
}

} // namespace banksia::intake
