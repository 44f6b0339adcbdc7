#pragma once

/// Which files an import reads, and what they hold.

#include "actors/intake/import_bars.hpp"
#include "models/market/bar_formats.hpp"

#include <filesystem>
#include <string_view>
#include <vector>

namespace banksia::intake {

struct input_file {
  std::filesystem::path path;
  bool named = false; ///< given as such, not found in a folder
};

/// Which files of a folder are looked at.
struct input_kinds {
  std::vector<std::string_view> endings; ///< of names, in lower case
  std::string_view content;              ///< "bars"
};

/// `*.csv`, `*.csv.gz` and `*.json`.
const input_kinds& bar_files();

/// Feeds (`*.xml`, `*.rss`, `*.atom`, `*.rdf`), `*.csv`, `*.tsv`, `*.json`, and
/// most of them packed with gzip.
const input_kinds& news_files();

/// The files behind the paths, in order.
/// @throws bad_input for a path that does not exist or cannot be searched, and
/// for a folder without a file of these kinds
std::vector<input_file>
find_inputs(const std::vector<std::filesystem::path>& paths,
            const input_kinds& kinds = bar_files());

/// What a file holds that begins with `first_bytes`, with the options' symbol
/// and interval applied. The interval is set in the result.
/// @throws bad_input when that is no bar data, or symbol or interval are not to
/// be found out
bar_source recognise(std::string_view first_bytes,
                     const std::filesystem::path& file,
                     const import_options& options);

/// What the prices of a file stand for: what the options say; else adjusted for
/// splits where there is an adjusted close beside the close (Yahoo), for
/// dividends too where there are columns of actions and none (yfinance with
/// `auto_adjust`), and as traded where there is neither.
price_basis basis_of(const bar_source& source, const import_options& options);

/// The symbol meant by what a user typed.
/// @throws bad_input
std::string symbol_of_option(const std::string& text,
                             std::string_view option_name);

} // namespace banksia::intake
