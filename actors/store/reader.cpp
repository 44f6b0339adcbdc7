#include "actors/store/reader.hpp"

#include "actors/store/schema.hpp"

namespace banksia {

namespace {

/// More headlines than any window of ours looks at.
constexpr std::int64_t headline_limit = 1000;

} // namespace

store_reader_actor::behavior_type
store_reader(store_reader_self* self, std::shared_ptr<probe> watched,
             std::filesystem::path file) {
  prepare(self, std::move(watched));
  self->state.db = std::make_unique<storage::database>(
    store::open_for_reading(file));
  self->state.queries = std::make_unique<store::queries>(*self->state.db);
  self->state.journal = std::make_unique<store::journal_view>(file);
  return {
    [self](wire::rebuild_atom, const std::string& symbol,
           bar_interval interval, timestamp until) {
      const auto& promised = self->state.promised();
      auto bars = self->state.queries->bars(symbol, interval, until);
      promised.add_bars(bars, symbol, interval, until);
      return bars;
    },
    [self](wire::rebuild_atom, const std::string& symbol,
           bar_interval interval, timestamp from, timestamp until) {
      const auto& promised = self->state.promised();
      auto bars
        = self->state.queries->bars_since(symbol, interval, from, until);
      promised.add_bars(bars, symbol, interval, until);
      std::erase_if(bars, [from](const bar& x) { return x.opened_at < from; });
      return bars;
    },
    [self](wire::rebuild_atom, const std::string& symbol,
           timestamp after, timestamp until) {
      const auto& promised = self->state.promised();
      auto headlines
        = self->state.queries->headlines_between(symbol, after, until);
      promised.add_headlines(headlines, symbol, until);
      std::erase_if(headlines, [after](const headline& x) {
        return x.known_at <= after;
      });
      return headlines;
    },
    [self](wire::rebuild_atom, const std::string& symbol,
           timestamp until) {
      const auto& promised = self->state.promised();
      auto headlines
        = self->state.queries->headlines(symbol, until, headline_limit);
      promised.add_headlines(headlines, symbol, until);
      return headlines;
    },
    [self](wire::revision_atom, const std::string& symbol,
           bar_interval interval, timestamp until) {
      const auto& promised = self->state.promised();
      auto revisions = self->state.queries->revisions(symbol, interval, until);
      promised.add_revisions(revisions, symbol, interval, until);
      return revisions;
    },
    [self](wire::action_atom, const std::string& symbol,
           timestamp until) {
      const auto& promised = self->state.promised();
      auto actions = self->state.queries->actions(symbol, until);
      promised.add_actions(actions, symbol, until);
      return actions;
    },
    [self](wire::listing_atom, timestamp until) {
      const auto& promised = self->state.promised();
      auto changes = self->state.queries->listings(until);
      promised.add_listings(changes, until);
      return changes;
    },
    [self](wire::owed_atom, const std::string& run) {
      const auto& promised = self->state.promised();
      obligation_batch batch;
      batch.obligations = self->state.queries->owed(run);
      if (auto slot = self->state.queries->last_ended_slot(run))
        batch.committed_slot = *slot;
      promised.add_owed(batch, run);
      return batch;
    },
    [self](wire::health_atom) {
      self->state.journal->let_go();
      component_health result;
      result.component = "database";
      return result;
    },
  };
}

} // namespace banksia
