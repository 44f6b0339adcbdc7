#define CAF_SUITE bar_stream
#include "actors/feeds/bar_stream.hpp"
#include "tests/unit/actors/market_samples.hpp"
#include "tests/unit/store/samples.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;
using namespace banksia::actors_test;

namespace {

struct stream_fixture {
  store_test::store_fixture store;

  void keep(std::vector<bar> bars) {
    storage::transaction all{store.db};
    store.ledger.write(bar_batch{1, "test", {}, std::move(bars)});
    all.commit();
  }

  std::vector<bar_stream::item> all(std::vector<bar_stream::source> sources,
                                    bar_interval interval = bar_interval::m5,
                                    timestamp after = {}) {
    bar_stream stream{store.db, std::move(sources), interval, after};
    std::vector<bar_stream::item> result;
    while (auto next = stream.next_known_at()) {
      result.push_back(stream.pop());
      CAF_CHECK(result.back().content.known_at == *next);
    }
    return result;
  }

  /// The first day of a simulated market.
  std::vector<bar> market_day() {
    simulation::market_simulator market{small_market()};
    return market.next(to_sim(first_day())).bars;
  }
};

using sources = std::vector<bar_stream::source>;

} // namespace

CAF_TEST_FIXTURE_SCOPE(bar_stream_tests, stream_fixture)

CAF_TEST(bars come in the order in which they became known) {
  auto bars = market_day();
  auto stored = bars;
  std::reverse(stored.begin(), stored.end());
  keep(stored);
  auto got = all({{"CBA.AX", 0}, {"WBC.AX", 1}, {"MQG.AX", 2}, {"^AXJO", 9}});
  // The market gives its bars by (known_at, symbol), the index last.
  CAF_REQUIRE_EQUAL(got.size(), bars.size());
  bool equal = true;
  for (std::size_t i = 0; i < bars.size(); ++i)
    equal &= got[i].content.symbol == bars[i].symbol
             && got[i].content.opened_at == bars[i].opened_at
             && got[i].content.close == bars[i].close;
  CAF_CHECK(equal);
  CAF_CHECK_EQUAL(got[0].index, 0u);
  CAF_CHECK_EQUAL(got[3].index, 9u);
}

CAF_TEST(at one instant the order is that of the sources) {
  auto t = slot_time(0);
  keep({make_bar("CBA.AX", t, 1.0), make_bar("WBC.AX", t, 2.0)});
  auto got = all({{"WBC.AX", 5}, {"CBA.AX", 3}});
  CAF_REQUIRE_EQUAL(got.size(), 2u);
  CAF_CHECK_EQUAL(got[0].index, 5u);
  CAF_CHECK_EQUAL(got[1].index, 3u);
}

CAF_TEST(only bars that became known after the time are given) {
  keep(market_day());
  auto got = all({{"CBA.AX", 0}}, bar_interval::m5, slot_time(3));
  CAF_REQUIRE(!got.empty());
  CAF_CHECK(got.front().content.known_at == slot_time(3) + 5min);
}

CAF_TEST(a bar known late comes late) {
  // The last bar of a day is known when the closing auction ends.
  auto bars = market_day();
  keep(bars);
  auto got = all({{"CBA.AX", 0}}, bar_interval::m5, first_day().closes_at);
  CAF_REQUIRE_EQUAL(got.size(), 1u);
  CAF_CHECK(got[0].content.known_at == first_day().auction_ends_at);
}

CAF_TEST(symbols and intervals that were not asked for stay out) {
  auto t = slot_time(0);
  keep({make_bar("CBA.AX", t, 1.0), make_bar("NAB.AX", t, 2.0),
        daily_bar("CBA.AX", first_day(), 3.0)});
  auto got = all({{"CBA.AX", 0}});
  CAF_REQUIRE_EQUAL(got.size(), 1u);
  CAF_CHECK_EQUAL(got[0].content.close.value(), 1.0);
  got = all({{"CBA.AX", 0}}, bar_interval::d1);
  CAF_REQUIRE_EQUAL(got.size(), 1u);
  CAF_CHECK_EQUAL(got[0].content.close.value(), 3.0);
}

CAF_TEST(an empty stream has no next) {
  CAF_CHECK(all({{"CBA.AX", 0}}).empty());
  CAF_CHECK(all({}).empty());
}

CAF_TEST(a long series is read in pieces without a loss) {
  // More bars than are held in memory for one symbol, and a second symbol that
  // ends in between.
  constexpr int count = 5000;
  std::vector<bar> bars;
  for (int i = 1; i <= count; ++i)
    bars.push_back(make_bar("CBA.AX", first_day().opens_at + 5min * i, i));
  for (int i = 1; i <= 2048; ++i)
    bars.push_back(make_bar("WBC.AX", first_day().opens_at + 5min * i, -i + 9000));
  keep(bars);
  auto got = all({{"CBA.AX", 0}, {"WBC.AX", 1}});
  CAF_REQUIRE_EQUAL(got.size(), bars.size());
  double expected = 0;
  bool in_order = true;
  for (const auto& x : got)
    if (x.index == 0)
      in_order &= x.content.close.value() == ++expected;
  CAF_CHECK(in_order);
  CAF_CHECK_EQUAL(expected, double{count});
}

CAF_TEST(many symbols share the memory) {
  // So many that each holds only a few bars at a time.
  constexpr std::uint32_t symbols = 4500;
  std::vector<bar> bars;
  sources all_symbols;
  for (std::uint32_t s = 0; s < symbols; ++s) {
    all_symbols.push_back({"S" + std::to_string(s), s});
    if (s % 500 == 0)
      for (int i = 1; i <= 40; ++i)
        bars.push_back(make_bar(all_symbols.back().symbol,
                                first_day().opens_at + 5min * i, i));
  }
  keep(bars);
  auto got = all(all_symbols);
  CAF_CHECK_EQUAL(got.size(), bars.size());
  CAF_CHECK(std::is_sorted(got.begin(), got.end(),
                           [](const auto& a, const auto& b) {
                             return std::tie(a.content.known_at, a.index)
                                    < std::tie(b.content.known_at, b.index);
                           }));
}

CAF_TEST_FIXTURE_SCOPE_END()
