#define CAF_SUITE wire_golden
#include "tests/unit/messages/wire_golden.hpp"
#include "messages/wire.hpp"
#include "tests/unit/messages/wire_values.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;
using namespace banksia::wire_test;

namespace {

struct known_type {
  caf::type_id_t id;
  std::string_view name;
};

/// The wire identity of every type. Append only: a line that changes here makes
/// this build unable to talk to the one before.
constexpr known_type known_types[] = {
  {200, "banksia::real"},
  {201, "std::vector<banksia::real>"},
  {202, "banksia::price"},
  {203, "std::vector<banksia::price>"},
  {204, "banksia::shares"},
  {205, "std::vector<banksia::shares>"},
  {206, "banksia::fraction"},
  {207, "std::vector<banksia::fraction>"},
  {208, "banksia::percent"},
  {209, "std::vector<banksia::percent>"},
  {210, "banksia::cycle_id"},
  {211, "std::vector<banksia::cycle_id>"},
  {212, "banksia::prediction_id"},
  {213, "std::vector<banksia::prediction_id>"},
  {214, "banksia::outcome_id"},
  {215, "std::vector<banksia::outcome_id>"},
  {216, "banksia::bar_interval"},
  {217, "std::vector<banksia::bar_interval>"},
  {218, "banksia::bar"},
  {219, "std::vector<banksia::bar>"},
  {220, "banksia::headline"},
  {221, "std::vector<banksia::headline>"},
  {222, "banksia::feature_vector"},
  {223, "std::vector<banksia::feature_vector>"},
  {224, "banksia::market_context"},
  {225, "std::vector<banksia::market_context>"},
  {226, "banksia::decision_trace"},
  {227, "std::vector<banksia::decision_trace>"},
  {228, "banksia::prediction"},
  {229, "std::vector<banksia::prediction>"},
  {230, "banksia::outcome"},
  {231, "std::vector<banksia::outcome>"},
  {232, "banksia::obligation"},
  {233, "std::vector<banksia::obligation>"},
  {234, "banksia::cycle_slot"},
  {235, "std::vector<banksia::cycle_slot>"},
  {236, "banksia::event"},
  {237, "std::vector<banksia::event>"},
  {238, "banksia::component_health"},
  {239, "std::vector<banksia::component_health>"},
  {240, "banksia::bar_batch"},
  {241, "std::vector<banksia::bar_batch>"},
  {242, "banksia::headline_batch"},
  {243, "std::vector<banksia::headline_batch>"},
  {244, "banksia::feed_progress"},
  {245, "std::vector<banksia::feed_progress>"},
  {246, "banksia::cycle_due"},
  {247, "std::vector<banksia::cycle_due>"},
  {248, "banksia::predict_request"},
  {249, "std::vector<banksia::predict_request>"},
  {250, "banksia::prediction_draft"},
  {251, "std::vector<banksia::prediction_draft>"},
  {252, "banksia::cycle_record"},
  {253, "std::vector<banksia::cycle_record>"},
  {254, "banksia::obligation_batch"},
  {255, "std::vector<banksia::obligation_batch>"},
  {256, "banksia::outcome_batch"},
  {257, "std::vector<banksia::outcome_batch>"},
  {258, "banksia::commit_receipt"},
  {259, "std::vector<banksia::commit_receipt>"},
  {260, "banksia::clock_mark"},
  {261, "std::vector<banksia::clock_mark>"},
  {262, "banksia::supervision_report"},
  {263, "std::vector<banksia::supervision_report>"},
  {264, "banksia::schedule_status"},
  {265, "std::vector<banksia::schedule_status>"},
  {266, "banksia::cycle_result"},
  {267, "std::vector<banksia::cycle_result>"},
  {268, "banksia::timestamp"},
  {269, "std::vector<banksia::timestamp>"},
  {270, "std::vector<std::string>"},
  {271, "std::vector<std::uint32_t>"},
  {272, "banksia::price_request"},
  {273, "std::vector<banksia::price_request>"},
  {274, "banksia::quarantined_row"},
  {275, "std::vector<banksia::quarantined_row>"},
  {276, "banksia::quarantine_batch"},
  {277, "std::vector<banksia::quarantine_batch>"},
  {278, "banksia::price_answer"},
  {279, "std::vector<banksia::price_answer>"},
  {280, "banksia::bar_repair"},
  {281, "std::vector<banksia::bar_repair>"},
  {282, "banksia::bar_repair_batch"},
  {283, "std::vector<banksia::bar_repair_batch>"},
  {284, "banksia::corporate_action"},
  {285, "std::vector<banksia::corporate_action>"},
  {286, "banksia::corporate_action_batch"},
  {287, "std::vector<banksia::corporate_action_batch>"},
  {288, "banksia::listing_change"},
  {289, "std::vector<banksia::listing_change>"},
  {290, "banksia::listing_change_batch"},
  {291, "std::vector<banksia::listing_change_batch>"},
  {292, "banksia::bar_revision"},
  {293, "std::vector<banksia::bar_revision>"},
  {294, "banksia::bar_revision_batch"},
  {295, "std::vector<banksia::bar_revision_batch>"},
  {296, "banksia::class_forecast"},
  {297, "std::vector<banksia::class_forecast>"},
  {298, "banksia::forecast_request"},
  {299, "std::vector<banksia::forecast_request>"},
  {300, "banksia::forecast_answer"},
  {301, "std::vector<banksia::forecast_answer>"},
  {302, "banksia::forecaster_status"},
  {303, "std::vector<banksia::forecaster_status>"},
  {304, "banksia::job_record"},
  {305, "std::vector<banksia::job_record>"},
  {306, "banksia::training_record"},
  {307, "std::vector<banksia::training_record>"},
  {308, "banksia::model_record"},
  {309, "std::vector<banksia::model_record>"},
  {310, "banksia::series_lag_batch"},
  {311, "std::vector<banksia::series_lag_batch>"},
  {312, "banksia::service_sample"},
  {313, "std::vector<banksia::service_sample>"},
  {314, "banksia::service_sample_batch"},
  {315, "std::vector<banksia::service_sample_batch>"},
  {316, "banksia::trace_mark"},
  {317, "std::vector<banksia::trace_mark>"},
};

std::string hex(const std::vector<char>& bytes) {
  constexpr char digits[] = "0123456789abcdef";
  std::string out;
  for (auto byte : bytes) {
    out += digits[static_cast<unsigned char>(byte) >> 4];
    out += digits[static_cast<unsigned char>(byte) & 0xf];
  }
  return out;
}

std::vector<char> unhex(std::string_view text) {
  auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  std::vector<char> out;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2)
    out.push_back(static_cast<char>(digit(text[i]) << 4 | digit(text[i + 1])));
  return out;
}

