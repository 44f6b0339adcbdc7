#include "models/market/bar_formats_json.hpp"

#include "models/market/bar_formats_text.hpp"

#include <boost/json.hpp>
#include <date/tz.h>

#include <algorithm>
#include <tuple>

namespace banksia {

namespace {

namespace json = boost::json;

/// The member whose name ends in `name`, after a number like "6. ".
const json::value* numbered(const json::object& object, std::string_view name) {
  for (const auto& member : object) {
    std::string_view key{member.key().data(), member.key().size()};
    if (auto dot = key.find(". "); dot != key.npos)
      key.remove_prefix(dot + 2);
    if (bar_text::lower(key) == name)
      return &member.value();
  }
  return nullptr;
}

std::string text_of(const json::value* value) {
  if (value == nullptr || value->is_null())
    return {};
  if (value->is_string())
    return {value->get_string().data(), value->get_string().size()};
  return json::serialize(*value);
}

/// The series: the one object next to "Meta Data".
const json::object* find_series(const json::object& root) {
  for (const auto& member : root)
    if (std::string_view{member.key().data(), member.key().size()}.find(
          "Time Series")
          != std::string_view::npos
        && member.value().is_object())
      return &member.value().get_object();
  return nullptr;
}

/// UTC of a local time. Where the clocks go back the earlier one is meant; a
/// time that they skip is none.
std::optional<timestamp> to_utc(const date::time_zone& zone, timestamp local) {
  date::local_time<micros> there{local.time_since_epoch()};
  auto info = zone.get_info(there);
  if (info.result == date::local_info::nonexistent)
    return std::nullopt;
  return timestamp{local.time_since_epoch() - info.first.offset};
}

void read_time(alpha_vantage_document::entry& out,
               const date::time_zone& zone) {
  bar_text::day_and_time when;
  if (bar_text::parse_when(out.when, when) == bar_text::field_state::ok
      && out.when.size() <= 10) {
    out.day = when.day;
    return;
  }
  // Naive by the format's definition: the zone stands in the meta data.
  auto local = parse_rfc3339(out.when + "Z");
  auto utc = local ? to_utc(zone, *local) : std::nullopt;
  out.bad_time = !utc;
  if (local)
    out.day = trading_date{std::chrono::floor<std::chrono::days>(*local)};
  out.at = utc;
}

void read_prices(alpha_vantage_document::entry& out, const json::value& bar) {
  if (!bar.is_object()) {
    out.bad_shape = true;
    return;
  }
  const auto& members = bar.get_object();
  out.open = text_of(numbered(members, "open"));
  out.high = text_of(numbered(members, "high"));
  out.low = text_of(numbered(members, "low"));
  out.close = text_of(numbered(members, "close"));
  out.volume = text_of(numbered(members, "volume"));
  out.adjusted_close = text_of(numbered(members, "adjusted close"));
  out.dividend = text_of(numbered(members, "dividend amount"));
  out.split = text_of(numbered(members, "split coefficient"));
}

const date::time_zone* find_zone(const std::string& name) {
  try {
    return date::locate_zone(name);
  } catch (const std::exception&) { // date's way of saying unknown
    return nullptr;
  }
}

} // namespace

bool alpha_vantage_document::feed(std::string_view chunk) {
  if (chunk.size() > max_bytes - text_.size())
    return false;
  text_.append(chunk);
  return true;
}

std::string alpha_vantage_document::parse() {
  json::error_code failure;
  auto parsed = json::parse(bar_text::without_bom(text_), failure);
  text_ = {};
  if (failure)
    return "not bar data: broken JSON (" + failure.message()
           + "): fetch the file again";
  const auto* root = parsed.if_object();
  const auto* series = root ? find_series(*root) : nullptr;
  if (series == nullptr)
    return "not bar data: JSON without a \"Time Series (…)\" object";
  const auto* meta_value = root->if_contains("Meta Data");
  const auto* meta = meta_value ? meta_value->if_object() : nullptr;
  auto zone_name = meta ? text_of(numbered(*meta, "time zone")) : std::string{};
  const auto* zone = find_zone(zone_name);
  if (zone == nullptr)
    return "not bar data: \"Time Zone\" is \""
           + bar_text::printable(zone_name, 40)
           + "\", which is no known zone, so the times mean nothing";
  symbol_ = text_of(numbered(*meta, "symbol"));
  interval_ = text_of(numbered(*meta, "interval"));
  time_zone_ = std::move(zone_name);
  for (const auto& member : *series) {
    entry row;
    row.place = entries_.size() + 1;
    row.when.assign(member.key().data(), member.key().size());
    row.payload = json::serialize(member.key()) + ": "
                  + json::serialize(member.value());
    read_time(row, *zone);
    read_prices(row, member.value());
    entries_.push_back(std::move(row));
  }
  std::stable_sort(entries_.begin(), entries_.end(),
                   [](const entry& a, const entry& b) {
                     return std::tie(a.day, a.at, a.when)
                            < std::tie(b.day, b.at, b.when);
                   });
  return {};
}

} // namespace banksia
