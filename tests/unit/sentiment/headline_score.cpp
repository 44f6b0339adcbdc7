#define CAF_SUITE headline_score
#include "models/sentiment/headline_score.hpp"

#include "models/sentiment/lexicon.hpp"

#include "caf/test/unit_test.hpp"

#include <cmath>

using namespace banksia::sentiment;

namespace {

headline_score score(std::string_view title) {
  headline_scorer scorer;
  return scorer.score(title);
}

/// '+', '-' or '0'.
char sign(std::string_view title) {
  auto found = score(title);
  switch (found.verdict) {
    case label::positive:
      return '+';
    case label::negative:
      return '-';
    default:
      return '0';
  }
}

/// The rules that had a part, in order.
std::string rules(std::string_view title) {
  std::string result;
  for (const auto& x : score(title).parts)
    result += (result.empty() ? "" : " ") + std::string{to_string(x.rule)};
  return result;
}

} // namespace

CAF_TEST(a text that says nothing scores zero) {
  for (auto title : {"", "   ", "!?", "ANZ to hold its annual meeting",
                     "RBA keeps interest rates unchanged"}) {
    auto found = score(title);
    CAF_CHECK_EQUAL(found.score, 0.0);
    CAF_CHECK(found.verdict == label::neutral);
    CAF_CHECK(found.parts.empty());
  }
}

CAF_TEST(good and bad words have a tone) {
  auto good = score("an excellent day");
  CAF_REQUIRE_EQUAL(good.parts.size(), 1u);
  CAF_CHECK_EQUAL(good.parts[0].text, "excellent");
  CAF_CHECK(good.parts[0].rule == score_rule::tone);
  CAF_CHECK_EQUAL(good.parts[0].contribution, 1.5);
  CAF_CHECK_EQUAL(sign("faces a lawsuit"), '-');
  CAF_CHECK_EQUAL(sign("issues a profit warning"), '-');
}

CAF_TEST(the score is the squashed sum of its parts) {
  for (auto title :
       {"profit fell 12 % but sales rose", "strong growth despite weak demand",
        "net loss widened to $5m, costs rose", "upgraded to buy"}) {
    auto found = score(title);
    double sum = 0.0;
    for (const auto& x : found.parts)
      sum += x.contribution;
    CAF_CHECK_EQUAL(found.sum, sum);
    CAF_CHECK_EQUAL(found.score, std::tanh(sum / 2));
    CAF_CHECK(!found.parts.empty());
  }
}

CAF_TEST(the neutral band is half an ordinary word) {
  CAF_CHECK(label_of_sum(0.49) == label::neutral);
  CAF_CHECK(label_of_sum(0.5) == label::positive);
  CAF_CHECK(label_of_sum(-0.49) == label::neutral);
  CAF_CHECK(label_of_sum(-0.5) == label::negative);
  // A weak word alone does not carry a headline; two do.
  CAF_CHECK_EQUAL(sign("signs a partnership"), '0');
  CAF_CHECK_EQUAL(sign("signs a partnership, launches a card"), '+');
}

CAF_TEST(what rose or fell is judged by its subject) {
  CAF_CHECK_EQUAL(sign("profit fell 12 %"), '-');
  CAF_CHECK_EQUAL(sign("profit rose 12 %"), '+');
  CAF_CHECK_EQUAL(sign("costs rose"), '-');
  CAF_CHECK_EQUAL(sign("costs fell"), '+');
  CAF_CHECK_EQUAL(sign("arrears edge higher"), '-');
  CAF_CHECK_EQUAL(sign("impairments declined"), '+');
  CAF_CHECK_EQUAL(sign("net loss narrowed"), '+');
  CAF_CHECK_EQUAL(sign("net loss widened"), '-');
  CAF_CHECK_EQUAL(sign("margin narrowed"), '-');
  CAF_CHECK_EQUAL(sign("margin widened"), '+');
}

CAF_TEST(subjects may follow) {
  CAF_CHECK_EQUAL(sign("bank cuts costs"), '+');
  CAF_CHECK_EQUAL(sign("bank cuts its dividend"), '-');
  CAF_CHECK_EQUAL(sign("a decline in arrears"), '+');
  CAF_CHECK_EQUAL(sign("a rise in bad debts"), '-');
  CAF_CHECK_EQUAL(sign("higher sales"), '+');
  CAF_CHECK_EQUAL(sign("higher expenses"), '-');
}

