#pragma once

/// Yahoo's chart as a file: an answer that somebody has saved.

#include "models/market/yahoo_chart.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace banksia {

/// A whole document, turned into rows in order of time.
class yahoo_chart_document {
public:
  struct entry {
    std::size_t place = 0; ///< from 1, in order of time
    const feed_bar* content = nullptr;
    /// Whether the source showed a quote from after the bar's end. Where it
    /// shows no time at all, every bar counts as ended.
    bool is_final = true;
    std::optional<double> dividend; ///< of the bar's day
    std::optional<double> split;    ///< new shares for each old one
    std::string payload;            ///< the bar's time and values as JSON
  };

  /// Adds text; false when it is more than `yahoo_bytes_max`.
  bool feed(std::string_view chunk);

  /// Parses what was fed. What trades on an exchange whose currency is known
  /// must be in that currency.
  /// @param symbol whose bars they must be; empty: whosever they are
  /// @returns why that is impossible; else empty
  std::string parse(const std::string& symbol);

  /// Whose bars they are.
  const std::string& symbol() const noexcept { return chart_.meta.symbol; }

  /// The next row, oldest first, or nullptr. Valid until the next call.
  const entry* next();

private:
  std::string text_;
  yahoo_chart chart_;
  std::size_t taken_ = 0;
  std::size_t dividends_taken_ = 0;
  std::size_t splits_taken_ = 0;
  entry entry_;
};

} // namespace banksia
