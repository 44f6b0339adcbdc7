#include "apps/banksia/commands/commands.hpp"

#include "actors/symbol/recompute.hpp"
#include "apps/common/output.hpp"
#include "apps/common/settings_plan.hpp"
#include "apps/common/signals.hpp"
#include "messages/json.hpp"

#include <algorithm>
#include <iostream>

namespace banksia::commands {

namespace {

namespace json = boost::json;

struct predict_options {
  config_options config;
  database_option database;
  std::vector<std::string> symbols;
  std::string at;
  bool as_json = false;
};

/// A prediction and how fresh its data are.
struct answer {
  prediction content;
  std::vector<factor> factors;
  std::size_t headlines = 0;
  std::optional<timestamp> newest; ///< when the last bar became known
};

timestamp close_of(const exchange_calendar& calendar, trading_date date) {
  if (auto session = calendar.session_on(date))
    return session->auction_ends_at;
  throw command_error(exit_usage, "no session on " + to_string(date) + " ("
                                    + std::string{calendar.reason_closed(date)}
                                    + "): --at: give a trading day or a time");
}

/// A time, or a day, which means the end of its closing auction.
timestamp time_of(const std::string& text, const exchange_calendar& calendar) {
  if (auto date = parse_date(text))
    return close_of(calendar, *date);
  auto t = parse_rfc3339(text);
  if (t && exchange_calendar::trading_date_of(*t))
    return *t;
  throw command_error(exit_usage,
                      (t ? "the calendar covers 1997 to 2030: --at "
                         : "not a time: --at ")
                        + text
                        + ": write 2025-07-01T04:00:00Z, or 2025-07-01 for "
                          "that day's close");
}

/// The market's now: an accelerated market has a clock of its own.
timestamp market_now(store::queries& ask, const config::settings& x) {
  if (x.clock == config::clock_source::accelerated)
    if (auto run = ask.run("live"); run && run->market_time)
      return *run->market_time;
  return wall_time();
}

std::vector<std::string> symbols_known(store::queries& ask,
                                       const run_plan& plan) {
  auto known = ask.symbols_with_bars(plan.data_interval);
  for (auto& x : ask.symbols_with_bars(bar_interval::d1))
    if (std::find(known.begin(), known.end(), x) == known.end())
      known.push_back(std::move(x));
  // Looked at, but not predicted.
  std::erase_if(known, [](const std::string& x) {
    return context_series_of(x).has_value();
  });
  return known;
}

answer predict_one(store::queries& ask, const shared_plan& plan,
                   const std::string& symbol, timestamp now,
                   const market_values& market) {
  auto inputs = read_inputs(ask, *plan, symbol, now);
  inputs.market = market;
  answer x;
  x.content = predict_from(plan, symbol, inputs, now).content;
  x.factors = explain(x.content, plan->policy, plan->rules);
  x.headlines = inputs.headlines.size();
  if (!inputs.bars.empty())
    x.newest = inputs.bars.back().known_at;
  return x;
}

json::object json_of(const answer& x) {
  auto out = to_json(x.content);
  // It is not stored: nobody could ask for it by these.
  for (auto id : {"prediction_id", "cycle_id", "trace_id"})
    out.erase(id);
  out["context"] = to_json(x.content.context);
  out["factors"] = to_json(x.factors);
  out["bars"] = x.content.input_count;
  out["headlines"] = x.headlines;
  out["newest_bar_known_at"] = x.newest ? json_time(*x.newest) : nullptr;
  return out;
}

void print(const answer& x) {
  auto& out = std::cout;
  out << x.content.symbol << " at " << to_rfc3339(x.content.slot)
      << ", not stored\n";
  print_decision(out, x.content);
  out << "inputs      " << x.content.input_count << " bars";
  if (x.newest)
    out << ", the newest known at " << to_rfc3339(*x.newest);
  out << "; " << x.headlines << " headlines\n";
  print_factors(out, x.factors);
  out << '\n';
}

int predict(const predict_options& options) {
  auto settings = options.config.load().values;
  auto plan = std::make_shared<const run_plan>(live_plan(settings));
  auto db = open_store(options.database.file(options.config, settings));
  store::queries ask{db};
  auto now = options.at.empty() ? market_now(ask, settings)
                                : time_of(options.at, plan->calendar);
  auto known = symbols_known(ask, *plan);
  std::vector<std::string> symbols;
  for (const auto& x : options.symbols)
    symbols.push_back(known_symbol(x, known, "no bars of it in the database"));
  auto market = read_market(ask, *plan, now, followed_at(ask, *plan, now));
  json::array all;
  for (const auto& symbol : symbols) {
    auto made = predict_one(ask, plan, symbol, now, market);
    if (options.as_json)
      all.push_back(json_of(made));
    else
      print(made);
  }
  if (options.as_json)
    print_json(json::object{{"predictions", std::move(all)}});
  return exit_done;
}

} // namespace

void add_predict(CLI::App& app, action& chosen) {
  auto command = app.add_subcommand(
    "predict", "one prediction now, explained, not stored");
  auto options = std::make_shared<predict_options>();
  options->config.add_to(*command);
  options->database.add_to(*command);
  command->add_option("SYMBOL", options->symbols, "such as CBA.AX or CBA")
    ->required();
  command->add_option("--at", options->at,
                      "as of this time (RFC 3339) or this day's close; "
                      "default: the market's now");
  command->add_flag("--json", options->as_json, "print one JSON document");
  command->footer("Examples:\n"
                  "  banksia predict CBA.AX --env demo\n"
                  "  banksia predict CBA NAB --at 2025-07-01 --json");
  command->callback([options, &chosen] {
    chosen = [options] { return predict(*options); };
  });
}

} // namespace banksia::commands
