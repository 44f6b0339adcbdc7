#define CAF_SUITE store_codec
#include "actors/store/codec.hpp"

#include "caf/test/unit_test.hpp"

#include <bit>
#include <random>

using namespace banksia;
using namespace banksia::store;

namespace {

class bits {
public:
  double number() {
    constexpr std::uint64_t special[] = {
      0x7ff0'0000'0000'0000, 0xfff0'0000'0000'0000, 0x7ff8'0000'dead'beef,
      0xfff0'0000'0000'0001, 0x8000'0000'0000'0000, 0x0000'0000'0000'0001};
    auto x = random_();
    return std::bit_cast<double>(x % 3 == 0 ? special[random_() % 6] : x);
  }

  bool coin() { return (random_() & 1) != 0; }

  std::uint64_t word() { return random_(); }

private:
  std::mt19937_64 random_{20250701};
};

void fill(side_scores& x, bits& random) {
  for (auto field : {&x.technical_points, &x.technical, &x.news, &x.volume,
                     &x.risk, &x.weighted_sum, &x.threshold})
    *field = real{random.number()};
  x.confidence = fraction{random.number()};
  x.gates = static_cast<std::uint8_t>(random.word());
  x.holds = random.coin();
  x.strong = random.coin();
}

decision_trace random_trace(bits& random) {
  decision_trace x;
  auto& in = x.inputs;
  for (auto field :
       {&in.sma5, &in.sma20, &in.rsi14, &in.macd_histogram, &in.volume_ratio,
        &in.volume_trend, &in.volatility, &in.sentiment, &in.news_confidence})
    *field = real{random.number()};
  in.has_macd = random.coin();
  in.has_volume = random.coin();
  in.has_news = random.coin();
  fill(x.buy, random);
  fill(x.sell, random);
  return x;
}

bool same_bits(real a, real b) {
  return std::bit_cast<std::uint64_t>(a.value())
         == std::bit_cast<std::uint64_t>(b.value());
}

bool same_side(const side_scores& a, const side_scores& b) {
  return same_bits(a.technical_points, b.technical_points)
         && same_bits(a.technical, b.technical) && same_bits(a.news, b.news)
         && same_bits(a.volume, b.volume) && same_bits(a.risk, b.risk)
         && same_bits(a.weighted_sum, b.weighted_sum)
         && same_bits(a.threshold, b.threshold)
         && same_bits(real{a.confidence.value()}, real{b.confidence.value()})
         && a.gates == b.gates && a.holds == b.holds && a.strong == b.strong;
}

bool same(const decision_trace& a, const decision_trace& b) {
  const auto& x = a.inputs;
  const auto& y = b.inputs;
  return same_bits(x.sma5, y.sma5) && same_bits(x.sma20, y.sma20)
         && same_bits(x.rsi14, y.rsi14)
         && same_bits(x.macd_histogram, y.macd_histogram)
         && same_bits(x.volume_ratio, y.volume_ratio)
         && same_bits(x.volume_trend, y.volume_trend)
         && same_bits(x.volatility, y.volatility)
         && same_bits(x.sentiment, y.sentiment)
         && same_bits(x.news_confidence, y.news_confidence)
         && x.has_macd == y.has_macd && x.has_volume == y.has_volume
         && x.has_news == y.has_news && same_side(a.buy, b.buy)
         && same_side(a.sell, b.sell);
}

} // namespace

CAF_TEST(features come back bit for bit) {
  bits random;
  for (int i = 0; i < 500; ++i) {
    feature_vector x;
    x.mask = random.word();
    for (auto& value : x.values)
      value = random.number();
    auto block = encode(x);
    CAF_REQUIRE_EQUAL(block.size(), features_size);
    auto y = decode_features(block);
    CAF_REQUIRE(y.has_value());
    CAF_CHECK(y->version == x.version && y->mask == x.mask);
    CAF_CHECK(std::bit_cast<std::array<std::uint64_t, feature_count>>(y->values)
              == std::bit_cast<std::array<std::uint64_t, feature_count>>(
                x.values));
  }
}

CAF_TEST(features of an older set keep their version) {
  feature_vector x;
  x.version = 1;
  x.set(5, 55.5);
  CAF_CHECK(decode_features(encode(x)) == x);
}

CAF_TEST(traces come back bit for bit) {
  bits random;
  for (int i = 0; i < 500; ++i) {
    auto x = random_trace(random);
    auto y = decode_trace(encode(x));
    CAF_REQUIRE(y.has_value());
    CAF_CHECK(same(x, *y));
  }
}

CAF_TEST(a block begins with its version and keeps its layout) {
  feature_vector x;
  x.mask = 0x0102'0304'0506'0708;
  x.values[0] = 1.0;
  auto block = encode(x);
  CAF_CHECK(block[0] == std::byte{feature_set_version}
            && block[1] == std::byte{0});
  CAF_CHECK(block[8] == std::byte{8} && block[15] == std::byte{1});
  // 1.0 is 0x3ff0…0, least byte first.
  CAF_CHECK(block[23] == std::byte{0x3f} && block[22] == std::byte{0xf0});
  decision_trace trace;
  trace.inputs.has_volume = true;
  trace.sell.strong = true;
  trace.inputs.sma5 = real{1.0};
  auto bytes = encode(trace);
  CAF_CHECK_EQUAL(bytes.size(), 208u);
  CAF_CHECK(bytes[0] == std::byte{1} && bytes[1] == std::byte{2}
            && bytes[5] == std::byte{2} && bytes[15] == std::byte{0x3f});
}

CAF_TEST(blocks of another length are refused) {
  auto whole = encode(feature_vector{});
  std::vector<std::byte> features{whole.begin(), whole.end()};
  auto whole_trace = encode(decision_trace{});
  std::vector<std::byte> trace{whole_trace.begin(), whole_trace.end()};
  for (std::size_t n = 0; n < features.size(); ++n)
    CAF_CHECK(!decode_features(std::span{features}.first(n)));
  for (std::size_t n = 0; n < trace.size(); ++n)
    CAF_CHECK(!decode_trace(std::span{trace}.first(n)));
  features.push_back({});
  trace.push_back({});
  CAF_CHECK(!decode_features(features));
  CAF_CHECK(!decode_trace(trace));
}

CAF_TEST(a trace of another version is refused) {
  auto block = encode(decision_trace{});
  block[0] = std::byte{2};
  CAF_CHECK(!decode_trace(block));
}
