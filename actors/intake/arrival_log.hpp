#pragma once

/// Which row of which file became which bar: what a later verdict on the bar
/// needs to name the row and to move it between the counts. Kept in a temporary
/// file, so that memory does not grow with an import.

#include "messages/domain.hpp"
#include "models/market/quality.hpp"

#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>

namespace banksia::intake {

/// A row that is in the table of bars, or equals one that is.
struct arrival {
  std::int64_t opened_at = 0; ///< microseconds
  std::uint32_t symbol = 0;   ///< `symbol_memory::id`
  std::uint32_t file = 0;     ///< position in the report
  std::uint32_t line = 0;
  bar_interval interval = bar_interval::d1;
  row_class is = row_class::stored;
};

class arrival_log {
public:
  /// @throws storage::storage_error where no temporary file can be made
  arrival_log();

  /// @throws storage::storage_error when the disk is full
  void add(const arrival& x);

  /// Calls `visit` with all, in the order they were added. What it changes in
  /// them is kept.
  void each(const std::function<bool(arrival&)>& visit);

private:
  struct closer {
    void operator()(std::FILE* x) const noexcept { std::fclose(x); }
  };
  [[noreturn]] static void fail();

  std::unique_ptr<std::FILE, closer> file_;
};

} // namespace banksia::intake
