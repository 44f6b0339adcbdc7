#define CAF_SUITE session_closes
#include "models/features/session_closes.hpp"

#include "models/features/symbol_features.hpp"
#include "models/market/adjustment.hpp"
#include "tests/unit/features/series.hpp"

#include "caf/test/unit_test.hpp"

#include <functional>
#include <numeric>
#include <random>

using namespace banksia;
using namespace banksia::test;

namespace {

using std::chrono::hours;

/// When what was traded on that day is known.
timestamp evening_of(int day) {
  return open_of(day) + hours{6};
}

/// Daily bars that are known in the evening.
std::vector<bar> known_days(std::uint32_t seed, int days) {
  auto bars = random_days(seed, days);
  for (int i = 0; i < days; ++i)
    bars[static_cast<std::size_t>(i)].known_at = evening_of(i);
  return bars;
}

std::optional<double> daily_change(const session_closes& x, int day) {
  return x.change_at(evening_of(day), day, true);
}

bar_revision word_on(const bar& of, double close, timestamp known_at) {
  bar_revision x;
  x.content = of;
  x.content.close = price{close};
  x.content.known_at = known_at;
  return x;
}

/// All that a series may be told, by the session of its bars.
struct told_series {
  std::vector<std::pair<bar, int>> bars;
  std::vector<bar_revision> words;
  std::vector<corporate_action> actions;

  /// In the order of the seed; 0: as it became known.
  session_closes told(std::uint64_t seed) const {
    session_closes result;
    std::vector<std::function<void()>> steps;
    for (const auto& [x, day] : bars)
      steps.emplace_back([&, day = day] { result.add(x, day); });
    for (const auto& x : words)
      steps.emplace_back([&] { result.add(x); });
    for (const auto& x : actions)
      steps.emplace_back([&] { result.add(x); });
    if (seed > 0)
      std::shuffle(steps.begin(), steps.end(), std::mt19937_64{seed});
    for (auto& step : steps)
      step();
    return result;
  }

  /// The definition, word by word, over everything there is.
  std::optional<double> naive(timestamp t, int session, bool daily) const {
    std::map<int, std::pair<timestamp, double>> closes;
    for (auto intraday : {true, false})
      for (const auto& [x, day] : bars) {
        auto is_daily = x.interval == bar_interval::d1;
        if (is_daily == intraday || x.known_at > t || day > session)
          continue;
        auto close = x.close.value();
        timestamp newest{};
        for (const auto& y : words)
          if (y.content.opened_at == x.opened_at
              && y.content.interval == x.interval && y.content.known_at <= t
              && y.content.known_at >= newest) {
            newest = y.content.known_at;
            close = y.withdrawn ? 0.0 : y.content.close.value();
          }
        // Of a day the last one counts, and a daily bar before all others.
        if (close > 0.0
            && (!closes.contains(day) || is_daily
                || x.opened_at > closes[day].first))
          closes[day] = {x.opened_at, close};
      }
    if (closes.size() < 2)
      return std::nullopt;
    auto last = std::prev(closes.end());
    auto base = std::prev(last);
    if (session - last->first > (daily ? 0 : 1)
        || last->first - base->first > session_closes::apart_max)
      return std::nullopt;
    auto from = base->second.second;
    std::vector<corporate_action> between;
    for (const auto& x : actions)
      if (x.known_at <= t && x.effective_at > base->second.first
          && x.effective_at <= last->second.first)
        between.push_back(x);
    std::sort(between.begin(), between.end(), effective_before);
    if (!between.empty())
      from *= change_of_basis(between, from).prices;
    return last->second.second / from - 1.0;
  }
};

/// Days with and without bars of half an hour, gaps, words and actions.
told_series random_series(std::uint32_t seed) {
  std::mt19937_64 random{seed};
  auto one_in = [&](std::uint64_t n) { return random() % n == 0; };
  told_series result;
  auto days = known_days(seed, 40);
  for (int i = 0; i < 40; ++i) {
    const auto& day = days[static_cast<std::size_t>(i)];
    if (one_in(6))
      continue;
    if (!one_in(3))
      result.bars.emplace_back(day, i);
    if (one_in(2))
      for (auto x : half_hours(day, i, seed)) {
        x.known_at = x.opened_at + std::chrono::minutes{30};
        result.bars.emplace_back(x, i);
      }
  }
  for (int n = 0; n < 12; ++n) {
    const auto& of = result.bars[random() % result.bars.size()].first;
    auto word = word_on(of, of.close.value() * 1.02,
                        of.known_at + hours{1 + random() % 72});
    word.withdrawn = one_in(3);
    result.words.push_back(word);
  }
  for (int n = 0; n < 5; ++n) {
    corporate_action x;
    x.kind = one_in(2) ? action_kind::split : action_kind::dividend;
    x.effective_at = open_of(static_cast<int>(random() % 40));
    x.known_at = x.effective_at - hours{24} + hours{random() % 72};
    x.value = real{x.kind == action_kind::split ? 2.0 : 0.75};
    result.actions.push_back(x);
  }
  return result;
}

} // namespace

