#include "models/market/bar_formats_reader.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace banksia {

using bar_text::field_state;

namespace {

constexpr std::array<std::string_view, 11> problem_names{
  "", "bad_date", "no_zone", "bad_number", "missing_value", "bad_symbol",
  "wrong_column_count", "bad_quotes", "not_utf8", "line_too_long",
  "in_progress"};

constexpr row_problem problem_of(field_state state, row_problem bad) noexcept {
  switch (state) {
    case field_state::ok:
      return row_problem::none;
    case field_state::missing:
      return row_problem::missing_value;
    case field_state::no_zone:
      return row_problem::no_zone;
    case field_state::bad:
      break;
  }
  return bad;
}

bool is_blank(std::string_view line) noexcept {
  return std::all_of(line.begin(), line.end(),
                     [](char c) { return c == ' ' || c == '\t'; });
}

} // namespace

std::string_view to_string(row_problem x) noexcept {
  return problem_names[static_cast<std::size_t>(x)];
}

bool bar_reader::is_intraday() const noexcept {
  return source_.interval && *source_.interval != bar_interval::d1;
}

bar_reader::bar_reader(bar_source source) : source_(std::move(source)) {
  symbol_ = source_.symbol;
}

void bar_reader::feed(std::string_view chunk) {
  assert(chunk_.empty() && !finished_);
  if (source_.format == bar_format::yahoo_chart_json) {
    if (error_.empty() && !chart_.feed(chunk))
      error_ = "a chart of more than 32 MiB: split the file";
  } else if (source_.format != bar_format::alpha_vantage_json) {
    chunk_ = chunk;
  } else if (error_.empty() && !document_.feed(chunk)) {
    error_ = "JSON of more than 64 MiB: split the file";
  }
}

void bar_reader::finish() {
  if (std::exchange(finished_, true) || !is_document(source_.format)
      || !error_.empty())
    return;
  if (source_.format == bar_format::yahoo_chart_json) {
    error_ = chart_.parse(symbol_);
    symbol_ = chart_.symbol();
    return;
  }
  error_ = document_.parse();
  if (symbol_.empty() && !normalize_symbol(document_.symbol(), symbol_))
    symbol_.clear();
}

// -- lines --------------------------------------------------------------------

/// Gives the next whole line, without its end. Nothing is copied unless the
/// line began in an earlier chunk.
bool bar_reader::take_line(std::string_view& line) {
  if (carry_done_) {
    carry_.clear();
    carry_done_ = false;
  }
  auto end = chunk_.find('\n');
  auto whole = end != std::string_view::npos;
  auto part = chunk_.substr(0, end);
  chunk_.remove_prefix(whole ? end + 1 : chunk_.size());
  auto room = max_line - carry_.size();
  line_cut_ = false;
  if (whole && carry_.empty() && part.size() <= room) {
    line = part;
    return true;
  }
  if (part.size() > room)
    overlong_ = true;
  carry_.append(part.substr(0, room));
  if (!whole && !(finished_ && !carry_.empty()))
    return false;
  line = carry_;
  carry_done_ = true;
  line_cut_ = std::exchange(overlong_, false);
  return true;
}

const raw_row* bar_reader::next() {
  if (source_.format == bar_format::alpha_vantage_json)
    return next_of_document();
  if (source_.format == bar_format::yahoo_chart_json)
    return next_of_chart();
  std::string_view line;
  while (take_line(line)) {
    if (++line_ == 1)
      line = bar_text::without_bom(line);
    if (line.ends_with('\r'))
      line.remove_suffix(1);
    if (line_ <= source_.header_lines || (!line_cut_ && is_blank(line)))
      continue;
    read_line(line);
    return &row_;
  }
  return nullptr;
}

// -- rows ---------------------------------------------------------------------

/// Keeps the first problem: what follows it is often its consequence.
void bar_reader::fail(row_problem problem, std::string_view field) {
  if (row_.problem != row_problem::none || problem == row_problem::none)
    return;
  row_.problem = problem;
  row_.field = field;
}

void bar_reader::read_line(std::string_view line) {
  row_ = raw_row{};
  row_.line = line_;
  row_.text = line;
  if (field_of(source_.columns, bar_column::symbol) < 0)
    row_.symbol = symbol_;
  if (line_cut_)
    return fail(row_problem::line_too_long, {});
  if (!bar_text::is_utf8(line))
    return fail(row_problem::not_utf8, {});
  if (!fields_.split(line))
    return fail(row_problem::bad_quotes, {});
  if (fields_.size() != source_.field_count)
    return fail(row_problem::wrong_column_count, {});
  read_fields();
}

