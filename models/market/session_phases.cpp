#include "models/market/session_phases.hpp"

#include <cctype>

namespace banksia {

using namespace std::chrono;

namespace {

constexpr trading_date first_closing_auction = 1997y / 2 / 10;
constexpr trading_date longer_at_month_end = 2001y / 11 / 30;
constexpr trading_date longer_every_day = 2006y / 1 / 3;
constexpr trading_date single_opening_auction = 2025y / 6 / 23;

/// Groups are 2 minutes and 15 seconds apart.
constexpr seconds group_step{135};

} // namespace

micros opening_delay(trading_date date, std::string_view symbol) noexcept {
  if (date >= single_opening_auction || symbol.empty())
    return micros{0};
  auto first = std::toupper(static_cast<unsigned char>(symbol.front()));
  if (first < 'C' || first > 'Z')
    return micros{0};
  if (first <= 'F')
    return group_step;
  if (first <= 'M')
    return 2 * group_step;
  if (first <= 'R')
    return 3 * group_step;
  return 4 * group_step;
}

minutes half_day_close(trading_date date) noexcept {
  return date.year() <= year{2001} ? minutes{13 * 60} : minutes{14 * 60};
}

minutes closing_auction_length(trading_date date, bool last_of_month,
                               bool is_half_day) noexcept {
  if (date < first_closing_auction)
    return minutes{0};
  if (date >= longer_every_day)
    return minutes{10};
  if (date == 2001y / 3 / 30 || date == 2001y / 6 / 29)
    return minutes{15};
  if (date >= longer_at_month_end && last_of_month && !is_half_day)
    return minutes{10};
  return minutes{5};
}

} // namespace banksia
