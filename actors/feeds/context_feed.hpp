#pragma once

#include "actors/feeds/context_book.hpp"
#include "actors/feeds/feed_board.hpp"
#include "actors/run_plan.hpp"
#include "messages/actors.hpp"
#include "runtime/supervision/ref.hpp"
#include "runtime/supervision/shell.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace banksia {

/// All that a context feed is made from, but for whom it talks to.
struct context_setup {
  context_series series = context_series::aud_usd;
  std::string source = "yahoo"; ///< the price source that is asked
  /// Elapsed time between two questions, and after one without an answer.
  std::chrono::milliseconds poll_every{std::chrono::hours{1}};
  std::chrono::milliseconds retry_every{std::chrono::minutes{5}};
  std::function<timestamp()> wall; ///< live market time
  /// The newest slot that was decided before the process began, and the oldest
  /// one that it may decide.
  std::optional<timestamp> decided_before = std::nullopt;
  timestamp begins_at{};
  std::shared_ptr<feed_board> board; ///< may be null
};

/// "context/aud_usd": how a feed is called on boards; its path is below `feed/`.
std::string name_of(const context_setup& x);

/// Who it talks to.
struct context_wiring {
  ref<price_source_actor> source;
  ref<store_writer_actor> writer;
  ref<store_reader_actor> reader;
  ref<cycle_actor> cycle;
};

/// `feed/context/<series>`. Looks around by itself.
using context_feed_actor = caf::typed_actor<
  // Ask again (sent by itself).
  caf::reacts_to<wire::next_atom>,
  // Store again (sent by itself after a failure).
  caf::reacts_to<wire::rebuild_atom, std::uint64_t>,
  caf::replies_to<wire::health_atom>::with<component_health>>;

/// Promises: a day is stored before the cycle sees it, counts when it can be
/// seen, and never changes; a source that fails is counted with its reason and
/// costs nobody anything. Started again it reads what is stored and tells the
/// cycle, who knows each day once.
struct context_feed_state {
  static inline const char* name = "context_feed";

  shared_plan plan;
  context_setup setup;
  context_wiring wiring;
  std::optional<context_book> book;
  context_rows storing; ///< of the last answer, until all of it is stored
  std::string trouble;  ///< of the last question; empty after an answer
  bool answered = false; ///< a question was
};

using context_feed_self = shell<context_feed_state, context_feed_actor>;

context_feed_actor::behavior_type
context_feed(context_feed_self* self, std::shared_ptr<probe> watched,
             shared_plan plan, context_wiring wiring, context_setup setup);

} // namespace banksia
