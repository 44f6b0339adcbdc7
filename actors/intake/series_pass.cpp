#include "actors/intake/series_pass.hpp"

#include "actors/intake/series_rules.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

namespace banksia::intake {

namespace {

constexpr std::string_view update_bar = R"sql(
UPDATE bars SET open = ?, high = ?, low = ?, close = ?, volume = ?, verdict = ?
WHERE symbol = ? AND interval = ? AND opened_at = ?)sql";

/// Bars further apart are not judged together.
constexpr std::chrono::days longest_gap{60};

constexpr std::string_view delete_bar
  = "DELETE FROM bars WHERE symbol = ? AND interval = ? AND opened_at = ?";

constexpr std::string_view delete_repairs = R"sql(
DELETE FROM bar_repairs
WHERE symbol = ? AND interval = ? AND opened_at = ?)sql";

/// Bars that step aside by a whole ratio for months are no error of a source
/// but rows of two: prices as traded with adjusted ones between them. Which of
/// them are right a series cannot tell.
const finding* long_undeclared_split(const series_verdict& verdict) {
  constexpr std::size_t longest = 60;
  auto found = std::find_if(
    verdict.findings.begin(), verdict.findings.end(), [](const finding& x) {
      return x.rule == series_rule::split_undeclared && x.row_count > longest;
    });
  return found == verdict.findings.end() ? nullptr : &*found;
}

void append(std::string& text, double x) {
  std::array<char, 32> digits;
  auto end = std::to_chars(digits.data(), digits.data() + digits.size(), x).ptr;
  text += ' ';
  text.append(digits.data(), end);
}

/// What a refused bar said. Its row's own text is gone by then.
std::string payload_of(std::string_view symbol, timestamp opened_at,
                       const bar_values& x) {
  std::string text{symbol};
  text += ' ';
  text += to_rfc3339(opened_at);
  for (auto value : {x.open, x.high, x.low, x.close, x.volume})
    append(text, value);
  return text;
}

} // namespace

series_pass::series_pass(storage::database& target,
                         const exchange_calendar& calendar,
                         timestamp received_at, std::string source)
  : calendar_(&calendar),
    received_at_(received_at),
    source_(std::move(source)),
    db_(&target),
    reader_(target, source_),
    ledger_(target),
    update_bar_(target.prepare(update_bar)),
    delete_bar_(target.prepare(delete_bar)),
    delete_repairs_(target.prepare(delete_repairs)) {}

// -- judging ------------------------------------------------------------------

void series_pass::judge(const symbol_memory& symbol, bar_interval interval,
                        std::optional<timestamp> newest,
                        import_notes& notes) {
  bar_span bars = reader_.read(symbol.name, interval);
  auto stored = reader_.actions(symbol.name);
  auto adjusted_from = symbol.adjusted_from.value_or(timestamp::max());
  auto adjusted = stored;
  for (const auto& x : symbol.told)
    if (std::none_of(stored.begin(), stored.end(), [&](const auto& y) {
          return x.kind == y.kind && x.effective_at == y.effective_at;
        }))
      adjusted.push_back(x);
  while (!bars.empty()) {
    auto is_adjusted = bars.front().opened_at >= adjusted_from;
    std::size_t end = 1;
    while (end < bars.size()
           && bars[end].opened_at - bars[end - 1].opened_at <= longest_gap
           && (bars[end].opened_at >= adjusted_from) == is_adjusted)
      ++end;
    // The newest session itself counts too.
    auto until = end < bars.size() ? std::optional{bars[end].opened_at}
                 : newest          ? std::optional{*newest + micros{1}}
                                   : std::nullopt;
    judge_part(bars.first(end), symbol, interval,
               is_adjusted ? symbol.basis : price_basis::as_traded,
               is_adjusted ? adjusted : stored, until, notes);
    bars = bars.subspan(end);
  }
}

void series_pass::judge_part(bar_span bars, const symbol_memory& symbol,
                             bar_interval interval, price_basis basis,
                             std::span<const corporate_action> actions,
                             std::optional<timestamp> until,
                             import_notes& notes) {
  constexpr auto absent = std::numeric_limits<double>::quiet_NaN();
  rows_.clear();
  for (const auto& x : bars)
    rows_.push_back({x.opened_at, x.known_at, x.as_came, absent, 0.0, 0.0,
                     0.0});
  put_actions(rows_, actions);
  auto context
    = series_context_for(*calendar_, symbol.on_asx, interval, basis);
  context.expected_until = until;
  auto verdict = judge_series(rows_, context);
  if (const auto* mixed = long_undeclared_split(verdict)) {
    notes.add({symbol.name, interval, rows_[mixed->first_row].at,
               reason_of(*mixed), static_cast<double>(mixed->row_count)});
    context.rules.levels = false;
    verdict = judge_series(rows_, context);
  }
  note(symbol, interval, verdict, notes);
  if (verdict.changes.empty()
      && std::find(verdict.refused.begin(), verdict.refused.end(), true)
           == verdict.refused.end())
    return;
  auto outcomes = outcomes_of(rows_, verdict);
  for (std::size_t i = 0; i < bars.size(); ++i)
    rule(bars[i], outcomes[i], {&symbol, interval});
}

