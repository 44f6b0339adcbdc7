#define CAF_SUITE scoring_proper_scores
#include "models/scoring/confusion.hpp"
#include "models/scoring/correlation.hpp"
#include "models/scoring/proper_scores.hpp"

#include "tests/unit/scoring/numbers.hpp"

#include "caf/test/unit_test.hpp"

#include <vector>

using namespace banksia;
using namespace banksia::scoring_test;

namespace {

constexpr auto down = move_class::down;
constexpr auto flat = move_class::flat;
constexpr auto up = move_class::up;

} // namespace

// -- proper scores ------------------------------------------------------------

CAF_TEST(log loss has the value of a published example) {
  // scikit-learn, documentation of metrics.log_loss: 0.21616 for two classes.
  std::vector<class_probabilities> p{
    {0.1, 0.9, 0.0}, {0.9, 0.1, 0.0}, {0.8, 0.2, 0.0}, {0.35, 0.65, 0.0}};
  std::vector<move_class> labels{flat, down, down, flat};
  CAF_CHECK(near(score_probabilities(p, labels).log_loss, 0.21616, 5e-6));
}

CAF_TEST(scores agree with an independent computation) {
  std::vector<class_probabilities> p{
    {0.1, 0.2, 0.7}, {0.5, 0.3, 0.2}, {0.2, 0.6, 0.2}, {0.25, 0.5, 0.25}};
  std::vector<move_class> labels{up, down, down, flat};
  // Python: -sum(log(p[y])) / 4 and sum((p[k] - (k == y))**2) / 4 over the
  // samples and k, and the latter for each k alone.
  auto x = score_probabilities(p, labels);
  CAF_CHECK_EQUAL(x.samples, 4u);
  CAF_CHECK(near(x.log_loss, 0.8381018043731809, 1e-14));
  CAF_CHECK(near(x.brier, 0.48375, 1e-14));
  CAF_CHECK(near(x.brier_by_class[0], 0.240625, 1e-14));
  CAF_CHECK(near(x.brier_by_class[1], 0.185, 1e-14));
  CAF_CHECK(near(x.brier_by_class[2], 0.058125, 1e-14));
  CAF_CHECK_EQUAL(x.base_rates[0], 0.5);
  CAF_CHECK_EQUAL(x.base_rates[2], 0.25);
}

CAF_TEST(a third each is worth what the definitions say) {
  class_probabilities p{1.0 / 3.0, 1.0 / 3.0, 1.0 / 3.0};
  CAF_CHECK(near(log_loss_of(p, up), std::log(3.0), 1e-15));
  CAF_CHECK(near(brier_of(p, up), 2.0 / 3.0, 1e-15));
  CAF_CHECK_EQUAL(brier_of(class_probabilities{0.0, 0.0, 1.0}, up), 0.0);
  CAF_CHECK_EQUAL(brier_of(class_probabilities{0.0, 0.0, 1.0}, down), 2.0);
}

CAF_TEST(what was held impossible costs what the clip says) {
  CAF_CHECK(near(log_loss_of({0.0, 0.0, 1.0}, down), -std::log(1e-6), 1e-12));
  CAF_CHECK_EQUAL(log_loss_of({0.0, 0.0, 1.0}, up), 0.0);
}

CAF_TEST(no other forecast scores better than what is true) {
  // Expected scores under a true distribution, on a grid of forecasts.
  const class_probabilities truth{0.5, 0.3, 0.2};
  auto expected = [&](const class_probabilities& p, auto score) {
    double sum = 0.0;
    for (auto x : move_classes)
      sum += truth[index_of(x)] * score(p, x);
    return sum;
  };
  auto loss = [](const auto& p, auto x) { return log_loss_of(p, x); };
  auto brier = [](const auto& p, auto x) { return brier_of(p, x); };
  for (int i = 0; i <= 20; ++i) {
    for (int k = 0; i + k <= 20; ++k) {
      class_probabilities p{i / 20.0, k / 20.0, (20 - i - k) / 20.0};
      CAF_REQUIRE(expected(p, loss) >= expected(truth, loss) - 1e-12);
      CAF_REQUIRE(expected(p, brier) >= expected(truth, brier) - 1e-12);
    }
  }
}

CAF_TEST(skill is one for perfect and zero for the reference) {
  CAF_CHECK_EQUAL(skill_score(0.0, 0.6), 1.0);
  CAF_CHECK_EQUAL(skill_score(0.6, 0.6), 0.0);
  CAF_CHECK(near(skill_score(0.9, 0.6), -0.5, 1e-15));
  CAF_CHECK_EQUAL(skill_score(0.5, 0.0), 0.0);
}

CAF_TEST(unsound forecasts are refused) {
  std::vector<class_probabilities> p{{0.2, 0.3, 0.5}, {0.2, 0.3, 0.6}};
  std::vector<move_class> labels{up, up};
  CAF_CHECK(refusal_of([&] { score_probabilities(p, labels); })
              .starts_with("probabilities do not sum to 1: sample 1"));
  labels.pop_back();
  CAF_CHECK(refusal_of([&] { score_probabilities(p, labels); })
              .starts_with("2 forecasts of 1 outcomes"));
  CAF_CHECK_EQUAL(score_probabilities({}, {}).samples, 0u);
}

// -- classes told -------------------------------------------------------------