CAF_TEST(the subject is not what a base names) {
  CAF_CHECK_EQUAL(sign("profit before taxes rose to $5m"), '+');
  CAF_CHECK_EQUAL(sign("profit excluding restructuring costs grew"), '+');
}

CAF_TEST(nobody gains when a stake rises) {
  CAF_CHECK_EQUAL(sign("its stake rose to 5.1 %"), '0');
  CAF_CHECK_EQUAL(sign("holding in the bank fell below 5 %"), '0');
}

CAF_TEST(a movement without a subject says little) {
  CAF_CHECK_EQUAL(score("Westpac rises").sum, 0.3);
  CAF_CHECK_EQUAL(sign("Westpac rises 2 %"), '+');
  CAF_CHECK_EQUAL(sign("Westpac falls 2 %"), '-');
}

CAF_TEST(up and down need a measure) {
  CAF_CHECK_EQUAL(sign("sales up 5 %"), '+');
  CAF_CHECK_EQUAL(sign("sales down from $5m"), '-');
  CAF_CHECK_EQUAL(sign("sales unit set up in Perth"), '0');
  CAF_CHECK_EQUAL(sign("sales staff, up to 50 of them, move"), '0');
}

CAF_TEST(a signed percentage is a movement) {
  CAF_CHECK_EQUAL(sign("Sales +12 %"), '+');
  CAF_CHECK_EQUAL(sign("Sales -12 %"), '-');
  CAF_CHECK_EQUAL(sign("Costs +12 %"), '-');
}

CAF_TEST(where it came from is no news) {
  CAF_CHECK_EQUAL(sign("profit of $5m, up from a loss of $2m"), '+');
}

CAF_TEST(values are compared) {
  CAF_CHECK_EQUAL(sign("profit was $12m compared to $10m"), '+');
  CAF_CHECK_EQUAL(sign("profit was $10m compared to $12m"), '-');
  CAF_CHECK_EQUAL(sign("costs were $12m versus $10m"), '-');
  CAF_CHECK_EQUAL(sign("costs were $9m against $10m"), '+');
  CAF_CHECK_EQUAL(sign("sales went from $10m to $12m"), '+');
  CAF_CHECK_EQUAL(sign("sales went from $12m to $10m"), '-');
  CAF_CHECK_EQUAL(sign("sales of $12m from $10m"), '+');
  CAF_CHECK_EQUAL(sign("revenue was $1.1bn compared with $900m"), '+');
  CAF_CHECK_EQUAL(sign("profit was $10m compared to $10m"), '0');
  CAF_CHECK_EQUAL(sign("profit was $10m compared to 5 %"), '0');
  CAF_CHECK_EQUAL(rules("profit was $12m compared to $10m"), "comparison");
}

CAF_TEST(a profit beats a loss whatever the numbers) {
  CAF_CHECK_EQUAL(sign("EPS was $0.10, compared with a loss of $0.30"), '+');
  CAF_CHECK_EQUAL(sign("loss of $0.30 versus a profit of $0.10"), '-');
  CAF_CHECK_EQUAL(sign("posted a $5m loss compared with a $9m profit"), '-');
  CAF_CHECK_EQUAL(sign("loss of $3m compared to a loss of $5m"), '+');
  CAF_CHECK_EQUAL(sign("cash flow was $1m compared to a negative $9m"), '+');
}

CAF_TEST(what a direction told is not told again) {
  CAF_CHECK_EQUAL(rules("profit rose to $12m from $10m"), "direction");
}

CAF_TEST(swings) {
  CAF_CHECK_EQUAL(sign("swings to a net loss"), '-');
  CAF_CHECK_EQUAL(sign("swung to a $5m profit from a $9m loss"), '+');
  CAF_CHECK_EQUAL(rules("swung to a $5m profit from a $9m loss"), "swing");
  CAF_CHECK_EQUAL(sign("turns to its shareholders"), '0');
}

CAF_TEST(results are held to expectations) {
  CAF_CHECK_EQUAL(sign("cash earnings above forecasts"), '+');
  CAF_CHECK_EQUAL(sign("cash earnings below expectations"), '-');
  CAF_CHECK_EQUAL(rules("cash earnings above forecasts"), "expectation");
  CAF_CHECK_EQUAL(sign("costs above forecasts"), '-');
  CAF_CHECK_EQUAL(sign("earnings beat estimates"), '+');
  CAF_CHECK_EQUAL(sign("earnings missed estimates"), '-');
}

