#pragma once

/// Headlines of files: tables with a header line, JSON, feeds. Pure: text in,
/// rows out; never throws on bad data. What a row's dates mean:
/// `headline_times.hpp`.

#include "models/news/news_feed.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace banksia {

/// A headline as a file tells it. Texts of it are empty where it tells none.
struct headline_row {
  std::size_t line = 0; ///< from 1; of JSON and feeds the row's place
  std::string title;    ///< plain text
  std::string symbols;  ///< as they came; several are parted by commas
  std::string source;
  std::string link;      ///< http or https
  std::string published; ///< a date or time as it came
  std::string fetched;   ///< when somebody saw it, likewise
  std::string payload;   ///< the row as it came, at most `payload_bytes_max`
  /// Why it is no headline, by itself: "untitled", "wrong_column_count",
  /// "bad_quotes", "not_utf8", … Empty where nothing is.
  std::string_view problem;
  bool repeated = false; ///< a feed's item with the identity of one before
};

struct headline_document {
  std::vector<headline_row> rows; ///< in the document's order
  std::string source; ///< who is named where a row names nobody
  std::string error;  ///< why it holds no headlines; empty where it may
};

inline constexpr std::size_t headline_payload_bytes_max = 2048;
inline constexpr std::size_t headline_title_bytes_max = 500;

/// CSV with commas, tabs, semicolons or bars. Columns are found by name:
/// `title` or `headline`; `published`, `date`, …; `fetched`, `seen_at`, …;
/// `source`; `link` or `url`; `symbol` or `ticker`. Fields in double quotes may
/// hold line feeds.
headline_document read_headline_table(std::string_view text);

/// Every object with a `title` or `headline` is a row, however deep it lies
/// (32 levels); its other members are found by the names of a table's columns.
/// An array `headlines` may hold titles alone. What a row lacks, its symbol and
/// when it was fetched, the objects around it may tell (`symbol`, `timestamp`).
headline_document read_headline_json(std::string_view text);

/// RSS, RDF or Atom, received at `received_at`. Dates that can be used come in
/// RFC 3339.
headline_document read_headline_feed(std::string_view text,
                                     timestamp received_at);

/// The kind of document is told from its first bytes.
headline_document read_headlines(std::string_view text, timestamp received_at);

} // namespace banksia