CAF_TEST(correlation of classes agrees with its definition by covariance) {
  class_confusion x;
  x.counts = {{{21, 9, 5}, {6, 30, 10}, {4, 7, 28}}};
  // Python: cov(X, Y) / sqrt(cov(X, X) cov(Y, Y)) of the 120 pairs of one-hot
  // rows, Gorodkin's own definition.
  CAF_CHECK(near(x.mcc(), 0.484118038609276, 1e-14));
  CAF_CHECK(near(x.balanced_accuracy(), 8836.0 / 13455.0, 1e-14));
  CAF_CHECK(near(x.accuracy(), 79.0 / 120.0, 1e-15));
  CAF_CHECK(near(*x.recall(flat), 30.0 / 46.0, 1e-15));
}

CAF_TEST(correlation of two classes has the value of a published example) {
  // scikit-learn, documentation of metrics.matthews_corrcoef: -0.33.
  class_confusion x;
  for (auto [is, told] : {std::pair{up, up}, {up, down}, {up, up}, {down, up}})
    x.add(is, told);
  CAF_CHECK(near(x.mcc(), -1.0 / 3.0, 1e-15));
  // metrics.balanced_accuracy_score: 0.625.
  class_confusion y;
  constexpr std::array is{0, 1, 0, 0, 1, 0}, told{0, 1, 0, 0, 0, 1};
  for (std::size_t i = 0; i < is.size(); ++i)
    y.add(is[i] ? up : down, told[i] ? up : down);
  CAF_CHECK_EQUAL(y.balanced_accuracy(), 0.625);
}

CAF_TEST(a constant answer correlates with nothing) {
  std::vector<class_probabilities> p(9, {0.2, 0.5, 0.3});
  std::vector<move_class> labels{down, down, down, flat, flat,
                                 flat, up,   up,   up};
  auto x = confusion_of(p, labels);
  CAF_CHECK_EQUAL(x.mcc(), 0.0);
  CAF_CHECK(near(x.balanced_accuracy(), 1.0 / 3.0, 1e-15));
  CAF_CHECK_EQUAL(x.counts[index_of(up)][index_of(flat)], 3u);
  class_confusion none;
  CAF_CHECK_EQUAL(none.mcc(), 0.0);
  CAF_CHECK_EQUAL(none.accuracy(), 0.0);
  CAF_CHECK_EQUAL(none.balanced_accuracy(), 0.0);
  CAF_CHECK(!none.recall(up));
  class_confusion right;
  for (auto label : labels)
    right.add(label, label);
  CAF_CHECK(near(right.mcc(), 1.0, 1e-15));
}

// -- order --------------------------------------------------------------------

CAF_TEST(rank correlation has the value of a published example) {
  // Wikipedia, "Spearman's rank correlation coefficient": IQ and hours of
  // television of ten people, -29 / 165.
  std::vector<double> iq{106, 100, 86, 101, 99, 103, 97, 113, 112, 110};
  std::vector<double> hours{7, 27, 2, 50, 28, 29, 20, 12, 6, 17};
  CAF_CHECK(near(*spearman(iq, hours), -29.0 / 165.0, 1e-14));
  // The same page's "hours" swapped for a falling function of IQ.
  std::vector<double> falling;
  for (auto x : iq)
    falling.push_back(std::exp(-x));
  CAF_CHECK(near(*spearman(iq, falling), -1.0, 1e-14));
}

CAF_TEST(equal values share the mean of their ranks) {
  auto ranks = ranks_of(std::vector<double>{3.0, 1.0, 3.0, 2.0, 3.0});
  CAF_CHECK(ranks == (std::vector<double>{4.0, 1.0, 4.0, 2.0, 4.0}));
  CAF_CHECK(ranks_of({}).empty());
}

CAF_TEST(plain correlation has the value of its definition) {
  // Anscombe, "Graphs in statistical analysis", 1973: 0.816 for his first set.
  std::vector<double> x{10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5};
  std::vector<double> y{8.04, 6.95, 7.58, 8.81, 8.33, 9.96,
                        7.24, 4.26, 10.84, 4.82, 5.68};
  CAF_CHECK(near(*pearson(x, y), 0.816, 5e-4));
  double sx = 0, sy = 0, sxx = 0, syy = 0, sxy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    sx += x[i];
    sy += y[i];
    sxx += x[i] * x[i];
    syy += y[i] * y[i];
    sxy += x[i] * y[i];
  }
  CAF_CHECK(near(*correlation_of(11, sx, sy, sxx, syy, sxy), *pearson(x, y),
                 1e-12));
}

CAF_TEST(what does not vary has no correlation) {
  std::vector<double> same(5, 0.1), other{1, 2, 3, 4, 5};
  CAF_CHECK(!pearson(same, other));
  CAF_CHECK(!spearman(other, same));
  CAF_CHECK(!pearson(std::vector<double>{1.0}, std::vector<double>{1.0}));
  CAF_CHECK(!pearson(other, std::vector<double>{1.0, 2.0}));
  CAF_CHECK(!spearman(other, std::vector<double>{1.0, 2.0}));
  CAF_CHECK(!correlation_of(5, 0.5, 15, 0.05, 55, 1.5));
  CAF_CHECK(!correlation_of(1, 1, 1, 1, 1, 1));
}

CAF_TEST(the area under the curve has the value of a published example) {
  // scikit-learn, documentation of metrics.roc_auc_score's curve: 0.75.
  std::vector<double> scores{0.1, 0.4, 0.35, 0.8};
  CAF_CHECK(area_under_curve(scores, {false, false, true, true}) == 0.75);
  std::vector<double> same(4, 0.5);
  CAF_CHECK(area_under_curve(same, {false, false, true, true}) == 0.5);
  CAF_CHECK(!area_under_curve(scores, {true, true, true, true}));
  CAF_CHECK(!area_under_curve(scores, {true}));
}
