#include "actors/listings/keeper.hpp"

#include "actors/store/history.hpp"
#include "actors/store/outbox.hpp"
#include "messages/json.hpp"
#include "runtime/json/text.hpp"
#include "runtime/supervision/supervisor.hpp"

#include <boost/json/object.hpp>

#include <set>
#include <utility>

namespace banksia {

listings_state::~listings_state() {
  for (auto& x : wishes)
    x.answer.deliver(caf::make_error(caf::sec::request_receiver_down));
}

namespace {

/// Elapsed time between two looks at the symbols that run.
constexpr std::chrono::seconds look_pause{2};
constexpr std::chrono::seconds supervisor_limit{60};

void look(listings_self* self);
void begin_next(listings_self* self);

// -- one change ---------------------------------------------------------------------

void publish(listings_self* self, const listing_change& x) {
  const auto& bus = self->state.wiring.bus;
  if (!bus)
    return;
  event told;
  told.time = x.effective_at;
  told.kind = "listing";
  told.subject = x.symbol;
  told.payload = json_text(boost::json::object{
    {"symbol", x.symbol},
    {"event", to_string(x.event)},
    {"effective_at", to_rfc3339(x.effective_at)},
    {"successor", x.successor},
    {"reason", x.reason}});
  bus.tell(self, std::move(told));
}

void end_change(listings_self* self, std::shared_ptr<const listings> made) {
  auto& state = self->state;
  state.storing = false;
  state.wishes.pop_front();
  state.wiring.board->end_change(std::move(made));
}

/// It is on disk: from now on it is true.
void stored(listings_self* self) {
  auto& state = self->state;
  auto [change, answer] = state.wishes.front();
  auto made = std::make_shared<listings>(*state.wiring.board->now());
  made->add(change);
  end_change(self, std::move(made));
  publish(self, change);
  answer.deliver(change, std::string{});
  look(self);
  begin_next(self);
}

void refuse(listings_self* self, caf::error why) {
  auto answer = self->state.wishes.front().answer;
  end_change(self, nullptr);
  answer.deliver(std::move(why));
  begin_next(self);
}

void store(listings_self* self) {
  auto& state = self->state;
  listing_change_batch batch;
  batch.changes.push_back(state.wishes.front().change);
  self->request(state.wiring.writer.get(), commit_limit, batch)
    .then([self](const commit_receipt&) { stored(self); },
          [self](caf::error& why) {
            // The writer itself says so: nothing is on disk.
            if (why == caf::sec::runtime_error) {
              refuse(self, std::move(why));
              return;
            }
            // It may have been stored: it is, once somebody says so.
            try_later(self, commit_retry_pause, wire::rebuild_atom_v,
                      std::uint64_t{0});
          });
}

/// Whether the wish at the front is on its way; else it was answered.
bool begin(listings_self* self) {
  auto& state = self->state;
  auto& board = *state.wiring.board;
  auto& [change, answer] = state.wishes.front();
  auto at = board.begin_change();
  if (!at) {
    answer.deliver(caf::make_error(caf::sec::request_timeout,
                                   std::string{"market time has not begun"}));
    state.wishes.pop_front();
    return false;
  }
  if (auto why = board.now()->refusal(change)) {
    board.end_change(nullptr);
    answer.deliver(change, *why);
    state.wishes.pop_front();
    return false;
  }
  change.effective_at = change.known_at = *at;
  state.storing = true;
  store(self);
  return true;
}

void begin_next(listings_self* self) {
  auto& state = self->state;
  while (!state.storing && !state.wishes.empty() && !begin(self))
    ;
}

listings_state::promise take(listings_self* self, const listing_change& x) {
  auto& state = self->state;
  auto answer = self->make_response_promise<listings_state::promise>();
  if (state.wishes.size() >= listings_state::waiting_max) {
    answer.deliver(caf::make_error(caf::sec::request_timeout,
                                   std::string{"too many changes wait"}));
    return answer;
  }
  state.wishes.push_back({x, answer});
  begin_next(self);
  return answer;
}

// -- the symbols that run -------------------------------------------------------------

/// Starts who is missing, stops whom nobody needs any more.
void compare(listings_self* self, const caf::actor& supervisor,
             const child_list& running) {
  auto& state = self->state;
  const auto& board = *state.wiring.board;
  auto listed = board.now();
  // A change may count from an instant that has not come yet.
  auto now = std::max(board.time(), listed->newest());
  std::set<std::string> there;
  for (const auto& x : running)
    there.insert(x.path);
  const auto& symbols = listed->symbols();
  for (std::uint32_t i = 0; i < symbols.size(); ++i) {
    auto path = "symbol/" + symbols[i];
    auto needed = listed->is_needed(i, now);
    if (needed == there.contains(path))
      continue;
    // What became of it is seen at the next look.
    auto none = [](caf::error&) {};
    if (needed)
      self->request(supervisor, supervisor_limit,
                    start_child{state.wiring.child(symbols[i])})
        .then([](const admin_answer&) {}, none);
    else
      self->request(supervisor, supervisor_limit, terminate_child{path})
        .then([](const admin_answer&) {}, none);
  }
}

/// By what the supervisor says, not by what we once told it: it may have been
/// started again.
void look(listings_self* self) {
  auto& state = self->state;
  auto supervisor = state.wiring.symbols->current();
  if (!supervisor || std::exchange(state.looking, true))
    return;
  self->request(supervisor, supervisor_limit, which_children{})
    .then(
      [self, supervisor](const child_list& running) {
        self->state.looking = false;
        compare(self, supervisor, running);
      },
      [self](caf::error&) { self->state.looking = false; });
}

// -- starting -------------------------------------------------------------------------

/// Reads all that is stored, after what a predecessor may still have on its way
/// to the writer.
void recall(listings_self* self) {
  auto& state = self->state;
  auto failed = [self](caf::error& why) { self->quit(std::move(why)); };
  self->request(state.wiring.writer.get(), commit_limit,
                listing_change_batch{})
    .then(
      [self, failed](const commit_receipt&) {
        self->state.wiring.reader.ask(
          self, history_limit,
          [self](const std::vector<listing_change>& changes) {
            auto& wiring = self->state.wiring;
            wiring.board->end_change(std::make_shared<listings>(
              listings_of(wiring.configured, changes)));
            self->state.storing = false;
            self->say_ready();
            look(self);
            begin_next(self);
          },
          failed, wire::listing_atom_v, end_of_time);
      },
      failed);
}

component_health health_of(const listings_state& state) {
  component_health result;
  result.component = "symbols";
  if (state.storing && state.wishes.size() > 1) {
    result.state = health_state::degraded;
    result.reason = "changes of listings wait for the database";
  }
  return result;
}

} // namespace

listings_actor::behavior_type listings_keeper(listings_self* self,
                                              std::shared_ptr<probe> watched,
                                              listings_wiring wiring) {
  auto generation = watched ? watched->generation.load() : 1;
  prepare(self, std::move(watched));
  self->state.wiring = std::move(wiring);
  // The first one starts with what the node has read.
  if (generation > 1) {
    self->state.storing = true; // until it is known what is true
    self->hold_ready();
    recall(self);
  }
  self->delayed_send(self, look_pause, wire::next_atom_v);
  return {
    [self](const listing_change& x) { return take(self, x); },
    [self](wire::rebuild_atom, std::uint64_t) { store(self); },
    [self](wire::next_atom) {
      look(self);
      self->delayed_send(self, look_pause, wire::next_atom_v);
    },
    [self](wire::health_atom) { return health_of(self->state); },
  };
}

} // namespace banksia
