#include "apps/common/output.hpp"

#include "actors/store/schema.hpp"
#include "apps/common/command.hpp"
#include "config/value.hpp"
#include "messages/json.hpp"
#include "runtime/json/text.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <string>

namespace banksia::commands {

namespace {

template <class... Ts>
std::string format(const char* how, Ts... values) {
  char text[256];
  std::snprintf(text, sizeof(text), how, values...);
  return text;
}

void print_context(std::ostream& out, const market_context& x) {
  out << "market      " << to_string(x.trend);
  if (x.flagged)
    out << " (assumed: no usable index data)\n";
  else
    out << format(" (index %+.2f %% over 5 sessions, volatility %.1f %% a "
                  "year)\n",
                  to_percent(x.trend_return).value(), x.volatility.value() * 100);
  out << format("thresholds  BUY %.2f, SELL %.2f; confidence x %.2f, "
                "stress x %.2f\n",
                x.buy_threshold.value(), x.sell_threshold.value(),
                x.multiplier.value(), x.stress.value());
}

} // namespace

namespace {

/// A database that lies where `file` was looked for, the first by name; empty
/// when there is none. Each profile has its own, and who started one may have
/// forgotten to name it.
std::string neighbour_of(const std::filesystem::path& file) {
  namespace fs = std::filesystem;
  std::error_code failed;
  auto folder = file.has_parent_path() ? file.parent_path() : fs::path{"."};
  std::string first;
  for (fs::directory_iterator x{folder, failed}, end; !failed && x != end;
       x.increment(failed))
    if (x->path().extension() == ".db"
        && (first.empty() || x->path().string() < first))
      first = x->path().string();
  return first;
}

void expect_file(const std::filesystem::path& file) {
  std::error_code ignored;
  if (file == ":memory:" || std::filesystem::exists(file, ignored))
    return;
  auto there = neighbour_of(file);
  throw command_error(
    exit_failed, "no database there: " + file.string()
                   + ": name another with --db or --env"
                   + (there.empty() ? "" : " (there is " + there + ")")
                   + ", or make one with banksia import, run or replay");
}

} // namespace

storage::database open_store(const std::filesystem::path& file) {
  expect_file(file);
  return store::open_for_reading(file);
}

storage::database open_store_of_any_schema(const std::filesystem::path& file) {
  expect_file(file);
  return store::open_of_any_schema(file);
}

std::string known_symbol(const std::string& wanted,
                         const std::vector<std::string>& known,
                         const std::string& lack) {
  auto upper = wanted;
  for (auto& c : upper)
    if (c >= 'a' && c <= 'z')
      c = static_cast<char>(c - 'a' + 'A');
  for (const auto& form : {wanted, upper, upper + ".AX"})
    if (std::find(known.begin(), known.end(), form) != known.end())
      return form;
  constexpr std::size_t names_max = 8;
  std::string hint;
  std::vector<std::string_view> names{known.begin(), known.end()};
  auto full = upper.find('.') == std::string::npos && !upper.starts_with('^')
                ? upper + ".AX"
                : upper;
  if (auto best = config::nearest(full, names))
    hint = "did you mean " + std::string{*best} + "?";
  else if (names.empty())
    hint = "import bars first";
  else
    hint = "it has ";
  if (hint == "it has ")
    for (std::size_t i = 0; i < std::min(names.size(), names_max); ++i)
      hint += (i == 0 ? "" : ", ") + std::string{names[i]};
  throw command_error(exit_bad_data, "unknown symbol " + config::shown(wanted)
                                       + ": " + lack + ": " + hint);
}

void print_json(const boost::json::value& x) {
  std::cout << json_text(x) << '\n';
}

boost::json::array to_json(std::span<const factor> factors) {
  boost::json::array out;
  for (const auto& x : factors) {
    boost::json::object row{{"name", x.name},
                            {"side", boost::json::string{to_string(x.side)}}};
    row["value"] = x.present ? json_number(x.value) : nullptr;
    row["weight"] = json_number(x.weight);
    row["contribution"] = json_number(x.contribution);
    row["present"] = x.present;
    row["text"] = x.text;
    out.push_back(std::move(row));
  }
  return out;
}

void print_decision(std::ostream& out, const prediction& x) {
  if (x.abstained) {
    out << "decision    none: " << to_string(x.reason) << '\n';
  } else {
    out << "decision    " << to_string(x.action);
    if (x.optimal_action != x.action)
      out << " (" << to_string(x.optimal_action) << ')';
    out << format(", confidence %.3f, expected move %+.3f %% in %u minutes\n",
                  x.confidence.value(),
                  to_percent(x.predicted_magnitude).value(),
                  x.horizon_minutes);
  }
  if (x.entry_price.value() > 0)
    out << format("last price  %.4f\n", x.entry_price.value());
  print_context(out, x.context);
}

void print_factors(std::ostream& out, std::span<const factor> factors) {
  if (factors.empty())
    return;
  out << format("  %-4s  %-28s %12s %9s %12s  %s\n", "side", "factor", "value",
                "weight", "contributes", "what it says");
  for (const auto& x : factors) {
    auto value = x.present ? format("%.6g", x.value) : std::string{"missing"};
    out << format("  %-4s  %-28s %12s %9.4g %12.6g  ",
                  std::string{to_string(x.side)}.c_str(), x.name.c_str(),
                  value.c_str(), x.weight, x.contribution)
        << x.text << '\n';
  }
}

} // namespace banksia::commands
