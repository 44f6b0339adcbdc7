#include "models/market/sydney.hpp"

#include <cstdio>

#include <date/tz.h>

namespace banksia {

namespace {

const date::time_zone* zone() {
  return date::locate_zone("Australia/Sydney");
}

/// The library speaks its own calendar types; `days` since 1970 bridge them.
date::local_time<micros> local(trading_date day, micros since_midnight) {
  auto days = std::chrono::sys_days{day}.time_since_epoch();
  return date::local_time<micros>{micros{days} + since_midnight};
}

} // namespace

timestamp from_sydney(trading_date day, micros since_midnight) {
  auto t = zone()->to_sys(local(day, since_midnight), date::choose::earliest);
  return timestamp{t.time_since_epoch()};
}

std::chrono::minutes sydney_offset(timestamp t) {
  auto info = zone()->get_info(date::sys_time<micros>{t.time_since_epoch()});
  return std::chrono::duration_cast<std::chrono::minutes>(info.offset);
}

trading_date sydney_date(timestamp t) {
  return trading_date{
    std::chrono::floor<std::chrono::days>(t + sydney_offset(t))};
}

std::string sydney_clock(timestamp t) {
  using namespace std::chrono;
  auto local_time = t + sydney_offset(t);
  auto since = floor<seconds>(local_time - floor<days>(local_time)).count();
  char buf[32];
  auto n = since % 60 == 0
             ? std::snprintf(buf, sizeof(buf), "%02d:%02d",
                             static_cast<int>(since / 3600),
                             static_cast<int>(since / 60 % 60))
             : std::snprintf(buf, sizeof(buf), "%02d:%02d:%02d",
                             static_cast<int>(since / 3600),
                             static_cast<int>(since / 60 % 60),
                             static_cast<int>(since % 60));
  return {buf, static_cast<std::size_t>(n)};
}

} // namespace banksia
