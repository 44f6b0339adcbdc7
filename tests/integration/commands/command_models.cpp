#define CAF_SUITE command_models

#include "tests/integration/commands/program.hpp"
#include "tests/unit/registry/folder_samples.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;
using namespace banksia::test;

namespace {

struct fixture {
  program p;
  registry_folder models{p.folder() / "models"};

  std::string add(int n) {
    auto file = p.folder() / ("trained-" + std::to_string(n));
    write_file(file, forecast::to_bytes(numbered_model(n)));
    return models.add(file, order(n));
  }

  program_result run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "models");
    arguments.insert(arguments.end(), {"--data-dir", p.folder().string()});
    return p.banksia(arguments);
  }

  boost::json::value json(std::vector<std::string> arguments) {
    arguments.push_back("--json");
    auto x = run(arguments);
    CAF_CHECK_EQUAL(x.exit_code, 0);
    CAF_CHECK_EQUAL(x.err, "");
    CAF_CHECK(is_one_line(x.out));
    return x.json();
  }

  void refused(const std::vector<std::string>& arguments, int code,
               std::string_view part) {
    auto x = run(arguments);
    CAF_CHECK_EQUAL(x.exit_code, code);
    CAF_CHECK_EQUAL(x.out, "");
    CAF_CHECK(is_one_line(x.err));
    CAF_CHECK(x.err.starts_with("banksia: "));
    if (!holds(x.err, part))
      CAF_ERROR("'" << x.err << "' lacks '" << part << "'");
  }

  std::string champion() {
    auto x = json({"list"}).at("champion");
    return x.is_null() ? "" : std::string{x.as_string()};
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(command_models, fixture)

CAF_TEST(an empty folder is listed as one) {
  auto x = run({"list"});
  CAF_CHECK_EQUAL(x.exit_code, 0);
  CAF_CHECK(holds(x.out, "no models"));
  CAF_CHECK(json({"list"}).at("models").as_array().empty());
  CAF_CHECK(!std::filesystem::exists(models.root()));
}

CAF_TEST(a candidate is promoted and rolled back) {
  add(1);
  add(2);
  CAF_CHECK_EQUAL(champion(), "");
  json({"promote", "model-1"});
  CAF_CHECK_EQUAL(champion(), "model-1");
  auto x = run({"promote", "model-2", "--reason", "it looks better"});
  CAF_CHECK_EQUAL(x.exit_code, 0);
  CAF_CHECK(holds(x.out, "champion: model-2"));
  CAF_CHECK_EQUAL(champion(), "model-2");
  CAF_CHECK(holds(run({"show", "model-2"}).out, "it looks better"));
  json({"rollback"});
  CAF_CHECK_EQUAL(champion(), "model-1");
  json({"rollback", "model-2"});
  CAF_CHECK_EQUAL(champion(), "model-2");
  auto list = run({"list"}).out;
  CAF_CHECK(holds(list, "model-1"));
  CAF_CHECK(holds(list, "deprecated"));
  CAF_CHECK(holds(list, "champion"));
}

CAF_TEST(one model is shown with its manifest) {
  add(1);
  auto x = json({"show", "model-1"});
  CAF_CHECK(x.at("version").as_string() == "model-1");
  CAF_CHECK(x.at("status").as_string() == "candidate");
  CAF_CHECK(x.at("manifest").at("build").as_string()
            == numbered_model(1).manifest.build);
  auto text = run({"show", "model-1"});
  CAF_CHECK_EQUAL(text.exit_code, 0);
  CAF_CHECK(holds(text.out, "added by tester: because"));
  const auto& told = numbered_model(1).manifest;
  CAF_CHECK(holds(text.out, "\ntrained on " + std::to_string(told.rows)
                              + " rows, stopped and calibrated on "
                              + std::to_string(told.validation_rows)));
  CAF_CHECK(holds(text.out, "\nmade by    " + told.build));
  CAF_CHECK(holds(text.out, told.data_hash));
  CAF_CHECK(!holds(text.out, "{"));
}

CAF_TEST(a model is archived and what it is to nobody is not) {
  add(1);
  json({"archive", "model-1"});
  CAF_CHECK_EQUAL(status(models.read(), "model-1"), "archived");
  refused({"archive", "model-1"}, 1, "cannot become archived");
}

CAF_TEST(what cannot be done is refused by name) {
  add(1);
  refused({"show", "nobody"}, 1, "no such model: nobody");
  refused({"promote", "nobody"}, 1, "no such model: nobody");
  refused({"rollback"}, 1, "no former champion");
  refused({"rollback", "model-1"}, 1, "model-1");
  refused({"promote"}, 2, "version");
  refused({}, 2, "subcommand");
  json({"promote", "model-1"});
  refused({"archive", "model-1"}, 1, "is champion");
}

CAF_TEST(a tampered model is neither shown nor promoted) {
  add(1);
  auto file = models.file_of("model-1");
  auto bytes = bytes_in(file);
  bytes[bytes.size() - 80] ^= 1;
  write_file(file, bytes);
  refused({"show", "model-1"}, 65, file.string());
  refused({"promote", "model-1"}, 65, file.string());
  CAF_CHECK_EQUAL(status(models.read(), "model-1"), "candidate");
}

CAF_TEST(a registry that cannot be read is named) {
  add(1);
  write_file(models.root() / "registry.json", "{}");
  refused({"list"}, 65, "registry.json");
}

CAF_TEST_FIXTURE_SCOPE_END()
