#define CAF_SUITE described_routes
#include "actors/services/descriptions.hpp"
#include "actors/services/routes.hpp"

#include "caf/test/unit_test.hpp"

#include <set>

using namespace banksia;

namespace {

struct gateway {
  directory names;
  shared_context context = std::make_shared<service_context>();
  http::router routes;

  gateway() {
    context->setup.names = &names;
    routes.with(service_schemas());
    add_dashboard_routes(routes, context);
    add_prediction_routes(routes, context);
    add_evaluation_routes(routes, context);
    add_ml_routes(routes, context);
    add_data_routes(routes, context);
    add_common_routes(routes, context, "dashboard");
    add_document_routes(routes, context, "dashboard");
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(described_routes_tests, gateway)

CAF_TEST(no route goes without a description of its own) {
  std::set<std::string> ids;
  for (const auto& x : routes.routes()) {
    CAF_MESSAGE(x.pattern);
    CAF_CHECK(x.description.is_described());
    CAF_CHECK(!x.description.answers.empty());
    CAF_CHECK(ids.insert(http::operation_id(x)).second);
  }
  CAF_CHECK(ids.size() > 40);
}

CAF_TEST(every tag is explained and every schema is there) {
  auto document
    = http::openapi_document(routes, service_info("dashboard", "1.0.0"));
  std::set<std::string> known;
  for (const auto& x : document.at("tags").as_array())
    known.insert(std::string{x.at("name").as_string()});
  for (const auto& x : routes.routes())
    CAF_CHECK(known.contains(x.description.tag));
  CAF_CHECK_EQUAL(document.at("paths").as_object().size() + 1,
                  routes.routes().size()); // /data/symbols has two methods
}

CAF_TEST(a parameter that nobody knows is a defect) {
  try {
    reading("data", "x", "Health", {"colour"});
    CAF_FAIL("it was not noticed");
  } catch (const std::out_of_range& e) {
    CAF_CHECK_EQUAL(std::string{e.what()}, "no such parameter: colour");
  }
}

CAF_TEST(symbols are told from other texts) {
  const auto& formats = service_schemas()->formats;
  CAF_CHECK(formats.at("symbol")("CBA.AX"));
  CAF_CHECK(!formats.at("symbol")("cba.ax"));
  CAF_CHECK(formats.at("listed name")("CBA"));
  CAF_CHECK(!formats.at("listed name")("?"));
}

CAF_TEST_FIXTURE_SCOPE_END()