void series_pass::note(const symbol_memory& symbol, bar_interval interval,
                       const series_verdict& verdict,
                       import_notes& notes) const {
  for (const auto& x : verdict.findings) {
    if (x.action != quality_action::accept)
      continue;
    notes.add({symbol.name, interval, rows_[x.first_row].at, reason_of(x),
               x.measured});
  }
}

// -- ruling -------------------------------------------------------------------

void series_pass::rule(const stored_bar& x, const row_outcome& y, ruling r) {
  // What rules of rows found was written when the row came. What was said of a
  // bar once is not taken back: an import may know less than one before it.
  auto refused = y.action == quality_action::quarantine;
  if (y.action == quality_action::accept || y.by_row_rule
      || (refused && !refusal_stands(y, r.interval)))
    return;
  r.action = y.action;
  r.reason = y.reason;
  r.opened_at = x.opened_at;
  r.known_at = y.known_at;
  r.as_came = x.as_came;
  r.values = y.values;
  if (!x.imported)
    r.known_at = std::max(r.known_at, received_at_);
  if (x.revised)
    r.known_at = std::max(r.known_at, x.revised_at + micros{1});
  auto is_late = y.known_at > x.known_at || !x.imported;
  auto as_served = !x.withdrawn && x.served() == y.values;
  if (refused && !is_late)
    r.how = write::removal;
  else if (refused)
    r.how = x.withdrawn ? write::nothing : write::withdrawal;
  else if (as_served)
    r.how = write::nothing;
  else
    r.how = x.revised || is_late ? write::revision : write::in_place;
  rulings_.insert_or_assign(
    ruling_key{r.symbol->id, r.interval, to_micros(r.opened_at)},
    std::move(r));
}

// -- settling -----------------------------------------------------------------

bool series_pass::move(arrival& row, import_report& report) {
  auto found = rulings_.find({row.symbol, row.interval, row.opened_at});
  if (found == rulings_.end() || row.is == row_class::merged)
    return false;
  auto& verdict = found->second;
  auto to = row.is;
  if (verdict.action == quality_action::quarantine) {
    verdict.rows.emplace_back(row.file, row.line);
    to = row_class::quarantined;
  } else if (verdict.action == quality_action::repair
             && row.is == row_class::stored) {
    to = row_class::repaired;
  }
  if (to == row.is)
    return false;
  for (auto* counts : {&report.files[row.file].counts, &report.total}) {
    --count_of(*counts, row.is);
    ++count_of(*counts, to);
  }
  row.is = to;
  return true;
}

void series_pass::settle(arrival_log& rows, import_report& report) {
  if (rulings_.empty())
    return;
  rows.each([&](arrival& x) { return move(x, report); });
  storage::transaction transaction{*db_};
  for (const auto& [key, x] : rulings_)
    write_ruling(x, report);
  transaction.commit();
  rulings_.clear();
}

void series_pass::write_ruling(const ruling& x, const import_report& report) {
  const auto& symbol = x.symbol->name;
  auto interval = to_string(x.interval);
  auto opened_at = to_micros(x.opened_at);
  switch (x.how) {
    case write::nothing:
      break;
    case write::in_place:
      write_in_place(x);
      break;
    case write::removal:
      delete_bar_.bind_all(symbol, interval, opened_at).run();
      delete_repairs_.bind_all(symbol, interval, opened_at).run();
      break;
    case write::revision:
    case write::withdrawal:
      ledger_.write(revision_of(x));
      break;
  }
  if (x.action != quality_action::quarantine)
    return;
  auto payload = payload_of(symbol, x.opened_at, x.as_came);
  for (auto [file, line] : x.rows)
    ledger_.write_quarantine("bar", report.files[file].path, line, symbol,
                             x.reason, payload, received_at_);
  if (x.rows.empty() && x.how != write::nothing)
    ledger_.write_quarantine("bar", source_, 0, symbol, x.reason, payload,
                             received_at_);
}

void series_pass::write_in_place(const ruling& x) {
  auto changed = differences(x.as_came, x.values);
  auto verdict = changed.empty() ? bar_verdict::accepted
                                 : bar_verdict::repaired;
  auto interval = to_string(x.interval);
  auto opened_at = to_micros(x.opened_at);
  update_bar_
    .bind_all(x.values.open, x.values.high, x.values.low, x.values.close,
              x.values.volume,
              std::int64_t{static_cast<std::uint8_t>(verdict)},
              x.symbol->name, interval, opened_at)
    .run();
  delete_repairs_.bind_all(x.symbol->name, interval, opened_at).run();
  bar key;
  key.symbol = x.symbol->name;
  key.interval = x.interval;
  key.opened_at = x.opened_at;
  for (const auto& y : changed)
    ledger_.write_repair(key, to_string(y.field), y.from, y.to, x.reason);
}

bar_revision series_pass::revision_of(const ruling& x) const {
  bar_revision result;
  auto& to = result.content;
  to.symbol = x.symbol->name;
  to.interval = x.interval;
  to.opened_at = x.opened_at;
  to.known_at = x.known_at;
  to.received_at = received_at_;
  to.source = source_;
  to.verdict = bar_verdict::repaired;
  put(to, x.values);
  result.withdrawn = x.how == write::withdrawal;
  result.reason = x.reason;
  return result;
}

} // namespace banksia::intake
