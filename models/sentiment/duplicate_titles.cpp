#include "models/sentiment/duplicate_titles.hpp"

#include "messages/ids.hpp"
#include "models/sentiment/words.hpp"

#include <algorithm>

namespace banksia::sentiment {

namespace {

constexpr std::size_t source_words_max = 4;

void make_set(std::vector<std::uint64_t>& x) {
  std::sort(x.begin(), x.end());
  x.erase(std::unique(x.begin(), x.end()), x.end());
}

/// Where the title proper ends: before a short last part after " - " or " | ".
std::size_t end_of_title(std::span<const word> words) {
  for (auto i = words.size(); i-- > 1;) {
    if (words[i].kind != word_kind::stop
        || (words[i].text != "-" && words[i].text != "|"))
      continue;
    auto after = words.size() - i - 1;
    return after > 0 && after <= source_words_max && i >= 3 ? i : words.size();
  }
  return words.size();
}

} // namespace

std::string normalised_title(std::string_view title) {
  text_words words{title};
  auto all = words.all();
  std::string result;
  for (const auto& x : all.first(end_of_title(all))) {
    if (x.kind == word_kind::stop)
      continue;
    if (!result.empty())
      result += ' ';
    result += x.text;
    if (x.kind == word_kind::number && x.percent)
      result += '%';
  }
  return result;
}

title_print print_of(std::string_view title) {
  auto text = normalised_title(title);
  title_print result;
  std::string_view rest{text};
  std::string previous;
  while (!rest.empty()) {
    auto end = std::min(rest.find(' '), rest.size());
    auto token = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    result.shingles.push_back(content_hash(token));
    if (token.find_first_of("0123456789") != std::string_view::npos)
      result.numbers.push_back(content_hash(token));
    if (!previous.empty()) {
      previous += ' ';
      previous += token;
      result.shingles.push_back(content_hash(previous));
    }
    previous = token;
  }
  make_set(result.shingles);
  make_set(result.numbers);
  return result;
}

double similarity(const title_print& a, const title_print& b) {
  if (a.numbers != b.numbers)
    return 0.0;
  std::size_t shared = 0;
  auto x = a.shingles.begin();
  auto y = b.shingles.begin();
  while (x != a.shingles.end() && y != b.shingles.end()) {
    if (*x == *y) {
      ++shared;
      ++x;
      ++y;
    } else if (*x < *y) {
      ++x;
    } else {
      ++y;
    }
  }
  auto all = a.shingles.size() + b.shingles.size() - shared;
  return all == 0 ? 1.0
                  : static_cast<double>(shared) / static_cast<double>(all);
}

std::optional<std::string> recent_titles::add(std::string id,
                                              std::string_view title) {
  auto print = print_of(title);
  for (const auto& x : kept_)
    if (similarity(x.print, print) >= threshold_)
      return x.id;
  if (kept_.size() >= capacity_)
    kept_.pop_front();
  kept_.push_back({std::move(id), std::move(print)});
  return std::nullopt;
}

} // namespace banksia::sentiment
