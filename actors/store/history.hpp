#pragma once

/// Reading back what an actor has missed.

#include "messages/actors.hpp"
#include "runtime/supervision/ref.hpp"

#include <chrono>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace banksia {

/// Which part of the store a state is made from.
struct bar_history {
  ref<store_reader_actor> reader;
  std::vector<bar_interval> intervals; ///< to read
  /// False: only an actor that was started again reads; the first one is given
  /// everything by its feed (a replay).
  bool at_start = false;

  /// Whether an actor of that generation has to read.
  bool wanted(std::uint64_t generation) const noexcept {
    return reader && (at_start || generation > 1);
  }
};

/// Elapsed time for one read of a symbol's whole history.
inline constexpr std::chrono::seconds history_limit{30};

/// Later than any time: what is stored counts from its `known_at` on, so
/// reading too much does no harm, and nothing is missed.
inline constexpr timestamp end_of_time
  = from_micros(std::numeric_limits<std::int64_t>::max());

/// What most do that cannot read: they end with the error, and their supervisor
/// starts them again, since from a part of the history they would be wrong.
template <class Self>
struct end_with_error {
  Self* self;

  void operator()(caf::error& why) const { self->quit(std::move(why)); }
};

/// Reads all stored bars of a symbol, one interval after the other, then calls
/// `done` with them; `failed` where they cannot be read.
template <class Self, class Done, class Failed>
void read_history(Self* self, const bar_history& from,
                  const std::string& symbol, Done done, Failed failed,
                  std::vector<bar> read = {}, std::size_t position = 0) {
  if (position == from.intervals.size()) {
    done(std::move(read));
    return;
  }
  auto so_far = std::make_shared<std::vector<bar>>(std::move(read));
  // A reader that was started again meanwhile is asked once more.
  from.reader.ask(
    self, history_limit,
    [=](std::vector<bar>& bars) {
      std::move(bars.begin(), bars.end(), std::back_inserter(*so_far));
      read_history(self, from, symbol, done, failed, std::move(*so_far),
                   position + 1);
    },
    failed, wire::rebuild_atom_v, symbol, from.intervals[position],
    end_of_time);
}

template <class Self, class Done>
void read_history(Self* self, const bar_history& from,
                  const std::string& symbol, Done done) {
  read_history(self, from, symbol, std::move(done),
               end_with_error<Self>{self});
}

/// Reads the splits and dividends of a symbol; else as `read_history`.
template <class Self, class Done>
void read_actions(Self* self, const ref<store_reader_actor>& reader,
                  const std::string& symbol, Done done) {
  reader.ask(
    self, history_limit,
    [done](const std::vector<corporate_action>& actions) { done(actions); },
    end_with_error<Self>{self}, wire::action_atom_v, symbol, end_of_time);
}

/// Reads the revisions of a symbol's bars, one interval after the other, and
/// gives each list to `each`, then calls `done`; else as `read_history`.
template <class Self, class Each, class Done>
void read_revisions(Self* self, const bar_history& from,
                    const std::string& symbol, Each each, Done done,
                    std::size_t position = 0) {
  if (position == from.intervals.size()) {
    done();
    return;
  }
  from.reader.ask(
    self, history_limit,
    [=](const std::vector<bar_revision>& revisions) {
      each(revisions);
      read_revisions(self, from, symbol, each, done, position + 1);
    },
    end_with_error<Self>{self}, wire::revision_atom_v, symbol, from.intervals[position], end_of_time);
}

} // namespace banksia
