#define CAF_SUITE predictor
#include "actors/symbol/predictor.hpp"
#include "tests/unit/actors/market_samples.hpp"

#include "caf/test/unit_test.hpp"

#include <random>

using namespace banksia;
using namespace banksia::actors_test;

namespace {

constexpr auto cba = "CBA.AX";

struct predictor_fixture {
  shared_plan plan = intraday_plan();
  symbol_past past = past_of(cba, 40);

  prediction predict(predictor& x, int slot) {
    return x.predict(slot_of(*plan, slot), {});
  }

  /// What is predicted from these bars, added in the order given.
  prediction from(const std::vector<bar>& bars, int slot) {
    predictor x{plan, cba};
    for (const auto& b : bars)
      x.add(b);
    return predict(x, slot);
  }

  headline news(timestamp known_at, double score) {
    headline x;
    x.headline_id = to_rfc3339(known_at);
    x.symbol = cba;
    x.published_at = x.known_at = known_at;
    x.score = real{score};
    x.scored = true;
    return x;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(predictor_tests, predictor_fixture)

CAF_TEST(a prediction names its slot and its price) {
  auto p = from(past.all(), 4);
  CAF_CHECK(!p.abstained);
  CAF_CHECK(p.action != trade_action::none);
  CAF_CHECK_EQUAL(p.symbol, cba);
  CAF_CHECK(p.id == make_prediction_id("live", cba, "30m", slot_time(4)));
  CAF_CHECK(p.cycle == slot_of(*plan, 4).id);
  CAF_CHECK(p.slot == slot_time(4));
  CAF_CHECK_EQUAL(p.horizon_minutes, 240u);
  CAF_CHECK_EQUAL(p.model_version, "rules-1");
  // The last close known by then: 40 days and 12:30 - 10:00 in bars of five.
  auto known = known_by(past.all(), slot_time(4));
  CAF_CHECK_EQUAL(p.entry_price.value(), known.back().close.value());
  CAF_CHECK_EQUAL(p.input_count, 40u + 30u);
}

CAF_TEST(the context given is the one stored) {
  market_context context;
  context.trend = market_trend::bullish;
  context.flagged = false;
  predictor x{plan, cba};
  for (const auto& b : past.all())
    x.add(b);
  CAF_CHECK(x.predict(slot_of(*plan, 0), context).context == context);
}

CAF_TEST(features know the index the calendar and the last hour) {
  market_context context;
  context.trend_return = fraction{0.03};
  predictor x{plan, cba};
  for (const auto& b : past.all())
    x.add(b);
  // 12:30; bars of five minutes since 10:00, daily ones before.
  auto flagged = x.predict(slot_of(*plan, 4), context).features;
  context.flagged = false;
  auto seen = x.predict(slot_of(*plan, 4), context).features;
  CAF_CHECK(!flagged.has(feature_index("market_momentum")));
  CAF_CHECK(seen.has(feature_index("market_momentum")));
  CAF_CHECK(seen.values[feature_index("market_momentum")] == 0.03);
  CAF_CHECK(seen.values[feature_index("asx_market_hours")] == 1.0);
  CAF_CHECK(seen.has(feature_index("asx_opening_hour")));
  CAF_CHECK(seen.values[feature_index("asx_opening_hour")] == 0.0);
  auto now = known_by(past.all(), slot_time(4)).back().close.value();
  auto before = known_by(past.all(), slot_time(2)).back().close.value();
  CAF_CHECK(seen.has(feature_index("price_change_1h")));
  CAF_CHECK(seen.values[feature_index("price_change_1h")]
            == now / before - 1.0);
}

CAF_TEST(the price an hour ago is that of bars that ended by then) {
  auto hour = feature_index("price_change_1h");
  auto prompt = from(past.all(), 4).features;
  auto bars = past.all();
  // A source that was away until the slot: all came then.
  for (auto& x : bars)
    if (x.interval != bar_interval::d1 && x.known_at <= slot_time(4))
      x.known_at = std::max(x.known_at, slot_time(4));
  auto late = from(bars, 4).features;
  CAF_CHECK(prompt.has(hour) && late.has(hour));
  CAF_CHECK(prompt.values[hour] == late.values[hour]);
}

CAF_TEST(a bar counts only from when it was known) {
  for (int slot : {0, 5, 11}) {
    auto seen = from(known_by(past.all(), slot_time(slot)), slot);
    CAF_CHECK(!seen.abstained);
    CAF_CHECK(from(past.all(), slot) == seen);
  }
}

CAF_TEST(what comes later may be anything) {
  auto garbage = past.all();
  for (auto& x : garbage)
    if (x.known_at > slot_time(3))
      x.open = x.high = x.low = x.close = price{1e6};
  CAF_CHECK(from(garbage, 3) == from(past.all(), 3));
  CAF_CHECK(from(garbage, 4) != from(past.all(), 4));
}

CAF_TEST(a bar known at the slot itself counts) {
  auto with = known_by(past.all(), slot_time(2));
  CAF_REQUIRE(with.back().known_at == slot_time(2));
  auto without = with;
  without.pop_back();
  CAF_CHECK(from(with, 2).input_lineage != from(without, 2).input_lineage);
}

CAF_TEST(the order of arrival does not matter) {
  auto expected = from(past.all(), 8);
  std::mt19937_64 random{5};
  for (int i = 0; i < 10; ++i) {
    auto bars = past.all();
    std::shuffle(bars.begin(), bars.end(), random);
    CAF_CHECK(from(bars, 8) == expected);
  }
}

CAF_TEST(requests in between change nothing) {
  predictor x{plan, cba};
  std::size_t next = 0;
  auto bars = past.all();
  for (int slot = 0; slot < 12; ++slot) {
    for (; next < bars.size() && bars[next].known_at <= slot_time(slot); ++next)
      x.add(bars[next]);
    CAF_CHECK(predict(x, slot) == from(past.all(), slot));
  }
  CAF_CHECK(x.asked_until() == slot_time(11));
  CAF_CHECK_EQUAL(x.refused(), 0u);
}

CAF_TEST(what is settled is applied at once to the same effect) {
  predictor x{plan, cba, first_day().opens_at};
  for (const auto& b : past.all())
    x.add(b);
  CAF_CHECK(predict(x, 6) == from(past.all(), 6));
}

CAF_TEST(a bar delivered twice counts once) {
  auto bars = past.all();
  predictor x{plan, cba};
  for (const auto& b : bars) {
    x.add(b);
    x.add(b);
  }
  CAF_CHECK(predict(x, 4) == from(bars, 4));
  CAF_CHECK_EQUAL(x.refused(), 40u + 30u);
}

CAF_TEST(under 21 bars there is no history to predict from) {
  auto days = past.daily;
  auto last = [&](std::size_t n) {
    return std::vector<bar>(days.end() - static_cast<std::ptrdiff_t>(n),
                            days.end());
  };
  auto with_today = [&](std::size_t n) {
    auto bars = last(n);
    bars.insert(bars.end(), past.intraday.begin(), past.intraday.end());
    return bars;
  };
  // The running day counts as a bar.
  auto short_of = from(with_today(19), 0);
  CAF_CHECK(short_of.abstained);
  CAF_CHECK(short_of.reason == abstain_reason::insufficient_history);
  CAF_CHECK(short_of.action == trade_action::none);
  CAF_CHECK_EQUAL(short_of.confidence.value(), 0.0);
  CAF_CHECK(!from(with_today(20), 0).abstained);
}

CAF_TEST(a symbol without any bar abstains) {
  auto p = from({}, 0);
  CAF_CHECK(p.reason == abstain_reason::insufficient_history);
  CAF_CHECK_EQUAL(p.entry_price.value(), 0.0);
  CAF_CHECK_EQUAL(p.input_lineage, 0u);
}

CAF_TEST(stale prices are abstained from) {
  // The last bar is of 11:00; prices are fresh for 90 minutes.
  auto bars = known_by(past.all(), slot_time(1));
  CAF_CHECK(!from(bars, 4).abstained); // 12:30
  auto p = from(bars, 5);              // 13:00
  CAF_CHECK(p.abstained);
  CAF_CHECK(p.reason == abstain_reason::stale_prices);
  CAF_CHECK(p.action == trade_action::none);
  CAF_CHECK_EQUAL(p.predicted_direction, 0);
}

CAF_TEST(yesterday is stale in the morning) {
  auto p = from(past.daily, 0);
  CAF_CHECK(p.reason == abstain_reason::stale_prices);
}

CAF_TEST(a headline counts only from when it was known) {
  auto with = [&](std::vector<headline> all, int slot) {
    predictor x{plan, cba};
    for (const auto& b : past.all())
      x.add(b);
    for (const auto& h : all)
      x.add(h);
    return predict(x, slot);
  };
  auto early = news(slot_time(0), 0.8);
  auto late = news(slot_time(5), -0.9);
  CAF_CHECK(with({late}, 4) == with({}, 4));
  CAF_CHECK(!with({late}, 4).trace.inputs.has_news);
  auto seen = with({early}, 4);
  CAF_CHECK(seen.trace.inputs.has_news);
  CAF_CHECK(with({late, early}, 4) == seen);
  CAF_CHECK(with({late, early}, 5).trace.inputs.sentiment
            != seen.trace.inputs.sentiment);
}

CAF_TEST(a headline counts by its source) {
  auto from_source = [&](std::string_view source) {
    predictor x{plan, cba};
    for (const auto& b : past.all())
      x.add(b);
    auto h = news(slot_time(0), 0.8);
    h.source = source;
    x.add(h);
    return predict(x, 4).trace.inputs.news_confidence.value();
  };
  CAF_CHECK(from_source("Reuters") > from_source("HotCopper"));
  CAF_CHECK(from_source("HotCopper") > 0.0);
}

CAF_TEST(the same bars always give the same prediction) {
  for (int slot = 0; slot < 12; ++slot)
    CAF_CHECK(from(past.all(), slot) == from(past_of(cba, 40).all(), slot));
}

CAF_TEST_FIXTURE_SCOPE_END()