void bar_reader::read_fields() {
  read_symbol();
  auto when_field = field_of(source_.columns, bar_column::when);
  bar_text::day_and_time when;
  auto state = bar_text::parse_when(
    fields_[static_cast<std::size_t>(when_field)], when);
  fail(problem_of(state, row_problem::bad_date), to_string(bar_column::when));
  if (state == field_state::ok && is_intraday() && !when.at)
    fail(row_problem::no_zone, to_string(bar_column::when));
  if (state == field_state::ok) {
    row_.day = when.day;
    row_.at = when.at;
    row_.midnight = when.midnight;
  }
  read_number(bar_column::open, row_.values.open);
  read_number(bar_column::high, row_.values.high);
  read_number(bar_column::low, row_.values.low);
  read_number(bar_column::close, row_.values.close);
  read_number(bar_column::volume, row_.values.volume);
  read_optional(bar_column::dividend, row_.dividend);
  read_optional(bar_column::split, row_.split);
  // Beside the bar only: a bad one is none.
  auto adjusted = field_of(source_.columns, bar_column::adj_close);
  double value = 0.0;
  if (adjusted >= 0
      && bar_text::parse_number(fields_[static_cast<std::size_t>(adjusted)],
                                value)
           == field_state::ok)
    row_.adj_close = value;
}

void bar_reader::read_symbol() {
  auto field = field_of(source_.columns, bar_column::symbol);
  if (field >= 0) {
    auto code = fields_[static_cast<std::size_t>(field)];
    if (code != symbol_code_ || symbol_.empty()) {
      symbol_code_.assign(code);
      if (!normalize_symbol(code, symbol_))
        symbol_.clear();
    }
    row_.symbol = symbol_;
  }
  if (symbol_.empty())
    fail(row_problem::bad_symbol, to_string(bar_column::symbol));
}

/// A column that the file lacks (the volume of an index) leaves 0.
void bar_reader::read_number(bar_column column, double& out) {
  auto field = field_of(source_.columns, column);
  if (field < 0)
    return;
  auto state = bar_text::parse_number(
    fields_[static_cast<std::size_t>(field)], out);
  fail(problem_of(state, row_problem::bad_number), to_string(column));
}

void bar_reader::read_optional(bar_column column, std::optional<double>& out) {
  auto field = field_of(source_.columns, column);
  if (field < 0)
    return;
  double value = 0.0;
  auto state = bar_text::parse_number(
    fields_[static_cast<std::size_t>(field)], value);
  if (state == field_state::ok)
    out = value;
  else if (state == field_state::bad)
    fail(row_problem::bad_number, to_string(column));
}

// -- JSON ---------------------------------------------------------------------

const raw_row* bar_reader::next_of_document() {
  const auto* entry = document_.next();
  if (entry == nullptr)
    return nullptr;
  row_ = raw_row{};
  row_.line = entry->place;
  row_.text = entry->payload;
  row_.symbol = symbol_;
  row_.day = entry->day;
  row_.at = entry->at;
  row_.midnight = !entry->at;
  if (symbol_.empty())
    fail(row_problem::bad_symbol, to_string(bar_column::symbol));
  if (entry->bad_time)
    fail(row_problem::bad_date, to_string(bar_column::when));
  else if (is_intraday() && !entry->at)
    fail(row_problem::no_zone, to_string(bar_column::when));
  if (entry->bad_shape)
    fail(row_problem::wrong_column_count, {});
  auto read = [this](bar_column column, std::string_view text, double& out) {
    fail(problem_of(bar_text::parse_number(text, out), row_problem::bad_number),
         to_string(column));
  };
  read(bar_column::open, entry->open, row_.values.open);
  read(bar_column::high, entry->high, row_.values.high);
  read(bar_column::low, entry->low, row_.values.low);
  read(bar_column::close, entry->close, row_.values.close);
  read(bar_column::volume, entry->volume, row_.values.volume);
  auto read_present = [](std::string_view text, std::optional<double>& out) {
    double value = 0.0;
    if (bar_text::parse_number(text, value) == field_state::ok)
      out = value;
  };
  read_present(entry->dividend, row_.dividend);
  read_present(entry->split, row_.split);
  return &row_;
}

const raw_row* bar_reader::next_of_chart() {
  const auto* entry = chart_.next();
  if (entry == nullptr)
    return nullptr;
  const auto& bar = *entry->content;
  row_ = raw_row{};
  row_.line = entry->place;
  row_.text = entry->payload;
  row_.symbol = symbol_;
  row_.day = bar.day;
  // Of a daily bar it is the session's start or the last trade.
  if (is_intraday())
    row_.at = bar.at;
  row_.midnight = !row_.at;
  row_.values = bar.values;
  row_.adj_close = bar.adjusted_close;
  row_.dividend = entry->dividend;
  row_.split = entry->split;
  fail(bar.problem, bar.field);
  if (!entry->is_final)
    fail(row_problem::in_progress, {});
  return &row_;
}

} // namespace banksia
