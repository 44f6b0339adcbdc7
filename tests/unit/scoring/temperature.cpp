#define CAF_SUITE scoring_temperature
#include "models/scoring/calibration.hpp"
#include "models/scoring/proper_scores.hpp"
#include "models/scoring/reliability.hpp"

#include "tests/unit/scoring/numbers.hpp"
#include "tests/unit/scoring/samples.hpp"

#include "caf/test/unit_test.hpp"

#include <limits>
#include <vector>

using namespace banksia;
using namespace banksia::scoring_test;

namespace {

struct logit_samples {
  std::vector<class_logits> logits;
  std::vector<move_class> labels;
};

/// Labels drawn from softmax(z), and logits stated as `sharpness` z.
logit_samples drawn(int n, double sharpness) {
  splitmix64 random{77};
  logit_samples result;
  for (int i = 0; i < n; ++i) {
    class_logits z{normal(random), normal(random), normal(random)};
    auto p = softmax(z);
    auto u = uniform(random);
    result.labels.push_back(u < p[0]          ? move_class::down
                            : u < p[0] + p[1] ? move_class::flat
                                              : move_class::up);
    for (auto& x : z)
      x *= sharpness;
    result.logits.push_back(z);
  }
  return result;
}

} // namespace

CAF_TEST(the temperature agrees with an independent search) {
  std::vector<class_logits> logits{{2.0, 0.5, -1.0}, {0.3, 1.2, 0.1},
                                   {-1.5, 0.2, 2.2}, {1.8, 0.1, 0.4},
                                   {0.2, 0.1, 1.9},  {-0.5, 2.5, 0.3}};
  std::vector<move_class> labels{move_class::down, move_class::flat,
                                 move_class::up,   move_class::flat,
                                 move_class::down, move_class::flat};
  // Python: golden section over T in [0.1, 10].
  auto x = fit_temperature(logits, labels);
  CAF_CHECK(near(x.temperature, 1.3550209387783894, 1e-6));
  CAF_CHECK(near(x.log_loss_before, 0.8580090779416727, 1e-12));
  CAF_CHECK(near(x.log_loss_after, 0.8340854034311304, 1e-12));
  CAF_CHECK(!x.at_bound);
}

CAF_TEST(the temperature that was planted is found) {
  for (auto sharpness : {0.25, 0.5, 1.0, 2.0, 4.0}) {
    auto samples = drawn(20'000, sharpness);
    auto x = fit_temperature(samples.logits, samples.labels);
    CAF_CHECK(near(x.temperature / sharpness, 1.0, 0.05));
    CAF_CHECK(x.log_loss_after <= x.log_loss_before);
    auto again = fit_temperature(samples.logits, samples.labels);
    CAF_CHECK_EQUAL(x.temperature, again.temperature);
  }
}

CAF_TEST(scaling makes a forecast that was too sure calibrated) {
  auto samples = drawn(20'000, 3.0);
  auto error = [&](double temperature) {
    std::vector<class_probabilities> p;
    for (const auto& z : samples.logits)
      p.push_back(softmax(z, temperature));
    return reliability_of(top_class(p, samples.labels), binning::equal_mass, 10)
      .expected_error;
  };
  auto fit = fit_temperature(samples.logits, samples.labels);
  CAF_CHECK_GREATER(error(1.0), 0.1);
  CAF_CHECK_LESS(error(fit.temperature), 0.02);
}

CAF_TEST(scaling keeps what is most likely) {
  auto samples = drawn(500, 1.0);
  for (const auto& z : samples.logits)
    CAF_CHECK(most_likely(softmax(z, 0.1)) == most_likely(softmax(z, 10.0)));
}

CAF_TEST(no temperature is found beyond the bounds) {
  // Always right: ever colder. Always wrong: ever hotter.
  std::vector<class_logits> logits(9, {0.0, 1.0, 0.0});
  std::vector<move_class> right(9, move_class::flat);
  auto cold = fit_temperature(logits, right);
  CAF_CHECK(cold.at_bound);
  CAF_CHECK(near(cold.temperature, least_temperature, 1e-12));
  std::vector<move_class> wrong(9, move_class::up);
  auto hot = fit_temperature(logits, wrong);
  CAF_CHECK(hot.at_bound);
  CAF_CHECK(near(hot.temperature, largest_temperature, 1e-12));
}

CAF_TEST(logits that say nothing are left as they are) {
  std::vector<class_logits> logits(9, {0.5, 0.5, 0.5});
  std::vector<move_class> labels(9, move_class::up);
  auto x = fit_temperature(logits, labels);
  CAF_CHECK(near(x.log_loss_before, std::log(3.0), 1e-12));
  CAF_CHECK(near(x.log_loss_after, std::log(3.0), 1e-12));
}

CAF_TEST(logits of any size are exact) {
  auto p = softmax({1000.0, 999.0, -1000.0});
  CAF_CHECK(near(p[0], 1.0 / (1.0 + std::exp(-1.0)), 1e-15));
  CAF_CHECK_EQUAL(p[2], 0.0);
  CAF_CHECK(!problem_of(p));
  CAF_CHECK(!problem_of(softmax({-1e308, 1e308, 0.0}, 0.05)));
}

CAF_TEST(unsound logits are refused) {
  std::vector<class_logits> logits{
    {0.0, 1.0, std::numeric_limits<double>::infinity()}};
  std::vector<move_class> labels{move_class::up};
  CAF_CHECK(refusal_of([&] { fit_temperature(logits, labels); })
              .starts_with("a logit is not finite"));
  labels.push_back(move_class::up);
  CAF_CHECK(refusal_of([&] { fit_temperature(logits, labels); })
              .starts_with("1 logits of 2 outcomes"));
  CAF_CHECK(refusal_of([] { fit_temperature({}, {}); })
              .starts_with("0 logits"));
}
