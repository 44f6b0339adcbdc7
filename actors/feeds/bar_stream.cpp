#include "actors/feeds/bar_stream.hpp"

#include "actors/store/query_rows.hpp"

#include <algorithm>

namespace banksia {

namespace {

/// Bars held in memory, over all symbols.
constexpr std::int64_t bars_held = 64 * 1024;

} // namespace

bar_stream::bar_stream(storage::database& db, std::vector<source> sources,
                       bar_interval interval, timestamp after)
  : query_(db.prepare(std::string{"SELECT "}
                      + std::string{store::rows::bar_columns}
                      + " FROM bars WHERE symbol = ? AND interval = ? "
                        "AND opened_at > ? ORDER BY opened_at LIMIT ?")),
    interval_(interval), after_(after) {
  auto lanes = static_cast<std::int64_t>(std::max<std::size_t>(
    sources.size(), 1));
  chunk_size_ = std::clamp<std::int64_t>(bars_held / lanes, 16, 2048);
  for (auto& x : sources) {
    lane fresh;
    fresh.from = std::move(x);
    fresh.last_opened_at = from_micros(std::numeric_limits<std::int64_t>::min());
    lanes_.push_back(std::move(fresh));
  }
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    refill(lanes_[i]);
    if (!lanes_[i].chunk.empty())
      heads_.push({lanes_[i].chunk.front().known_at, i});
  }
}

void bar_stream::refill(lane& x) {
  while (x.chunk.empty() && !x.drained) {
    query_.bind_all(x.from.symbol, to_string(interval_),
                    to_micros(x.last_opened_at), chunk_size_);
    std::int64_t rows = 0;
    while (query_.step()) {
      ++rows;
      auto content = store::rows::read_bar(query_);
      x.last_opened_at = content.opened_at;
      if (content.known_at > after_)
        x.chunk.push_back(std::move(content));
    }
    query_.reset();
    x.drained = rows < chunk_size_;
  }
}

std::optional<timestamp> bar_stream::next_known_at() const {
  if (heads_.empty())
    return std::nullopt;
  return heads_.top().known_at;
}

bar_stream::item bar_stream::pop() {
  auto at = heads_.top().lane;
  heads_.pop();
  auto& x = lanes_[at];
  item result{x.from.index, std::move(x.chunk.front())};
  x.chunk.pop_front();
  if (x.chunk.empty())
    refill(x);
  if (!x.chunk.empty())
    heads_.push({x.chunk.front().known_at, at});
  return result;
}

} // namespace banksia
