#pragma once

/// Reading back the bars of a security that has traded under several codes.

#include "actors/run_plan.hpp"
#include "actors/store/history.hpp"
#include "models/market/listings.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace banksia {

/// As `read_history`, over the codes of a security, oldest first; `done` is
/// given the bars in the order of `known_at`.
template <class Self, class Done>
void read_code_history(Self* self, const bar_history& from,
                       std::vector<code_span> codes, Done done,
                       std::vector<bar> read = {}, std::size_t position = 0) {
  if (position == codes.size()) {
    std::stable_sort(read.begin(), read.end(), applied_before);
    done(std::move(read));
    return;
  }
  auto code = codes[position];
  auto so_far = std::make_shared<std::vector<bar>>(std::move(read));
  read_history(self, from, code.symbol,
               [self, from, codes, done, code, so_far,
                position](std::vector<bar> bars) {
                 keep_of_code(bars, code);
                 std::move(bars.begin(), bars.end(),
                           std::back_inserter(*so_far));
                 read_code_history(self, from, codes, done,
                                   std::move(*so_far), position + 1);
               });
}

} // namespace banksia
