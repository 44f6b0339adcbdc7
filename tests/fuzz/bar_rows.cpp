/// Bar files of every form: the first byte chooses the file's name, the second
/// the size of the pieces, which must change nothing.

#include "models/market/bar_formats_reader.hpp"

#include "tests/fuzz/require.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

using namespace banksia;

namespace {

struct kept {
  std::string text, symbol, field;
  row_problem problem;
  std::optional<timestamp> at;

  friend bool operator==(const kept&, const kept&) = default;
};

std::vector<kept> read(const bar_source& source, std::string_view text,
                       std::size_t piece, std::string& error) {
  bar_reader reader{source};
  std::vector<kept> rows;
  auto drain = [&] {
    while (const auto* row = reader.next())
      rows.push_back({std::string{row->text}, std::string{row->symbol},
                      std::string{row->field}, row->problem, row->at});
  };
  while (!text.empty()) {
    reader.feed(text.substr(0, piece));
    drain();
    text.remove_prefix(std::min(piece, text.size()));
  }
  reader.finish();
  drain();
  error = reader.error();
  return rows;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  if (size < 2)
    return 0;
  constexpr std::array<const char*, 8> names{
    "CBA.AX.csv",        "prices.csv",       "20200224.csv",
    "AUDUSD=X_15m.csv",  "^AXJO.csv",        "x.json",
    "alphavantage_1min_CBA.AX_2018-06-18.json", ""};
  std::string_view text{reinterpret_cast<const char*>(data) + 2, size - 2};
  auto found = detect_bars(text.substr(0, 64 * 1024), names[data[0] & 7]);
  BANKSIA_REQUIRE(found.source.has_value() == found.error.empty());
  if (!found.source)
    return 0;
  std::string whole_error, pieces_error;
  auto whole = read(*found.source, text, text.size() + 1, whole_error);
  auto pieces = read(*found.source, text, data[1] % 61 + 1u, pieces_error);
  BANKSIA_REQUIRE(whole == pieces);
  BANKSIA_REQUIRE(whole_error == pieces_error);
  for (const auto& row : whole) {
    BANKSIA_REQUIRE(row.problem != row_problem::none || !row.symbol.empty());
    auto shown = bar_text::printable(row.text, 200);
    BANKSIA_REQUIRE(bar_text::is_utf8(shown));
  }
  return 0;
}
