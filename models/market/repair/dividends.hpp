#pragma once

/// The dividends of a series, measured. Internal to models/market/repair.

#include "models/market/repair/workbench.hpp"

namespace banksia::repair {

/// A dividend and the three things that speak of its size: what the source
/// says, what the adjusted close steps by, what the price fell by. All are
/// fractions of the close before.
struct dividend_event {
  std::size_t row = 0;    ///< that declares it
  std::size_t live = 0;   ///< live position of the first bar without it
  double close_before = 0.0;
  double declared = 0.0;  ///< dividend / close before
  double adjusted = 0.0;  ///< 1 − step of adjusted / close; NaN without
  double gain = 0.0;      ///< capital gain / close before
  double fall = 0.0;      ///< of the close; negative when it rose
  double fall_low = 0.0;  ///< of the low
  /// Of the open and the close, the open counting more: a share falls by its
  /// dividend over night, and the day's own movement is noise.
  double fall_early = 0.0;
  double scale = 0.0;     ///< usual step around the day
  // What was decided:
  double yield = 0.0;        ///< the true one
  std::size_t paid = 0;      ///< live position where the price fell
  bool is_phantom = false;
  std::size_t finding = npos; ///< the last about this event
  static constexpr std::size_t npos = static_cast<std::size_t>(-1);

  bool adjusted_is(double yield) const noexcept;
};

std::vector<dividend_event> measure_dividends(const workbench& bench);

// Each decides `yield`, `paid` and `is_phantom` of the events that it finds
// wrong, and leaves those alone that an earlier one has decided.

void find_phantoms(workbench& bench, std::span<dividend_event> events);
void find_split_dividends(workbench& bench, std::span<dividend_event> events);
void find_twice_counted_gains(workbench& bench,
                              std::span<dividend_event> events);
void settle_contradictions(workbench& bench,
                           std::span<dividend_event> events);
void find_misplaced_and_oversized(workbench& bench,
                                  std::span<dividend_event> events);
void find_undersized(workbench& bench, std::span<dividend_event> events);
void find_unadjusted(workbench& bench, std::span<dividend_event> events);

/// Notes a finding about an event.
std::size_t note(workbench& bench, dividend_event& x, series_rule rule,
                 quality_action action, double expected, double measured,
                 std::size_t evidence_live);

/// Whether the price contradicts a fall by `yield` at the event: it fell by
/// less than a third, and by three usual steps less.
bool price_rejects(const dividend_event& x, double yield) noexcept;

} // namespace banksia::repair
