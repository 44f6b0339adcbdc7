#include "apps/banksia/commands/replay_inputs.hpp"

#include "actors/intake/import_news.hpp"
#include "apps/banksia/commands/news_options.hpp"
#include "apps/common/signals.hpp"

namespace banksia::commands {

void replay_inputs::add_to(CLI::App& command) {
  command.add_option("--news", news,
                     "files or folders of headlines; without, none is known");
  command.add_option("--zone", zone,
                     "zone of headlines' dates that tell none: "
                     "Australia/Sydney, UTC, …");
  add_context_option(command, context);
}

void take_inputs(run_plan& plan, const replay_inputs& inputs,
                 const config_options& options,
                 const config::settings& settings, storage::database& db) {
  for (const auto& [series, path] : context_files(inputs.context)) {
    import_context(db, plan.calendar, series, path, wall_time());
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
