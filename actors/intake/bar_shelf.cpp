#include "actors/intake/bar_shelf.hpp"

#include "actors/store/schema.hpp"

#include <algorithm>
#include <utility>

namespace banksia::intake {

namespace {

constexpr std::string_view find_bar = R"sql(
SELECT open, high, low, close, volume, source, received_at, known_at, verdict
FROM bars WHERE symbol = ? AND interval = ? AND opened_at = ?)sql";

constexpr std::string_view find_before = R"sql(
SELECT open, high, low, close, volume, opened_at FROM bars
WHERE symbol = ? AND interval = ? AND opened_at < ?
ORDER BY opened_at DESC LIMIT 1)sql";

constexpr std::string_view find_repairs = R"sql(
SELECT field, original FROM bar_repairs
WHERE symbol = ? AND interval = ? AND opened_at = ?)sql";

/// What of a refused row is kept, and how much of that at a time in memory.
constexpr std::size_t payload_bytes_max = 2048;
constexpr std::size_t refused_bytes_max = 16 * 1024 * 1024;

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

bar_values values_of(const storage::statement& row) {
  return {row.number(0), row.number(1), row.number(2), row.number(3),
          row.number(4)};
}

/// The stored bar under the key of `key`, whole.
std::optional<bar> fetch(storage::statement& query, const bar& key) {
  query.bind_all(key.symbol, to_string(key.interval),
                 to_micros(key.opened_at));
  if (!query.step())
    return query.reset(), std::nullopt;
  auto result = key;
  put(result, values_of(query));
  result.source = query.text(5);
  result.received_at = from_micros(query.integer(6));
  result.known_at = from_micros(query.integer(7));
  result.verdict = static_cast<bar_verdict>(query.integer(8));
  query.reset();
  return result;
}

std::optional<stored_row> fetch_before(storage::statement& query,
                                       std::string_view symbol,
                                       bar_interval interval,
                                       timestamp before) {
  std::optional<stored_row> result;
  query.bind_all(symbol, to_string(interval), to_micros(before));
  if (query.step())
    result = stored_row{from_micros(query.integer(5)), values_of(query)};
  query.reset();
  return result;
}

void count(import_counts& counts, row_class x) {
  ++counts.read;
  ++count_of(counts, x);
}

} // namespace

bar_shelf::bar_shelf(storage::database& db, shelf_settings settings,
                     arrival_log& log)
  : db_(&db),
    settings_(std::move(settings)),
    draft_(make_draft(settings_.dry_run)),
    ledger_(target()),
    find_bar_(target().prepare(find_bar)),
    find_before_(target().prepare(find_before)),
    find_repairs_(target().prepare(find_repairs)),
    log_(&log) {
  if (draft_) {
    lender_.emplace(*db_, *draft_);
    find_lent_before_.emplace(db_->prepare(find_before));
  }
  bar_.source = settings_.source;
  bar_.received_at = settings_.received_at;
}

bar_shelf::~bar_shelf() = default;

void bar_shelf::begin_file(std::string path, std::uint32_t number,
                           bar_interval interval) {
  path_ = std::move(path);
  file_ = number;
  bar_.interval = interval;
}

void bar_shelf::add(const placed_row& row, const quality_verdict& verdict) {
  if (verdict.action == quality_action::quarantine) {
    auto payload = bar_text::printable(row.text, payload_bytes_max);
    refused_bytes_ += payload.size() + sizeof(refused_row);
    refused_.push_back(
      {row.line, row.symbol, reason_of(verdict), std::move(payload)});
    return;
  }
  waiting_bar x;
  x.symbol = row.symbol;
  x.opened_at = row.times.opened_at;
  x.known_at = row.times.known_at;
  x.values = verdict.values;
  x.line = static_cast<std::uint32_t>(row.line);
  if (verdict.action == quality_action::repair) {
    x.first_repair = static_cast<std::uint32_t>(repairs_.size());
    x.repair_count = static_cast<std::uint8_t>(verdict.repair_count);
    x.reason = reason_of(verdict);
    for (std::size_t i = 0; i < verdict.repair_count; ++i)
      repairs_.push_back(verdict.repairs[i]);
  }
  waiting_.push_back(x);
}

bool bar_shelf::is_full() const noexcept {
  return waiting_.size() + refused_.size() >= settings_.batch_rows
         || refused_bytes_ >= refused_bytes_max;
}

/// In the table's order, neighbours share a page: files that go day by day
/// over thousands of symbols would otherwise touch a page for each row.
void bar_shelf::sort(symbol_map& symbols) {
  if (ranked_symbols_ != symbols.size()) {
    std::vector<symbol_memory*> names;
    names.reserve(symbols.size());
    for (auto& [name, symbol] : symbols)
      names.push_back(&symbol);
    std::sort(names.begin(), names.end(), [](const auto* a, const auto* b) {
      return a->name < b->name;
    });
    std::uint32_t rank = 0;
    for (auto* symbol : names)
      symbol->rank = rank++;
    ranked_symbols_ = symbols.size();
  }
  order_.clear();
  for (std::uint32_t i = 0; i < waiting_.size(); ++i)
    order_.push_back(
      {waiting_[i].symbol->rank, to_micros(waiting_[i].opened_at), i});
  std::sort(order_.begin(), order_.end());
}

