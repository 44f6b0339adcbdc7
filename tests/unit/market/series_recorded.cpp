#define CAF_SUITE series_recorded
#include "series_files.hpp"

#include "caf/test/unit_test.hpp"

#include <iomanip>
#include <sstream>

/// Real errors of Yahoo's data, with what they should be, from the tests of
/// the yfinance project; nothing of them is kept here.

using namespace banksia;
using namespace banksia::test;

namespace {

constexpr std::array<series_field, 8> fields_of_row{
  series_field::open,      series_field::high,   series_field::low,
  series_field::close,     series_field::adj_close, series_field::volume,
  series_field::dividend,  series_field::split};

/// How near is right. Prices and dividends of the expected files carry the
/// rounding of a float or of the print; volumes were rounded to shares; one
/// adjusted close is a product of a dozen rounded steps.
double tolerance(series_field x) {
  switch (x) {
    case series_field::adj_close:
      return 2e-3;
    case series_field::volume:
      return 1e-3;
    default:
      return 1e-5;
  }
}

bool is_same(double a, double b, double share) {
  if (std::isnan(a) || std::isnan(b))
    return std::isnan(a) == std::isnan(b);
  return std::abs(a - b) <= share * std::max(std::abs(a), std::abs(b)) + 1e-9;
}

/// Cells by what became of them.
struct tally {
  std::size_t right = 0;   ///< wrong in the file, right now
  std::size_t missed = 0;  ///< wrong in the file, and still
  std::size_t harmed = 0;  ///< changed and not as expected

  void operator+=(const tally& x) {
    right += x.right;
    missed += x.missed;
    harmed += x.harmed;
  }
  double recall() const {
    return right + missed == 0 ? 1.0 : double(right) / double(right + missed);
  }
  double precision() const {
    return right + harmed == 0 ? 1.0 : double(right) / double(right + harmed);
  }
};

struct comparison {
  std::map<std::string, tally> columns;
  tally all;
  std::string first_difference;
};

comparison compare(const std::vector<series_row>& bad,
                   const series_verdict& ours,
                   const std::vector<series_row>& expected) {
  comparison result;
  for (std::size_t i = 0; i < bad.size(); ++i)
    for (auto field : fields_of_row) {
      auto from = field_of(bad[i], field);
      auto to = field_of(ours.rows[i], field);
      auto want = field_of(expected[i], field);
      tally x;
      auto is_wrong = !is_same(from, want, tolerance(field));
      auto is_right = is_same(to, want, tolerance(field));
      x.right = is_wrong && is_right;
      x.missed = is_wrong && !is_right;
      x.harmed = !is_right && !is_same(from, to, 1e-12);
      if (!is_right && result.first_difference.empty()) {
        std::ostringstream out;
        out << "row " << i << ' ' << to_rfc3339(bad[i].at) << ' '
            << to_string(field) << ": " << from << " became " << to
            << ", expected " << want;
        result.first_difference = out.str();
      }
      result.columns[std::string{to_string(field)}] += x;
      result.all += x;
    }
  return result;
}

bool is_intraday(const std::string& name) {
  return name.find("-1h-") != name.npos || name.find("-15m-") != name.npos;
}

/// The expected files were made by one stage of repair each: what else is
/// wrong in them (units that change half way in two of the dividend files) was
/// left as it is.
series_rules stage_of(const std::string& name) {
  auto about_levels = name.find("split") != name.npos
                      || name.find("100x") != name.npos
                      || name.find("unit") != name.npos;
  return about_levels ? series_rules{true, true, true, false}
                      : series_rules{false, false, false, true};
}

std::string kind_of(const std::string& name) {
  for (auto kind : {"no-bad-divs", "bad-div", "bad-stock-split",
                    "missing-div-adjust", "100x-error", "bad-unit",
                    "cg-double-count"})
    if (name.find(kind) != name.npos)
      return kind;
  return "?";
}

struct recorded_case {
  std::string name;
  std::vector<series_row> bad;
  std::vector<series_row> expected;
};

std::vector<recorded_case> cases(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator{folder})
    if (entry.path().stem().string().find("-fixed") == std::string::npos)
      files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::vector<recorded_case> result;
  for (const auto& file : files) {
    auto name = file.stem().string();
    auto daily = !is_intraday(name);
    auto length = daily ? micros{std::chrono::days{1}}
                        : micros{std::chrono::minutes{15}};
    recorded_case x{name, read_series(file, daily, length), {}};
    auto fixed = folder / (name + "-fixed.csv");
    x.expected = std::filesystem::exists(fixed)
                   ? read_series(fixed, daily, length)
                   : x.bad;
    result.push_back(std::move(x));
  }
  return result;
}

void print_findings(const series_verdict& x) {
  for (const auto& f : x.findings)
    std::cout << "    " << reason_of(f) << ' ' << to_string(f.action)
              << " row " << f.first_row << '+' << f.row_count << " factor "
              << f.factor << " expected " << f.expected << " measured "
              << f.measured << " scale " << f.scale << '\n';
}

} // namespace

CAF_TEST(recorded errors become what they should be) {
  auto folder = recorded("corrupt/yfinance_price_repair");
  if (folder.empty()) {
    CAF_CHECK(true);
    return;
  }
  std::map<std::string, tally> by_kind;
  std::map<std::string, std::pair<int, int>> files; // whole ones, all
  for (const auto& x : cases(folder)) {
    CAF_REQUIRE_EQUAL(x.bad.size(), x.expected.size());
    series_context context;
    context.rules = stage_of(x.name);
    auto ours = judge_series(x.bad, context);
    auto result = compare(x.bad, ours, x.expected);
    auto& [whole, all] = files[kind_of(x.name)];
    ++all;
    whole += result.first_difference.empty();
    by_kind[kind_of(x.name)] += result.all;
    CAF_CHECK_EQUAL(x.name + ": " + result.first_difference, x.name + ": ");
    if (!result.first_difference.empty())
      print_findings(ours);
  }
  std::cout << std::left << std::setw(20) << "kind" << std::right
            << std::setw(8) << "files" << std::setw(8) << "whole"
            << std::setw(10) << "cells" << std::setw(11) << "precision"
            << std::setw(8) << "recall" << '\n';
  for (const auto& [kind, x] : by_kind) {
    std::cout << std::left << std::setw(20) << kind << std::right
              << std::setw(8) << files[kind].second << std::setw(8)
              << files[kind].first << std::setw(10) << x.right + x.missed
              << std::setw(11) << std::setprecision(4) << x.precision()
              << std::setw(8) << x.recall() << '\n';
    CAF_CHECK_GREATER_OR_EQUAL(x.precision(), 0.95);
    CAF_CHECK_GREATER_OR_EQUAL(x.recall(), 0.95);
  }
}

CAF_TEST(all rules together change no control but for the order of prices) {
  auto folder = recorded("corrupt/yfinance_price_repair");
  if (folder.empty()) {
    CAF_CHECK(true);
    return;
  }
  for (const auto& x : cases(folder)) {
    if (kind_of(x.name) != "no-bad-divs")
      continue;
    auto ours = judge_series(x.bad);
    for (const auto& change : ours.changes)
      CAF_CHECK_EQUAL(reason_of(ours.findings[change.finding]), "ohlc_order");
    for (const auto& f : ours.findings)
      if (f.action == quality_action::quarantine)
        CAF_CHECK_EQUAL(reason_of(f), "flat_fill");
  }
}
