#include "models/market/bar_revisions.hpp"

#include <algorithm>

namespace banksia {

namespace {

bool known_before(const bar_revision& x, timestamp t) noexcept {
  return x.content.known_at < t;
}

} // namespace

bool bar_revisions::add(const bar_revision& x) {
  auto& all = by_bar_[{x.content.interval, x.content.opened_at}];
  auto at = std::lower_bound(all.begin(), all.end(), x.content.known_at,
                             known_before);
  if (at != all.end() && at->content.known_at == x.content.known_at)
    return false;
  all.insert(at, x);
  return true;
}

bool bar_revisions::contains(const bar_revision& x) const {
  auto found = by_bar_.find({x.content.interval, x.content.opened_at});
  return found != by_bar_.end()
         && std::any_of(found->second.begin(), found->second.end(),
                        [&](const auto& y) {
                          return y.content.known_at == x.content.known_at;
                        });
}

std::optional<bar> bar_revisions::as_of(const bar& x, timestamp t) const {
  auto result = std::optional<bar>{x};
  auto found = by_bar_.find({x.interval, x.opened_at});
  if (found == by_bar_.end())
    return result;
  const auto& all = found->second;
  auto end = std::find_if(all.begin(), all.end(), [t](const auto& revision) {
    return revision.content.known_at > t;
  });
  if (end == all.begin())
    return result;
  const auto& said = *std::prev(end);
  if (said.withdrawn)
    return std::nullopt;
  result->open = said.content.open;
  result->high = said.content.high;
  result->low = said.content.low;
  result->close = said.content.close;
  result->volume = said.content.volume;
  result->verdict = said.content.verdict;
  return result;
}

} // namespace banksia