CAF_TEST(negation turns what follows and says so) {
  auto found = score("profit did not improve");
  CAF_REQUIRE_EQUAL(found.parts.size(), 1u);
  CAF_CHECK(found.parts[0].negated);
  CAF_CHECK(found.sum < 0.0);
  CAF_CHECK_EQUAL(sign("the bank was not hurt"), '+');
  CAF_CHECK_EQUAL(sign("profit didn't fall"), '+');
  CAF_CHECK_EQUAL(sign("never without strong demand"), '+');
  // Its scope is a few words, and ends with the clause.
  CAF_CHECK(!score("not now; strong demand").parts[0].negated);
  CAF_CHECK(!score("not the first of those many strong years").parts[0].negated);
}

CAF_TEST(degree words scale) {
  auto plain = score("profit fell").sum;
  CAF_CHECK(score("profit fell sharply").sum < plain);
  CAF_CHECK(score("profit fell slightly").sum > plain);
  CAF_CHECK(score("profit fell slightly").sum < 0.0);
  CAF_CHECK(score("profit fell 30 %").sum < score("profit fell 5 %").sum);
  CAF_CHECK(score("profit fell 0.4 %").sum > score("profit fell 5 %").sum);
}

CAF_TEST(what follows but counts more) {
  CAF_CHECK(score("profit rose but costs rose").sum < 0.0);
  CAF_CHECK(score("costs rose but profit rose").sum > 0.0);
}

CAF_TEST(a concession counts little) {
  CAF_CHECK_EQUAL(sign("despite weak demand, profit rose"), '+');
  CAF_CHECK_EQUAL(sign("profit fell despite strong demand"), '-');
}

CAF_TEST(a question counts half) {
  CAF_CHECK_EQUAL(score("is profit falling?").sum,
                  score("is profit falling").sum / 2);
}

CAF_TEST(parts quote the headline) {
  auto found = score("Net Profit, it said, FELL");
  CAF_REQUIRE_EQUAL(found.parts.size(), 1u);
  CAF_CHECK_EQUAL(found.parts[0].text, "Net Profit … FELL");
  found = score("net profit fell");
  CAF_CHECK_EQUAL(found.parts[0].text, "net profit fell");
}

CAF_TEST(a scorer forgets the headline before) {
  headline_scorer scorer;
  auto first = scorer.score("profit fell sharply but costs fell");
  scorer.score("an excellent result; swings to a loss?");
  CAF_CHECK(scorer.score("profit fell sharply but costs fell") == first);
}

CAF_TEST(any text stays in range) {
  std::string text;
  for (int i = 0; i < 2000; ++i)
    text += i % 3 == 0 ? "excellent " : i % 3 == 1 ? "not, " : "profit up 5 % ";
  auto found = score(text);
  CAF_CHECK(found.score >= -1.0 && found.score <= 1.0);
  CAF_CHECK(std::isfinite(found.sum));
}

CAF_TEST(names of labels and rules) {
  CAF_CHECK_EQUAL(to_string(label::negative), "negative");
  CAF_CHECK_EQUAL(to_string(label::neutral), "neutral");
  CAF_CHECK_EQUAL(to_string(label::positive), "positive");
  CAF_CHECK_EQUAL(to_string(score_rule::tone), "tone");
  CAF_CHECK_EQUAL(to_string(score_rule::direction), "direction");
  CAF_CHECK_EQUAL(to_string(score_rule::comparison), "comparison");
  CAF_CHECK_EQUAL(to_string(score_rule::swing), "swing");
  CAF_CHECK_EQUAL(to_string(score_rule::expectation), "expectation");
}

CAF_TEST(the lexicon knows regular forms and phrases) {
  const auto& senses = lexicon::finance();
  for (auto word : {"improve", "improves", "improved", "improving", "slips",
                    "slipped", "slipping", "penalties", "losses", "dividends",
                    "profit warning", "break even", "better than expected"})
    CAF_CHECK(senses.find(word) != nullptr);
  CAF_CHECK(senses.find("profit")->begins_phrase);
  CAF_CHECK(senses.find("zebra") == nullptr);
  CAF_CHECK(senses.find("loss")->is_loss);
  CAF_CHECK_EQUAL(int{senses.find("fell")->direction}, -1);
  CAF_CHECK(senses.size() > 1000u);
}
