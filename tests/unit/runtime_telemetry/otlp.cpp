#define CAF_SUITE otlp
#include "runtime/telemetry/otlp.hpp"

#include "caf/test/unit_test.hpp"

#include <boost/json/parse.hpp>

using namespace banksia::telemetry;

namespace json = boost::json;

namespace {

const trace_resource us{"banksia", "1.2.3", "me"};

span sample() {
  span x;
  x.context = {0x0102030405060708, 0x090a0b0c0d0e0f10, 0xab, true};
  x.parent = 0xcd;
  x.name = "GET /a";
  x.kind = span_kind::server;
  x.start_ns = 1'700'000'000'000'000'001;
  x.end_ns = 1'700'000'000'000'000'099;
  return x;
}

/// -1: no answer of a collector.
long rejected_by(std::string_view body) {
  auto read = read_otlp_response(body);
  return read ? static_cast<long>(read->rejected) : -1;
}

} // namespace

CAF_TEST(a span in the form of OTLP) {
  auto x = sample();
  x.remote_parent = true;
  x.attributes = {{"text", "a \"b\""},
                  {"whole", std::int64_t{-5}},
                  {"number", 0.5},
                  {"yes", true}};
  x.links = {{1, 2, 3, true}, {4, 5, 6, false}};
  x.failed = true;
  x.failure = "broke";
  CAF_CHECK_EQUAL(
    otlp_request({x}, us),
    R"({"resourceSpans":[{"resource":{"attributes":[)"
    R"({"key":"service.name","value":{"stringValue":"banksia"}},)"
    R"({"key":"service.version","value":{"stringValue":"1.2.3"}},)"
    R"({"key":"service.instance.id","value":{"stringValue":"me"}}]},)"
    R"("scopeSpans":[{"scope":{"name":"banksia","version":"1.2.3"},"spans":[)"
    R"({"traceId":"0102030405060708090a0b0c0d0e0f10",)"
    R"("spanId":"00000000000000ab","name":"GET /a","kind":2,)"
    R"("startTimeUnixNano":"1700000000000000001",)"
    R"("endTimeUnixNano":"1700000000000000099","flags":769,)"
    R"("parentSpanId":"00000000000000cd","attributes":[)"
    R"({"key":"text","value":{"stringValue":"a \"b\""}},)"
    R"({"key":"whole","value":{"intValue":"-5"}},)"
    R"({"key":"number","value":{"doubleValue":0.5}},)"
    R"({"key":"yes","value":{"boolValue":true}}],"links":[)"
    R"({"traceId":"00000000000000010000000000000002",)"
    R"("spanId":"0000000000000003","flags":1},)"
    R"({"traceId":"00000000000000040000000000000005",)"
    R"("spanId":"0000000000000006","flags":0}],)"
    R"("status":{"code":2,"message":"broke"}}]}]}]})");
}

CAF_TEST(what there is not is left out) {
  auto x = sample();
  x.parent = 0;
  auto read = json::parse(otlp_request({x, x}, {"banksia", "", ""}));
  auto& first = read.at("resourceSpans").at(0);
  CAF_CHECK_EQUAL(first.at("resource").at("attributes").as_array().size(), 1u);
  auto& spans = first.at("scopeSpans").at(0).at("spans").as_array();
  CAF_REQUIRE_EQUAL(spans.size(), 2u);
  for (auto absent : {"parentSpanId", "links", "status"})
    CAF_CHECK(!spans[0].as_object().contains(absent));
  CAF_CHECK_EQUAL(spans[0].at("flags").as_int64(), 0x101);
}

CAF_TEST(what a collector answers) {
  for (auto none : {"", "[]", "{"})
    CAF_CHECK_EQUAL(rejected_by(none), -1);
  CAF_CHECK_EQUAL(rejected_by("{}"), 0);
  CAF_CHECK_EQUAL(rejected_by(R"({"partialSuccess":null})"), 0);
  auto text = read_otlp_response(
    R"({"partialSuccess":{"rejectedSpans":"3","errorMessage":"too old"}})");
  CAF_REQUIRE(text.has_value());
  CAF_CHECK_EQUAL(text->rejected, 3u);
  CAF_CHECK_EQUAL(text->text, "too old");
  CAF_CHECK_EQUAL(rejected_by(R"({"partialSuccess":{"rejectedSpans":4}})"), 4);
  for (auto senseless : {R"({"partialSuccess":{"rejectedSpans":-4}})",
                         R"({"partialSuccess":{"rejectedSpans":"x"}})",
                         R"({"partialSuccess":{"rejectedSpans":{}}})"})
    CAF_CHECK_EQUAL(rejected_by(senseless), 0);
}
