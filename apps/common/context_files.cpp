#include "apps/common/context_files.hpp"

#include "actors/intake/import_bars.hpp"
#include "actors/symbol/recompute.hpp"
#include "apps/common/command.hpp"

namespace banksia::commands {

namespace {

/// "aud_usd or vix".
std::string names_of_series() {
  std::string result;
  for (auto x : all_context_series)
    result += std::string{result.empty() ? "" : " or "}
              + std::string{to_string(x)};
  return result;
}

} // namespace

void add_context_option(CLI::App& command, std::vector<std::string>& texts) {
  command
    .add_option("--context", texts,
                "NAME=PATH: a series of another market, " + names_of_series())
    ->expected(1)
    ->take_all();
}

std::map<context_series, std::string>
context_files(const std::vector<std::string>& texts) {
  std::map<context_series, std::string> result;
  for (const auto& text : texts) {
    auto at = text.find('=');
    if (at == std::string::npos || at == 0 || at + 1 == text.size())
      throw command_error(exit_usage, "not NAME=PATH: --context " + text
                                        + ": write aud_usd=FILE or vix=FILE");
    auto series = parse_context_series(text.substr(0, at));
    if (!series)
      throw command_error(exit_usage, "no such context series: --context "
                                        + text + ": use " + names_of_series());
    if (!result.emplace(*series, text.substr(at + 1)).second)
      throw command_error(exit_usage, "a context series given twice: --context "
                                        + text + ": give one file for each");
  }
  return result;
}

void import_context(storage::database& db, const exchange_calendar& calendar,
                    context_series series, const std::string& path,
                    timestamp received_at) {
  intake::import_options import;
  import.paths = {path};
  import.symbol = std::string{symbol_of(series)};
  import.received_at = received_at;
  intake::import_bars(db, calendar, import);
  store::queries ask{db};
  if (read_levels(ask, series, timestamp::min(), timestamp::max()).empty())
    throw command_error(exit_bad_data, "no bar in the file: --context "
                                         + std::string{to_string(series)} + "="
                                         + path
                                         + ": give a file with prices");
}

} // namespace banksia::commands
