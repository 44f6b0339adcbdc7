#define CAF_SUITE command_sentiment

#include "tests/integration/commands/program.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia::test;

namespace {

struct fixture {
  program p;

  /// Made-up sentences, so that what is told was learned.
  std::string labelled(int each) const {
    std::string text = "id\tsentence\tlabel\n";
    for (int i = 0; i < each; ++i) {
      auto place = " place" + std::to_string(i);
      text += "1\ta glorbly day in" + place + "\tpositive\n";
      text += "2\ta snarfic day in" + place + "\tnegative\n";
      text += "3\ta beige day in" + place + "\tneutral\n";
    }
    return p.write("labelled.tsv", text);
  }

  void fails(int code, const std::vector<std::string>& arguments,
             const std::vector<std::string>& parts) {
    auto x = p.banksia(arguments);
    CAF_MESSAGE(x.err);
    CAF_CHECK_EQUAL(x.exit_code, code);
    CAF_CHECK_EQUAL(x.out, "");
    CAF_CHECK(x.err.starts_with("banksia: "));
    CAF_CHECK(is_one_line(x.err));
    for (const auto& part : parts)
      CAF_CHECK(holds(x.err, part));
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(command_sentiment, fixture)

CAF_TEST(a model is trained and judged) {
  auto file = labelled(20);
  auto model = p.file("models/model.txt");
  auto trained = p.banksia({"sentiment", "train", "--labelled", file,
                            "--output", model, "--json"});
  CAF_CHECK_EQUAL(trained.exit_code, 0);
  CAF_CHECK_EQUAL(trained.json().at("samples").to_number<int>(), 60);
  auto judged = p.banksia({"sentiment", "evaluate", "--labelled", file,
                           "--model", model, "--json"});
  CAF_CHECK_EQUAL(judged.exit_code, 0);
  auto json = judged.json();
  CAF_CHECK_EQUAL(json.at("samples").as_int64(), 60);
  CAF_CHECK_EQUAL(json.at("accuracy").as_double(), 1.0);
  CAF_CHECK_EQUAL(json.at("macro_f1").as_double(), 1.0);
  CAF_CHECK_EQUAL(json.at("confusion").at(2).at(2).as_int64(), 20);
  CAF_CHECK(!std::filesystem::exists(model + ".new"));
}

CAF_TEST(the same seed writes the same file) {
  auto file = labelled(5);
  auto train = [&](const std::string& name, const std::string& seed) {
    p.banksia({"sentiment", "train", "--labelled", file, "--output",
               p.file(name), "--seed", seed});
    std::ifstream in{p.file(name), std::ios::binary};
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
  };
  auto first = train("a", "7");
  CAF_CHECK(!first.empty());
  CAF_CHECK(first == train("b", "7"));
  CAF_CHECK(first != train("c", "8"));
}

CAF_TEST(without a model the lexicon is judged) {
  auto file = p.write("some.tsv", "label\tsentence\nnegative\tprofit fell\n"
                                  "positive\tprofit rose\nneutral\tit met\n");
  auto x = p.banksia({"sentiment", "evaluate", "--labelled", file, "--json"});
  CAF_CHECK_EQUAL(x.exit_code, 0);
  CAF_CHECK_EQUAL(x.json().at("accuracy").to_number<double>(), 1.0);
  auto text = p.banksia({"sentiment", "evaluate", "--labelled", file});
  CAF_CHECK(holds(text.out, "macro F1  1.0000"));
}

CAF_TEST(folds) {
  auto x = p.banksia({"sentiment", "evaluate", "--labelled", labelled(20),
                      "--folds", "5", "--json"});
  CAF_CHECK_EQUAL(x.exit_code, 0);
  CAF_CHECK_EQUAL(x.json().at("samples").to_number<int>(), 60);
  CAF_CHECK_EQUAL(x.json().at("folds").to_number<int>(), 5);
  fails(65, {"sentiment", "evaluate", "--labelled", labelled(3), "--folds", "4"},
        {"cross-validate", "fewer folds"});
}

CAF_TEST(a headline is explained) {
  auto x = p.banksia({"sentiment", "explain",
                      "Westpac's profit falls as costs rise", "--json"});
  CAF_CHECK_EQUAL(x.exit_code, 0);
  auto json = x.json();
  double sum = 0.0;
  for (const auto& part : json.at("parts").as_array())
    sum += part.at("contribution").as_double();
  CAF_CHECK(json.at("parts").as_array().size() >= 2);
  CAF_CHECK_EQUAL(json.at("sum").as_double(), sum);
  CAF_CHECK(json.at("label").as_string() == "negative");
  CAF_CHECK(json.at("event").as_string() == "earnings");
  CAF_CHECK(json.at("symbols").at(0).as_string() == "WBC.AX");
  auto text = p.banksia({"sentiment", "explain", "profit falls"});
  CAF_CHECK(holds(text.out, "profit falls"));
  auto model = p.file("model.txt");
  p.banksia({"sentiment", "train", "--labelled", labelled(5), "--output",
             model});
  auto both = p.banksia({"sentiment", "explain", "a snarfic day", "--model",
                         model, "--json"});
  CAF_CHECK(both.json().at("model").at("label").as_string() == "negative");
}

CAF_TEST(bad sentences) {
  auto evaluate = [&](std::string_view text,
                      const std::vector<std::string>& parts) {
    auto file = p.write("bad.tsv", text);
    auto all = parts;
    all.push_back(file);
    fails(65, {"sentiment", "evaluate", "--labelled", file}, all);
  };
  evaluate("label\tsentence\npositive\tup\nfine\tup\n", {":3:", "'fine'"});
  evaluate("label\ttext\npositive\tup\n", {":1:", "no column sentence"});
  evaluate("", {"empty"});
  evaluate("label\tsentence\npositive\t\xff\n", {":2:", "UTF-8"});
  fails(65, {"sentiment", "evaluate", "--labelled", p.file("none.tsv")},
        {"no such file", "none.tsv"});
  fails(65, {"sentiment", "evaluate", "--labelled", p.folder().string()},
        {"not a file"});
  auto one = p.write("one.tsv", "label\tsentence\npositive\tup\n");
  fails(65, {"sentiment", "train", "--labelled", one, "--output", p.file("m")},
        {"one.tsv", "no sentence is labelled negative"});
}

CAF_TEST(bad models) {
  auto file = labelled(5);
  auto foreign = p.write("foreign.txt", "hello");
  fails(65, {"sentiment", "evaluate", "--labelled", file, "--model", foreign},
        {foreign, "not a sentiment model"});
  auto future = p.write("future.txt", "banksia-sentiment-model 2\n");
  fails(65, {"sentiment", "explain", "x", "--model", future}, {"version 2"});
  fails(65, {"sentiment", "explain", "x", "--model", p.file("none")},
        {"no such file"});
  fails(1, {"sentiment", "train", "--labelled", file, "--output",
            p.file("foreign.txt/model.txt")},
        {"cannot write the model"});
}

CAF_TEST(a node does not start with a model that it cannot use) {
  auto foreign = p.write("foreign.txt", "hello");
  fails(78, {"run", "--data-dir", p.folder().string(), "--set",
             "sentiment_model=foreign.txt"},
        {"sentiment_model", foreign, "not a sentiment model"});
}

CAF_TEST(usage of sentiment) {
  fails(2, {"sentiment"}, {"subcommand"});
  fails(2, {"sentiment", "guess"}, {});
  fails(2, {"sentiment", "evaluate"}, {"--labelled"});
  fails(2, {"sentiment", "train", "--labelled", "x"}, {"--output"});
  fails(2, {"sentiment", "evaluate", "--labelled", "x", "--nonsense"},
        {"--nonsense"});
  fails(2, {"sentiment", "evaluate", "--labelled", "x", "--folds", "1"},
        {"--folds"});
  fails(2, {"sentiment", "evaluate", "--labelled", "x", "--folds", "5",
            "--model", "y"},
        {"--folds", "--model"});
  for (auto command : {"train", "evaluate", "explain"}) {
    auto x = p.banksia({"sentiment", command, "--help"});
    CAF_CHECK_EQUAL(x.exit_code, 0);
    CAF_CHECK(holds(x.out, "\n  banksia sentiment "));
  }
}

CAF_TEST_FIXTURE_SCOPE_END()
