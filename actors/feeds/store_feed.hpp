#pragma once

#include "actors/feeds/bar_stream.hpp"
#include "actors/feeds/change_stream.hpp"
#include "actors/feeds/delivery.hpp"
#include "actors/feeds/headline_stream.hpp"
#include "messages/actors.hpp"
#include "runtime/supervision/shell.hpp"

#include <filesystem>
#include <memory>
#include <optional>

namespace banksia {

/// `feed/prices/store`: bars that were imported into the store, the splits,
/// dividends and revisions of them, and, in a replay with news, headlines, in
/// the order in which they became known.
/// Feeds a replay, and a live node that has no other source. Asked about a time
/// that it has passed, a replay's feed begins again.
/// Runs detached: it reads the database.
struct store_feed_state {
  static inline const char* name = "store_feed";

  shared_plan plan;
  feed_wiring wiring;
  std::unique_ptr<storage::database> db;
  std::optional<bar_stream> bars;
  std::optional<change_stream> changes;
  std::optional<headline_stream> news; ///< of a replay that has some
  std::optional<delivery> out;
  timestamp begins_after; ///< what was known by then is not delivered
  timestamp delivered_until;
  bool follow = false; ///< look for bars that were imported since
};

using store_feed_self = shell<store_feed_state, price_feed_actor>;

/// @param after bars known by then are not delivered
/// @param follow true on a live node: bars may be imported at any time
price_feed_actor::behavior_type
store_feed(store_feed_self* self, std::shared_ptr<probe> watched,
           shared_plan plan, feed_wiring wiring, std::filesystem::path file,
           timestamp after, bool follow);

} // namespace banksia
