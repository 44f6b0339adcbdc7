#include "actors/store/codec.hpp"

#include <bit>
#include <cstring>

namespace banksia::store {

namespace {

static_assert(std::endian::native == std::endian::little);

/// Visits every number of a trace in stored order.
template <class Trace, class Visit>
void visit_numbers(Trace& x, Visit visit) {
  auto& in = x.inputs;
  visit(in.sma5), visit(in.sma20), visit(in.rsi14), visit(in.macd_histogram);
  visit(in.volume_ratio), visit(in.volume_trend), visit(in.volatility);
  visit(in.sentiment), visit(in.news_confidence);
  for (auto side : {&x.buy, &x.sell}) {
    visit(side->technical_points), visit(side->technical), visit(side->news);
    visit(side->volume), visit(side->risk), visit(side->weighted_sum);
    visit(side->threshold), visit(side->confidence);
  }
}

constexpr std::size_t trace_flags = 8;

std::byte flag(bool x) {
  return x ? std::byte{1} : std::byte{0};
}

bool is_set(std::byte x) {
  return x != std::byte{0};
}

} // namespace

std::array<std::byte, features_size> encode(const feature_vector& x) {
  std::array<std::byte, features_size> out;
  std::uint64_t version = x.version;
  std::memcpy(out.data(), &version, 8);
  std::memcpy(out.data() + 8, &x.mask, 8);
  std::memcpy(out.data() + 16, x.values.data(), feature_count * 8);
  return out;
}

std::optional<feature_vector>
decode_features(std::span<const std::byte> block) {
  if (block.size() != features_size)
    return std::nullopt;
  feature_vector x;
  std::uint64_t version = 0;
  std::memcpy(&version, block.data(), 8);
  x.version = static_cast<std::uint16_t>(version);
  std::memcpy(&x.mask, block.data() + 8, 8);
  std::memcpy(x.values.data(), block.data() + 16, feature_count * 8);
  return x;
}

std::array<std::byte, trace_size> encode(const decision_trace& x) {
  std::array<std::byte, trace_size> out{};
  out[0] = static_cast<std::byte>(x.version);
  out[1] = flag(x.inputs.has_macd) | flag(x.inputs.has_volume) << 1
           | flag(x.inputs.has_news) << 2;
  out[2] = static_cast<std::byte>(x.buy.gates);
  out[3] = static_cast<std::byte>(x.sell.gates);
  out[4] = flag(x.buy.holds) | flag(x.buy.strong) << 1;
  out[5] = flag(x.sell.holds) | flag(x.sell.strong) << 1;
  auto at = out.data() + trace_flags;
  visit_numbers(x, [&at](const auto& number) {
    auto value = number.value();
    std::memcpy(at, &value, 8);
    at += 8;
  });
  return out;
}

std::optional<decision_trace> decode_trace(std::span<const std::byte> block) {
  decision_trace x;
  if (block.size() != trace_size
      || block[0] != static_cast<std::byte>(x.version))
    return std::nullopt;
  x.inputs.has_macd = is_set(block[1] & std::byte{1});
  x.inputs.has_volume = is_set(block[1] & std::byte{2});
  x.inputs.has_news = is_set(block[1] & std::byte{4});
  x.buy.gates = std::to_integer<std::uint8_t>(block[2]);
  x.sell.gates = std::to_integer<std::uint8_t>(block[3]);
  x.buy.holds = is_set(block[4] & std::byte{1});
  x.buy.strong = is_set(block[4] & std::byte{2});
  x.sell.holds = is_set(block[5] & std::byte{1});
  x.sell.strong = is_set(block[5] & std::byte{2});
  auto at = block.data() + trace_flags;
  visit_numbers(x, [&at](auto& number) {
    double value = 0;
    std::memcpy(&value, at, 8);
    number = std::remove_cvref_t<decltype(number)>{value};
    at += 8;
  });
  return x;
}

} // namespace banksia::store
