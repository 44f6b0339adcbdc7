#include "apps/banksia/child_specs.hpp"
#include "apps/banksia/model_children.hpp"

#include "actors/analyst/analyst.hpp"
#include "actors/cycle/cycle.hpp"
#include "actors/evaluator/evaluator.hpp"
#include "actors/events/event_bus.hpp"
#include "actors/feeds/store_feed.hpp"
#include "actors/listings/keeper.hpp"
#include "actors/store/journal_view.hpp"
#include "actors/store/maintenance.hpp"
#include "actors/store/queries.hpp"
#include "actors/store/reader.hpp"
#include "actors/store/schema.hpp"
#include "actors/store/writer.hpp"
#include "actors/symbol/symbol.hpp"

#include <algorithm>
#include <utility>

namespace banksia {

namespace {

std::string feed_path(const node_setup& x) {
  return x.simulation ? "feed/prices/simulator"
         : x.outside  ? "feed/prices/live"
                      : "feed/prices/store";
}

std::vector<ref<symbol_actor>> symbols_of(const run_plan& plan,
                                          directory& names) {
  std::vector<ref<symbol_actor>> result;
  for (const auto& ticker : plan.symbols)
    result.push_back(names.name<symbol_actor>("symbol/" + ticker));
  return result;
}

/// The plan of now: an actor that is started again has the symbols that came
/// meanwhile.
shared_plan plan_of(const node_setup& x) {
  return x.listed ? x.listed->plan() : x.plan;
}

/// `symbol/<ticker>`.
child_spec symbol_child(const node_setup& x, directory& names,
                        const std::string& ticker,
                        const symbol_history& history) {
  child_spec spec;
  spec.slot = names.slot("symbol/" + ticker);
  spec.backoff = x.backoff;
  spec.start = [=, listed = x.listed, plan = x.plan](caf::actor_system& system,
                                                     watched probe) {
    auto with = history;
    auto now = listed ? listed->plan() : plan;
    if (listed)
      with.codes = listed->now()->codes_before(ticker);
    auto at = std::find(now->symbols.begin(), now->symbols.end(), ticker);
    auto index = static_cast<std::uint32_t>(at - now->symbols.begin());
    return caf::actor_cast<caf::actor>(
      spawn_at(system, placement::on_demand, symbol, std::move(probe), now,
               index, with));
  };
  return spec;
}

/// A supervisor below the root.
child_spec group(const node_setup& x, directory& names,
                 const std::string& path, strategy how,
                 std::vector<child_spec> children) {
  auto options = root_options(x);
  auto root = std::exchange(options.path, path);
  options.how = how;
  auto spec = supervisor_child(names.slot(path), x.board, std::move(children),
                               std::move(options), {root});
  spec.backoff = x.backoff;
  return spec;
}

/// `symbols`: started again, it has the children of then.
child_spec symbols_group(const node_setup& x, directory& names,
                         const symbol_history& history) {
  auto make = [x, &names, history] {
    std::vector<child_spec> children;
    auto plan = plan_of(x);
    auto listed = x.listed ? x.listed->now() : nullptr;
    for (std::uint32_t i = 0; i < plan->symbols.size(); ++i)
      if (!listed || listed->is_needed(i, std::max(listed->newest(),
                                                   x.listed->time())))
        children.push_back(symbol_child(x, names, plan->symbols[i], history));
    return group(x, names, "symbols", strategy::dynamic, std::move(children));
  };
  auto spec = make();
  if (x.listed)
    spec.start = [make](caf::actor_system& system, watched probe) {
      return make().start(system, std::move(probe));
    };
  return spec;
}

/// The sources of the outside world, then the feed that asks them in order.
std::vector<child_spec> live_feeds(const node_setup& x, directory& names,
                                   feed_wiring deliveries) {
  std::vector<child_spec> result;
  live_sources asked;
  asked.history = x.outside->history;
  asked.board = x.outside->board;
  for (const auto& source : x.outside->sources) {
    auto path = "feed/prices/" + name_of(source);
    asked.names.push_back(name_of(source));
    asked.order.push_back(names.name<price_source_actor>(path));
    if (const auto* folder = std::get_if<folder_setup>(&source))
      result.push_back(child(x, names, path, x.blocking, folder_source, x.plan,
                             *folder));
    else
      result.push_back(child(x, names, path, placement::pooled, price_source,
                             std::get<source_setup>(source)));
  }
  if (const auto& other = x.outside->context_source)
    result.push_back(child(x, names, "feed/prices/" + other->endpoint.name,
                           placement::pooled, price_source, *other));
  deliveries.writer = names.name<store_writer_actor>("store/writer");
  result.push_back(planned(x, names, feed_path(x), placement::pooled,
                           live_feed, deliveries, asked,
                           names.name<store_reader_actor>("store/reader/1")));
  for (const auto& page : x.outside->news)
    result.push_back(planned(x, names, "feed/news/" + page.name,
                             placement::pooled, news_feed_watcher, deliveries,
                             page,
                             names.name<store_reader_actor>("store/reader/1")));
  for (const auto& series : x.outside->context) {
    context_wiring asks{
      names.name<price_source_actor>("feed/prices/" + series.source),
      deliveries.writer, names.name<store_reader_actor>("store/reader/1"),
      deliveries.cycle};
    result.push_back(planned(x, names, "feed/" + name_of(series),
                             placement::pooled, context_feed, asks, series));
  }
  return result;
}

/// What the scheduler asks the store at each start.
schedule_memory remember(const std::filesystem::path& file,
                         const std::string& run) {
  // Before the database: what leaves the journal is in there by then.
  store::journal_view promised{file};
  auto db = store::open_for_reading(file);
  store::queries ask{db};
  schedule_memory memory;
  memory.last_ended_slot = ask.last_ended_slot(run);
  memory.owed = ask.owed_cycles(run);
  if (auto row = ask.run(run)) {
    memory.market_time = row->market_time;
    memory.evaluated_until = row->evaluated_until;
  }
  auto totals = ask.totals(run);
  memory.totals.completed = totals.cycles;
  memory.totals.late = totals.late;
  memory.totals.missed = totals.missed;
  memory.totals.predictions = totals.predictions;
  memory.totals.abstentions = totals.abstentions;
  memory.owed_jobs = ask.owed_jobs(run);
  for (auto kind : job_kinds)
    for (const auto& newest : ask.jobs(run, kind, 1))
      memory.newest_jobs[newest.kind] = newest.due_at;
  promised.add_jobs(memory.owed_jobs, memory.newest_jobs, run);
  promised.add_cycles(memory.last_ended_slot, memory.owed, memory.market_time,
                      memory.totals, run);
  promised.add_evaluated(memory.evaluated_until);
  return memory;
}

/// What the gate may take beyond its own deadline.
constexpr std::chrono::seconds gate_margin{2};

/// Who talks to whom.
struct node_wiring {
  symbol_history past; ///< what a symbol is made from
  cycle_wiring cycle;
  evaluator_wiring evaluator;
  feed_wiring feed;
  scheduler_wiring scheduler;
  listings_wiring listings; ///< only where what is followed may change
};

node_wiring wiring_of(const node_setup& x, directory& names) {
  auto writer = names.name<store_writer_actor>("store/writer");
  auto reader = names.name<store_reader_actor>("store/reader/1");
  auto cycles = names.name<cycle_actor>("cycle");
  auto outcomes = names.name<evaluator_actor>("evaluator");
  auto time = names.name<scheduler_actor>("scheduler");
  auto bus = bus_of(x, names);
  auto asked = symbols_of(*x.plan, names);
  auto name_of = [&names](const std::string& ticker) {
    return names.name<symbol_actor>("symbol/" + ticker);
  };
  bar_history bars{reader, {x.plan->data_interval}, x.rebuild_from_store};
  // A replay is made of one kind of bars only.
  if (x.rebuild_from_store && x.plan->data_interval != bar_interval::d1)
    bars.intervals.push_back(bar_interval::d1);
  node_wiring w;
  w.past = {bars, x.plan->news, x.settled};
  w.cycle = {asked, writer, outcomes, time, bus, x.cycle_deadline, bars,
             x.listed, name_of};
  if (x.model_service) {
    w.cycle.gate = names.name<forecast_gate_actor>("ml/gate");
    w.cycle.gate_limit = x.model_service->deadline + gate_margin;
    if (const auto& patience = x.model_service->patience) {
      w.cycle.gate_insists = true;
      w.cycle.gate_limit = patience->limit + gate_margin;
    }
  }
  w.evaluator = {writer, reader, bus, x.rebuild_from_store, x.listed};
  w.feed = {asked, cycles, outcomes, {}, nullptr, x.listed, name_of};
  w.scheduler = {names.name<price_feed_actor>(feed_path(x)), cycles, outcomes,
                 writer, x.grace, x.sweep_every,
                 [file = x.database, run = x.plan->run] {
                   return remember(file, run);
                 },
                 x.finished, x.listed};
  if (x.trains)
    w.scheduler.trainer = names.name<trainer_actor>("ml/trainer");
  if (x.analyses)
    w.scheduler.analyst = names.name<analyst_actor>("analyst");
  if (x.maintains)
    w.scheduler.maintenance
      = names.name<maintenance_actor>("store/maintenance");
  w.scheduler.training_limit = x.training_limit;
  w.scheduler.retries = x.retries;
  w.scheduler.job_lost = x.job_lost;
  w.listings = {x.listed, writer, reader, bus, names.slot("symbols"),
                [x, &names, past = w.past](const std::string& ticker) {
                  return symbol_child(x, names, ticker, past);
                },
                x.plan->symbols};
  return w;
}

} // namespace

std::string name_of(const std::variant<source_setup, folder_setup>& source) {
  const auto* asked = std::get_if<source_setup>(&source);
  return asked ? asked->endpoint.name : "folder";
}

supervisor_options root_options(const node_setup& x) {
  supervisor_options options;
  options.report = x.report;
  options.intensity = x.intensity;
  options.period = x.period;
  options.seed = x.seed;
  return options;
}

std::vector<child_spec> topology(const node_setup& x, directory& names) {
  auto w = wiring_of(x, names);
  auto pooled = placement::pooled;
  auto on_demand = placement::on_demand;
  std::vector<child_spec> root, store, feeds;

  // root                          one_for_one
  // ├─ event_bus
  if (x.publish)
    root.push_back(child(x, names, "event_bus", pooled, event_bus));

  // ├─ store                      rest_for_one
  // │  ├─ store/writer
  store.push_back(child(x, names, "store/writer", x.blocking, store_writer,
                        x.database, x.provenance, x.store_failed));
  // │  ├─ store/reader/1..n
  for (std::size_t i = 1; i <= x.readers; ++i)
    store.push_back(child(x, names, "store/reader/" + std::to_string(i),
                          x.blocking, store_reader, x.database));
  // │  └─ store/maintenance     (live node only)
  if (x.maintains)
    store.push_back(child(x, names, "store/maintenance", x.blocking,
                          maintenance, maintenance_setup{x.database}));
  root.push_back(group(x, names, "store", strategy::rest_for_one,
                       std::move(store)));

  // ├─ symbols                    dynamic: a budget for each
  // │  └─ symbol/<ticker>
  root.push_back(symbols_group(x, names, w.past));

  // ├─ ml                         dynamic: what cannot be kept running is parked
  // │  │                          and tried again; the node lives on
  // │  ├─ ml/process              banksia-ml with ml/forecaster
  // │  ├─ ml/gate
  // │  └─ ml/trainer
  if (auto ml = model_children(x, names); !ml.empty())
    root.push_back(group(x, names, "ml", strategy::dynamic, std::move(ml)));

  // ├─ cycle
  root.push_back(planned(x, names, "cycle", on_demand, cycle, w.cycle));
  // ├─ evaluator
  root.push_back(
    planned(x, names, "evaluator", on_demand, evaluator, w.evaluator));

  // ├─ analyst                    (live node only)
  if (x.analyses)
    root.push_back(
      child(x, names, "analyst", x.blocking, analyst, x.plan, x.database));

  // ├─ feeds                      one_for_one
  // │  ├─ feed/prices/<source>
  // │  ├─ feed/news/<page>       (live node only)
  // │  └─ feed/context/<series>  (live node only)
  if (x.simulation) {
    w.feed.writer = w.cycle.writer;
    w.feed.sentiment_model = x.sentiment_model;
    feeds.push_back(planned(x, names, feed_path(x), pooled, simulator_feed,
                            w.feed, *x.simulation));
  } else if (x.outside) {
    feeds = live_feeds(x, names, w.feed);
  } else {
    feeds.push_back(planned(x, names, feed_path(x), x.blocking, store_feed,
                            w.feed, x.database, x.rebuilt_until,
                            x.follow_imports));
  }
  root.push_back(group(x, names, "feeds", strategy::one_for_one,
                       std::move(feeds)));

  // ├─ listings                   (where what is followed may change)
  if (x.listed)
    root.push_back(
      child(x, names, "listings", pooled, listings_keeper, w.listings));

  // └─ scheduler                  last, since with it time begins
  root.push_back(
    child(x, names, "scheduler", pooled, scheduler, x.plan, x.clock,
          w.scheduler));
  return root;
}

} // namespace banksia
