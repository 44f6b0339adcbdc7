#define CAF_SUITE recompute

/// `banksia-ml recompute`: a stored forecast comes out again bit for bit.

#include "actors/ml/model_inputs.hpp"
#include "tests/integration/commands/program.hpp"
#include "tests/integration/forecasts/small_models.hpp"

#include <caf/test/unit_test.hpp>

#include <boost/json/serialize.hpp>

#include <bit>
#include <cmath>

using namespace banksia;
using namespace banksia::forecast_test;
using banksia::test::holds;
using forecast::model_kind;

namespace {

namespace json = boost::json;

std::string hex(std::uint64_t bits, int digits) {
  std::string text;
  for (int i = digits - 1; i >= 0; --i)
    text += "0123456789abcdef"[bits >> (4 * i) & 0xf];
  return text;
}

struct fixture {
  banksia::test::program program;
  registry_folder models{program.folder() / "models"};
  forecast::model_content content = small_model(model_kind::ensemble, 4);
  std::vector<forecast_row> rows = noise_rows(300, 9);

  fixture() { crown(models, program.folder(), content); }

  json::object request(std::size_t row, std::uint32_t slot) const {
    const auto& x = rows[row];
    json::array features;
    for (auto value : x.features.values)
      features.emplace_back(hex(std::bit_cast<std::uint64_t>(value), 16));
    std::string window;
    for (unsigned char byte : x.window.values)
      window += hex(byte, 2);
    return {{"model_version", content.manifest.version},
            {"symbol", x.symbol},
            {"batch_rows", forecast::default_batch_rows},
            {"batch_slot", slot},
            {"features", std::move(features)},
            {"mask", hex(x.features.mask, 16)},
            {"window", window},
            {"window_mask", x.window.mask}};
  }

  banksia::test::program_result ask(const std::string& text) const {
    auto in = program.write("request.json", text);
    return program.run({"/bin/sh", "-c",
                        "exec \"$0\" recompute --models \"$1\" < \"$2\"",
                        BANKSIA_BINARY_DIR "/banksia-ml",
                        models.root().string(), in});
  }

  void refused(const std::string& text, std::string_view part) const {
    auto result = ask(text);
    CAF_CHECK_EQUAL(result.exit_code, 65);
    CAF_CHECK(banksia::test::is_one_line(result.err));
    CAF_CHECK_EQUAL(result.out, "");
    if (!holds(result.err, part))
      CAF_ERROR("'" << result.err << "' lacks '" << part << "'");
  }

  banksia::test::program_result ask(const json::object& x) const {
    return ask(json::serialize(x));
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(recompute_tests, fixture)

CAF_TEST(bit for bit what the batch gave and parts that add up) {
  auto model = forecast::forecast_model::from_tensors(content.manifest.shape,
                                                      content.tensors);
  auto all = model.forecast(inputs_of(model, rows));
  for (std::size_t row : {std::size_t{0}, std::size_t{257}, std::size_t{299}}) {
    const auto& expected = all[row];
    auto result = ask(request(row, expected.slot));
    CAF_CHECK_EQUAL(result.err, "");
    CAF_REQUIRE_EQUAL(result.exit_code, 0);
    auto document = result.json();
    const auto& found = document.at("forecast");
    auto bits = [&](const char* name) {
      return std::string{found.at(name).at("bits").as_string()};
    };
    CAF_CHECK_EQUAL(bits("down"),
                    hex(std::bit_cast<std::uint64_t>(expected.probabilities[0]),
                        16));
    CAF_CHECK_EQUAL(bits("flat"),
                    hex(std::bit_cast<std::uint64_t>(expected.probabilities[1]),
                        16));
    CAF_CHECK_EQUAL(bits("up"),
                    hex(std::bit_cast<std::uint64_t>(expected.probabilities[2]),
                        16));
    CAF_CHECK_EQUAL(bits("magnitude"),
                    hex(std::bit_cast<std::uint64_t>(expected.magnitude), 16));
    const auto& why = document.at("attribution");
    auto sum = why.at("bars").to_number<double>()
               + why.at("symbol").to_number<double>()
               + why.at("rest").to_number<double>();
    CAF_CHECK_EQUAL(why.at("features").as_object().size(), feature_count);
    for (const auto& part : why.at("features").as_object())
      sum += part.value().to_number<double>();
    CAF_CHECK(std::abs(sum - why.at("score").to_number<double>()) < 1e-5);
  }
}

CAF_TEST(what is no request is refused by name) {
  refused("[]", "stdin");
  auto x = request(0, 0);
  x.erase("mask");
  refused(json::serialize(x), "mask");
  x = request(0, 0);
  x["mask"] = "12";
  refused(json::serialize(x), "mask: not 16 hex digits");
  x = request(0, 0);
  x["features"].as_array().pop_back();
  refused(json::serialize(x), "features: 52 of 53");
}

CAF_TEST(inputs that no model reads are refused by name) {
  auto x = request(0, 0);
  x["window"] = "00112";
  refused(json::serialize(x), "window");
  x["window"] = "0011";
  refused(json::serialize(x), "window of 2 bytes");
  x = request(0, 256); // a batch of 256 has no such slot
  refused(json::serialize(x), "slot");
}

CAF_TEST(an unknown or spoilt model is refused by name) {
  auto x = request(0, 0);
  x["model_version"] = "nobody";
  auto result = ask(x);
  CAF_CHECK_EQUAL(result.exit_code, 1);
  CAF_CHECK(holds(result.err, "no such model: nobody"));
  auto file = models.file_of(content.manifest.version);
  std::filesystem::resize_file(file, 500);
  result = ask(request(0, 0));
  CAF_CHECK_EQUAL(result.exit_code, 65);
  CAF_CHECK(holds(result.err, file.string()));
}

CAF_TEST_FIXTURE_SCOPE_END()
