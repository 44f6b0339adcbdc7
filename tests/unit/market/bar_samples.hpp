#pragma once

/// What the tests of bar files share: reading a text whole or in pieces, and
/// finding the shared data.

#include "models/market/bar_formats_reader.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace banksia::test {

/// A row that outlives the reader.
struct kept_row {
  std::size_t line = 0;
  std::string text;
  std::string symbol;
  std::optional<trading_date> day;
  std::optional<timestamp> at;
  bool midnight = true;
  bar_values values;
  std::optional<double> dividend;
  std::optional<double> split;
  std::optional<double> adj_close;
  row_problem problem = row_problem::none;
  std::string field;

  friend bool operator==(const kept_row&, const kept_row&) = default;
};

inline kept_row keep(const raw_row& x) {
  return {x.line,     std::string(x.text), std::string(x.symbol),
          x.day,      x.at,                x.midnight,
          x.values,   x.dividend,          x.split,
          x.adj_close, x.problem,          std::string(x.field)};
}

struct read_result {
  std::string error; ///< of the detection or the reader
  std::optional<bar_source> source;
  std::vector<kept_row> rows;
};

/// Reads `text` as a file of that name; `next_size` gives each chunk's size.
template <class NextSize>
read_result read_chunks(std::string_view text, std::string_view name,
                        NextSize next_size) {
  read_result result;
  auto found = detect_bars(text.substr(0, 64 * 1024), name);
  result.source = found.source;
  result.error = found.error;
  if (!found.source)
    return result;
  bar_reader reader{*found.source};
  auto drain = [&] {
    while (const auto* row = reader.next())
      result.rows.push_back(keep(*row));
  };
  while (!text.empty()) {
    auto size = std::min<std::size_t>(next_size(), text.size());
    // A chunk of its own storage: no view may reach into an earlier one.
    std::vector<char> chunk(text.begin(),
                            text.begin() + static_cast<std::ptrdiff_t>(size));
    text.remove_prefix(size);
    reader.feed({chunk.data(), chunk.size()});
    drain();
  }
  reader.finish();
  drain();
  result.error = reader.error();
  return result;
}

inline read_result read_all(std::string_view text, std::string_view name) {
  return read_chunks(text, name, [&] { return std::size_t{1} << 20; });
}

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// The folder of real data, or nothing after saying so.
inline std::optional<std::filesystem::path> shared_data() {
  std::filesystem::path path{BANKSIA_SHARED_DATA};
  if (std::filesystem::is_directory(path / "market"))
    return path;
  std::cout << "banksia-skip: no shared data at " << path << std::endl;
  return std::nullopt;
}

} // namespace banksia::test
