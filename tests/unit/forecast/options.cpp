#define CAF_SUITE forecast_options
#include "models/forecast/options.hpp"

#include "caf/test/unit_test.hpp"

#include <cmath>
#include <limits>

using namespace banksia::forecast;

namespace {

training_options fit() {
  training_options x;
  x.shape.bar_channels = {"return"};
  return x;
}

/// The name before the colon.
std::string problem(auto field, auto value) {
  auto x = fit();
  x.*field = value;
  auto text = problem_of(x).value_or("");
  return text.substr(0, text.find(':'));
}

std::string shape_problem(auto field, auto value) {
  auto x = fit();
  x.shape.*field = value;
  auto text = problem_of(x).value_or("");
  return text.substr(0, text.find(':'));
}

} // namespace

CAF_TEST(the defaults are fit) {
  CAF_CHECK(!problem_of(fit()));
}

CAF_TEST(each impossible option is named) {
  using options = training_options;
  auto nan = std::nan("");
  CAF_CHECK_EQUAL(problem(&options::epochs, 0u), "epochs");
  CAF_CHECK_EQUAL(problem(&options::epochs, 10'001u), "epochs");
  CAF_CHECK_EQUAL(problem(&options::patience, 0u), "patience");
  CAF_CHECK_EQUAL(problem(&options::batch, 65'537u), "batch");
  CAF_CHECK_EQUAL(problem(&options::rate, 0.0), "rate");
  CAF_CHECK_EQUAL(problem(&options::rate, HUGE_VAL), "rate");
  CAF_CHECK_EQUAL(problem(&options::weight_decay, nan), "weight_decay");
  CAF_CHECK_EQUAL(problem(&options::weight_decay, 1.5), "weight_decay");
  CAF_CHECK_EQUAL(problem(&options::gradient_limit, 0.0), "gradient_limit");
  CAF_CHECK_EQUAL(problem(&options::class_balance, -0.1), "class_balance");
  CAF_CHECK_EQUAL(problem(&options::magnitude_weight, nan), "magnitude_weight");
  CAF_CHECK_EQUAL(problem(&options::rows_min, 2u), "rows_min");
  CAF_CHECK_EQUAL(problem(&options::validation_rows_min, 0u),
                  "validation_rows_min");
}

CAF_TEST(each impossible shape is named) {
  using names = std::vector<std::string>;
  using shape = model_shape;
  CAF_CHECK_EQUAL(shape_problem(&shape::embedding, 65u), "embedding");
  CAF_CHECK_EQUAL(shape_problem(&shape::hidden, 0u), "hidden");
  CAF_CHECK_EQUAL(shape_problem(&shape::recurrent, 257u), "recurrent");
  CAF_CHECK_EQUAL(shape_problem(&shape::trunk, 0u), "trunk");
  CAF_CHECK_EQUAL(shape_problem(&shape::symbols, names{"A", "A"}), "symbols");
  CAF_CHECK_EQUAL(shape_problem(&shape::symbols, names{""}), "symbols");
  CAF_CHECK_EQUAL(shape_problem(&shape::bar_channels, names{}), "bar_channels");
  CAF_CHECK_EQUAL(shape_problem(&shape::kind, static_cast<model_kind>(9)),
                  "kind");
  names many;
  for (int i = 0; i < 65; ++i)
    many.push_back(std::to_string(i));
  CAF_CHECK_EQUAL(shape_problem(&shape::bar_channels, many), "bar_channels");
}

CAF_TEST(only recurrent nets need bars) {
  auto x = fit();
  x.shape.bar_channels.clear();
  x.shape.kind = model_kind::mlp;
  CAF_CHECK(!problem_of(x));
}

CAF_TEST(kinds have names) {
  for (auto kind : {model_kind::logistic, model_kind::mlp,
                    model_kind::recurrent, model_kind::ensemble})
    CAF_CHECK(parse_model_kind(to_string(kind)) == kind);
  CAF_CHECK(!parse_model_kind("forest"));
}
