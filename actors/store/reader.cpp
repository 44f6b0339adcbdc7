#include "actors/store/reader.hpp"

#include "actors/store/bar_parts.hpp"
#include "actors/store/schema.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace banksia {

namespace {

/// More headlines than any window of ours looks at.
constexpr std::int64_t headline_limit = 1000;

/// Both are in order of time; of one time that of the database wins.
void join(std::vector<bar>& stored, std::vector<bar> promised) {
  if (promised.empty())
    return;
  std::vector<bar> both;
  both.reserve(stored.size() + promised.size());
  std::set_union(std::make_move_iterator(stored.begin()),
                 std::make_move_iterator(stored.end()),
                 std::make_move_iterator(promised.begin()),
                 std::make_move_iterator(promised.end()),
                 std::back_inserter(both), [](const bar& a, const bar& b) {
                   return a.opened_at < b.opened_at;
                 });
  stored = std::move(both);
}

/// Reads a part of what is long, and goes on behind what waits by then.
void read_on(store_reader_self* self) {
  if (self->state.read_part())
    self->send(self, wire::next_atom_v);
}

caf::typed_response_promise<std::vector<bar>>
read_series(store_reader_self* self, const std::string& symbol,
            bar_interval interval, timestamp from, timestamp until) {
  series_reading x;
  x.symbol = symbol;
  x.interval = interval;
  x.from = x.next = from;
  x.until = until;
  self->state.promised().add_bars(x.promised, symbol, interval, until);
  auto answer = x.answer
    = self->make_response_promise<
      caf::typed_response_promise<std::vector<bar>>>();
  if (self->state.begin(std::move(x)))
    read_on(self);
  return answer;
}

} // namespace

bool store_reader_state::begin(series_reading x) {
  under_way_.push_back(std::move(x));
  return under_way_.size() == 1;
}

bool store_reader_state::read_part() {
  if (under_way_.empty())
    return false;
  auto& x = under_way_.front();
  auto part = store::bars_part(*db, x.symbol, x.interval, x.next, x.until);
  // Doubling would take three times what the series does.
  if (part.next && x.bars.capacity() < x.bars.size() + part.bars.size())
    x.bars.reserve(x.bars.size() + 8 * store::part_bars);
  std::move(part.bars.begin(), part.bars.end(), std::back_inserter(x.bars));
  if (part.next) {
    x.next = *part.next;
    return true;
  }
  join(x.bars, std::move(x.promised));
  std::erase_if(x.bars, [&](const bar& y) { return y.opened_at < x.from; });
  x.answer.deliver(std::move(x.bars));
  under_way_.pop_front();
  return !under_way_.empty();
}

store_reader_state::~store_reader_state() {
  for (auto& x : under_way_)
    x.answer.deliver(caf::make_error(caf::sec::request_receiver_down));
}

reading_actor::behavior_type
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
      return read_series(self, symbol, interval,
                         store::before_all_bars(), until);
    },
    [self](wire::rebuild_atom, const std::string& symbol,
           bar_interval interval, timestamp from, timestamp until) {
      return read_series(self, symbol, interval, from, until);
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
    [self](wire::next_atom) { read_on(self); },
  };
}

} // namespace banksia