const auto slot = from_micros(1'751'350'200'000'000);

bar golden_bar() {
  bar x;
  x.symbol = "CBA.AX";
  x.interval = bar_interval::m30;
  x.opened_at = slot;
  x.known_at = slot + micros{1};
  x.received_at = from_micros(-1);
  x.open = price{179.25};
  x.high = price{std::numeric_limits<double>::infinity()};
  x.low = price{-0.0};
  x.close = price{std::bit_cast<double>(0x7ff8'0000'0000'0123)};
  x.volume = shares{5e-324};
  x.source = "csv";
  x.verdict = bar_verdict::merged;
  return x;
}

prediction golden_prediction() {
  prediction x;
  x.id = make_prediction_id("live", "CBA.AX", "30m", slot);
  x.cycle = make_cycle_id("live", "30m", slot);
  x.symbol = "CBA.AX";
  x.interval = bar_interval::m30;
  x.slot = slot;
  x.action = trade_action::sell;
  x.optimal_action = trade_action::strong_sell;
  x.confidence = fraction{0.8125};
  x.predicted_direction = -1;
  x.predicted_magnitude = fraction{-0.0125};
  x.entry_price = price{179.25};
  x.horizon_minutes = 240;
  x.model_version = "rules-1";
  x.context.trend = market_trend::bullish;
  x.context.trend_return = fraction{0.03};
  x.context.flagged = false;
  x.context.lineage = 0x0123'4567'89ab'cdef;
  // The bytes are those of the first feature set, which is still read.
  x.features.version = 1;
  for (std::size_t i = 0; i < feature_count; i += 2)
    x.features.set(i, static_cast<double>(i) + 0.5);
  x.trace.inputs.sma5 = real{178};
  x.trace.inputs.has_news = true;
  x.trace.buy.gates = 5;
  x.trace.sell.technical_points = real{65};
  x.trace.sell.holds = true;
  x.input_lineage = 0xfedc'ba98'7654'3210;
  x.input_count = 60;
  return x;
}

outcome golden_outcome() {
  outcome x;
  x.prediction = golden_prediction().id;
  x.id = make_outcome_id(x.prediction, 240);
  x.symbol = "CBA.AX";
  x.horizon_minutes = 240;
  x.due_at = slot + std::chrono::minutes{240};
  x.evaluation_timestamp = x.due_at + micros{5};
  x.entry_price = price{179.25};
  x.exit_price = price{177};
  x.actual_return = return_between(x.entry_price, x.exit_price);
  x.total_return = fraction{0.001};
  x.actual_direction = -1;
  x.success = true;
  x.sessions_elapsed = 1;
  x.open_minutes = 240;
  x.void_reason = "none";
  return x;
}

cycle_record golden_cycle() {
  cycle_record x;
  x.slot.id = golden_prediction().cycle;
  x.slot.run = "live";
  x.slot.interval = bar_interval::m30;
  x.slot.slot = slot;
  x.slot.issued_at = slot + micros{2};
  x.slot.sequence = 300;
  x.status = cycle_status::late;
  x.reason = "why";
  x.completed_at = slot + std::chrono::minutes{16};
  x.context = golden_prediction().context;
  x.predictions = {golden_prediction()};
  obligation owed;
  owed.prediction = golden_prediction().id;
  owed.symbol = "CBA.AX";
  owed.interval = bar_interval::m30;
  owed.slot = slot;
  owed.due_at = slot + std::chrono::minutes{240};
  owed.horizon_minutes = 240;
  owed.action = trade_action::sell;
  owed.entry_price = price{179.25};
  x.obligations = {owed};
  return x;
}

predict_request golden_request() {
  predict_request x;
  x.slot = golden_cycle().slot;
  x.context = golden_prediction().context;
  x.for_storage = false;
  x.market.index_change = fraction{0.0125};
  x.market.sector_change = fraction{-0.0};
  x.market.breadth = fraction{-0.25};
  x.market.aud_usd = real{0.6543};
  x.market.vix = real{std::numeric_limits<double>::infinity()};
  x.market.has_index_change = x.market.has_sector = true;
  x.market.has_vix = true;
  return x;
}

prediction golden_forecast_prediction() {
  auto x = golden_prediction();
  x.model_version = "20250701T080000Z-mlp-1a2b3c4d";
  class_forecast said;
  said.model_version = x.model_version;
  said.served = true;
  said.down = fraction{0.25};
  said.flat = fraction{0.125};
  said.up = fraction{0.625};
  said.magnitude = fraction{0.0125};
  said.outlying = 1;
  said.batch_rows = 256;
  said.batch_slot = 3;
  said.environment = "LibTorch";
  x.forecasts = {said};
  return x;
}

/// What builds before this one wrote is understood.
template <class T>
void check_earlier(caf::actor_system& system, const T& x,
                   std::string_view golden) {
  T loaded;
  CAF_CHECK(!load(system, unhex(golden), loaded));
  CAF_CHECK(image(loaded) == image(x));
}

/// Today's bytes are the golden ones, and the golden ones still mean the same.
template <class T>
void check_golden(caf::actor_system& system, const T& x,
                  std::string_view golden) {
  auto bytes = hex(save(system, x));
  if (bytes != golden)
    CAF_MESSAGE(caf::type_name<T>::value << " is now " << bytes);
  CAF_CHECK(bytes == golden);
  check_earlier(system, x, golden);
}

} // namespace

CAF_TEST(type ids are positions that never change) {
  std::size_t i = 0;
  for_each_wire_type([&]<class T>(std::type_identity<T>) {
    if (i >= std::size(known_types)) {
      CAF_ERROR("not in the table yet: " << caf::type_name<T>::value);
      return;
    }
    CAF_CHECK_EQUAL(caf::type_name<T>::value,
                    std::string{known_types[i].name});
    CAF_CHECK_EQUAL(caf::type_id<T>::value, known_types[i].id);
    ++i;
  });
  CAF_CHECK_EQUAL(i, std::size(known_types));
}

CAF_TEST_FIXTURE_SCOPE(wire_golden_tests, wire_system)

CAF_TEST(a bar has its golden bytes) {
  check_golden(system, golden_bar(), golden::bar);
}

CAF_TEST(a prediction has its golden bytes) {
  check_golden(system, golden_forecast_prediction(), golden::prediction_2);
}

CAF_TEST(a prediction from before there were forecasts is understood) {
  check_earlier(system, golden_prediction(), golden::prediction);
}

CAF_TEST(an outcome has its golden bytes) {
  check_golden(system, golden_outcome(), golden::outcome);
}

CAF_TEST(prices from before running bars were told are understood) {
  price_answer x;
  x.source = "yahoo";
  x.status = "ok";
  x.bars = {golden_bar()};
  x.covered_until = slot;
  // The version before ends where the number of running bars begins.
  auto bytes = save(system, x);
  CAF_REQUIRE_EQUAL(bytes.front(), 2);
  bytes.front() = 1;
  bytes.pop_back();
  price_answer loaded;
  CAF_CHECK(!load(system, bytes, loaded));
  CAF_CHECK(image(loaded) == image(x));
}

CAF_TEST(a request has its golden bytes) {
  check_golden(system, golden_request(), golden::predict_request_2);
}

CAF_TEST(a trace mark has its golden bytes) {
  check_golden(system,
               trace_mark{1, 0x0102030405060708, 0x090a0b0c0d0e0f10,
                          0x1112131415161718, true},
               golden::trace_mark);
}

CAF_TEST(a request from before the market was told is understood) {
  auto x = golden_request();
  x.market = {};
  // The version before ends where the market begins.
  auto bytes = save(system, x);
  auto market = save(system, golden_request()).size()
                - unhex(golden::predict_request_1).size();
  CAF_REQUIRE(market > 0u && market < bytes.size());
  bytes.front() = 1;
  bytes.resize(bytes.size() - market);
  CAF_CHECK_EQUAL(hex(bytes), std::string{golden::predict_request_1});
  check_earlier(system, x, golden::predict_request_1);
}

CAF_TEST(a cycle of an earlier build is understood) {
  // With the predictions of a build before there were forecasts.
  check_earlier(system, golden_cycle(), golden::cycle_record);
}

CAF_TEST_FIXTURE_SCOPE_END()
