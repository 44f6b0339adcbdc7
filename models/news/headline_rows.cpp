#include "models/news/headline_rows.hpp"

#include "models/market/bar_formats_text.hpp"

#include <algorithm>

namespace banksia {

namespace {

/// About 20 times so much memory is needed for a while.
constexpr std::size_t feed_bytes_max = 16 * 1024 * 1024;

headline_row dropped_row(const dropped_item& x) {
  headline_row row;
  row.line = x.place;
  row.payload = x.text;
  row.repeated = x.problem == item_problem::duplicate;
  if (!row.repeated)
    row.problem = to_string(x.problem);
  return row;
}

headline_row item_row(const news_item& x) {
  headline_row row;
  row.line = x.place;
  row.title = x.title;
  row.source = x.source;
  row.link = x.link;
  row.payload = x.title + (x.link.empty() ? "" : " " + x.link);
  if (x.dated)
    row.published = to_rfc3339(x.published_at);
  else
    row.problem = to_string(x.date_problem);
  return row;
}

} // namespace

headline_document read_headline_feed(std::string_view text,
                                     timestamp received_at) {
  news_limits limits;
  limits.bytes_max = feed_bytes_max;
  limits.items_max = 100'000;
  auto feed = parse_news_feed(text, {}, received_at, limits);
  headline_document result;
  if (feed.status != news_status::ok) {
    result.error = "not a news feed: " + std::string{to_string(feed.status)}
                   + ": " + feed.text;
    return result;
  }
  result.source = feed.title;
  for (const auto& x : feed.items)
    result.rows.push_back(item_row(x));
  for (const auto& x : feed.dropped)
    result.rows.push_back(dropped_row(x));
  std::sort(result.rows.begin(), result.rows.end(),
            [](const auto& a, const auto& b) { return a.line < b.line; });
  return result;
}

headline_document read_headlines(std::string_view text,
                                 timestamp received_at) {
  auto begin = bar_text::without_bom(text);
  begin = begin.substr(
    std::min(begin.find_first_not_of(" \t\r\n"), begin.size()));
  if (begin.empty()) {
    headline_document nothing;
    nothing.error = "not headlines: the file is empty";
    return nothing;
  }
  // The marks of UTF-16 are a feed's: tables and JSON are UTF-8.
  if (begin.starts_with('<') || begin.starts_with("\xff\xfe")
      || begin.starts_with("\xfe\xff"))
    return read_headline_feed(text, received_at);
  if (begin.starts_with('[') || begin.starts_with('{'))
    return read_headline_json(begin);
  return read_headline_table(text);
}

} // namespace banksia
