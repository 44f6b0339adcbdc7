#include "actors/intake/import_files.hpp"

#include "models/market/bar_formats_reader.hpp"

#include <algorithm>
#include <string>

namespace fs = std::filesystem;

namespace banksia::intake {

namespace {

bool is_of(const input_kinds& kinds, const fs::path& file) {
  auto name = bar_text::lower(file.filename().string());
  return std::any_of(kinds.endings.begin(), kinds.endings.end(),
                     [&](auto ending) { return name.ends_with(ending); });
}

/// "*.csv, *.csv.gz or *.json".
std::string names_of(const input_kinds& kinds) {
  std::string result;
  for (const auto& ending : kinds.endings) {
    if (!result.empty())
      result += &ending == &kinds.endings.back() ? " or " : ", ";
    result += "*" + std::string{ending};
  }
  return result;
}

std::vector<fs::path> files_of_folder(const fs::path& folder,
                                      const input_kinds& kinds) {
  std::vector<fs::path> result;
  try {
    for (const auto& entry : fs::recursive_directory_iterator{folder})
      if (entry.is_regular_file() && is_of(kinds, entry.path()))
        result.push_back(entry.path());
  } catch (const fs::filesystem_error& error) {
    throw bad_input("cannot search the folder (" + error.code().message() + ")",
                    folder, "check its permissions");
  }
  if (result.empty())
    throw bad_input("no " + names_of(kinds) + " in the folder", folder,
                    "name the folder or the files that hold "
                      + std::string{kinds.content});
  std::sort(result.begin(), result.end());
  return result;
}

/// The name without ".gz": formats and symbols are told by what comes before.
std::string unpacked_name(const fs::path& file) {
  auto name = file.string();
  if (bar_text::lower(name).ends_with(".gz"))
    name.resize(name.size() - 3);
  return name;
}

bool has_rows(const bar_source& source, std::string_view first_bytes) {
  bar_reader reader{source};
  reader.feed(first_bytes);
  if (reader.next() != nullptr)
    return true;
  reader.finish();
  return reader.next() != nullptr;
}

void apply_symbol(bar_source& source, const fs::path& file,
                  const import_options& options) {
  auto rows_tell = field_of(source.columns, bar_column::symbol) >= 0
                   && !is_document(source.format);
  if (options.symbol && rows_tell)
    throw bad_input("each row names its own symbol", file,
                    "leave --symbol out; --symbols chooses among them");
  if (options.symbol)
    source.symbol = symbol_of_option(*options.symbol, "--symbol");
  if (source.symbol.empty() && !rows_tell)
    throw bad_input("neither text nor file name tell the symbol", file,
                    "give it with --symbol");
}

void apply_interval(bar_source& source, std::string_view first_bytes,
                    const fs::path& file, const import_options& options) {
  auto is_daily = [](bar_interval x) { return x == bar_interval::d1; };
  if (source.interval && options.interval
      && is_daily(*source.interval) != is_daily(*options.interval)) {
    std::string found{to_string(*source.interval)};
    std::string wanted{to_string(*options.interval)};
    throw bad_input("the bars are of " + found + ", not of " + wanted, file,
                    "leave --interval out");
  }
  if (options.interval)
    source.interval = options.interval;
  if (source.interval)
    return;
  if (has_rows(source, first_bytes))
    throw bad_input("neither text nor file name tell the length of the bars",
                    file, "give it with --interval");
  source.interval = bar_interval::d1; // a header only: nothing will use it
}

} // namespace

const input_kinds& bar_files() {
  static const input_kinds kinds{{".csv", ".csv.gz", ".json"}, "bars"};
  return kinds;
}

const input_kinds& news_files() {
  static const input_kinds kinds{
    {".xml", ".xml.gz", ".rss", ".atom", ".rdf", ".csv", ".csv.gz", ".tsv",
     ".tsv.gz", ".json", ".json.gz"},
    "headlines"};
  return kinds;
}

std::vector<input_file> find_inputs(const std::vector<fs::path>& paths,
                                    const input_kinds& kinds) {
  std::vector<input_file> result;
  for (const auto& path : paths) {
    std::error_code code;
    auto status = fs::status(path, code);
    if (!fs::exists(status))
      throw bad_input("no such file or folder", path, "check the path");
    if (fs::is_directory(status)) {
      for (auto& file : files_of_folder(path, kinds))
        result.push_back({std::move(file), false});
    } else if (fs::is_regular_file(status)) {
      result.push_back({path, true});
    } else {
      throw bad_input("neither a file nor a folder", path,
                      "name a file that can be read twice");
    }
  }
  return result;
}

bar_source recognise(std::string_view first_bytes, const fs::path& file,
                     const import_options& options) {
  constexpr std::size_t probed_bytes = 64 * 1024;
  auto probe = first_bytes.substr(0, probed_bytes);
  auto found = detect_bars(probe, unpacked_name(file));
  if (!found.source)
    throw bad_input(found.error, file,
                    "pass CSV, or JSON of Yahoo's or AlphaVantage's, that"
                    " holds bars");
  auto source = *std::move(found.source);
  apply_symbol(source, file, options);
  apply_interval(source, probe, file, options);
  return source;
}

price_basis basis_of(const bar_source& source, const import_options& options) {
  if (options.basis)
    return *options.basis;
  auto has = [&](bar_column x) { return field_of(source.columns, x) >= 0; };
  // A series of AlphaVantage's is as traded, whatever stands beside it.
  if (source.format == bar_format::alpha_vantage_json)
    return price_basis::as_traded;
  if (source.format == bar_format::yahoo_chart_json
      || has(bar_column::adj_close))
    return price_basis::split_adjusted;
  return has(bar_column::dividend) || has(bar_column::split)
           ? price_basis::fully_adjusted
           : price_basis::as_traded;
}

std::string symbol_of_option(const std::string& text,
                             std::string_view option_name) {
  std::string symbol;
  if (!normalize_symbol(text, symbol))
    throw bad_input("not a symbol: \"" + bar_text::printable(text, 40) + '"',
                    fs::path{option_name}, "name one like CBA.AX or CBA");
  return symbol;
}

} // namespace banksia::intake
