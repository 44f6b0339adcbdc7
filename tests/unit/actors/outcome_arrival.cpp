#define CAF_SUITE outcome_arrival
#include "actors/evaluator/outcome_book.hpp"
#include "tests/unit/actors/samples.hpp"

#include "caf/test/unit_test.hpp"

#include <map>
#include <random>

using namespace banksia;
using namespace banksia::actors_test;

// What an outcome says does not depend on when bars and obligations arrive:
// against the definition, taken literally, for many random arrivals.

namespace {

using engine = std::mt19937_64;
using key = std::pair<prediction_id, std::uint32_t>;

/// A market of two days with gaps, and what is owed on it.
struct case_of_market {
  std::map<std::string, std::vector<bar>> bars; ///< of each symbol, in order
  std::vector<obligation> owed;
  timestamp end; ///< after the last bar
};

case_of_market make_case(const run_plan& plan, engine& random) {
  case_of_market result;
  auto chance = [&](int percent) { return random() % 100 < unsigned(percent); };
  auto day = *sydney().session_index(first_day().date);
  for (const auto& symbol : plan.symbols)
    for (std::size_t i = 0; i < 2; ++i) {
      const auto& s = sydney().sessions()[day + i];
      for (auto t = s.opens_at + 5min; t <= s.closes_at; t += 5min)
        if (chance(15)) // thin trade: horizons without any
          result.bars[symbol].push_back(
            make_bar(symbol, t, 90.0 + static_cast<double>(random() % 2000) / 100));
    }
  for (int i = 0; i < 12; ++i)
    for (const auto& symbol : plan.symbols)
      for (auto horizon : plan.horizons_minutes)
        if (chance(70))
          result.owed.push_back(
            owed_for(plan, symbol, slot_time(i), horizon));
  result.end = sydney().sessions()[day + 1].auction_ends_at;
  return result;
}

/// The rule of the contract, read from a symbol's whole series.
std::optional<bar> exit_of(const obligation& x, const std::vector<bar>& bars) {
  std::optional<bar> last;
  for (const auto& b : bars) {
    if (b.known_at <= x.slot)
      continue;
    if (b.known_at > x.due_at)
      return last ? last : b;
    last = b;
  }
  return last;
}

/// Plays a market into a book: obligations at any time after their slot was
/// reached, bars of a symbol in order, of different symbols in any, watermarks
/// that keep their word.
std::map<key, outcome> play(const shared_plan& plan, const case_of_market& x,
                            engine& random) {
  outcome_book book{plan};
  std::map<key, outcome> made;
  auto collect = [&] {
    for (auto& o : book.take())
      CAF_CHECK(made.emplace(key{o.prediction, o.horizon_minutes}, o).second);
  };
  std::map<std::string, std::size_t> next;
  auto waiting = x.owed;
  std::shuffle(waiting.begin(), waiting.end(), random);
  auto watermark = timestamp::max();
  for (bool more = true; more;) {
    more = !waiting.empty();
    if (!waiting.empty() && random() % 3 == 0) {
      book.owe(waiting.back());
      if (random() % 4 == 0)
        book.owe(waiting.back()); // told twice
      waiting.pop_back();
    }
    watermark = x.end;
    for (const auto& [symbol, bars] : x.bars) {
      auto& at = next[symbol];
      if (at < bars.size() && random() % 2 == 0) {
        book.add(bars[at]);
        if (random() % 8 == 0 && at > 0)
          book.add(bars[at - 1]); // delivered again
        ++at;
      }
      if (at < bars.size()) {
        more = true;
        watermark = std::min(watermark, bars[at].known_at - micros{1});
      }
    }
    if (random() % 2 == 0)
      book.advance(watermark);
    if (random() % 5 == 0)
      collect();
  }
  book.advance(x.end);
  collect();
  return made;
}

} // namespace

CAF_TEST(outcomes follow the rule whatever the order of arrival) {
  auto plan = intraday_plan();
  std::size_t checked = 0;
  std::size_t first_after = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    engine random{seed};
    auto x = make_case(*plan, random);
    auto made = play(plan, x, random);
    std::size_t expected = 0;
    bool all_equal = true;
    for (const auto& owed : x.owed) {
      auto exit = exit_of(owed, x.bars[owed.symbol]);
      auto found = made.find({owed.prediction, owed.horizon_minutes});
      // What is not final by the end is not made.
      if (!exit || (owed.due_at > x.end && exit->known_at <= owed.due_at)) {
        all_equal &= found == made.end();
        continue;
      }
      ++expected;
      first_after += exit->known_at > owed.due_at;
      all_equal &= found != made.end()
                   && found->second.exit_price == exit->close
                   && found->second.evaluation_timestamp
                        == std::max(owed.due_at, exit->known_at);
    }
    CAF_CHECK(all_equal);
    CAF_CHECK_EQUAL(made.size(), expected);
    checked += expected;
  }
  // The cases must not be all of one kind.
  CAF_CHECK_GREATER(checked, 1000u);
  CAF_CHECK_GREATER(first_after, 50u);
}

CAF_TEST(two arrivals of the same market give equal outcomes) {
  auto plan = intraday_plan();
  for (std::uint64_t seed = 100; seed < 110; ++seed) {
    engine market{seed};
    auto x = make_case(*plan, market);
    engine one{1};
    engine two{2};
    auto first = play(plan, x, one);
    CAF_CHECK(!first.empty());
    CAF_CHECK(first == play(plan, x, two));
  }
}
