#pragma once

/// After the rows of an import are stored: whole series are judged from the
/// store, one at a time, and what the rules find is written beside the bars or
/// into them.
///
/// - A verdict that was known with its row is written in place: a repair keeps
///   what the bar said, a refused bar moves to quarantine.
/// - One that needs later bars becomes a revision with its own `known_at`; the
///   bar as it came stays for what was decided before.
/// - Bars that a live feed stored may have been used as they are: a verdict on
///   them counts from the import on, and they stay too.
///
/// A series is judged in parts where a gap of months or a change from prices as
/// traded to adjusted ones cuts it: levels on both sides say nothing of each
/// other (codes are given away anew).
///
/// Bars are judged as they came, so judging again finds the same. What was said
/// of a bar stays when a later import, which may lack a file's splits, finds
/// nothing.

#include "actors/intake/arrival_log.hpp"
#include "actors/intake/import_report.hpp"
#include "actors/intake/row_judge.hpp"
#include "actors/intake/stored_series.hpp"
#include "actors/store/ledger.hpp"
#include "models/market/repair/judge_series.hpp"
#include "models/market/row_outcomes.hpp"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace banksia::intake {

class series_pass {
public:
  /// @param target what is judged and written to; must outlive the pass
  /// @param calendar must outlive the pass
  series_pass(storage::database& target, const exchange_calendar& calendar,
              timestamp received_at, std::string source);

  /// Judges a series. `newest`: the newest bar of that interval among all of
  /// the exchange's symbols in this import; sessions missing up to there are
  /// noted. What was found and kept as it is goes to `notes`.
  void judge(const symbol_memory& symbol, bar_interval interval,
             std::optional<timestamp> newest, import_notes& notes);

  /// Rulings that wait to be settled.
  std::size_t waiting() const noexcept { return rulings_.size(); }

  /// Writes the rulings in one transaction and moves their rows between the
  /// report's counts.
  /// @throws storage::storage_error; none is written then
  void settle(arrival_log& rows, import_report& report);

private:
  enum class write : std::uint8_t {
    nothing,    ///< there already; only the counts need it
    in_place,   ///< the bar as repaired, with what it said
    removal,    ///< not a bar
    revision,   ///< a later word: new values
    withdrawal, ///< a later word: not to be used
  };

  /// What is to be done about one bar.
  struct ruling {
    const symbol_memory* symbol = nullptr;
    bar_interval interval = bar_interval::d1;
    write how = write::nothing;
    quality_action action = quality_action::accept;
    std::string_view reason = {}; ///< of static storage
    timestamp opened_at = {};
    timestamp known_at = {}; ///< of the verdict
    bar_values as_came = {};
    bar_values values = {};
    /// The refused rows: position of the file in the report, line.
    std::vector<std::pair<std::uint32_t, std::uint32_t>> rows = {};
  };
  using ruling_key = std::tuple<std::uint32_t, bar_interval, std::int64_t>;

  using bar_span = std::span<const stored_bar>;

  void judge_part(bar_span bars, const symbol_memory& symbol,
                  bar_interval interval, price_basis basis,
                  std::span<const corporate_action> actions,
                  std::optional<timestamp> until, import_notes& notes);
  void note(const symbol_memory& symbol, bar_interval interval,
            const series_verdict& verdict, import_notes& notes) const;
  void rule(const stored_bar& x, const row_outcome& y, ruling r);
  bool move(arrival& row, import_report& report);
  void write_ruling(const ruling& x, const import_report& report);
  void write_in_place(const ruling& x);
  bar_revision revision_of(const ruling& x) const;

  const exchange_calendar* calendar_;
  timestamp received_at_;
  std::string source_;
  storage::database* db_;
  series_reader reader_;
  store::ledger ledger_;
  storage::statement update_bar_;
  storage::statement delete_bar_;
  storage::statement delete_repairs_;
  std::vector<series_row> rows_; ///< of the series being judged
  std::map<ruling_key, ruling> rulings_;
};

} // namespace banksia::intake
