#pragma once

/// The splits and dividends that a file of daily bars tells beside them.

#include "actors/intake/import_report.hpp"
#include "actors/intake/row_judge.hpp"
#include "messages/protocol.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace banksia::intake {

/// Gathers the rows of one file, judges its dividends by the rules of series
/// (with the adjusted closes, where the file has some), and gives what may be
/// stored.
class file_actions {
public:
  /// Rows that are held to judge dividends by; of a longer file they are taken
  /// as they are.
  static constexpr std::size_t rows_max = 200'000;

  /// The next rows are of a file of that basis.
  void begin_file(bar_interval interval, price_basis basis, bool has_actions);

  /// To be called once a row that was read, in order of time.
  void take(const placed_row& row);

  /// What the file tells, as far as its prices still step at it. Announced by
  /// the ex-date at the latest, so known then. Findings about dividends are
  /// added to the notes, those left out are counted there.
  corporate_action_batch finish(timestamp received_at,
                                const std::string& source,
                                import_notes& notes);

private:
  void leave_out(symbol_memory& symbol, action_kind kind, timestamp at,
                 double value);
  void put(const std::string& symbol, const series_row& row,
           corporate_action_batch& into) const;

  bar_interval interval_ = bar_interval::d1;
  price_basis basis_ = price_basis::as_traded;
  bool has_actions_ = false;
  bool is_long_ = false;
  std::size_t held_ = 0;
  std::map<std::string, std::vector<series_row>> rows_; ///< by symbol
  std::uint64_t left_out_ = 0;
};

} // namespace banksia::intake
