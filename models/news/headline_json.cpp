#include "models/market/bar_formats_text.hpp"
#include "models/news/headline_columns.hpp"
#include "models/news/headline_rows.hpp"
#include "models/news/news_text.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace banksia {

namespace {

namespace json = boost::json;

/// What the objects around a row tell of it.
struct surroundings {
  std::string symbol;
  std::string fetched;
};

bool holds_titles(std::string_view plain) {
  return plain == "headlines" || plain == "recentheadlines"
         || plain == "titles";
}

/// A value as a table would have it; of an object its name, of an array its
/// texts with commas.
std::string text_of(const json::value& x) {
  if (x.is_string())
    return std::string{bar_text::trimmed(x.get_string())};
  if (x.is_int64() || x.is_uint64())
    return json::serialize(x);
  if (x.is_double()) // seconds with a fraction
    return std::to_string(x.get_double());
  if (auto inner = x.if_object()) {
    for (auto name : {"name", "title", "symbol"})
      if (auto found = inner->if_contains(name); found && found->is_string())
        return text_of(*found);
    return {};
  }
  std::string all;
  if (auto list = x.if_array())
    for (const auto& one : *list)
      if (auto text = text_of(one); !text.empty())
        all += (all.empty() ? "" : ",") + text;
  return all;
}

/// The member that stands for a column; null without one.
const json::value* member(const json::object& x, headline_column column) {
  const json::value* result = nullptr;
  auto best = no_rank;
  for (const auto& [key, value] : x) {
    auto rank = rank_of(column, plain_name(key));
    if (rank < best) {
      best = rank;
      result = &value;
    }
  }
  return result;
}

class walker {
public:
  explicit walker(headline_document& out) : out_(out) {}

  void walk(const json::value& x, std::string_view name,
            const surroundings& around) {
    if (auto list = x.if_array()) {
      for (const auto& one : *list) {
        if (one.is_string() && holds_titles(name))
          add(one, &one, nullptr, around);
        else
          walk(one, name, around);
      }
    } else if (auto inner = x.if_object()) {
      walk_object(x, *inner, around);
    }
  }

private:
  void walk_object(const json::value& x, const json::object& inner,
                   const surroundings& around) {
    auto within = around;
    if (auto symbol = text(inner, headline_column::symbol); !symbol.empty())
      within.symbol = symbol;
    if (auto fetched = text(inner, headline_column::fetched); !fetched.empty())
      within.fetched = fetched;
    else if (auto at = inner.if_contains("timestamp"))
      within.fetched = text_of(*at);
    auto before = out_.rows.size();
    for (const auto& [key, value] : inner)
      if (value.is_structured())
        walk(value, plain_name(key), within);
    auto title = member(inner, headline_column::title);
    // One with titles below it is a feed, and its own title is the feed's.
    if (title && (title->is_string() || title->is_null())
        && out_.rows.size() == before) {
      // Its own `timestamp` is the headline's date where it has no other.
      within.fetched = around.fetched;
      add(x, title, &inner, within);
    }
  }

  static std::string text(const json::object& x, headline_column column) {
    auto found = member(x, column);
    return found ? text_of(*found) : std::string{};
  }

  void add(const json::value& whole, const json::value* title,
           const json::object* members, const surroundings& around) {
    headline_row row;
    row.line = out_.rows.size() + 1;
    row.payload = bar_text::printable(json::serialize(whole),
                                      headline_payload_bytes_max);
    row.title = text_of_html(text_of(*title), headline_title_bytes_max);
    row.symbols = around.symbol;
    row.fetched = around.fetched;
    if (members) {
      row.published = text(*members, headline_column::published);
      row.source = plain_text(text(*members, headline_column::source), 100);
      row.link = safe_link(text(*members, headline_column::link));
      if (auto own = text(*members, headline_column::fetched); !own.empty())
        row.fetched = own;
    }
    out_.rows.push_back(std::move(row));
  }

  headline_document& out_;
};

} // namespace

headline_document read_headline_json(std::string_view text) {
  headline_document result;
  json::error_code error;
  auto whole = json::parse(bar_text::without_bom(text), error);
  if (error) {
    result.error = "not headlines: the JSON is damaged or cut off ("
                   + error.message() + ")";
    return result;
  }
  walker{result}.walk(whole, {}, {});
  if (result.rows.empty())
    result.error = "not headlines: nothing in the JSON has a title or headline";
  return result;
}

} // namespace banksia
