#define CAF_SUITE forecast_training
#include "models/forecast/train.hpp"

#include "tests/unit/forecast/planted.hpp"

#include "caf/test/unit_test.hpp"

#include <cmath>
#include <limits>

using namespace banksia;
using namespace banksia::forecast;
using namespace banksia::test;

namespace {

struct fixture {
  training_options options = small_options(model_kind::mlp);
  training_set set = plant(signal::features, 400, 1).set;
  training_set validation = plant_later(signal::features, 100, 2).set;

  training_result run(const progress_callback& progress = {}) const {
    return train(options, set, validation, progress);
  }

  /// "failure: reason", or nothing when it went well.
  std::string failure() const {
    auto result = run();
    CAF_CHECK_EQUAL(result.model.has_value(), !result.failure.has_value());
    if (!result.failure)
      return "";
    return std::string{to_string(*result.failure)} + ": " + result.reason;
  }
};

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(training_tests, fixture)

CAF_TEST(the same seed gives the same bytes) {
  for (auto kind : {model_kind::logistic, model_kind::mlp,
                    model_kind::recurrent, model_kind::ensemble}) {
    options = small_options(kind);
    options.epochs = 3;
    auto first = run();
    auto second = run();
    CAF_REQUIRE(first.model && second.model);
    CAF_CHECK(first.model->tensors() == second.model->tensors());
    CAF_CHECK(first.curve == second.curve);
    options.seed = 2;
    auto other = run();
    CAF_REQUIRE(other.model.has_value());
    CAF_CHECK(!(first.model->tensors() == other.model->tensors()));
  }
}

CAF_TEST(scales come from the training rows alone) {
  // Whatever validation looks like, it chooses an epoch and nothing else: with
  // one epoch it has no say at all.
  options.epochs = 1;
  auto before = run();
  for (auto& x : validation.inputs.features)
    x = 1000.0 + 50.0 * x;
  for (auto& x : validation.inputs.bars)
    x = 7.0F + 3.0F * x;
  auto after = run();
  CAF_REQUIRE(before.model && after.model);
  CAF_CHECK(after.model->scales() == standardizer::fit(set.inputs));
  CAF_CHECK(after.model->tensors() == before.model->tensors());
}

CAF_TEST(it stops when validation gets no better) {
  set = plant(signal::none, 400, 1).set;
  validation = plant_later(signal::none, 200, 2).set;
  options.epochs = 200;
  options.patience = 3;
  auto result = run();
  CAF_REQUIRE(result.model.has_value());
  CAF_REQUIRE_EQUAL(result.members.size(), 1u);
  const auto& member = result.members[0];
  CAF_CHECK(member.stopped_early);
  CAF_CHECK_EQUAL(result.curve.size(), member.best_epoch + options.patience);
  for (const auto& epoch : result.curve)
    CAF_CHECK(epoch.validation >= member.validation_loss);
  // The weights are those of the best epoch, not of the last.
  CAF_CHECK(std::abs(log_loss(*result.model, validation)
                     - member.validation_loss) < 1e-5);
  CAF_CHECK(result.curve.back().validation > member.validation_loss);
}

CAF_TEST(an ensemble tells of both its networks) {
  options = small_options(model_kind::ensemble);
  options.epochs = 2;
  auto result = run();
  CAF_REQUIRE_EQUAL(result.members.size(), 2u);
  CAF_CHECK(result.members[0].member == model_kind::mlp);
  CAF_CHECK(result.members[1].member == model_kind::recurrent);
  CAF_CHECK_EQUAL(result.curve.size(), 4u);
  CAF_CHECK(!result.members[0].stopped_early);
}

CAF_TEST(a loss that is no number ends it) {
  options.rate = 1e30;
  auto said = failure();
  CAF_CHECK(contains(said, "nan_loss: the loss of the mlp is not finite"));
  CAF_CHECK(contains(said, "lower the rate"));
}

CAF_TEST(a validation loss that is no number ends it) {
  // One step, whose loss is taken before the weights fly off.
  options.rate = 1e30;
  options.batch = 65'536;
  CAF_CHECK(contains(failure(), "nan_loss: the validation loss of the mlp"));
}

CAF_TEST(progress is told and may cancel) {
  std::vector<training_progress> seen;
  auto result = run([&seen](const training_progress& x) {
    seen.push_back(x);
    return seen.size() < 6;
  });
  CAF_CHECK(result.failure == training_failure::cancelled);
  CAF_CHECK(!result.model);
  CAF_CHECK(contains(result.reason, "epoch 2, step 2 of 4"));
  CAF_REQUIRE_EQUAL(seen.size(), 6u);
  CAF_CHECK_EQUAL(seen[3].step, 4u);
  CAF_CHECK_EQUAL(seen[4].epoch, 2u);
  CAF_CHECK_EQUAL(result.curve.size(), 1u);
  for (const auto& x : seen)
    CAF_CHECK(x.loss > 0.0);
}

CAF_TEST(too little data is said) {
  set = plant(signal::features, 1, 1).set;
  CAF_CHECK(contains(failure(), "too_little_data: training: 1 rows of at least"));
  set = {};
  set.inputs.bar_channels = planted_channels;
  CAF_CHECK(contains(failure(), "too_little_data: training: 0 rows"));
  set = plant(signal::features, 400, 1).set;
  validation = plant_later(signal::features, 49, 2).set;
  CAF_CHECK(contains(failure(), "too_little_data: validation: 49 rows"));
}

CAF_TEST(a class without rows is too little data) {
  for (auto& label : set.labels)
    if (label == direction_class::up)
      label = direction_class::flat;
  CAF_CHECK(contains(failure(), "too_little_data: training: no row is labelled up"));
}

CAF_TEST(values that cannot be are refused before training) {
  auto good = set;
  set.inputs.features[5 * feature_count + 2] = std::nan("");
  CAF_CHECK(contains(failure(), "bad_data: training: not finite: news_count: row 5"));
  set = good;
  set.inputs.bars[0] = std::numeric_limits<float>::infinity();
  CAF_CHECK(contains(failure(), "bad_data: training: not finite: bar 0: row 0"));
  set = good;
  set.returns[7] = std::nan("");
  CAF_CHECK(contains(failure(), "bad_data: training: not a return: row 7"));
  set = good;
  set.labels[7] = static_cast<direction_class>(3);
  CAF_CHECK(contains(failure(), "bad_data: training: no such label: row 7"));
  set = good;
  validation.returns[1] = -1.0;
  CAF_CHECK(contains(failure(), "bad_data: validation: not a return: row 1"));
}

CAF_TEST(bars of another width are refused) {
  options.shape.bar_channels = {"return"};
  CAF_CHECK(contains(failure(), "bad_data: training: bars of 2 values where 1"));
}

CAF_TEST(a label that ends inside validation is look ahead) {
  set.label_ends[3] = validation.slots[0] + micros{1};
  CAF_CHECK(contains(failure(), "look_ahead: validation begins at "));
  set.label_ends[3] = validation.slots[0];
  CAF_CHECK_EQUAL(failure(), "");
}

CAF_TEST(unfit options are refused) {
  options.rate = std::nan("");
  CAF_CHECK_EQUAL(failure(), "bad_options: rate: set a number above 0");
}

CAF_TEST(a constant feature and returns of zero do no harm) {
  for (std::size_t row = 0; row < set.rows(); ++row) {
    set.inputs.features[row * feature_count + 4] = 17.25;
    set.returns[row] = 0.0;
  }
  auto result = run();
  CAF_REQUIRE(result.model.has_value());
  for (const auto& x : result.model->forecast(validation.inputs)) {
    CAF_CHECK(std::isfinite(x.magnitude));
    CAF_CHECK(std::abs(x.probabilities[0] + x.probabilities[1]
                       + x.probabilities[2] - 1.0) < 1e-12);
  }
}

CAF_TEST(class weights follow the counts) {
  for (std::size_t row = 0; row < 400; ++row)
    set.labels[row] = row < 100   ? direction_class::down
                      : row < 300 ? direction_class::flat
                                  : direction_class::up;
  options.epochs = 1;
  options.class_balance = 1.0;
  auto weights = run().class_weights;
  CAF_CHECK(std::abs(weights[0] - 4.0 / 3.0) < 1e-12);
  CAF_CHECK(std::abs(weights[1] - 2.0 / 3.0) < 1e-12);
  options.class_balance = 0.0;
  CAF_CHECK_EQUAL(run().class_weights[1], 1.0);
}

CAF_TEST_FIXTURE_SCOPE_END()
