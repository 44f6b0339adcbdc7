// The quality rules over recorded daily bars against one pass over the same
// rows that takes a rolling median of five closes, and one that adds them up.
//
//   bench_quality PAIRS FILE...   (header line, Date,Open,High,Low,Close,Volume)

#include "models/market/repair/judge_series.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

using namespace banksia;

namespace {

using series = std::vector<series_row>;

series read(const char* file) {
  series rows;
  std::ifstream in{file};
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    std::replace(line.begin(), line.end(), ',', ' ');
    std::istringstream fields{line};
    std::string date;
    series_row row;
    auto& x = row.values;
    fields >> date >> x.open >> x.high >> x.low >> x.close >> x.volume;
    auto day = parse_date(date);
    if (!fields || !day)
      continue;
    row.at = timestamp{std::chrono::sys_days{*day}};
    row.known_at = row.at + std::chrono::days{1};
    rows.push_back(row);
  }
  return rows;
}

/// Online rules, then those of whole series: what an import does.
std::size_t judge(const std::vector<series>& all) {
  series_context context;
  context.basis = price_basis::as_traded;
  std::size_t found = 0;
  for (const auto& rows : all) {
    seen_rows seen;
    for (const auto& row : rows) {
      auto verdict = judge_row(row.values, row.at, true, seen);
      remember(seen, row.values, row.at, verdict);
      found += verdict.action != quality_action::accept;
    }
    found += judge_series(rows, context).findings.size();
  }
  return found;
}

std::size_t rolling_median(const std::vector<series>& all) {
  double sum = 0.0;
  for (const auto& rows : all)
    for (std::size_t i = 4; i < rows.size(); ++i) {
      std::array<double, 5> window{};
      for (std::size_t j = 0; j < 5; ++j)
        window[j] = rows[i - j].values.close;
      std::nth_element(window.begin(), window.begin() + 2, window.end());
      sum += window[2];
    }
  return static_cast<std::size_t>(sum);
}

std::size_t add_up(const std::vector<series>& all) {
  double sum = 0.0;
  for (const auto& rows : all)
    for (const auto& row : rows)
      sum += row.values.close;
  return static_cast<std::size_t>(sum);
}

/// Nanoseconds a row, over as many rounds as take a while.
template <class Pass>
double ns_a_row(const std::vector<series>& all, std::size_t rows, Pass pass) {
  using clock = std::chrono::steady_clock;
  volatile std::size_t kept = 0;
  std::size_t rounds = 0;
  auto began = clock::now();
  do {
    kept = kept + pass(all);
    ++rounds;
  } while (clock::now() - began < std::chrono::milliseconds{300});
  std::chrono::duration<double, std::nano> taken = clock::now() - began;
  return taken.count() / static_cast<double>(rounds * rows);
}

double median(std::vector<double> x) {
  std::sort(x.begin(), x.end());
  return x[x.size() / 2];
}

} // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: bench_quality PAIRS FILE...\n");
    return 64;
  }
  auto pairs = std::max(1, std::atoi(argv[1]));
  std::vector<series> all;
  std::size_t rows = 0;
  for (int i = 2; i < argc; ++i) {
    all.push_back(read(argv[i]));
    rows += all.back().size();
  }
  if (rows == 0) {
    std::fprintf(stderr, "no rows in these files\n");
    return 65;
  }
  std::printf("%zu rows in %zu series, %zu findings\n", rows, all.size(),
              judge(all));
  std::vector<double> ours, medians, sums, ratios;
  for (int i = 0; i < pairs; ++i) {
    auto ours_first = i % 2 == 0;
    if (ours_first)
      ours.push_back(ns_a_row(all, rows, judge));
    medians.push_back(ns_a_row(all, rows, rolling_median));
    if (!ours_first)
      ours.push_back(ns_a_row(all, rows, judge));
    sums.push_back(ns_a_row(all, rows, add_up));
    ratios.push_back(ours.back() / medians.back());
    std::printf("pair %d: rules %.1f ns a row, rolling median %.1f, sum %.1f, "
                "ratio %.2f\n",
                i + 1, ours.back(), medians.back(), sums.back(),
                ratios.back());
  }
  std::printf("rules: %.2f million rows/s on one core; median ratio %.2f "
              "(time of the rules over that of the rolling median) over %d "
              "pairs\n",
              1e3 / median(ours), median(ratios), pairs);
}
