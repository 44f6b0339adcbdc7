/// Trainings on markets with nothing to learn: how many are promoted?
///
///   learning_noise SEEDS   one line for each promotion, then the count;
///                          exit 1 when there are more than the stated rate

#include "actors/learning/verdict.hpp"
#include "tests/unit/learning/planted_rows.hpp"

#include <cmath>
#include <cstdlib>
#include <iostream>

int main(int argc, char** argv) {
  using namespace banksia;
  const auto seeds = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 0;
  if (seeds == 0) {
    std::cerr << "learning_noise: how many seeds: command line: give a "
                 "number\n";
    return 2;
  }
  std::uint64_t promoted = 0;
  std::uint64_t alarms = 0;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    test::planted_law law;
    law.seed = 1000 + seed;
    // Half of the markets are restless: log loss can be gained there, by what
    // nobody can buy or sell.
    law.restless = seed % 2 == 0;
    auto data = test::plant_rows(law);
    auto walk = test::small_walk(data, forecast::model_kind::mlp);
    auto verdict = learning::judge(learning::walk_forward_over(data, walk),
                                   nullptr);
    alarms += verdict.leak_suspected ? 1 : 0;
    if (!verdict.promote)
      continue;
    ++promoted;
    std::cout << "seed " << seed << ": " << verdict.text << '\n';
  }
  auto allowed = static_cast<std::uint64_t>(
    std::floor(learning::false_promotion_rate * static_cast<double>(seeds)));
  std::cout << seeds << " seeds, " << promoted << " promoted, at most "
            << allowed << "; " << alarms << " alarms\n";
  return promoted <= allowed && alarms == 0 ? 0 : 1;
}
