#define CAF_SUITE ids
#include "messages/ids.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;

namespace {

const auto slot = from_micros(1'751'328'000'000'000);

} // namespace

CAF_TEST(the same slot always gives the same id) {
  auto a = make_prediction_id("live", "CBA.AX", "30m", slot);
  auto b = make_prediction_id("live", "CBA.AX", "30m", slot);
  CAF_CHECK(a == b);
  // Golden: stored ids must mean the same after any change of this code.
  CAF_CHECK_EQUAL(to_string(a), "000638d2d3534000b1e8d6110ee43b9f");
}

CAF_TEST(run symbol interval and slot each change the id) {
  auto id = make_prediction_id("live", "CBA.AX", "30m", slot);
  CAF_CHECK(id != make_prediction_id("replay", "CBA.AX", "30m", slot));
  CAF_CHECK(id != make_prediction_id("live", "WBC.AX", "30m", slot));
  CAF_CHECK(id != make_prediction_id("live", "CBA.AX", "1d", slot));
  CAF_CHECK(id
            != make_prediction_id("live", "CBA.AX", "30m", slot + micros{1}));
}

CAF_TEST(ids sort by time in both forms) {
  auto early = make_prediction_id("live", "ZZZ.AX", "30m", slot);
  auto later = make_prediction_id("live", "AAA.AX", "30m", slot + micros{1});
  CAF_CHECK(early < later);
  CAF_CHECK(to_string(early) < to_string(later));
  CAF_CHECK(later.slot() == slot + micros{1});
}

CAF_TEST(hex is read back and anything else refused) {
  auto id = make_cycle_id("live", "30m", slot);
  CAF_CHECK(parse_id<cycle_id>(to_string(id)) == id);
  CAF_CHECK(!parse_id<cycle_id>(""));
  CAF_CHECK(!parse_id<cycle_id>(to_string(id) + "0"));
  CAF_CHECK(!parse_id<cycle_id>("g" + to_string(id).substr(1)));
}

CAF_TEST(horizons of one prediction have ids of their own) {
  auto id = make_prediction_id("live", "CBA.AX", "30m", slot);
  CAF_CHECK(make_outcome_id(id, 60) != make_outcome_id(id, 240));
}

CAF_TEST(the hash is SHA 256) {
  // FIPS 180-2, appendix B.1.
  CAF_CHECK_EQUAL(sha256_hex("abc"),
                  "ba7816bf8f01cfea414140de5dae2223"
                  "b00361a396177a9cb410ff61f20015ad");
  CAF_CHECK_EQUAL(content_hash("abc"), 0xba7816bf8f01cfeaULL);
}
