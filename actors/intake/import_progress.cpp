#include "actors/intake/import_progress.hpp"

#include "models/market/bar_formats_text.hpp"

#include <algorithm>
#include <cstdio>

namespace banksia::intake {

namespace {

template <class... Ts>
std::string format(const char* how, Ts... values) {
  char text[128];
  std::snprintf(text, sizeof(text), how, values...);
  return text;
}

double megabytes(std::uint64_t bytes) {
  return static_cast<double>(bytes) / 1e6;
}

} // namespace

progress_meter::progress_meter(std::vector<sized_file> files)
  : files_(std::move(files)) {
  for (const auto& [path, size] : files_)
    total_ += size;
}

std::string progress_meter::line(const import_progress& x,
                                 std::chrono::duration<double> elapsed,
                                 std::size_t columns) {
  auto at = at_;
  auto before = before_;
  for (; at < files_.size() && files_[at].first != x.path; ++at)
    before += files_[at].second;
  if (at < files_.size()) {
    at_ = at;
    before_ = before;
  }
  auto taken = std::min(before_ + x.bytes_taken, total_);
  auto percent = total_ == 0 ? 100 : 100 * taken / total_;
  auto seconds = elapsed.count();
  auto result = format("%3llu %%  %.1f of %.1f MB  %llu rows",
                       static_cast<unsigned long long>(percent),
                       megabytes(taken), megabytes(total_),
                       static_cast<unsigned long long>(x.total.read));
  if (seconds > 0)
    result += format("  %.0f rows/s",
                     static_cast<double>(x.total.read) / seconds);
  if (taken > 0 && taken < total_)
    result += "  "
              + span_text(elapsed * static_cast<double>(total_ - taken)
                          / static_cast<double>(taken))
              + " left";
  auto name = bar_text::printable(
    std::filesystem::path{x.path}.filename().string(), 200);
  if (result.size() + 2 + name.size() <= columns)
    result += "  " + name;
  return result.substr(0, columns);
}

std::vector<progress_meter::sized_file>
sizes_of(const std::vector<std::filesystem::path>& paths,
         const input_kinds& kinds) {
  std::vector<progress_meter::sized_file> result;
  for (const auto& file : find_inputs(paths, kinds)) {
    std::error_code code;
    auto size = std::filesystem::file_size(file.path, code);
    result.emplace_back(file.path.string(), code ? 0 : size);
  }
  return result;
}

std::string span_text(std::chrono::duration<double> x) {
  auto seconds = static_cast<long long>(x.count() + 0.5);
  if (seconds < 60)
    return std::to_string(seconds) + " s";
  if (seconds < 3600)
    return std::to_string(seconds / 60) + " min "
           + std::to_string(seconds % 60) + " s";
  return std::to_string(seconds / 3600) + " h "
         + std::to_string(seconds % 3600 / 60) + " min";
}

} // namespace banksia::intake
