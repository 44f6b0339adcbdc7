#define CAF_SUITE rule_parameters
#include "models/decision/rule_parameters.hpp"

#include "models/decision/market_context_state.hpp"
#include "tests/unit/decision/cases.hpp"

#include "caf/test/unit_test.hpp"

#include <set>

using namespace banksia;
using namespace banksia::test;

namespace {

/// Everything the parameters decide over many cases, in one number.
std::uint64_t effects(const rule_parameters& p) {
  random_cases random{31};
  std::uint64_t hash = 0;
  auto mix = [&hash](double x) {
    hash = (hash ^ std::bit_cast<std::uint64_t>(x + 0.0)) * 0x9E3779B97F4A7C15u;
    hash ^= hash >> 29;
  };
  for (int i = 0; i < 3000; ++i) {
    market_context_state index;
    double close = 100.0;
    auto swing = random.whole(0, 5);
    auto skip = random.whole(0, 4) == 0 ? random.whole(4, 8) : 0;
    for (int day = 0; day < 6; ++day) {
      bar x;
      x.close = price{close *= 1.0 + random.between(-1, 1, 64) * swing / 50};
      index.add(x, day == 0 ? 0 : day + skip);
    }
    auto context = index.at(5 + skip, bar_interval::d1, p);
    mix(context.multiplier.value());
    mix(context.buy_threshold.value());
    mix(context.volatility.value());
    auto inputs = random.telling_inputs();
    for (const auto& c : {context, random.context()}) {
      auto d = decide(inputs, c, 1.0, p);
      mix(d.confidence.value());
      mix(d.magnitude.value());
      mix(static_cast<double>(d.optimal_action));
      mix(d.trace.buy.confidence.value());
      mix(d.trace.sell.confidence.value());
      mix(d.trace.buy.gates);
      mix(d.trace.sell.gates);
    }
  }
  return hash;
}

std::string first_word(const rule_parameters& p) {
  auto text = problem_of(p).value_or("");
  return text.substr(0, text.find_first_of(":,"));
}

} // namespace

CAF_TEST(every parameter has a name and a meaning of its own) {
  std::set<std::string_view> names, meanings;
  std::set<const double*> members;
  rule_parameters p;
  for (const auto& field : rule_parameter_fields()) {
    CAF_CHECK(names.insert(field.name).second);
    meanings.insert(field.meaning);
    CAF_CHECK(members.insert(&(p.*field.value)).second);
  }
  CAF_CHECK_EQUAL(members.size() * sizeof(double), sizeof(rule_parameters));
  CAF_CHECK(!meanings.contains(""));
}

CAF_TEST(no parameter is without effect) {
  auto usual = effects({});
  for (const auto& field : rule_parameter_fields()) {
    auto has_effect = false;
    // A bound may bind only when it is moved the other way, or far.
    for (auto factor : {1.3, 0.5, 8.0}) {
      rule_parameters p;
      auto& value = p.*field.value;
      value = value == 0.0 ? 0.1 : value * factor;
      has_effect = has_effect || effects(p) != usual;
    }
    CAF_MESSAGE(field.name);
    CAF_CHECK(has_effect);
  }
}

CAF_TEST(the defaults are fit) {
  CAF_CHECK(!problem_of({}));
}

CAF_TEST(numbers that make no sense are named) {
  auto with = [](double rule_parameters::*field, double value) {
    rule_parameters p;
    p.*field = value;
    return first_word(p);
  };
  using p = rule_parameters;
  for (const auto& field : rule_parameter_fields())
    CAF_CHECK_EQUAL(with(field.value, std::nan("")), field.name);
  CAF_CHECK_EQUAL(with(&p::weight_news, -0.1), "weight_news");
  CAF_CHECK_EQUAL(with(&p::stress_multiplier, -1), "stress_multiplier");
  CAF_CHECK_EQUAL(with(&p::bearish_below, 0.02), "bearish_below");
  CAF_CHECK_EQUAL(with(&p::volume_low_above, 1.3), "volume_low_above");
  CAF_CHECK_EQUAL(with(&p::confidence_highest, 1.1), "confidence_highest");
  CAF_CHECK_EQUAL(with(&p::confidence_lowest, 0.95), "confidence_lowest");
  CAF_CHECK_EQUAL(with(&p::weight_news, 0.31), "weight_technical");
}

CAF_TEST(something must be left when news and volume are missing) {
  rule_parameters p;
  p.weight_technical = p.weight_risk = 0.0;
  p.weight_news = p.weight_volume = 0.5;
  CAF_CHECK_EQUAL(first_word(p), "weight_technical");
  CAF_CHECK(problem_of(p)->find("both zero") != std::string::npos);
}
