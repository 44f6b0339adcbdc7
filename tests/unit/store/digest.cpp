#define CAF_SUITE store_digest
#include "tests/unit/store/samples.hpp"

#include "caf/test/unit_test.hpp"

#include <algorithm>
#include <cmath>
#include <random>

using namespace banksia;
using namespace banksia::store_test;

namespace {

const std::vector<std::string> symbols{"ANZ.AX", "CBA.AX", "WBC.AX"};

struct content {
  std::vector<cycle_record> cycles;
  std::vector<outcome> outcomes;
};

content make_content() {
  content x;
  for (int i = 0; i < 4; ++i) {
    x.cycles.push_back(make_cycle(i, symbols));
    for (const auto& p : x.cycles.back().predictions)
      for (auto horizon : {60u, 240u})
        x.outcomes.push_back(make_outcome(p, horizon));
  }
  return x;
}

std::string digest_of(const content& x, const std::string& build = "build") {
  store_fixture fresh;
  storage::transaction guard{fresh.db};
  fresh.ledger.set_provenance({"h" + build, "t", build});
  for (const auto& cycle : x.cycles)
    fresh.ledger.write(cycle);
  for (const auto& made : x.outcomes)
    fresh.ledger.write(outcome_batch{1, {made}});
  guard.commit();
  return fresh.queries.digest("live");
}

/// The next double: the smallest change there is.
template <class Quantity>
void nudge(Quantity& x) {
  x = Quantity{std::nextafter(x.value(), 1e9)};
}

/// The digest after one change to a prediction in the middle.
template <class Change>
std::string with_prediction(Change change) {
  auto x = make_content();
  change(x.cycles[1].predictions[1]);
  return digest_of(x);
}

template <class Change>
std::string with_outcome(Change change) {
  auto x = make_content();
  change(x.outcomes[5]);
  return digest_of(x);
}

} // namespace

CAF_TEST(a digest is SHA 256 and of the empty run it is that of nothing) {
  store_fixture fresh;
  CAF_CHECK_EQUAL(fresh.queries.digest("live"), sha256_hex(""));
  CAF_CHECK_EQUAL(digest_of(make_content()).size(), 64u);
}

CAF_TEST(the order of insertion does not matter) {
  auto wanted = digest_of(make_content());
  std::mt19937 random{7};
  for (int i = 0; i < 5; ++i) {
    auto x = make_content();
    std::shuffle(x.cycles.begin(), x.cycles.end(), random);
    for (auto& cycle : x.cycles)
      std::shuffle(cycle.predictions.begin(), cycle.predictions.end(), random);
    std::shuffle(x.outcomes.begin(), x.outcomes.end(), random);
    CAF_CHECK_EQUAL(digest_of(x), wanted);
  }
}

CAF_TEST(what is not content stays out) {
  auto wanted = digest_of(make_content());
  CAF_CHECK_EQUAL(digest_of(make_content(), "another build"), wanted);
  auto x = make_content();
  x.cycles[0].slot.issued_at += micros{1};
  x.cycles[0].completed_at += micros{1};
  CAF_CHECK_EQUAL(digest_of(x), wanted);
  x.cycles.push_back(make_cycle(0, symbols, "other"));
  CAF_CHECK_EQUAL(digest_of(x), wanted);
}

CAF_TEST(every value of a prediction enters) {
  auto wanted = digest_of(make_content());
  auto differs = [&](auto change) {
    CAF_CHECK_NOT_EQUAL(with_prediction(change), wanted);
  };
  differs([](prediction& p) { ++p.id.hash; });
  differs([](prediction& p) { ++p.cycle.hash; });
  differs([](prediction& p) { p.symbol += "x"; });
  differs([](prediction& p) { p.interval = bar_interval::m15; });
  differs([](prediction& p) { p.slot += micros{1}; });
  differs([](prediction& p) {
    p.abstained = true;
    p.reason = abstain_reason::no_model;
  });
  differs([](prediction& p) { p.action = trade_action::hold; });
  differs([](prediction& p) { p.optimal_action = trade_action::hold; });
  differs([](prediction& p) { nudge(p.confidence); });
  differs([](prediction& p) { p.predicted_direction = 0; });
  differs([](prediction& p) { nudge(p.predicted_magnitude); });
  differs([](prediction& p) { nudge(p.entry_price); });
  differs([](prediction& p) { ++p.horizon_minutes; });
  differs([](prediction& p) { p.model_version = "rules-2"; });
  differs([](prediction& p) { p.context.trend = market_trend::bearish; });
  differs([](prediction& p) { p.features.mask ^= 1; });
  differs([](prediction& p) { p.features.values[52] = 0.0; });
  differs([](prediction& p) { nudge(p.trace.inputs.rsi14); });
  differs([](prediction& p) { p.trace.buy.gates ^= 1; });
  differs([](prediction& p) { ++p.input_lineage; });
  differs([](prediction& p) { ++p.input_count; });
}

CAF_TEST(why a prediction abstains enters) {
  auto reason = [](abstain_reason why) {
    return with_prediction([why](prediction& p) {
      p.abstained = true;
      p.reason = why;
    });
  };
  CAF_CHECK_NOT_EQUAL(reason(abstain_reason::no_model),
                      reason(abstain_reason::stale_prices));
}

CAF_TEST(every value of an outcome enters) {
  auto wanted = digest_of(make_content());
  auto differs = [&](auto change) {
    CAF_CHECK_NOT_EQUAL(with_outcome(change), wanted);
  };
  differs([](outcome& x) { ++x.id.hash; });
  differs([](outcome& x) { x.symbol += "x"; });
  differs([](outcome& x) { ++x.horizon_minutes; });
  differs([](outcome& x) { x.due_at += micros{1}; });
  differs([](outcome& x) { x.evaluation_timestamp += micros{1}; });
  differs([](outcome& x) { nudge(x.entry_price); });
  differs([](outcome& x) { nudge(x.exit_price); });
  differs([](outcome& x) { nudge(x.actual_return); });
  differs([](outcome& x) { nudge(x.total_return); });
  differs([](outcome& x) { x.actual_direction = 0; });
  differs([](outcome& x) { x.success = false; });
  differs([](outcome& x) { ++x.sessions_elapsed; });
  differs([](outcome& x) { ++x.open_minutes; });
  differs([](outcome& x) { x.is_void = true; });
}

CAF_TEST(a missing row enters) {
  auto wanted = digest_of(make_content());
  auto x = make_content();
  x.outcomes.pop_back();
  CAF_CHECK_NOT_EQUAL(digest_of(x), wanted);
  x = make_content();
  x.cycles[0].predictions.pop_back();
  x.outcomes.erase(x.outcomes.begin() + 4, x.outcomes.begin() + 6);
  CAF_CHECK_NOT_EQUAL(digest_of(x), wanted);
}
