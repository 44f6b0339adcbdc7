#include "models/market/bar_formats_text.hpp"
#include "models/news/headline_columns.hpp"
#include "models/news/headline_rows.hpp"
#include "models/news/news_text.hpp"

#include <algorithm>

namespace banksia {

namespace {

constexpr std::size_t fields_max = 256;
/// A quote that is not closed by then was no quote.
constexpr std::size_t record_bytes_max = 64 * 1024;

struct record {
  std::size_t line = 0; ///< its first one, from 1
  std::string_view text;
  std::vector<std::string> fields;
  bool bad_quotes = false;
};

/// Reads one record after the other (RFC 4180, with any separator).
class record_reader {
public:
  record_reader(std::string_view text, char separator)
    : rest_(text), separator_(separator) {}

  bool next(record& out) {
    while (!rest_.empty()) {
      out = {};
      out.line = line_;
      auto used = split(out);
      if (used == 0) {
        out.bad_quotes = true;
        out.fields.clear();
        used = std::min(rest_.find('\n'), rest_.size() - 1) + 1;
      }
      out.text = rest_.substr(0, used);
      line_ += static_cast<std::size_t>(
        std::count(out.text.begin(), out.text.end(), '\n'));
      while (out.text.ends_with('\n') || out.text.ends_with('\r'))
        out.text.remove_suffix(1);
      rest_.remove_prefix(used);
      if (!bar_text::trimmed(out.text).empty())
        return true;
    }
    return false;
  }

private:
  /// How many bytes the record has with its end; 0: a quote stays open, or is
  /// followed by text.
  std::size_t split(record& out) const {
    std::size_t at = 0;
    for (;;) {
      std::string field;
      if (at < rest_.size() && rest_[at] == '"') {
        auto end = quoted(at + 1, field);
        if (end == 0)
          return 0;
        at = end;
      } else {
        auto end = at;
        while (end < rest_.size() && rest_[end] != separator_
               && rest_[end] != '\n')
          ++end;
        field = rest_.substr(at, end - at);
        at = end;
        if (field.ends_with('\r') && (at == rest_.size() || rest_[at] == '\n'))
          field.pop_back();
      }
      if (out.fields.size() <= fields_max)
        out.fields.push_back(std::move(field));
      if (at < rest_.size() && rest_[at] == '\r')
        ++at;
      if (at >= rest_.size())
        return at;
      if (rest_[at] == '\n')
        return at + 1;
      if (rest_[at] != separator_)
        return 0;
      ++at;
    }
  }

  /// Behind the closing quote; 0 without one.
  std::size_t quoted(std::size_t at, std::string& field) const {
    for (; at < rest_.size() && field.size() < record_bytes_max; ++at) {
      if (rest_[at] != '"')
        field += rest_[at];
      else if (at + 1 < rest_.size() && rest_[at + 1] == '"')
        field += rest_[at++];
      else
        return at + 1;
    }
    return 0;
  }

  std::string_view rest_;
  char separator_;
  std::size_t line_ = 1;
};

/// Which field holds which column; -1 where none does.
using column_places = std::array<int, headline_column_count>;

column_places places_of(const std::vector<std::string>& header) {
  column_places result;
  result.fill(-1);
  for (std::size_t c = 0; c < headline_column_count; ++c) {
    auto best = no_rank;
    for (std::size_t i = 0; i < header.size(); ++i) {
      auto rank = rank_of(static_cast<headline_column>(c),
                          plain_name(header[i]));
      if (rank < best) {
        best = rank;
        result[c] = static_cast<int>(i);
      }
    }
  }
  return result;
}

headline_row row_of(const record& x, const column_places& places,
                    std::size_t field_count) {
  headline_row row;
  row.line = x.line;
  row.payload = bar_text::printable(x.text, headline_payload_bytes_max);
  if (x.bad_quotes || x.fields.size() != field_count) {
    row.problem = x.bad_quotes ? "bad_quotes" : "wrong_column_count";
    return row;
  }
  if (!bar_text::is_utf8(x.text)) {
    row.problem = "not_utf8";
    return row;
  }
  auto field = [&](headline_column c) -> std::string {
    auto place = places[static_cast<std::size_t>(c)];
    if (place < 0)
      return {};
    return std::string{
      bar_text::trimmed(x.fields[static_cast<std::size_t>(place)])};
  };
  row.title = text_of_html(field(headline_column::title),
                           headline_title_bytes_max);
  row.published = field(headline_column::published);
  row.fetched = field(headline_column::fetched);
  row.source = plain_text(field(headline_column::source), 100);
  row.link = safe_link(field(headline_column::link));
  row.symbols = field(headline_column::symbol);
  return row;
}

} // namespace

headline_document read_headline_table(std::string_view text) {
  headline_document result;
  text = bar_text::without_bom(text);
  for (char separator : {'\t', ',', ';', '|'}) {
    record_reader reader{text, separator};
    record x;
    if (!reader.next(x))
      break;
    auto places = places_of(x.fields);
    if (x.bad_quotes || places[0] < 0
        || (x.fields.size() == 1 && separator != ','))
      continue;
    auto field_count = x.fields.size();
    while (reader.next(x))
      result.rows.push_back(row_of(x, places, field_count));
    return result;
  }
  result.error = "not headlines: no column is named title or headline";
  return result;
}

} // namespace banksia
