#pragma once

#include "actors/feeds/delivery.hpp"
#include "actors/feeds/feed_board.hpp"
#include "actors/feeds/price_source.hpp"
#include "messages/actors.hpp"
#include "models/news/news_feed.hpp"
#include "models/news/seen_items.hpp"
#include "models/sentiment/duplicate_titles.hpp"
#include "models/sentiment/headline_rating.hpp"
#include "models/sentiment/mentions.hpp"
#include "runtime/resilience/rate_limiter.hpp"
#include "runtime/resilience/retry_budget.hpp"
#include "runtime/supervision/shell.hpp"

#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace banksia {

/// Market time between a headline's coming and the time from which on it counts
/// (`known_at`): by then it is stored and with its symbols, so that no cycle
/// misses what its explanation finds. A store that needs longer makes it later.
inline constexpr std::chrono::seconds news_settle{5};

/// How far back a feed that starts reads what was told before it.
inline constexpr std::chrono::hours news_recalled{7 * 24};

/// A page that is looked at again and again.
struct news_page {
  std::string url;
  std::string symbol; ///< all of it is about this one; empty: titles tell
};

/// An address with a symbol in the place of `{symbol}`.
std::string news_address(std::string with, const std::string& symbol);

/// All that a news feed is made from.
struct news_setup {
  std::string name; ///< the last part of its path
  std::vector<news_page> pages;
  /// The address of a symbol's page, `{symbol}` standing for it, where each has
  /// one; empty: all pages are given.
  std::string page_of_symbol = {};
  /// Elapsed time between two rounds.
  std::chrono::milliseconds poll_every{std::chrono::minutes{15}};
  source_rules rules;
  /// Shared with whoever asks the same hosts; null: by `rules`, alone.
  std::shared_ptr<shared_rate_limiter> rate;
  std::shared_ptr<http::client> client;
  std::function<timestamp()> wall; ///< when something came; live market time
  std::shared_ptr<feed_board> board; ///< may be null
  std::shared_ptr<const sentiment::classifier> model; ///< null: the lexicon
  sentiment::alias_table aliases;
};

/// `feed/news/<name>`. Looks around by itself.
using news_feed_actor = caf::typed_actor<
  // The next page, or the next round (sent by itself).
  caf::reacts_to<wire::next_atom>,
  // Store again what has that number (sent by itself after a failure).
  caf::reacts_to<wire::rebuild_atom, std::uint64_t>,
  // A call has ended.
  caf::reacts_to<fetched>,
  caf::replies_to<wire::health_atom>::with<component_health>>;

/// Turns the items of a page into headlines: each story once, for each symbol
/// that it is about, rated. Pure but for its memory.
class news_desk {
public:
  news_desk(sentiment::alias_table aliases,
            std::shared_ptr<const sentiment::classifier> model,
            std::vector<std::string> symbols);

  /// Takes note of what was told of a symbol already, so that it is not told
  /// again.
  void recall(const std::string& symbol, const std::vector<headline>& told);

  /// @param source who is named where an item does not say
  /// @param now when it came
  /// @returns headlines that count from `news_settle` later on
  std::vector<headline> read(const news_page& page,
                             const std::vector<news_item>& items,
                             const std::string& source, timestamp now);

  std::uint64_t repeated() const noexcept { return repeated_; }

  /// The symbols whose news are wanted from now on.
  void follow(std::vector<std::string> symbols) {
    symbols_ = std::move(symbols);
  }
  const std::vector<std::string>& symbols() const noexcept { return symbols_; }

private:
  bool is_of_ours(const std::string& symbol) const;

  sentiment::alias_table aliases_;
  sentiment::headline_rating rating_;
  std::vector<std::string> symbols_;
  seen_items seen_;
  std::map<std::string, sentiment::recent_titles> told_; ///< by symbol
  std::uint64_t repeated_ = 0; ///< items told before in nearly the same words
};

/// Promises: a page that fails is counted with its reason and costs nobody
/// anything; no host is asked more often than its rate, or before the time that
/// it asked for; a headline is stored before a symbol sees it, and counts when it
/// can be seen; what the feed before it told is not told again.
struct news_feed_state {
  static inline const char* name = "news_feed";

  /// What the server said of a page, so that it need not say it again.
  struct memory {
    std::string etag;
    std::string last_modified;
  };

  news_setup setup;
  feed_wiring wiring;
  ref<store_reader_actor> reader;
  std::optional<delivery> out;
  std::unique_ptr<news_desk> desk;
  std::unique_ptr<circuit_breaker> breaker;
  std::unique_ptr<retry_budget> budget;
  std::vector<memory> memories; ///< by page
  std::size_t page = 0;         ///< being fetched, or next
  std::uint32_t attempt = 1;    ///< at this page, in this round
  circuit_breaker::permit permit;
  http::fetch_handle call;
  std::deque<headline_batch> steps; ///< the first one is being stored
  std::string trouble;
  bool following = false; ///< symbols that were added have been taken up
  /// Symbols of which what was told before has yet to be read.
  std::deque<std::string> to_recall;
  bool again = false; ///< a feed before this one may have told nobody

  news_feed_state() = default;
  news_feed_state(const news_feed_state&) = delete;
  news_feed_state& operator=(const news_feed_state&) = delete;
  ~news_feed_state() { call.cancel(); }
};

using news_feed_self = shell<news_feed_state, news_feed_actor>;

/// @param reader of what was told before; empty: nothing was
news_feed_actor::behavior_type
news_feed_watcher(news_feed_self* self, std::shared_ptr<probe> watched,
                  shared_plan plan, feed_wiring wiring, news_setup setup,
                  ref<store_reader_actor> reader);

} // namespace banksia
