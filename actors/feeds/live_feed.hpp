#pragma once

#include "actors/feeds/delivery.hpp"
#include "actors/feeds/feed_board.hpp"
#include "actors/feeds/live_book.hpp"
#include "actors/store/history.hpp"
#include "messages/actors.hpp"
#include "runtime/supervision/shell.hpp"

#include <caf/typed_response_promise.hpp>

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace banksia {

/// Where a live node's prices come from.
struct live_sources {
  std::vector<std::string> names;             ///< in the order of asking
  std::vector<ref<price_source_actor>> order; ///< likewise
  live_history history;
  std::shared_ptr<feed_board> board; ///< may be null
};

/// `feed/prices/live`. Promises: each series is asked for in its time, of the
/// first source that answers; what came is judged, stored, and only then
/// delivered; market time never waits for the outside world, and a moment only
/// for the store. After a restart
/// or an outage it goes on behind the newest bar stored.
struct live_feed_state {
  static inline const char* name = "live_feed";

  /// Who waits for a step of time is told that it will not come from this one.
  ~live_feed_state();

  /// What is being stored; one at a time, so in order. The bars come last: when
  /// they are delivered, all that was said of them is on disk.
  struct step {
    quarantine_batch refused;
    bar_repair_batch repairs;
    bar_revision_batch revisions;
    corporate_action_batch actions;
    bar_batch bars;
    std::size_t series = 0;    ///< that it is of, by position in the book
    timestamp covered_until;   ///< of the answer
    std::optional<bar> running; ///< to be shown from then on
    /// How many of the batches before the bars are stored.
    std::size_t stored = 0;
  };

  /// A step of time, which ends when all that is known by then is stored and
  /// delivered: else a cycle would not see what its explanation sees.
  struct asked_step {
    timestamp until;
    std::uint64_t number = 0; ///< from 1
    std::uint64_t begun = 0;  ///< steps of storing that must have ended
    caf::typed_response_promise<feed_progress> answer;
  };

  shared_plan plan;
  feed_wiring wiring;
  live_sources sources;
  ref<store_reader_actor> reader;
  std::unique_ptr<live_book> book;
  std::optional<delivery> out;
  std::deque<step> steps;
  std::uint64_t steps_begun = 0; ///< of all that were ever in `steps`
  std::uint64_t steps_ended = 0;
  std::deque<asked_step> waiting; ///< by number
  std::uint64_t asked_steps = 0;
  std::vector<bar> stored; ///< to be delivered with the next step of time
  std::vector<corporate_action> stored_actions;   ///< likewise
  std::vector<bar_revision> stored_revisions;     ///< likewise
  bool again = false;      ///< it was started again
  std::size_t asked = 0;   ///< answers awaited
  timestamp now;           ///< market time
  timestamp leave_at{};    ///< when to look whom nobody needs any more
};

using live_feed_self = shell<live_feed_state, price_feed_actor>;

price_feed_actor::behavior_type
live_feed(live_feed_self* self, std::shared_ptr<probe> watched,
          shared_plan plan, feed_wiring wiring, live_sources sources,
          ref<store_reader_actor> reader);

} // namespace banksia
