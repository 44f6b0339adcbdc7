#include "actors/intake/stored_series.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace banksia::intake {

namespace {

constexpr std::string_view select_bars = R"sql(
SELECT opened_at, known_at, open, high, low, close, volume, source, verdict
FROM bars WHERE symbol = ? AND interval = ? ORDER BY opened_at)sql";

constexpr std::string_view select_repairs = R"sql(
SELECT opened_at, field, original FROM bar_repairs
WHERE symbol = ? AND interval = ?)sql";

constexpr std::string_view select_revisions = R"sql(
SELECT opened_at, known_at, open, high, low, close, volume, withdrawn
FROM bar_revisions WHERE symbol = ? AND interval = ? ORDER BY known_at)sql";

constexpr std::string_view select_actions = R"sql(
SELECT kind, effective_at, value, known_at FROM corporate_actions
WHERE symbol = ? ORDER BY effective_at, kind, value)sql";

bar_values values_at(const storage::statement& row, int first) {
  return {row.number(first), row.number(first + 1), row.number(first + 2),
          row.number(first + 3), row.number(first + 4)};
}

} // namespace

void set_field(bar_values& x, std::string_view column, double value) {
  if (column == "open")
    x.open = value;
  else if (column == "high")
    x.high = value;
  else if (column == "low")
    x.low = value;
  else if (column == "close")
    x.close = value;
  else if (column == "volume")
    x.volume = value;
}

series_reader::series_reader(storage::database& db, std::string source)
  : source_(std::move(source)),
    bars_(db.prepare(select_bars)),
    repairs_(db.prepare(select_repairs)),
    revisions_(db.prepare(select_revisions)),
    actions_(db.prepare(select_actions)) {}

std::vector<stored_bar>& series_reader::read(std::string_view symbol,
                                             bar_interval interval) {
  series_.clear();
  bars_.bind_all(symbol, to_string(interval));
  while (bars_.step()) {
    stored_bar x;
    x.opened_at = from_micros(bars_.integer(0));
    x.known_at = from_micros(bars_.integer(1));
    x.values = x.as_came = values_at(bars_, 2);
    x.imported = bars_.text(7) == source_;
    x.verdict = static_cast<bar_verdict>(bars_.integer(8));
    series_.push_back(x);
  }
  bars_.reset();
  undo_repairs(symbol, interval);
  apply_revisions(symbol, interval);
  return series_;
}

stored_bar* series_reader::find(timestamp opened_at) {
  auto x = std::lower_bound(series_.begin(), series_.end(), opened_at,
                            [](const stored_bar& a, timestamp b) {
                              return a.opened_at < b;
                            });
  return x != series_.end() && x->opened_at == opened_at ? &*x : nullptr;
}

void series_reader::undo_repairs(std::string_view symbol,
                                 bar_interval interval) {
  repairs_.bind_all(symbol, to_string(interval));
  while (repairs_.step())
    if (auto* x = find(from_micros(repairs_.integer(0))))
      set_field(x->as_came, repairs_.text(1), repairs_.number(2));
  repairs_.reset();
}

void series_reader::apply_revisions(std::string_view symbol,
                                    bar_interval interval) {
  revisions_.bind_all(symbol, to_string(interval));
  while (revisions_.step()) {
    auto* x = find(from_micros(revisions_.integer(0)));
    if (!x)
      continue;
    x->revised = true;
    x->revised_at = from_micros(revisions_.integer(1));
    x->withdrawn = revisions_.integer(7) != 0;
    if (!x->withdrawn)
      x->revised_values = values_at(revisions_, 2);
  }
  revisions_.reset();
}

std::vector<corporate_action>
series_reader::actions(std::string_view symbol) {
  std::vector<corporate_action> result;
  actions_.bind_all(symbol);
  while (actions_.step()) {
    auto kind = parse_action_kind(actions_.text(0));
    if (!kind)
      continue; // of a later build; it changes no bar here
    corporate_action x;
    x.kind = *kind;
    x.effective_at = from_micros(actions_.integer(1));
    x.value = real{actions_.number(2)};
    x.known_at = from_micros(actions_.integer(3));
    result.push_back(x);
  }
  actions_.reset();
  return result;
}

series_lender::series_lender(storage::database& from, storage::database& to) {
  struct table {
    std::string_view name;
    std::string_view columns;
    std::string_view types; // t text, i integer, r real, a letter a column
    bool by_interval;
  };
  static constexpr std::array<table, 4> tables{
    {{"bars",
      "symbol, interval, opened_at, open, high, low, close, volume, source, "
      "received_at, known_at, verdict",
      "ttirrrrrtiii", true},
     {"bar_repairs",
      "symbol, interval, opened_at, field, original, repaired, reason",
      "ttitrrt", true},
     {"bar_revisions",
      "symbol, interval, opened_at, known_at, open, high, low, close, volume, "
      "source, received_at, withdrawn, reason",
      "ttiirrrrrtiit", true},
     {"corporate_actions",
      "symbol, kind, effective_at, value, source, received_at, known_at",
      "ttirtii", false}}};
  // A store that is only read may be of an earlier build, without revisions.
  auto known = storage::schema_version(from) >= 3 ? tables.size() : 2;
  for (std::size_t i = 0; i < known; ++i) {
    const auto& x = tables[i];
    std::string columns{x.columns};
    std::string name{x.name};
    std::string marks = "?";
    for (std::size_t k = 1; k < x.types.size(); ++k)
      marks += ",?";
    tables_.push_back(
      {from.prepare("SELECT " + columns + " FROM " + name + " WHERE symbol = ?"
                    + (x.by_interval ? " AND interval = ?" : "")),
       to.prepare("INSERT INTO " + name + '(' + columns + ") VALUES (" + marks
                  + ") ON CONFLICT DO NOTHING"),
       x.types, x.by_interval});
  }
}

void series_lender::copy_row(table_copy& x) {
  for (int k = 0; k < static_cast<int>(x.types.size()); ++k) {
    auto type = x.types[static_cast<std::size_t>(k)];
    if (x.select.is_null(k))
      x.insert.bind_null(k + 1);
    else if (type == 'i')
      x.insert.bind(k + 1, x.select.integer(k));
    else if (type == 'r')
      x.insert.bind(k + 1, x.select.number(k));
    else
      x.insert.bind(k + 1, x.select.text(k));
  }
  x.insert.run();
}

void series_lender::lend(std::string_view symbol, bar_interval interval) {
  for (auto& x : tables_) {
    if (x.by_interval)
      x.select.bind_all(symbol, to_string(interval));
    else
      x.select.bind_all(symbol);
    while (x.select.step())
      copy_row(x);
    x.select.reset();
  }
}

} // namespace banksia::intake
