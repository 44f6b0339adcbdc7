#define CAF_SUITE forecast_registry_text
#include "models/forecast/registry_text.hpp"

#include "tests/unit/forecast/registry_samples.hpp"

#include "caf/test/unit_test.hpp"

#include <cmath>

using namespace banksia;
using namespace banksia::forecast;
using namespace banksia::test;

namespace {

registry_state sample() {
  registry_state x;
  crown(x, "m1", 1);
  crown(x, "m2", 2);
  auto third = entry("m3");
  third.metrics["ece"] = {0.1 + 0.2, std::nullopt};
  third.metrics["brier"] = {1.0 / 3.0, interval95{-2.0 / 3.0, 1e-300}};
  x.add(third, order(3, "trained, \"as\" said"));
  return x;
}

std::string refusal(std::string text, std::string_view from,
                    std::string_view to) {
  auto at = text.find(from);
  CAF_REQUIRE(at != std::string::npos);
  text.replace(at, from.size(), to);
  try {
    registry_from_text(text);
  } catch (const registry_error& error) {
    return error.what();
  }
  return "";
}

} // namespace

CAF_TEST(a registry comes back as it was) {
  for (const auto& x : {registry_state{}, sample()}) {
    auto text = to_text(x);
    auto read = registry_from_text(text);
    CAF_CHECK(read == x);
    CAF_CHECK_EQUAL(to_text(read), text);
  }
}

CAF_TEST(figures are kept to twelve digits and no further) {
  auto x = sample();
  CAF_CHECK_EQUAL(x.find("m3")->metrics.at("ece").value, 0.3);
  CAF_CHECK_EQUAL(as_kept(1.0 / 3.0), 0.333333333333);
  CAF_CHECK_EQUAL(as_kept(0.0), 0.0);
  CAF_CHECK_EQUAL(as_kept(1e-300), 0.0);
  CAF_CHECK_EQUAL(as_kept(-1e300), -1e300);
}

CAF_TEST(figures that are none are not kept) {
  registry_state x;
  auto model = entry("m1");
  auto nan = std::nan("");
  model.metrics["brier"] = {nan, std::nullopt};
  model.metrics["ece"] = {0.25, interval95{0.0, HUGE_VAL}};
  x.add(model, order(1));
  const auto& kept = x.find("m1")->metrics;
  CAF_CHECK_EQUAL(kept.count("brier"), 0u);
  CAF_CHECK(kept.at("ece") == (metric{0.25, std::nullopt}));
  CAF_CHECK(registry_from_text(to_text(x)) == x);
}

CAF_TEST(what is wrong is named) {
  auto text = to_text(sample());
  CAF_CHECK_EQUAL(refusal(text, "{\"format\":1", "{\"format\":2"),
                  "the model registry cannot be used: format 2, and this build "
                  "reads 1: restore the file");
  CAF_CHECK_EQUAL(refusal(text, "\"bytes\":1000", "\"bytes\":-1"),
                  "the model registry cannot be used: bytes: expected a whole "
                  "number, 0 or more: restore the file");
  auto expect = [&text](std::string_view from, std::string_view to,
                        std::string_view what) {
    auto said = refusal(text, from, to);
    CAF_CHECK_EQUAL(said, "the model registry cannot be used: "
                            + std::string{what} + ": restore the file");
  };
  expect("\"status\":\"champion\"", "\"status\":\"shadow\"",
         "status: not what the history of m2 leads to");
  expect("\"sha256\":\"a", "\"sha256\":\"z",
         "m1: its sha256 is not 64 hex digits");
  expect("\"change\":\"added\"", "\"change\":\"born\"",
         "change: no such change");
  expect("\"kind\":\"ensemble\"", "\"kind\":\"forest\"",
         "kind: no such kind of model");
  expect("\"at\":\"2025-01-02T00:00:00Z\"", "\"at\":\"yesterday\"",
         "at: expected a time like 2025-07-01T00:00:00Z");
  expect("\"by\":\"tester\",", "", "by: missing");
  expect("\"trials\":3", "\"trials\":99999999999",
         "trials: expected a smaller number");
  expect("\"trials\":3", "\"trials\":\"3\"",
         "trials: expected a whole number, 0 or more");
  expect("\"version\":\"m1\"", "\"version\":1", "version: expected text");
  expect("[1E0,1.1E0]", "[1E0]", "log_loss: expected an interval of two numbers");
  expect("\"value\":1.05E0", "\"value\":null", "log_loss: expected a number");
  expect("\"value\":1.05E0", "\"value\":1.05E999",
         "log_loss: expected a finite number");
  expect("\"version\":\"m2\"", "\"version\":\"m1\"", "model m1 is there twice");
}

CAF_TEST(what is no registry is refused) {
  for (auto text : {"", "{", "[]", "null", "{}", "{\"format\":1}",
                    "{\"format\":1,\"models\":{}}",
                    "{\"format\":1,\"models\":[3]}"}) {
    bool refused = false;
    try {
      registry_from_text(text);
    } catch (const registry_error&) {
      refused = true;
    }
    CAF_CHECK(refused);
  }
}

CAF_TEST(names come back) {
  for (int i = 0; i < 5; ++i)
    CAF_CHECK(parse_model_status(to_string(static_cast<model_status>(i)))
              == static_cast<model_status>(i));
  for (int i = 0; i < 8; ++i)
    CAF_CHECK(parse_change_kind(to_string(static_cast<change_kind>(i)))
              == static_cast<change_kind>(i));
  CAF_CHECK(!parse_model_status("king"));
}
