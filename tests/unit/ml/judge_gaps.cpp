#define CAF_SUITE judge_gaps
#include "actors/horizon_band.hpp"
#include "actors/ml/judge.hpp"
#include "tests/unit/store/samples.hpp"

#include "caf/test/unit_test.hpp"

#include <cmath>

using namespace banksia;
using namespace std::chrono_literals;

namespace {

const exchange_calendar& sydney() {
  static const exchange_calendar calendar;
  return calendar;
}

/// One stored forecast whose outcome came later, or earlier, than its horizon
/// had promised.
struct gap_fixture {
  test::scratch_folder folder;
  storage::database db = store::open_for_writing(folder.file("banksia.db"));
  store::ledger into{db};

  gap_fixture() { into.set_provenance({"hash", "text", "build"}); }

  live_forecast labelled(timestamp slot, std::uint32_t horizon,
                         std::uint32_t open_minutes, double actual_return) {
    cycle_record x;
    x.slot = store_test::make_slot(0);
    x.slot.slot = slot;
    x.slot.id = make_cycle_id("live", "30m", slot);
    x.context = store_test::make_context();
    auto p = store_test::make_prediction(x.slot, "CBA.AX");
    p.horizon_minutes = horizon;
    p.trace.inputs.volatility = real{0.0125};
    class_forecast said;
    said.model_version = "m";
    said.down = fraction{0.2};
    said.flat = fraction{0.3};
    said.up = fraction{0.5};
    p.forecasts = {said};
    x.predictions = {p};
    auto made = store_test::make_outcome(p, horizon);
    made.actual_return = fraction{actual_return};
    made.open_minutes = open_minutes;
    into.write(x);
    into.write(outcome_batch{1, {made}});
    auto rows = label_rows(store::queries{db}.judged("live", "", slot),
                           sydney(), 0.43);
    CAF_REQUIRE_EQUAL(rows.size(), 1u);
    return rows.front();
  }
};

bool near(double a, double b) {
  return std::abs(a - b) < 1e-12;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(judge_gaps_tests, gap_fixture)

CAF_TEST(a first trade long after the horizon does not widen its band) {
  // From 11:00; nothing traded until 14:00. Over three hours 0.3 % were flat.
  auto day = sydney().session_on(std::chrono::year{2025} / 7 / 1);
  CAF_REQUIRE(day);
  auto slot = day->opens_at + 60min;
  auto x = labelled(slot, 60, 180, 0.003);
  CAF_CHECK(near(x.band.value(), 0.43 * 0.0125 * std::sqrt(60.0 / 360.0)));
  CAF_CHECK_EQUAL(std::string{to_string(x.label)}, "up");
  // As training labels it.
  auto band = horizon_band(sydney(), slot, 60, 0.0125, 0.43);
  CAF_REQUIRE(band);
  CAF_CHECK_EQUAL(x.band, *band);
  CAF_CHECK_EQUAL(x.label, label_of(fraction{0.003}, *band));
}

CAF_TEST(a day is a session however short the next one is) {
  // Christmas Eve is over after four hours of the usual six.
  auto eve = sydney().session_on(std::chrono::year{2025} / 12 / 24);
  auto before = sydney().session_on(std::chrono::year{2025} / 12 / 23);
  CAF_REQUIRE(eve && before && eve->half_day);
  auto x = labelled(before->auction_ends_at, 1440, 240, 0.005);
  CAF_CHECK(near(x.band.value(), 0.43 * 0.0125));
  CAF_CHECK_EQUAL(std::string{to_string(x.label)}, "flat");
}

CAF_TEST(a horizon without open minutes is judged no more than learnt from) {
  auto day = sydney().session_on(std::chrono::year{2025} / 7 / 1);
  CAF_REQUIRE(day);
  CAF_CHECK(!horizon_band(sydney(), day->closes_at, 60, 0.0125, 0.43));
  CAF_CHECK(!horizon_band(sydney(), timestamp{}, 60, 0.0125, 0.43));
  CAF_CHECK(!horizon_band(sydney(), day->opens_at, 60, 0.0, 0.43));
}

CAF_TEST_FIXTURE_SCOPE_END()
