#include "models/sentiment/labelled_text.hpp"

#include "models/market/bar_formats_text.hpp"

#include <algorithm>

namespace banksia::sentiment {

namespace {

constexpr std::size_t sentences_max = 2'000'000;
constexpr auto nowhere = std::string_view::npos;

/// Column `index` of a row; nothing where the row is shorter.
std::optional<std::string_view> column(std::string_view row,
                                       std::size_t index) {
  for (; index > 0; --index) {
    auto tab = row.find('\t');
    if (tab == nowhere)
      return std::nullopt;
    row.remove_prefix(tab + 1);
  }
  return row.substr(0, row.find('\t'));
}

std::size_t find_column(std::string_view header, std::string_view name) {
  for (std::size_t i = 0;; ++i) {
    auto found = column(header, i);
    if (!found)
      return nowhere;
    if (*found == name)
      return i;
  }
}

class line_walk {
public:
  explicit line_walk(std::string_view text) : rest_(bar_text::without_bom(text)) {}

  bool next() {
    while (!rest_.empty()) {
      auto end = std::min(rest_.find('\n'), rest_.size());
      line = rest_.substr(0, end);
      rest_.remove_prefix(std::min(end + 1, rest_.size()));
      ++number;
      if (line.ends_with('\r'))
        line.remove_suffix(1);
      if (!bar_text::is_utf8(line))
        throw labelled_error(number, "not UTF-8",
                             "convert the file (iconv -t UTF-8)");
      if (!line.empty())
        return true;
    }
    return false;
  }

  std::string_view line;
  std::size_t number = 0;

private:
  std::string_view rest_;
};

} // namespace

labelled_error::labelled_error(std::size_t line, const std::string& what,
                               const std::string& advice)
  : std::runtime_error((line == 0 ? "" : "line " + std::to_string(line) + ": ")
                       + what + ": " + advice),
    line_(line),
    advice_(what + ": " + advice) {}

std::optional<label> parse_label(std::string_view text) noexcept {
  for (auto x : {label::negative, label::neutral, label::positive})
    if (to_string(x) == text)
      return x;
  return std::nullopt;
}

std::vector<labelled_sentence> parse_labelled(std::string_view text) {
  line_walk walk{text};
  if (!walk.next())
    throw labelled_error(0, "empty", "give a header (label, sentence) and rows");
  auto label_at = find_column(walk.line, "label");
  auto sentence_at = find_column(walk.line, "sentence");
  for (auto [at, name] : {std::pair{label_at, "label"},
                          std::pair{sentence_at, "sentence"}})
    if (at == nowhere)
      throw labelled_error(walk.number,
                           std::string{"no column "} + name,
                           "the first line must name the columns label and "
                           "sentence, parted by tabs");
  std::vector<labelled_sentence> result;
  while (walk.next()) {
    auto word = column(walk.line, label_at);
    auto sentence = column(walk.line, sentence_at);
    if (!word || !sentence)
      throw labelled_error(walk.number, "fewer columns than the header",
                           "part columns by tabs");
    auto is = parse_label(*word);
    if (!is)
      throw labelled_error(walk.number,
                           "unknown label '"
                             + bar_text::printable(*word, 40) + "'",
                           "use negative, neutral or positive");
    if (sentence->find_first_not_of(' ') == nowhere)
      throw labelled_error(walk.number, "no sentence",
                           "fill the column sentence, or leave the line out");
    if (result.size() == sentences_max)
      throw labelled_error(walk.number, "more than 2000000 sentences",
                           "give a part of them");
    result.push_back({std::string{*sentence}, *is});
  }
  if (result.empty())
    throw labelled_error(0, "no rows after the header", "add labelled rows");
  return result;
}

} // namespace banksia::sentiment
