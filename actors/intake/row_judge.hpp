#pragma once

/// From rows to verdicts: which market a row's symbol trades in, where the row
/// stands in time, and what the quality rules say of it.

#include "messages/domain.hpp"
#include "models/market/calendar.hpp"
#include "models/market/quality.hpp"
#include "models/market/quality_times.hpp"
#include "models/market/repair/judge_series.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace banksia::intake {

/// Whether the exchange calendar rules the symbol: `CBA.AX`, `^AXJO`, `^AORD`.
bool trades_on_asx(std::string_view symbol) noexcept;

/// Of markets that we know nothing of: every UTC day is one session.
session_lookup unknown_sessions();

/// What is remembered of a symbol during an import.
struct symbol_memory {
  std::string name;
  bool on_asx = false;
  std::uint32_t id = 0; ///< counts the names of this import
  /// What the prices stand for from `adjusted_from` on.
  price_basis basis = price_basis::as_traded;
  std::set<bar_interval> intervals; ///< of which rows were read
  /// Splits and dividends that its files tell and that are not stored, since
  /// the prices are adjusted for them. Rules of series look for prices that are
  /// not, or twice.
  std::vector<corporate_action> told;
  /// The first row that such a file has.
  std::optional<timestamp> adjusted_from;
  std::uint64_t file = 0; ///< the file that `seen` is about
  std::uint32_t rank = 0; ///< the position among all names, set by the shelf
  seen_rows seen;
};

/// Finds names without making a string of them.
struct name_hash : std::hash<std::string_view> {
  using is_transparent = void;
};

/// By name; the addresses of what it holds stay valid.
using symbol_map = std::unordered_map<std::string, symbol_memory, name_hash,
                                      std::equal_to<>>;

/// A row, placed in time. `text` belongs to whoever read it.
struct placed_row {
  symbol_memory* symbol = nullptr;
  std::size_t line = 0;
  row_problem problem = row_problem::none;
  row_times times;
  bar_values values;
  std::optional<double> dividend;
  std::optional<double> split;
  std::optional<double> adj_close;
  std::string_view text;
};

/// A bar as the store has it.
struct stored_row {
  timestamp opened_at;
  bar_values values;
};

class row_judge {
public:
  /// Finds the last stored bar of (symbol, interval) before a time.
  using history = std::function<std::optional<stored_row>(
    std::string_view, bar_interval, timestamp)>;

  /// @param calendar must outlive the judge
  row_judge(const exchange_calendar& calendar, history before);

  /// Forgets earlier rows: those of the next file follow what is stored.
  void begin_file(bar_interval interval, price_basis basis);

  placed_row place(const raw_row& row);

  /// To be called once a row, in order of time.
  quality_verdict judge(const placed_row& row);

  bar_interval interval() const noexcept { return interval_; }

  /// All symbols that had a row.
  symbol_map& symbols() noexcept { return symbols_; }

private:
  symbol_memory& memory_of(std::string_view symbol);
  void recall(symbol_memory& symbol, timestamp before) const;

  const exchange_calendar* calendar_;
  history before_;
  session_lookup asx_;
  session_lookup elsewhere_;
  bar_interval interval_ = bar_interval::d1;
  price_basis basis_ = price_basis::as_traded;
  std::uint64_t file_ = 0;
  symbol_map symbols_;
};

} // namespace banksia::intake
