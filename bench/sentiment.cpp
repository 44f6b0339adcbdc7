/// Headlines a second through the lexicon's scorer, on one thread, beside a
/// plain pass over the same text that only lower-cases and hashes its words.
///
///   bench_sentiment [PAIRS] [HEADLINES]
///
/// The headlines are made up from parts, so that no two runs of words repeat
/// often. Both sides see them in the same order; pairs alternate who is first.

#include "models/scoring/random.hpp"
#include "models/sentiment/headline_score.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace banksia;

constexpr std::array<std::string_view, 8> companies = {
  "Commonwealth Bank",  "Westpac",        "ANZ",      "NAB",
  "Macquarie Group", "QBE Insurance", "Suncorp’s", "The bank",
};

constexpr std::array<std::string_view, 10> stories = {
  "net profit fell {} % in the first half",
  "cash earnings rose to ${}m from ${}m a year earlier",
  "to cut costs after impairments climbed {} per cent",
  "net loss widened to ${} million, compared with a profit of ${} million",
  "names a new chair to its board on {} March",
  "hit with a ${}m fine over failed controls, says it will not appeal",
  "raises its dividend {} % despite weaker lending growth",
  "shares jump {}% as margins beat analysts’ forecasts",
  "outlook: arrears edge higher in {} of its markets",
  "did not lift guidance, though sales grew {} % on strong demand",
};

constexpr std::array<std::string_view, 5> endings = {
  "", ", but costs rose sharply", " - AFR", " amid fears of a slowdown",
  "; broker upgrades the stock to buy",
};

std::vector<std::string> made_up(std::size_t count) {
  splitmix64 random{1};
  auto one_of = [&random](const auto& list) {
    return list[random.below(static_cast<std::uint32_t>(list.size()))];
  };
  std::vector<std::string> result;
  for (std::size_t i = 0; i < count; ++i) {
    std::string title{one_of(companies)};
    title += ' ';
    title += one_of(stories);
    title += one_of(endings);
    for (auto at = title.find("{}"); at != std::string::npos;
         at = title.find("{}"))
      title.replace(at, 2, std::to_string(1 + random.below(900)));
    result.push_back(std::move(title));
  }
  return result;
}

/// What any scorer has to do at least: lower-case, part, hash each word.
std::uint64_t plain_pass(const std::string& text) {
  std::uint64_t sum = 0;
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  bool inside = false;
  for (char c : text) {
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
    auto is_word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')
                   || static_cast<unsigned char>(c) >= 0x80;
    if (is_word) {
      hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    } else if (inside) {
      sum += hash;
      hash = 0xcbf29ce484222325ULL;
    }
    inside = is_word;
  }
  return sum + hash;
}

template <class Use>
double seconds_of(const std::vector<std::string>& titles, Use use) {
  auto begin = std::chrono::steady_clock::now();
  for (const auto& x : titles)
    use(x);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin)
    .count();
}

double median(std::vector<double> x) {
  std::sort(x.begin(), x.end());
  auto middle = x.size() / 2;
  return x.size() % 2 ? x[middle] : (x[middle - 1] + x[middle]) / 2;
}

bool parse(const char* text, std::size_t& out) {
  auto end = text + std::strlen(text);
  auto [stop, error] = std::from_chars(text, end, out);
  return error == std::errc{} && stop == end && out > 0;
}

} // namespace

int main(int argc, char** argv) {
  std::size_t pairs = 7;
  std::size_t count = 200'000;
  if (argc > 3 || (argc > 1 && !parse(argv[1], pairs))
      || (argc > 2 && !parse(argv[2], count))) {
    std::fprintf(stderr, "usage: bench_sentiment [PAIRS] [HEADLINES]\n");
    return 2;
  }
  auto titles = made_up(count);
  std::size_t bytes = 0;
  for (const auto& x : titles)
    bytes += x.size();
  sentiment::headline_scorer scorer;
  // Sums that are printed, so that no work can be left out.
  double scores = 0.0;
  std::uint64_t hashes = 0;
  auto score = [&](const std::string& x) { scores += scorer.score(x).score; };
  auto pass = [&](const std::string& x) { hashes += plain_pass(x); };
  std::vector<double> scored, passed, ratios;
  for (std::size_t i = 0; i < pairs; ++i) {
    double a = 0, b = 0;
    if (i % 2 == 0) {
      a = seconds_of(titles, score);
      b = seconds_of(titles, pass);
    } else {
      b = seconds_of(titles, pass);
      a = seconds_of(titles, score);
    }
    scored.push_back(static_cast<double>(count) / a);
    passed.push_back(static_cast<double>(count) / b);
    ratios.push_back(a / b);
  }
  std::printf("headlines          %zu, %.1f bytes each, %zu pairs\n", count,
              static_cast<double>(bytes) / static_cast<double>(count), pairs);
  std::printf("lexicon scorer     %.0f headlines/s\n", median(scored));
  std::printf("plain pass         %.0f headlines/s\n", median(passed));
  std::printf("scorer's time is   %.1f x the plain pass\n", median(ratios));
  std::printf("sums               %.6f %016llx\n", scores,
              static_cast<unsigned long long>(hashes));
}
