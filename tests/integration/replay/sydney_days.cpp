#include "tests/integration/replay/sydney_days.hpp"

#include <date/tz.h>

#include <sstream>

namespace banksia::test {

namespace {

using std::chrono::microseconds;

date::local_days day_of(const std::string& text) {
  std::istringstream in{text};
  date::local_days day;
  in >> date::parse("%F", day);
  return day;
}

} // namespace

std::int64_t sydney_micros(const std::string& date, int hour, int minute) {
  auto local = day_of(date) + std::chrono::hours{hour}
               + std::chrono::minutes{minute};
  auto at = date::make_zoned("Australia/Sydney", local).get_sys_time();
  return microseconds{at.time_since_epoch()}.count();
}

std::string sydney_text(std::int64_t micros) {
  auto at = std::chrono::floor<std::chrono::minutes>(
    date::sys_time<microseconds>{microseconds{micros}});
  return date::format("%F %H:%M", date::make_zoned("Australia/Sydney", at));
}

bool may_end_early(const std::string& date) {
  auto day = date.substr(5);
  if ((day >= "12-21" && day <= "12-31") || day == "01-02")
    return true;
  // Maundy Thursday lies between 19 March and 22 April.
  auto weekday = date::weekday{day_of(date)};
  return weekday == date::Thursday && day >= "03-19" && day <= "04-22";
}

int days_between(const std::string& from, const std::string& to) {
  return static_cast<int>((day_of(to) - day_of(from)).count());
}

} // namespace banksia::test
