#define CAF_SUITE forecast_model_tensors
#include "models/forecast/model_file.hpp"

#include "tests/unit/forecast/planted.hpp"

#include "caf/test/unit_test.hpp"

#include <algorithm>
#include <cmath>

using namespace banksia;
using namespace banksia::forecast;
using namespace banksia::test;

namespace {

struct fixture {
  training_options options = [] {
    auto x = small_options(model_kind::ensemble);
    x.epochs = 1;
    return x;
  }();
  forecast_model model = trained(options, plant(signal::features, 400, 1),
                                 plant_later(signal::features, 100, 2));
  std::vector<named_tensor> tensors = model.tensors();

  named_tensor& tensor(std::string_view name) {
    return *std::find_if(tensors.begin(), tensors.end(),
                         [name](const auto& x) { return x.name == name; });
  }

  std::string refusal() const {
    try {
      forecast_model::from_tensors(options.shape, tensors);
    } catch (const forecast_error& error) {
      return error.what();
    }
    return "";
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(model_tensor_tests, fixture)

CAF_TEST(a model comes back through its file with the same bits) {
  model.set_temperature(1.2345678901234567);
  model_content content;
  content.manifest.version = "m1";
  content.manifest.shape = model.shape();
  content.tensors = model.tensors();
  auto read = from_bytes(to_bytes(content));
  auto loaded = forecast_model::from_tensors(read.manifest.shape, read.tensors);
  CAF_CHECK(loaded.tensors() == model.tensors());
  CAF_CHECK(loaded.scales() == model.scales());
  CAF_CHECK_EQUAL(loaded.temperature(), 1.2345678901234567);
  auto rows = plant_later(signal::features, 300, 3).set.inputs;
  CAF_CHECK(loaded.forecast(rows) == model.forecast(rows));
}

CAF_TEST(each kind has tensors of its own) {
  for (auto kind : {model_kind::logistic, model_kind::mlp,
                    model_kind::recurrent}) {
    options = small_options(kind);
    options.epochs = 1;
    auto other = trained(options, plant(signal::features, 400, 1),
                         plant_later(signal::features, 100, 2));
    tensors = other.tensors();
    CAF_CHECK_EQUAL(refusal(), "");
    options.shape.kind = model_kind::ensemble;
    CAF_CHECK(refusal().starts_with("missing in the model: "));
  }
}

CAF_TEST(a wrong shape is refused) {
  tensor("mlp.heads.bias").shape = {5};
  CAF_CHECK_EQUAL(refusal(), "mlp.heads.bias is 5 where the network has 4: "
                             "restore the file, or train again");
  tensor("mlp.heads.bias").shape = {4};
  options.shape.hidden = 17;
  CAF_CHECK(refusal().starts_with("mlp.features.weight is 16×110 where the "
                                  "network has 17×110"));
}

CAF_TEST(numbers that are fewer than the shape says are refused) {
  tensor("mlp.heads.bias").values.pop_back();
  CAF_CHECK(refusal().starts_with("mlp.heads.bias is 4"));
}

CAF_TEST(a missing tensor and a superfluous one are refused) {
  auto all = tensors;
  tensors.pop_back();
  CAF_CHECK(refusal().starts_with("missing in the model: recurrent.heads.bias"));
  tensors = all;
  tensors.push_back({"more", number_width::single, {1}, {0.0}});
  CAF_CHECK(refusal().starts_with("no part of such a network: more"));
  tensors.back().name = "temperature";
  CAF_CHECK(refusal().starts_with("twice in the model: temperature"));
}

CAF_TEST(numbers that cannot be are refused) {
  tensor("mlp.heads.bias").values[1] = std::nan("");
  CAF_CHECK(refusal().starts_with("not finite: mlp.heads.bias"));
  tensors = model.tensors();
  tensor("temperature").values[0] = 0.0;
  CAF_CHECK(refusal().starts_with("a temperature or magnitude scale"));
  tensors = model.tensors();
  tensor("scales.bars").values[1] = -1.0;
  CAF_CHECK(refusal().starts_with("a scale below zero: scales.bars"));
  tensors = model.tensors();
  tensor("temperature").width = number_width::single;
  CAF_CHECK(refusal().starts_with("temperature is 1"));
}

CAF_TEST(a shape that is none is refused) {
  options.shape.trunk = 0;
  CAF_CHECK_EQUAL(refusal(), "trunk: set 1 to 256");
}

CAF_TEST_FIXTURE_SCOPE_END()
