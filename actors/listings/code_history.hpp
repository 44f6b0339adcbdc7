#pragma once

/// Reading back the bars of a security that has traded under several codes, and
/// what changes them.

#include "actors/run_plan.hpp"
#include "actors/store/history.hpp"
#include "models/market/listings.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace banksia {

/// As `read_history`, over the codes of a security, oldest first; `done` is
/// given the bars in the order of `known_at`.
template <class Self, class Done, class Failed>
void read_code_history(Self* self, const bar_history& from,
                       std::vector<code_span> codes, Done done, Failed failed,
                       std::vector<bar> read = {}, std::size_t position = 0) {
  if (position == codes.size()) {
    std::stable_sort(read.begin(), read.end(), applied_before);
    done(std::move(read));
    return;
  }
  auto code = codes[position];
  auto so_far = std::make_shared<std::vector<bar>>(std::move(read));
  read_history(
    self, from, code.symbol,
    [=](std::vector<bar> bars) {
      keep_of_code(bars, code);
      std::move(bars.begin(), bars.end(), std::back_inserter(*so_far));
      read_code_history(self, from, codes, done, failed, std::move(*so_far),
                        position + 1);
    },
    failed);
}

template <class Self, class Done>
void read_code_history(Self* self, const bar_history& from,
                       std::vector<code_span> codes, Done done) {
  read_code_history(self, from, std::move(codes), std::move(done),
                    end_with_error<Self>{self});
}

/// What changes the bars of a security.
struct code_changes {
  std::vector<corporate_action> actions;
  std::vector<bar_revision> revisions;
};

/// Reads the actions and revisions of a security's codes into `into`, oldest
/// code first, then calls `done`; else as `read_code_history`.
template <class Self, class Done>
void read_code_changes(Self* self, const bar_history& from,
                       std::vector<code_span> codes,
                       std::shared_ptr<code_changes> into, Done done,
                       std::size_t position = 0) {
  if (position == codes.size()) {
    done();
    return;
  }
  auto code = codes[position];
  auto take_revisions = [into, code](std::vector<bar_revision> revisions) {
    keep_of_code(revisions, code);
    std::move(revisions.begin(), revisions.end(),
              std::back_inserter(into->revisions));
  };
  auto go_on = [=] {
    read_code_changes(self, from, codes, into, done, position + 1);
  };
  read_actions(self, from.reader, code.symbol,
               [=](std::vector<corporate_action> actions) {
                 keep_of_code(actions, code);
                 std::move(actions.begin(), actions.end(),
                           std::back_inserter(into->actions));
                 read_revisions(self, from, code.symbol, take_revisions,
                                go_on);
               });
}

} // namespace banksia
