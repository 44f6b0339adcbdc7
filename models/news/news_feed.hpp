#pragma once

/// RSS 0.9x and 2.0, RSS 1.0 (RDF) and Atom. Pure: bytes in, value out; never
/// throws on bad data.
/// https://www.rssboard.org/rss-specification, RFC 4287,
/// https://web.resource.org/rss/1.0/spec

#include "models/news/news_date.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace banksia {

enum class news_status : std::uint8_t {
  ok = 0,         ///< a feed, though it may have no items
  malformed = 1,  ///< no XML, or XML that is broken or cut off
  no_feed = 2,    ///< XML or HTML, but none of the three formats
  too_large = 3,  ///< more than `bytes_max`
  bad_encoding = 4, ///< characters that cannot be known
  refused = 5,    ///< it declares entities, which no feed needs
};

/// "ok", "malformed", "no_feed", …
std::string_view to_string(news_status x) noexcept;

/// What was wrong with items; each is counted.
enum class item_problem : std::uint8_t {
  untitled = 0,     ///< dropped
  duplicate = 1,    ///< same identity as one before in the document: dropped
  beyond_limit = 2, ///< more than `items_max`: dropped
  bad_link = 3,     ///< no http(s) link; the link was dropped
  bad_date = 4,     ///< no date could be read: time of receipt
  no_date = 5,      ///< none given: time of receipt
  no_zone = 6,      ///< a date without a known zone: time of receipt
  future_date = 7,  ///< later than `future_max` from now: time of receipt
};

inline constexpr std::size_t item_problem_count = 8;

/// "untitled", "duplicate", …
std::string_view to_string(item_problem x) noexcept;

struct news_item {
  std::string identity; ///< guid or id, else the link, else the title
  std::string title;    ///< plain text
  std::string summary;  ///< plain text, may be empty
  std::string link;     ///< http or https, or empty
  std::string source;   ///< who wrote it, where the item says so
  timestamp published_at;
  /// False: `published_at` is the time of receipt, since the item told none
  /// that can be used.
  bool dated = false;
  /// What is wrong with its date where it is not dated.
  item_problem date_problem = item_problem::no_date;
  std::size_t place = 0; ///< among the document's items, from 1
};

/// An item that was dropped.
struct dropped_item {
  std::size_t place = 0; ///< among the document's items, from 1
  item_problem problem = item_problem::untitled;
  std::string text; ///< the beginning of all that it says, as plain text
};

struct news_feed {
  news_status status = news_status::malformed;
  std::string text;  ///< why not ok
  std::string title; ///< of the feed
  std::vector<news_item> items; ///< in the document's order
  std::vector<dropped_item> dropped; ///< likewise
  std::array<std::uint32_t, item_problem_count> problems{};
  bool mislabelled = false; ///< see `decoded_document`
  std::optional<std::uint32_t> ttl_minutes; ///< how long to keep it (`<ttl>`)
  std::optional<timestamp> built_at; ///< `lastBuildDate`, `updated`

  std::uint32_t count(item_problem x) const noexcept {
    return problems[static_cast<std::size_t>(x)];
  }
};

struct news_limits {
  std::size_t bytes_max = 4 * 1024 * 1024; ///< about 20 times so much memory
  std::size_t items_max = 500;
  std::size_t title_bytes_max = 500;
  std::size_t summary_bytes_max = 2'000;
  micros future_max = std::chrono::minutes{10};
};

/// Reads a document that was received at `received_at`. `charset` is that of
/// the Content-Type header, empty without one. Titles lose a trailing
/// " - SOURCE" where the source is the item's own (Google News).
news_feed parse_news_feed(std::string_view body, std::string_view charset,
                          timestamp received_at,
                          const news_limits& limits = {});

} // namespace banksia
