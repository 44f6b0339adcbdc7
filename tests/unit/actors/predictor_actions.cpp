#define CAF_SUITE predictor_actions

// Splits, dividends and revisions: as of a time, whatever the order.

#include "actors/symbol/predictor.hpp"
#include "tests/unit/actors/change_samples.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;
using namespace banksia::actors_test;

namespace {

constexpr auto cba = "CBA.AX";

struct changes_fixture {
  shared_plan plan = intraday_plan();
  symbol_past past = past_of(cba, 40);

  cycle_slot at(int slot) { return slot_of(*plan, slot); }

  /// What is predicted by who is given everything before it is asked.
  prediction at_once(const changes& all, int slot,
                     std::optional<timestamp> settled = {}) {
    predictor x{plan, cba, settled.value_or(slot_time(slot))};
    give(x, all);
    for (const auto& b : past.all())
      x.add(b);
    return x.predict(at(slot), {});
  }

  void give(predictor& x, const changes& all) {
    for (const auto& a : all.actions)
      x.add(a);
    for (const auto& r : all.revisions)
      x.add(r);
  }

  prediction with(std::vector<corporate_action> actions, int slot) {
    return at_once({std::move(actions), {}}, slot);
  }

  prediction with(std::vector<bar_revision> revisions, int slot) {
    return at_once({{}, std::move(revisions)}, slot);
  }

  corporate_action split_today(double ratio, timestamp known_at) {
    return make_action(action_kind::split, cba, first_day().opens_at, ratio,
                       known_at);
  }

