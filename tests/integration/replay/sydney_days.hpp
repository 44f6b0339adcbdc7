#pragma once

/// Days and times of day in Sydney, by the tz database alone: no exchange
/// calendar of the product.

#include <cstdint>
#include <string>

namespace banksia::test {

/// Microseconds since 1970 of a time of day in Sydney. @pre `date` is
/// YYYY-MM-DD
std::int64_t sydney_micros(const std::string& date, int hour, int minute);

/// "2022-12-30 16:10" of an instant.
std::string sydney_text(std::int64_t micros);

/// Whether trading ended early that day: in the last days before Christmas, New
/// Year and Easter it may; elsewhere never.
bool may_end_early(const std::string& date);

/// Days from one date to another.
int days_between(const std::string& from, const std::string& to);

} // namespace banksia::test
