#include "apps/banksia/commands/replay_inputs.hpp"

#include "actors/intake/import_bars.hpp"
#include "actors/intake/import_news.hpp"
#include "actors/symbol/recompute.hpp"
#include "apps/banksia/commands/news_options.hpp"
#include "apps/common/signals.hpp"

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

/// Under the symbol that is ours for it, whatever the file says: a run finds
/// its series by that.
void import_series(storage::database& db, const exchange_calendar& calendar,
                   context_series series, const std::string& path) {
  intake::import_options import;
  import.paths = {path};
  import.symbol = std::string{symbol_of(series)};
  import.received_at = wall_time();
  intake::import_bars(db, calendar, import);
  store::queries ask{db};
  if (read_levels(ask, series, timestamp::min(), timestamp::max()).empty())
    throw command_error(exit_bad_data, "no bar in the file: --context "
                                         + std::string{to_string(series)} + "="
                                         + path
                                         + ": give a file with prices");
}

} // namespace

void replay_inputs::add_to(CLI::App& command) {
  command.add_option("--news", news,
                     "files or folders of headlines; without, none is known");
  command.add_option("--zone", zone,
                     "zone of headlines' dates that tell none: "
                     "Australia/Sydney, UTC, …");
  command
    .add_option("--context", context,
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

void take_inputs(run_plan& plan, const replay_inputs& inputs,
                 const config_options& options,
                 const config::settings& settings, storage::database& db) {
  for (const auto& [series, path] : context_files(inputs.context)) {
    import_series(db, plan.calendar, series, path);
    plan.context.push_back(series);
  }
  plan.news = !inputs.news.empty();
  if (!plan.news)
    return;
  intake::news_import_options import;
  import.paths = {inputs.news.begin(), inputs.news.end()};
  import.zone = zone_of_option(inputs.zone);
  import.aliases = aliases_of(plan.symbols);
  import.model = configured_sentiment_model(options, settings);
  import.received_at = wall_time();
  intake::import_news(db, import);
}

} // namespace banksia::commands
