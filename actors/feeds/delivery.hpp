#pragma once

/// How a feed hands bars and what changes them on: to their symbol, to the
/// cycle and the evaluator, and the index to the cycle alone.

#include "actors/listings/roster.hpp"
#include "actors/run_plan.hpp"
#include "messages/actors.hpp"
#include "models/sentiment/classifier.hpp"
#include "runtime/supervision/ref.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace banksia {

/// Who gets bars.
struct feed_wiring {
  std::vector<ref<symbol_actor>> symbols; ///< by symbol index
  ref<cycle_actor> cycle;
  ref<evaluator_actor> evaluator;
  ref<store_writer_actor> writer; ///< empty: the bars are stored already
  /// Rates headlines without a score; null: the lexicon does.
  std::shared_ptr<const sentiment::classifier> sentiment_model = nullptr;
  /// What is followed, where that may change; null: the plan's symbols.
  std::shared_ptr<const roster> listed = nullptr;
  /// The name of a symbol that came since the start.
  std::function<ref<symbol_actor>(const std::string&)> name_of = {};
};

/// The index bars' own index in a delivery.
inline constexpr std::uint32_t index_lane = 0xffffffff;

/// Collects what becomes known in one step, then hands it on.
class delivery {
public:
  /// @param wiring outlives this; symbols that come later are added to it
  delivery(shared_plan plan, feed_wiring& wiring, std::string source);

  /// Takes up the symbols that came since the start or the last call.
  /// @returns whether anything has changed
  bool follow();

  /// What is followed, as of the last `follow`; null where that never changes.
  const std::shared_ptr<const listings>& listed() const noexcept {
    return listed_.listed();
  }

  /// The plan with all symbols, likewise.
  const shared_plan& plan() const noexcept { return plan_; }

  /// The symbol index of a ticker; `index_lane` for the index; nothing for one
  /// that this run does not know.
  std::optional<std::uint32_t> index_of(const std::string& symbol) const;

  void add(std::uint32_t index, bar x);
  void add(std::uint32_t index, corporate_action x);
  void add(std::uint32_t index, bar_revision x);

  /// Tells the actor of a symbol at once; and that of its successor, which may
  /// have read the store before this was there.
  template <class Self, class T>
  void tell(Self* self, std::uint32_t index, const std::string& symbol, T x) {
    if (auto next = successor_of(symbol))
      next.tell(self, x);
    wiring_->symbols[index].tell(self, std::move(x));
  }

  /// Sends each headline to its symbol, at once.
  template <class Self>
  void send(Self* self, headline_batch batch) {
    for (auto& x : batch.headlines)
      if (auto index = index_of(x.symbol); index && *index != index_lane) {
        auto symbol = x.symbol;
        tell(self, *index, symbol, headline_batch{1, {std::move(x)}});
      }
  }

  /// Sends everything collected, what changes bars before the bars; `until`
  /// becomes the watermark.
  template <class Self>
  feed_progress send(Self* self, timestamp until) {
    return send(self, until, until);
  }

  /// @param watermark all that was traded by then has been sent, which outside
  ///   sources say later than `until`
  /// @param lags the symbols of which the watermark says nothing
  template <class Self>
  feed_progress send(Self* self, timestamp until, timestamp watermark,
                     std::vector<series_lag> lags = {});

private:
  /// When the session that runs at `t` opened; without one, just before `t`.
  timestamp session_begin(timestamp t) const;

  /// The actor of the code under which a symbol trades now; none while that is
  /// its own.
  ref<symbol_actor> successor_of(const std::string& symbol) const;

  void index_symbols();

  shared_plan plan_;
  feed_wiring* wiring_;
  std::string source_;
  roster_reader listed_;
  std::unordered_map<std::string, std::uint32_t> indexes_;
  /// Sends the actions and revisions collected.
  template <class Self>
  void send_changes(Self* self);

  std::vector<std::pair<std::uint32_t, bar>> collected_;
  /// By symbol index.
  std::map<std::uint32_t, corporate_action_batch> actions_;
  std::map<std::uint32_t, bar_revision_batch> revisions_;
  bool told_lags_ = false; ///< the last that was told of them is not "none"
};

template <class Self>
void delivery::send_changes(Self* self) {
  for (auto& [index, batch] : std::exchange(actions_, {})) {
    wiring_->evaluator.tell(self, batch);
    wiring_->cycle.tell(self, batch);
    auto symbol = batch.actions.front().symbol;
    tell(self, index, symbol, std::move(batch));
  }
  for (auto& [index, batch] : std::exchange(revisions_, {}))
    if (index == index_lane) {
      wiring_->cycle.tell(self, std::move(batch));
    } else {
      wiring_->cycle.tell(self, batch);
      auto symbol = batch.revisions.front().content.symbol;
      tell(self, index, symbol, std::move(batch));
    }
}

template <class Self>
feed_progress delivery::send(Self* self, timestamp until, timestamp watermark,
                             std::vector<series_lag> lags) {
  feed_progress progress;
  progress.watermark = until;
  send_changes(self);
  bar_batch index_bars;
  bar_batch traded;
  index_bars.watermark = traded.watermark = watermark;
  index_bars.source = traded.source = source_;
  auto begun = session_begin(until);
  for (auto& [index, x] : collected_) {
    if (index == index_lane) {
      index_bars.bars.push_back(std::move(x));
      continue;
    }
    ++progress.bars;
    if (x.known_at > begun)
      progress.participants.push_back(index);
    tell(self, index, x.symbol, x);
    traded.bars.push_back(std::move(x));
  }
  collected_.clear();
  auto& traders = progress.participants;
  std::sort(traders.begin(), traders.end());
  traders.erase(std::unique(traders.begin(), traders.end()), traders.end());
  // What the cycle is told is all there is by then, whatever sources still owe.
  index_bars.watermark = until;
  if (!index_bars.bars.empty())
    wiring_->cycle.tell(self, std::move(index_bars));
  if (!traded.bars.empty()) {
    bar_batch copy{traded.version, traded.source, until, traded.bars};
    wiring_->cycle.tell(self, std::move(copy));
  }
  // Each time: an evaluator that was started again knows of none.
  if (!lags.empty() || std::exchange(told_lags_, false)) {
    told_lags_ = !lags.empty();
    wiring_->evaluator.tell(self, series_lag_batch{1, std::move(lags)});
  }
  wiring_->evaluator.tell(self, std::move(traded));
  return progress;
}

} // namespace banksia