import_counts bar_shelf::flush(symbol_map& symbols) {
  import_counts counts;
  if (waiting_.empty() && refused_.empty())
    return counts;
  sort(symbols);
  storage::transaction transaction{target()};
  for (const auto& key : order_) {
    const auto& x = waiting_[key.index];
    auto became = write(x);
    count(counts, became);
    log_->add({to_micros(x.opened_at), x.symbol->id, file_, x.line,
               bar_.interval, became});
  }
  for (std::size_t i = 0; i < refused_.size(); ++i)
    count(counts, row_class::quarantined);
  write_refused();
  transaction.commit();
  discard();
  return counts;
}

std::uint64_t bar_shelf::store(const corporate_action_batch& actions) {
  storage::transaction transaction{target()};
  auto rows = ledger_.write(actions).rows;
  transaction.commit();
  return rows;
}

void bar_shelf::discard() noexcept {
  waiting_.clear();
  repairs_.clear();
  refused_.clear();
  refused_bytes_ = 0;
}

row_class bar_shelf::write(const waiting_bar& x) {
  if (bar_.symbol != x.symbol->name)
    bar_.symbol = x.symbol->name;
  bar_.opened_at = x.opened_at;
  bar_.known_at = x.known_at;
  bar_.verdict = x.repair_count > 0 ? bar_verdict::repaired
                                    : bar_verdict::accepted;
  put(bar_, x.values);
  if (draft_)
    borrow();
  auto action = x.repair_count > 0 ? quality_action::repair
                                   : quality_action::accept;
  switch (ledger_.write(bar_)) {
    case store::bar_write::stored:
      write_repairs(x);
      return classify(action, reconciliation::fresh);
    case store::bar_write::duplicate:
      return classify(action, reconciliation::duplicate);
    case store::bar_write::conflict:
      break;
  }
  return settle(x);
}

/// Another bar is stored under the key of `bar_`: a rule chooses, the loser is
/// kept as the conflict.
row_class bar_shelf::settle(const waiting_bar& x) {
  auto stored = fetch(find_bar_, bar_).value();
  if (came_alike(x, values_of(stored)))
    return row_class::duplicate;
  auto against = reconcile(values_of(stored), x.values);
  if (against == reconciliation::take_incoming) {
    ledger_.write_conflict(stored, "has no volume, the other has");
    bar_.verdict = bar_verdict::merged;
    ledger_.replace(bar_);
    write_repairs(x);
  } else {
    ledger_.write_conflict(bar_, "another was stored before");
  }
  return classify(quality_action::accept, against);
}

void bar_shelf::write_repairs(const waiting_bar& x) {
  for (std::size_t i = 0; i < x.repair_count; ++i) {
    const auto& repair = repairs_[x.first_repair + i];
    ledger_.write_repair(bar_, to_string(repair.field), repair.from, repair.to,
                         x.reason);
  }
}

void bar_shelf::write_refused() {
  for (const auto& x : refused_)
    ledger_.write_quarantine("bar", path_, static_cast<std::int64_t>(x.line),
                             x.symbol->name, x.reason, x.payload,
                             settings_.received_at);
}

/// Whether the stored bar said the same when it came: a rule of series may have
/// repaired it since.
bool bar_shelf::came_alike(const waiting_bar& x, const bar_values& stored) {
  auto incoming = x.values;
  for (std::size_t i = 0; i < x.repair_count; ++i) {
    const auto& repair = repairs_[x.first_repair + i];
    set_field(incoming, to_string(repair.field), repair.from);
  }
  auto before = stored;
  find_repairs_.bind_all(bar_.symbol, to_string(bar_.interval),
                         to_micros(bar_.opened_at));
  while (find_repairs_.step())
    set_field(before, find_repairs_.text(0), find_repairs_.number(1));
  find_repairs_.reset();
  return incoming == before;
}

/// Lets the draft know the series of `bar_`, once.
void bar_shelf::borrow() {
  if (lent_.emplace(bar_.symbol, bar_.interval).second)
    lender_->lend(bar_.symbol, bar_.interval);
}

std::optional<stored_row> bar_shelf::last_before(std::string_view symbol,
                                                 bar_interval interval,
                                                 timestamp before) {
  auto result = fetch_before(find_before_, symbol, interval, before);
  if (!find_lent_before_)
    return result;
  // On a tie the draft's own bar is the newer one.
  auto lent = fetch_before(*find_lent_before_, symbol, interval, before);
  return !result || (lent && lent->opened_at > result->opened_at) ? lent
                                                                  : result;
}

} // namespace banksia::intake
