#include "actors/feeds/headline_stream.hpp"

#include "actors/store/query_rows.hpp"

#include <utility>

namespace banksia {

namespace {

/// Headlines of a symbol that are read at a time.
constexpr std::int64_t chunk_size = 64;

} // namespace

headline_stream::headline_stream(storage::database& db,
                                 std::vector<std::string> symbols,
                                 timestamp after)
  : query_(db.prepare(std::string{"SELECT "}
                      + std::string{store::rows::headline_columns}
                      + " FROM headlines WHERE symbol = ? AND "
                        "(known_at, headline_id) > (?, ?) "
                        "ORDER BY known_at, headline_id LIMIT ?")) {
  for (auto& symbol : symbols) {
    lane fresh;
    fresh.symbol = std::move(symbol);
    // Behind every id of that instant.
    fresh.last_known_at = after;
    fresh.last_id = "\xff";
    lanes_.push_back(std::move(fresh));
    queue(lanes_.size() - 1);
  }
}

void headline_stream::queue(std::size_t position) {
  auto& x = lanes_[position];
  if (x.chunk.empty() && !x.drained) {
    query_.bind_all(x.symbol, to_micros(x.last_known_at), x.last_id,
                    chunk_size);
    while (query_.step())
      x.chunk.push_back(store::rows::read_headline(query_));
    query_.reset();
    x.drained = static_cast<std::int64_t>(x.chunk.size()) < chunk_size;
    if (!x.chunk.empty()) {
      x.last_known_at = x.chunk.back().known_at;
      x.last_id = x.chunk.back().headline_id;
    }
  }
  if (!x.chunk.empty())
    heads_.push({x.chunk.front().known_at, position});
}

std::optional<headline> headline_stream::next(timestamp until) {
  if (heads_.empty() || heads_.top().known_at > until)
    return std::nullopt;
  auto position = heads_.top().lane;
  heads_.pop();
  auto& chunk = lanes_[position].chunk;
  auto result = std::move(chunk.front());
  chunk.pop_front();
  queue(position);
  return result;
}

} // namespace banksia
