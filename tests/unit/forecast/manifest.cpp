#define CAF_SUITE forecast_manifest
#include "models/forecast/json_fields.hpp"
#include "tests/unit/forecast/file_samples.hpp"

#include "caf/test/unit_test.hpp"

#include <boost/json/serialize.hpp>

using namespace banksia;
using namespace banksia::forecast;
using namespace banksia::test;

namespace {

std::string refusal(boost::json::object x) {
  try {
    manifest_from_json(x);
  } catch (const field_error& error) {
    return error.what();
  }
  return "";
}

} // namespace

CAF_TEST(a manifest comes back through its text) {
  auto x = sample_content().manifest;
  auto text = boost::json::serialize(to_json(x));
  auto read = manifest_from_json(parse_document(text).as_object());
  CAF_CHECK(read == x);
  CAF_CHECK_EQUAL(boost::json::serialize(to_json(read)), text);
}

CAF_TEST(a version sorts by time and names the training) {
  using namespace std::chrono;
  timestamp at = sys_days{year{2025} / 7 / 1} + hours{8} + microseconds{12};
  auto x = model_version(at, model_kind::ensemble, "abc", 1);
  CAF_CHECK(x.starts_with("20250701T080000Z-ensemble-"));
  CAF_CHECK_EQUAL(x.size(), 34u);
  CAF_CHECK(is_model_version(x));
  CAF_CHECK_EQUAL(x, model_version(at, model_kind::ensemble, "abc", 1));
  CAF_CHECK(x != model_version(at, model_kind::ensemble, "abc", 2));
  CAF_CHECK(x != model_version(at, model_kind::ensemble, "abd", 1));
}

CAF_TEST(only names that a file may have are versions) {
  for (auto text : {"", ".", "..", ".hidden", "a/b", "a b", "a\n", "\xc3\xa4"})
    CAF_CHECK(!is_model_version(text));
  CAF_CHECK(!is_model_version(std::string(81, 'a')));
  CAF_CHECK(is_model_version(std::string(80, 'a')));
}

CAF_TEST(what is missing or wrong is named) {
  auto good = to_json(sample_content().manifest);
  for (const auto& member : good) {
    auto x = good;
    x.erase(member.key());
    CAF_CHECK_EQUAL(refusal(x), std::string{member.key()} + ": missing");
    x[member.key()] = true;
    CAF_CHECK(refusal(x).starts_with(std::string{member.key()} + ": expected"));
  }
  auto x = good;
  x["version"] = "../x";
  CAF_CHECK_EQUAL(refusal(x), "version: not a model's version");
  x = good;
  x["feature_set"] = 70'000;
  CAF_CHECK_EQUAL(refusal(x), "feature_set: expected a smaller number");
  x = good;
  x["shape"].as_object()["kind"] = "forest";
  CAF_CHECK_EQUAL(refusal(x), "kind: no such kind of model");
  x = good;
  x["shape"].as_object()["hidden"] = 0;
  CAF_CHECK_EQUAL(refusal(x), "hidden: set 1 to 1024");
  x = good;
  x["shape"].as_object()["symbols"] = boost::json::array{1};
  CAF_CHECK_EQUAL(refusal(x), "symbols: expected texts");
}

CAF_TEST(a reference of drift that cannot be is named) {
  auto good = to_json(sample_content().manifest);
  auto with = [&](std::string_view member, boost::json::value value) {
    auto x = good;
    x["drift"].as_object()["rsi"].as_object()[member] = std::move(value);
    return refusal(x);
  };
  CAF_CHECK_EQUAL(with("edges", {70.0, 30.0}),
                  "drift, rsi: expected edges that ascend");
  CAF_CHECK_EQUAL(with("parts", {1.0}),
                  "drift, rsi: expected a part more than edges");
  CAF_CHECK_EQUAL(with("missing", 1.5), "drift, rsi: expected parts of one");
  CAF_CHECK_EQUAL(with("edges", {"low", "high"}), "edges: expected a number");
  CAF_CHECK_EQUAL(with("missing", "none"), "missing: expected a number");
  CAF_CHECK_EQUAL(with("samples", -1),
                  "samples: expected a whole number, 0 or more");
  auto x = good;
  x["drift"].as_object()["rsi"] = 1;
  CAF_CHECK_EQUAL(refusal(x), "rsi: expected an object");
}

CAF_TEST(a reference of drift is kept to twelve digits) {
  drift_reference x{{1.0 / 3.0}, {2.0 / 3.0, 1.0 / 3.0}, 1.0 / 7.0, 21};
  auto kept = as_kept(x);
  CAF_CHECK(kept != x);
  CAF_CHECK(as_kept(kept) == kept);
  auto y = sample_content().manifest;
  y.drift["rsi"] = kept;
  auto text = boost::json::serialize(to_json(y));
  CAF_CHECK(manifest_from_json(parse_document(text).as_object()) == y);
}

CAF_TEST(a figure that is no number is left out) {
  auto x = sample_content().manifest;
  x.metrics["ece"].value = std::numeric_limits<double>::quiet_NaN();
  auto read = manifest_from_json(to_json(x));
  CAF_CHECK_EQUAL(read.metrics.count("ece"), 0u);
  CAF_CHECK_EQUAL(read.metrics.count("log_loss"), 1u);
}
