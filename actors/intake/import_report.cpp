#include "actors/intake/import_report.hpp"

#include "models/market/bar_formats_text.hpp"

#include <boost/json/array.hpp>

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
  auto count = report.files.size();
  out += std::to_string(count) + (count == 1 ? " file: " : " files: ")
         + counts_text(report.total) + '\n';
  return out;
}

} // namespace banksia::intake
