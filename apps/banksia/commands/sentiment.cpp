#include "apps/banksia/commands/commands.hpp"

#include "apps/common/output.hpp"
#include "apps/banksia/commands/sentiment_files.hpp"
#include "messages/json.hpp"
#include "models/sentiment/headline_event.hpp"
#include "models/sentiment/mentions.hpp"
#include "models/sentiment/quality.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <cstdio>
#include <iostream>

namespace banksia::commands {

namespace {

namespace json = boost::json;
using namespace sentiment;

struct sentiment_options {
  std::string labelled;
  std::string model;
  std::string output;
  std::string title;
  std::uint64_t seed = 1;
  std::size_t folds = 0;
  bool as_json = false;
};

template <class... Ts>
std::string format(const char* how, Ts... values) {
  char text[256];
  std::snprintf(text, sizeof(text), how, values...);
  return text;
}

json::object json_of(const label_quality& x) {
  json::array confusion;
  for (const auto& row : x.confusion)
    confusion.push_back(json::array{row[0], row[1], row[2]});
  return {{"samples", x.samples()},
          {"accuracy", json_number(x.accuracy())},
          {"macro_f1", json_number(x.macro_f1())},
          {"confusion", std::move(confusion)}};
}

/// A model is no better than what it was not trained on says.
label_quality checked(const std::vector<labelled_sentence>& sentences,
                      std::size_t folds, const training_settings& settings) {
  try {
    return cross_validate(sentences, folds, settings);
  } catch (const model_error& error) {
    throw command_error(exit_bad_data,
                        "cannot cross-validate: " + std::string{error.what()});
  }
}

int train(const sentiment_options& x) {
  auto sentences = read_labelled(x.labelled);
  training_settings settings;
  settings.seed = x.seed;
  std::optional<classifier> model;
  try {
    model = classifier::train(sentences, settings);
  } catch (const model_error& error) {
    throw command_error(exit_bad_data, "cannot train: " + x.labelled + ": "
                                         + error.what());
  }
  write_sentiment_model(x.output, *model);
  const auto& n = model->samples();
  if (x.as_json) {
    print_json(json::object{
      {"samples", sentences.size()},
      {"by_label",
       {{"negative", n[0]}, {"neutral", n[1]}, {"positive", n[2]}}},
      {"seed", x.seed},
      {"output", x.output}});
  } else {
    std::cout << "trained on " << sentences.size() << " sentences ("
              << n[0] << " negative, " << n[1] << " neutral, " << n[2]
              << " positive), seed " << x.seed << "\nwritten to " << x.output
              << "\nJudge it on sentences it has not seen: banksia sentiment "
                 "evaluate --folds 5\n";
  }
  return exit_done;
}

void print_quality(const label_quality& x) {
  std::cout << format("samples   %llu\naccuracy  %.4f\nmacro F1  %.4f\n\n",
                      static_cast<unsigned long long>(x.samples()),
                      x.accuracy(), x.macro_f1())
            << "             told negative  told neutral  told positive      "
               "F1\n";
  for (std::size_t k = 0; k < label_count; ++k) {
    auto row = x.confusion[k];
    auto name = std::string{to_string(static_cast<label>(k))};
    std::cout << format("is %-8s  %13llu %13llu %14llu  %6.4f\n", name.c_str(),
                        static_cast<unsigned long long>(row[0]),
                        static_cast<unsigned long long>(row[1]),
                        static_cast<unsigned long long>(row[2]),
                        x.f1(static_cast<label>(k)));
  }
}

int evaluate(const sentiment_options& x) {
  auto sentences = read_labelled(x.labelled);
  label_quality quality;
  std::string judged;
  if (!x.model.empty()) {
    quality = judge(read_sentiment_model(x.model), sentences);
    judged = "model";
  } else if (x.folds > 0) {
    training_settings settings;
    settings.seed = x.seed;
    quality = checked(sentences, x.folds, settings);
    judged = "cross-validation";
  } else {
    quality = judge_lexicon(sentences);
    judged = "lexicon";
  }
  if (x.as_json) {
    auto document = json_of(quality);
    document["judged"] = judged;
    if (x.folds > 0)
      document["folds"] = x.folds;
    print_json(document);
  } else {
    std::cout << "judged    " << judged << '\n';
    print_quality(quality);
  }
  return exit_done;
}

json::object json_of(const headline_score& x) {
  json::array parts;
  for (const auto& part : x.parts)
    parts.push_back({{"text", part.text},
                     {"rule", json::string{to_string(part.rule)}},
                     {"negated", part.negated},
                     {"contribution", json_number(part.contribution)}});
  return {{"score", json_number(x.score)},
          {"label", json::string{to_string(x.verdict)}},
          {"sum", json_number(x.sum)},
          {"parts", std::move(parts)}};
}

json::object json_of(const classifier& model, std::string_view title) {
  constexpr std::size_t reasons_max = 20;
  headline_scorer scorer;
  auto p = model.probabilities(title, scorer);
  json::array reasons;
  for (const auto& x : model.reasons(title, scorer, reasons_max))
    reasons.push_back({{"feature", x.feature},
                       {"contribution", json_number(x.contribution)}});
  return {{"score", json_number(score_of(p))},
          {"label", json::string{to_string(label_of(p))}},
          {"probabilities",
           {{"negative", json_number(p[0])},
            {"neutral", json_number(p[1])},
            {"positive", json_number(p[2])}}},
          {"reasons", std::move(reasons)}};
}

void print_explanation(std::string_view title, const headline_score& x) {
  auto symbols = symbols_in(title, bank_aliases());
  std::string names;
  for (const auto& symbol : symbols)
    names += (names.empty() ? "" : ", ") + symbol;
  std::cout << format("score     %+.4f  ", x.score) << to_string(x.verdict)
            << format("  (sum %+.3f; neutral within %.3f)\n", x.sum,
                      neutral_sum)
            << "event     " << to_string(event_of(title)) << '\n'
            << "symbols   " << (names.empty() ? "none" : names) << '\n';
  for (const auto& part : x.parts)
    std::cout << format("  %+7.3f  %-12s", part.contribution,
                        std::string{to_string(part.rule)}.c_str())
              << part.text << (part.negated ? "  (negated)" : "") << '\n';
  if (x.parts.empty())
    std::cout << "  no word or pattern that the lexicon knows\n";
}

void print_model(const classifier& model, std::string_view title) {
  constexpr std::size_t reasons_max = 10;
  headline_scorer scorer;
  auto p = model.probabilities(title, scorer);
  std::cout << format("model     %+.4f  ", score_of(p)) << to_string(label_of(p))
            << format("  (negative %.3f, neutral %.3f, positive %.3f)\n", p[0],
                      p[1], p[2]);
  for (const auto& x : model.reasons(title, scorer, reasons_max))
    std::cout << format("  %+7.3f  ", x.contribution) << x.feature << '\n';
}

int explain(const sentiment_options& x) {
  std::optional<classifier> model;
  if (!x.model.empty())
    model = read_sentiment_model(x.model);
  headline_scorer scorer;
  const auto& found = scorer.score(x.title);
  if (!x.as_json) {
    print_explanation(x.title, found);
    if (model)
      print_model(*model, x.title);
    return exit_done;
  }
  json::array symbols;
  for (const auto& symbol : symbols_in(x.title, bank_aliases()))
    symbols.push_back(json::string{symbol});
  auto document = json_of(found);
  document["event"] = json::string{to_string(event_of(x.title))};
  document["symbols"] = std::move(symbols);
  if (model)
    document["model"] = json_of(*model, x.title);
  print_json(document);
  return exit_done;
}

using shared_options = std::shared_ptr<sentiment_options>;

void add_train(CLI::App& parent, const shared_options& x, action& chosen) {
  auto command = parent.add_subcommand(
    "train", "a classifier from labelled sentences");
  command->add_option("--labelled", x->labelled,
                      "tab-separated file with columns label and sentence")
    ->required();
  command->add_option("--output", x->output, "where the model goes")
    ->required();
  command->add_option("--seed", x->seed, "of the order of learning (default 1)");
  command->add_flag("--json", x->as_json, "print one JSON document");
  command->footer("Example:\n  banksia sentiment train --labelled phrases.tsv "
                  "--output models/sentiment.txt");
  command->callback([x, &chosen] { chosen = [x] { return train(*x); }; });
}

void add_evaluate(CLI::App& parent, const shared_options& x, action& chosen) {
  auto command = parent.add_subcommand(
    "evaluate", "how well the lexicon or a model tells labels");
  command->add_option("--labelled", x->labelled,
                      "tab-separated file with columns label and sentence")
    ->required();
  auto model = command->add_option("--model", x->model,
                                   "judge this model (default: the lexicon)");
  command->add_option("--folds", x->folds,
                      "judge classifiers trained on the other folds")
    ->check(CLI::Range(2, 100))
    ->excludes(model);
  command->add_option("--seed", x->seed, "of the folds (default 1)");
  command->add_flag("--json", x->as_json, "print one JSON document");
  command->footer("Examples:\n"
                  "  banksia sentiment evaluate --labelled phrases.tsv\n"
                  "  banksia sentiment evaluate --labelled phrases.tsv "
                  "--folds 5 --json");
  command->callback([x, &chosen] { chosen = [x] { return evaluate(*x); }; });
}

void add_explain_title(CLI::App& parent, const shared_options& x,
                       action& chosen) {
  auto command = parent.add_subcommand(
    "explain", "which words of a headline give it its score");
  command->add_option("HEADLINE", x->title, "the headline, in quotes")
    ->required();
  command->add_option("--model", x->model, "explain this model's answer too");
  command->add_flag("--json", x->as_json, "print one JSON document");
  command->footer("Example:\n  banksia sentiment explain "
                  "\"Westpac profit falls 12 % as costs rise\"");
  command->callback([x, &chosen] { chosen = [x] { return explain(*x); }; });
}

} // namespace

void add_sentiment(CLI::App& app, action& chosen) {
  auto sentiment = app.add_subcommand(
    "sentiment", "what headlines say: train, evaluate, explain");
  sentiment->require_subcommand(1);
  auto options = std::make_shared<sentiment_options>();
  add_train(*sentiment, options, chosen);
  add_evaluate(*sentiment, options, chosen);
  add_explain_title(*sentiment, options, chosen);
}

} // namespace banksia::commands