  /// The first day's bars are traded in new shares.
  void halve_today() {
    for (auto& x : past.intraday) {
      for (auto value : {&x.open, &x.high, &x.low, &x.close})
        *value = price{value->value() / 2};
      x.volume = shares{x.volume.value() * 2};
    }
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(predictor_action_tests, changes_fixture)

CAF_TEST(a split is no fall) {
  auto plain = with(std::vector<corporate_action>{}, 3);
  halve_today();
  auto blind = with(std::vector<corporate_action>{}, 3);
  auto seeing = with({split_today(2.0, slot_time(-1))}, 3);
  // A power of two rounds nothing: all but prices is as without the split.
  CAF_CHECK(seeing.trace.inputs.rsi14 == plain.trace.inputs.rsi14);
  CAF_CHECK(seeing.trace.inputs.volatility == plain.trace.inputs.volatility);
  CAF_CHECK(seeing.trace.inputs.volume_ratio
            == plain.trace.inputs.volume_ratio);
  CAF_CHECK(seeing.action == plain.action);
  CAF_CHECK(seeing.confidence == plain.confidence);
  CAF_CHECK_GREATER(blind.trace.inputs.volatility.value(),
                    5 * plain.trace.inputs.volatility.value());
  // Prices that are shown are as traded.
  CAF_CHECK_EQUAL(seeing.entry_price.value() * 2, plain.entry_price.value());
  CAF_CHECK_EQUAL(seeing.entry_price.value(), blind.entry_price.value());
  auto shown = feature_index("current_price");
  CAF_CHECK_EQUAL(seeing.features.values[shown], seeing.entry_price.value());
  CAF_CHECK(seeing.input_lineage != blind.input_lineage);
  CAF_CHECK_EQUAL(seeing.input_count, blind.input_count);
}

CAF_TEST(a dividend is no fall either) {
  auto close = past.daily.back().close.value();
  auto plain = with(std::vector<corporate_action>{}, 3);
  auto paid = make_action(action_kind::dividend, cba, first_day().opens_at,
                          close * 0.04, slot_time(-1));
  auto seeing = with({paid}, 3);
  // The same prices after a dividend are a rise.
  CAF_CHECK_GREATER(seeing.trace.inputs.rsi14.value(),
                    plain.trace.inputs.rsi14.value());
  auto change = feature_index("price_change_1d");
  CAF_CHECK_GREATER(seeing.features.values[change],
                    plain.features.values[change] + 0.03);
  CAF_CHECK_EQUAL(seeing.entry_price.value(), plain.entry_price.value());
}

CAF_TEST(an action that is announced changes nothing before its day) {
  auto tomorrow = first_day().opens_at + 24h;
  CAF_CHECK(with({make_action(action_kind::split, cba, tomorrow, 2.0,
                              first_day().opens_at)},
                 11)
            == with(std::vector<corporate_action>{}, 11));
}

CAF_TEST(what becomes known later changes no byte before) {
  auto late = split_today(2.0, slot_time(5));
  auto revised = make_revision(past.daily[20], 1.0, slot_time(5));
  for (int slot = 0; slot < 5; ++slot) {
    CAF_CHECK(with({late}, slot) == with(std::vector<corporate_action>{}, slot));
    CAF_CHECK(with({revised}, slot) == with(std::vector<bar_revision>{}, slot));
  }
  CAF_CHECK(with({late}, 5) != with(std::vector<corporate_action>{}, 5));
  CAF_CHECK(with({revised}, 5) != with(std::vector<bar_revision>{}, 5));
  CAF_CHECK(with({late}, 5) == with({split_today(2.0, slot_time(-3))}, 5));
}

CAF_TEST(a revised bar counts as if it had come so) {
  const auto& wrong = past.daily[35];
  auto seen = with({make_revision(wrong, wrong.close.value() * 1.02,
                                  slot_time(1))}, 4);
  auto other = with(std::vector<bar_revision>{}, 4);
  CAF_CHECK(seen != other);
  auto& x = past.daily[35];
  x.open = x.high = x.low = x.close = price{x.close.value() * 1.02};
  CAF_CHECK(with(std::vector<bar_revision>{}, 4) == seen);
}

CAF_TEST(a withdrawn bar counts as if it had never come) {
  auto seen = with({make_withdrawal(past.daily[35], slot_time(1))}, 4);
  past.daily.erase(past.daily.begin() + 35);
  CAF_CHECK(with(std::vector<bar_revision>{}, 4) == seen);
}

CAF_TEST(the last word on a bar counts) {
  const auto& of = past.daily[35];
  auto first = make_revision(of, of.close.value() * 1.02, slot_time(1));
  auto second = make_withdrawal(of, slot_time(3));
  CAF_CHECK(with({second, first}, 2) == with({first}, 2));
  CAF_CHECK(with({first, second}, 3) == with({second}, 3));
}

CAF_TEST(bit for bit the same whether fed step by step or at once) {
  std::size_t made_again = 0, changed = 0, went_on = 0;
  for (std::uint64_t seed = 1; seed <= 25; ++seed) {
    auto all = random_changes(past, seed);
    auto bars = past.all();
    auto fresh = [&](timestamp settled) {
      return std::make_unique<predictor>(plan, cba, settled);
    };
    // As a symbol's actor: what is known is told step by step; where it does
    // not fit, everything is told anew.
    auto x = fresh({});
    timestamp told{};
    for (int slot = 0; slot < 12; ++slot) {
      auto now = slot_time(slot);
      auto is_new = [&](timestamp known_at) {
        return known_at > told && known_at <= now;
      };
      for (const auto& a : all.actions)
        if (is_new(a.known_at))
          x->add(a);
      for (const auto& r : all.revisions)
        if (is_new(r.content.known_at))
          x->add(r);
      for (const auto& b : bars)
        if (is_new(b.known_at))
          x->add(b);
      told = now;
      if (!x->fits(now)) {
        ++made_again;
        x = fresh(now);
        give(*x, all);
        for (const auto& b : known_by(bars, now))
          x->add(b);
        CAF_REQUIRE(x->fits(now));
      } else if (slot > 0) {
        ++went_on;
      }
      auto stepwise = x->predict(at(slot), {});
      CAF_REQUIRE(stepwise == at_once(all, slot));
      // Applied at once or kept until asked: the same.
      CAF_REQUIRE(stepwise == at_once(all, slot, timestamp{}));
      changed += stepwise != with(std::vector<corporate_action>{}, slot);
    }
  }
  CAF_CHECK_GREATER(made_again, 20u);
  CAF_CHECK_GREATER(went_on, 50u);
  CAF_CHECK_GREATER(changed, 150u);
}

CAF_TEST(garbage known later changes nothing) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    auto all = random_changes(past, seed);
    auto expected = at_once(all, 5);
    for (auto& a : all.actions)
      if (a.known_at > slot_time(5))
        a.value = real{1e6};
    for (auto& r : all.revisions)
      if (r.content.known_at > slot_time(5))
        r.content.close = price{1e6};
    all.actions.push_back(split_today(1000.0, slot_time(6)));
    all.revisions.push_back(make_revision(past.daily[3], 1e6, slot_time(6)));
    CAF_CHECK(at_once(all, 5) == expected);
  }
}

CAF_TEST(it fits until something concerns what it holds already) {
  predictor x{plan, cba};
  for (const auto& b : past.all())
    x.add(b);
  x.predict(at(2), {});
  CAF_CHECK(x.fits(slot_time(2)));
  CAF_CHECK(!x.fits(slot_time(1))); // it knows more
  auto late = split_today(2.0, slot_time(4));
  x.add(late);
  CAF_CHECK(x.fits(slot_time(3)));
  CAF_CHECK(!x.fits(slot_time(4)));
  predictor y{plan, cba};
  for (const auto& b : past.all())
    y.add(b);
  y.predict(at(2), {});
  // A bar that is still to come is no trouble.
  y.add(make_revision(past.intraday.back(), 1.0, slot_time(4)));
  CAF_CHECK(y.fits(slot_time(4)));
  y.add(make_revision(past.daily[7], 1.0, slot_time(4)));
  CAF_CHECK(!y.fits(slot_time(4)));
  CAF_CHECK(y.fits(slot_time(3)));
  // Asked all the same it leaves out what came too late, and does not fit.
  auto without = with(std::vector<corporate_action>{}, 4);
  CAF_CHECK(x.predict(at(4), {}).trace == without.trace);
  CAF_CHECK(!x.fits(slot_time(5)));
}

CAF_TEST(it does not fit once a bar comes behind what was asked for) {
  predictor x{plan, cba};
  for (const auto& b : past.intraday)
    x.add(b);
  x.predict(at(2), {});
  CAF_CHECK(x.fits(slot_time(3)));
  x.add(past.daily.front());
  CAF_CHECK(!x.fits(slot_time(3)));
}

CAF_TEST(an action told twice counts once and a bad one never) {
  halve_today();
  auto once = with({split_today(2.0, slot_time(-1))}, 3);
  auto again = split_today(2.0, slot_time(1));
  CAF_CHECK(with({split_today(2.0, slot_time(-1)), again}, 3) == once);
  auto plain = with(std::vector<corporate_action>{}, 3);
  for (double value : {0.0, -2.0, std::numeric_limits<double>::infinity()})
    CAF_CHECK(with({split_today(value, slot_time(-1))}, 3) == plain);
}

CAF_TEST_FIXTURE_SCOPE_END()
