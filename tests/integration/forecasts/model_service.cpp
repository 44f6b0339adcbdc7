#define CAF_SUITE model_service

#include "apps/banksia/model_service.hpp"
#include "apps/common/command.hpp"
#include "tests/scratch_folder.hpp"

#include <caf/test/unit_test.hpp>

#include <algorithm>
#include <fstream>

using namespace banksia;

namespace {

struct fixture {
  test::scratch_folder data;
  config::settings settings;
  std::filesystem::path program = BANKSIA_BINARY_DIR "/banksia-ml";
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(model_service_tests, fixture)

CAF_TEST(a node has models forecast unless told otherwise) {
  settings.forecast_deadline_ms = 321;
  settings.models_folder = "elsewhere";
  auto x = model_service_of(settings, data.path(), program);
  CAF_REQUIRE(x.setup.has_value());
  CAF_REQUIRE(x.network.has_value());
  CAF_CHECK_EQUAL(x.missing, "");
  CAF_CHECK_EQUAL(x.setup->command.at(0), program.string());
  CAF_CHECK(x.setup->models == data.path() / "elsewhere");
  CAF_CHECK_EQUAL(x.setup->deadline.count(), 321);
  const auto& command = x.setup->command;
  CAF_CHECK(std::find(command.begin(), command.end(),
                      (data.path() / "tls").string())
            != command.end());
  CAF_CHECK(std::filesystem::exists(x.network->key));
}

CAF_TEST(switched off there is nothing and nothing is made) {
  settings.ml = config::model_service::off;
  auto x = model_service_of(settings, data.path(), program);
  CAF_CHECK(!x.setup);
  CAF_CHECK(!x.network);
  CAF_CHECK_EQUAL(x.missing, "");
  CAF_CHECK(!std::filesystem::exists(data.path() / "tls"));
}

CAF_TEST(without the program rules predict and it is said why) {
  auto x = model_service_of(settings, data.path(), data.path() / "banksia-ml");
  CAF_CHECK(!x.setup);
  CAF_CHECK(!x.network);
  CAF_CHECK(x.missing.find((data.path() / "banksia-ml").string())
            != std::string::npos);
}

CAF_TEST(keys that cannot be made are an error that names their folder) {
  std::ofstream{data.path() / "tls"} << "a file";
  std::string said;
  try {
    model_service_of(settings, data.path(), program);
  } catch (const commands::command_error& error) {
    CAF_CHECK(error.code() == commands::exit_failed);
    said = error.what();
  }
  CAF_CHECK(said.find((data.path() / "tls").string()) != std::string::npos);
}

CAF_TEST(the program lies beside the one that runs) {
  CAF_CHECK(program_beside("banksia-ml") == program);
}

CAF_TEST_FIXTURE_SCOPE_END()
