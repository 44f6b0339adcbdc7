#include "actors/intake/import_report.hpp"

#include "models/market/bar_formats_text.hpp"

#include <boost/json/array.hpp>

#include <utility>

namespace banksia::intake {

namespace {

boost::json::object counts_json(const import_counts& x) {
  return {{"read", x.read},
          {"stored", x.stored},
          {"duplicates", x.duplicates},
          {"merged", x.merged},
          {"repaired", x.repaired},
          {"quarantined", x.quarantined}};
}

std::string counts_text(const import_counts& x) {
  return "read " + std::to_string(x.read) + ", stored "
         + std::to_string(x.stored) + ", duplicates "
         + std::to_string(x.duplicates) + ", merged "
         + std::to_string(x.merged) + ", repaired "
         + std::to_string(x.repaired) + ", quarantined "
         + std::to_string(x.quarantined);
}

boost::json::object notes_json(const import_notes& notes) {
  boost::json::object counts;
  for (const auto& [reason, count] : notes.counts)
    counts[reason] = count;
  boost::json::array listed;
  for (const auto& x : notes.listed)
    listed.push_back({{"symbol", x.symbol},
                      {"interval", to_string(x.interval)},
                      {"opened_at", to_rfc3339(x.opened_at)},
                      {"reason", x.reason},
                      {"measured", x.measured}});
  return {{"counts", std::move(counts)},
          {"listed", std::move(listed)},
          {"actions_stored", notes.actions_stored},
          {"actions_left_out", notes.actions_left_out}};
}

/// File names may be any bytes; JSON and terminals may not.
std::string shown(const std::string& text) {
  return bar_text::printable(text, 4096);
}

} // namespace

import_counts& import_counts::operator+=(const import_counts& x) noexcept {
  read += x.read;
  stored += x.stored;
  duplicates += x.duplicates;
  merged += x.merged;
  repaired += x.repaired;
  quarantined += x.quarantined;
  return *this;
}

void import_notes::add(series_note x) {
  if (++counts[x.reason] <= listed_max)
    listed.push_back(std::move(x));
}

std::uint64_t& count_of(import_counts& counts, row_class x) noexcept {
  switch (x) {
    case row_class::stored:
      break;
    case row_class::duplicate:
      return counts.duplicates;
    case row_class::merged:
      return counts.merged;
    case row_class::repaired:
      return counts.repaired;
    case row_class::quarantined:
      return counts.quarantined;
  }
  return counts.stored;
}

boost::json::object import_json(const import_report& report) {
  auto result = counts_json(report.total);
  boost::json::array files;
  files.reserve(report.files.size());
  for (const auto& x : report.files) {
    auto file = counts_json(x.counts);
    file["path"] = shown(x.path);
    if (x.error.empty())
      file["error"] = nullptr;
    else
      file["error"] = shown(x.error);
    files.emplace_back(std::move(file));
  }
  result["files"] = std::move(files);
  result["noted"] = notes_json(report.notes);
  boost::json::object refused;
  for (const auto& [reason, count] : report.refused)
    refused[reason] = count;
  result["refused"] = std::move(refused);
  return result;
}

std::string import_text(const import_report& report) {
  std::string out;
  for (const auto& x : report.files) {
    if (x.counts.read > 0)
      out += shown(x.path) + ": " + counts_text(x.counts) + '\n';
    if (!x.error.empty())
      out += "left out: " + shown(x.error) + '\n';
  }
  for (const auto& [reason, count] : report.refused)
    out += "quarantined: " + reason + ", " + std::to_string(count)
           + " times"
           + (reason == "no_zone" ? ": say with --zone where the dates are from"
                                  : "")
           + '\n';
  for (const auto& [reason, count] : report.notes.counts)
    out += "noted, kept as it is: " + std::string{reason} + ", "
           + std::to_string(count) + " times\n";
  if (auto stored = report.notes.actions_stored; stored > 0)
    out += std::to_string(stored) + " splits and dividends stored\n";
  if (auto left_out = report.notes.actions_left_out; left_out > 0)
    out += std::to_string(left_out)
           + " splits and dividends left out: the prices are adjusted for them"
             " already (--basis says otherwise)\n";
  auto count = report.files.size();
  out += std::to_string(count) + (count == 1 ? " file: " : " files: ")
         + counts_text(report.total) + '\n';
  return out;
}

} // namespace banksia::intake