CAF_TEST(it is what its definition says in whatever order it was told) {
  std::size_t some = 0;
  for (std::uint32_t seed = 1; seed <= 12; ++seed) {
    auto series = random_series(seed);
    auto in_order = series.told(0);
    auto shuffled = series.told(seed);
    for (int day = 0; day < 42; ++day)
      for (int hour : {1, 4, 6, 9})
        for (bool daily : {true, false}) {
          auto t = open_of(day) + hours{hour};
          auto expected = series.naive(t, day, daily);
          some += expected.has_value();
          CAF_CHECK(in_order.change_at(t, day, daily) == expected);
          CAF_CHECK(shuffled.change_at(t, day, daily) == expected);
        }
  }
  CAF_CHECK(some > 1000);
}

CAF_TEST(on daily bars it is the change of one day of the features) {
  auto bars = known_days(3, 30);
  session_closes closes;
  symbol_features features;
  for (int i = 0; i < 30; ++i) {
    std::vector<corporate_action> before;
    if (i == 12 || i == 20) {
      corporate_action x;
      x.kind = i == 12 ? action_kind::dividend : action_kind::split;
      x.effective_at = open_of(i);
      x.known_at = evening_of(i - 1);
      x.value = real{i == 12 ? 1.25 : 2.0};
      before.push_back(x);
      closes.add(x);
    }
    const auto& day = bars[static_cast<std::size_t>(i)];
    closes.add(day, i);
    features.add(day, place(i, session_minutes), before);
    if (i == 0)
      continue;
    auto x = features.features(place(i, session_minutes), {}, {});
    auto change = daily_change(closes, i);
    CAF_REQUIRE(change.has_value());
    CAF_CHECK(near(*change, x.values[feature_index("price_change_1d")],
                   1e-12));
  }
}

CAF_TEST(what is known later changes nothing) {
  auto series = random_series(5);
  auto whole = series.told(0);
  auto t = evening_of(20);
  auto cut = series;
  std::erase_if(cut.bars, [t](const auto& x) { return x.first.known_at > t; });
  std::erase_if(cut.words,
                [t](const auto& x) { return x.content.known_at > t; });
  std::erase_if(cut.actions, [t](const auto& x) { return x.known_at > t; });
  auto then = cut.told(0);
  for (int day = 0; day <= 20; ++day)
    for (bool daily : {true, false})
      CAF_CHECK(whole.change_at(evening_of(day), day, daily)
                == then.change_at(evening_of(day), day, daily));
}

CAF_TEST(a close of another day is none of this one) {
  auto bars = known_days(1, 10);
  session_closes closes;
  for (int i = 0; i < 8; ++i)
    closes.add(bars[static_cast<std::size_t>(i)], i);
  CAF_CHECK(daily_change(closes, 7).has_value());
  CAF_CHECK(!daily_change(closes, 8).has_value());
  // Within a day the last session's return stands until there is another.
  CAF_CHECK(closes.change_at(evening_of(8), 8, false) == daily_change(closes, 7));
  CAF_CHECK(!closes.change_at(evening_of(9), 9, false).has_value());
}

CAF_TEST(closes far apart are no return of a session) {
  for (int apart : {session_closes::apart_max, session_closes::apart_max + 1}) {
    session_closes closes;
    auto bars = known_days(1, 20);
    closes.add(bars[0], 0);
    closes.add(bars[static_cast<std::size_t>(apart)], apart);
    CAF_CHECK_EQUAL(daily_change(closes, apart).has_value(),
                    apart == session_closes::apart_max);
  }
}

CAF_TEST(closes that are no prices are none) {
  session_closes closes;
  auto bars = known_days(1, 3);
  for (auto bad : {0.0, -1.0, std::numeric_limits<double>::infinity(),
                   std::numeric_limits<double>::quiet_NaN()}) {
    auto x = bars[1];
    x.close = price{bad};
    closes.add(x, 1);
  }
  CAF_CHECK(closes.empty());
  corporate_action nonsense;
  nonsense.kind = action_kind::split;
  nonsense.effective_at = open_of(1);
  closes.add(nonsense);
  closes.add(bars[0], 0);
  closes.add(bars[1], 1);
  CAF_CHECK(daily_change(closes, 1)
            == bars[1].close.value() / bars[0].close.value() - 1.0);
}

CAF_TEST(what is forgotten is said and what is needed is kept) {
  auto bars = known_days(2, 200);
  session_closes whole, kept;
  for (int i = 0; i < 200; ++i) {
    whole.add(bars[static_cast<std::size_t>(i)], i);
    kept.add(bars[static_cast<std::size_t>(i)], i);
    kept.forget_before(i);
    CAF_CHECK(daily_change(kept, i) == daily_change(whole, i));
    CAF_CHECK_EQUAL(kept.complete_from() > i - session_closes::needed_sessions,
                    false);
  }
  // Nobody asked the other one, and it has not kept everything either.
  CAF_CHECK_EQUAL(whole.complete_from(), 199 - session_closes::kept_sessions);
  CAF_CHECK(daily_change(whole, 150).has_value());
  CAF_CHECK(!daily_change(whole, 50).has_value());
  kept.know_from(10);
  CAF_CHECK_EQUAL(kept.complete_from(), 10);
}
