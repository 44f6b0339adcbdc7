#define CAF_SUITE model_shelf

#include "actors/ml/model_shelf.hpp"
#include "actors/ml/model_inputs.hpp"
#include "tests/integration/forecasts/small_models.hpp"
#include "tests/scratch_folder.hpp"

#include <caf/test/unit_test.hpp>

#include <fstream>
#include <limits>

using namespace banksia;
using namespace banksia::forecast_test;
using forecast::model_kind;

namespace {

struct fixture {
  test::scratch_folder scratch;
  registry_folder models{scratch.path() / "models"};
  model_shelf shelf{models};

  std::string add_shadow(const forecast::model_content& x) {
    auto version = models.add(write_model(scratch.path(), x), by_test());
    models.shadow(version, by_test());
    return version;
  }

  void spoil(const std::string& version) {
    std::filesystem::resize_file(models.file_of(version), 300);
  }

  forecast_answer ask(const std::vector<forecast_row>& rows) {
    forecast_request x;
    x.number = 9;
    x.rows = rows;
    return shelf.forecast(x);
  }
};

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(model_shelf_tests, fixture)

CAF_TEST(an empty registry forecasts nothing and refuses nothing) {
  shelf.reload();
  auto x = ask(noise_rows(2, 1));
  CAF_CHECK_EQUAL(x.number, 9u);
  CAF_CHECK(x.models.empty());
  CAF_CHECK_EQUAL(x.failure, "");
  CAF_CHECK(shelf.status().champion.empty());
  CAF_CHECK(has(x.environment, "LibTorch"));
}

CAF_TEST(champion first and then shadows the newest first and not too many) {
  auto champion = crown(models, scratch.path(), small_model(model_kind::mlp, 1));
  std::vector<std::string> added;
  for (std::uint64_t i = 2; i < 4 + model_shelf::shadows_max; ++i)
    added.push_back(add_shadow(small_model(model_kind::logistic, i)));
  shelf.reload();
  auto status = shelf.status();
  CAF_CHECK_EQUAL(status.champion, champion);
  CAF_REQUIRE_EQUAL(status.shadows.size(), model_shelf::shadows_max);
  CAF_CHECK_EQUAL(status.shadows[0], added.back());
  auto x = ask(noise_rows(3, 1));
  CAF_REQUIRE_EQUAL(x.models.size(), 1 + model_shelf::shadows_max);
  CAF_CHECK(x.models[0].served);
  CAF_CHECK_EQUAL(x.models[0].model_version, champion);
  for (std::size_t i = 0; i < x.models.size(); ++i) {
    CAF_CHECK_EQUAL(x.models[i].rows.size(), 3u);
    CAF_CHECK_EQUAL(x.models[i].served, i == 0);
  }
}

CAF_TEST(a shadow that is promoted is not read again) {
  crown(models, scratch.path(), small_model(model_kind::mlp, 1));
  auto next = add_shadow(small_model(model_kind::mlp, 2));
  shelf.reload();
  models.promote(next, by_test());
  spoil(next); // what is held is held
  shelf.reload();
  CAF_CHECK_EQUAL(shelf.status().champion, next);
  CAF_CHECK(shelf.status().refused.empty());
}

CAF_TEST(a champion that cannot be used leaves the one before) {
  auto first = crown(models, scratch.path(), small_model(model_kind::mlp, 1));
  shelf.reload();
  auto second = models.add(write_model(scratch.path(),
                                       small_model(model_kind::mlp, 2)),
                           by_test());
  spoil(second);
  models.shadow(second, by_test());
  models.promote(second, by_test());
  shelf.reload();
  CAF_CHECK_EQUAL(shelf.status().champion, first);
  CAF_REQUIRE_EQUAL(shelf.status().refused.size(), 1u);
  CAF_CHECK(has(shelf.status().refused[0], second));
  // One that starts now takes the one a rollback would restore.
  model_shelf fresh{models};
  fresh.reload();
  CAF_CHECK_EQUAL(fresh.status().champion, first);
  // And when that is spoilt too, nobody forecasts, and the answer says why.
  spoil(first);
  model_shelf none{models};
  none.reload();
  CAF_CHECK(none.status().champion.empty());
  CAF_CHECK(has(none.forecast({}).failure, second));
}

CAF_TEST(a demoted champion serves no more) {
  crown(models, scratch.path(), small_model(model_kind::mlp, 1));
  shelf.reload();
  models.demote(by_test());
  shelf.reload();
  CAF_CHECK(shelf.status().champion.empty());
  CAF_CHECK(ask(noise_rows(1, 1)).models.empty());
}

CAF_TEST(a registry that cannot be read changes nothing) {
  auto first = crown(models, scratch.path(), small_model(model_kind::mlp, 1));
  shelf.reload();
  std::ofstream{models.root() / "registry.json"} << "garbage";
  shelf.reload();
  CAF_CHECK_EQUAL(shelf.status().champion, first);
  CAF_REQUIRE_EQUAL(shelf.status().refused.size(), 1u);
  CAF_CHECK(has(shelf.status().refused[0], "registry"));
}

CAF_TEST(a model of other bars is refused) {
  auto version = add_shadow(small_model(model_kind::mlp, 1, {"mood"}));
  shelf.reload();
  CAF_CHECK(shelf.status().shadows.empty());
  CAF_REQUIRE_EQUAL(shelf.status().refused.size(), 1u);
  CAF_CHECK(has(shelf.status().refused[0], version));
  CAF_CHECK(has(shelf.status().refused[0], "train again"));
}

CAF_TEST(a model whose tensors do not fit is refused) {
  auto x = small_model(model_kind::mlp, 1);
  x.tensors.pop_back();
  add_shadow(x);
  shelf.reload();
  CAF_CHECK(shelf.status().shadows.empty());
  CAF_CHECK_EQUAL(shelf.status().refused.size(), 1u);
}

CAF_TEST(rows that cannot be forecast fail the models and nothing else) {
  crown(models, scratch.path(), small_model(model_kind::mlp, 1));
  shelf.reload();
  auto rows = noise_rows(3, 1);
  rows[1].features.set(3, std::numeric_limits<double>::quiet_NaN());
  auto x = ask(rows);
  CAF_CHECK_EQUAL(x.failure, "");
  CAF_REQUIRE_EQUAL(x.models.size(), 1u);
  CAF_CHECK(x.models[0].rows.empty());
  CAF_CHECK(has(x.models[0].failure, "reddit_sentiment"));
  CAF_CHECK_EQUAL(ask(noise_rows(3, 1)).models[0].failure, "");
  CAF_CHECK(ask({}).models[0].rows.empty());
}

CAF_TEST(more rows than an exchange has are refused) {
  shelf.reload();
  auto x = ask(std::vector<forecast_row>(model_shelf::rows_max + 1));
  CAF_CHECK(has(x.failure, "rows in one request"));
  CAF_CHECK(x.models.empty());
}

CAF_TEST(outlying features are told with each row) {
  crown(models, scratch.path(), small_model(model_kind::mlp, 1));
  shelf.reload();
  auto rows = noise_rows(2, 1);
  rows[1].features.set(0, 1e6);
  rows[1].features.set(1, -1e6);
  auto x = ask(rows);
  CAF_REQUIRE_EQUAL(x.models.size(), 1u);
  CAF_CHECK_EQUAL(x.models[0].rows.at(0).outlying, 0u);
  CAF_CHECK_EQUAL(x.models[0].rows.at(1).outlying, 2u);
}

CAF_TEST_FIXTURE_SCOPE_END()
