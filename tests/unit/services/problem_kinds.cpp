#define CAF_SUITE services_problems
#include "actors/services/problem_types.hpp"

#include "tests/unit/services/kept_exchange.hpp"

#include "caf/test/unit_test.hpp"

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

using namespace banksia;

namespace {

/// Above the build folder, however deep that lies.
std::filesystem::path guide() {
  std::filesystem::path at{BANKSIA_BINARY_DIR};
  while (!exists(at / "docs" / "api.md") && at != at.parent_path())
    at = at.parent_path();
  return at / "docs" / "api.md";
}

http::response page(const std::string& path) {
  http::router routes;
  add_problem_routes(routes);
  http::request what;
  CAF_REQUIRE(http::parse_target(path, what));
  auto found = routes.find(what.method, what.segments);
  CAF_REQUIRE(found.found != nullptr);
  what.params = found.params;
  auto kept = std::make_shared<test::kept_exchange>();
  found.found->handler(what, http::responder{kept});
  return kept->answers.at(0);
}

} // namespace

CAF_TEST(no kind has the name of another and each has a page) {
  std::set<std::string_view> seen;
  for (auto x : all_problem_types()) {
    CAF_CHECK(seen.insert(x->name).second);
    auto got = page(http::type_reference(*x));
    CAF_CHECK_EQUAL(got.status, 200);
    CAF_CHECK(got.body.find(x->meaning) != std::string::npos);
    CAF_CHECK(page("/problems").body.find(http::type_reference(*x) + ":")
              != std::string::npos);
  }
}

CAF_TEST(a kind that is not known has no page) {
  CAF_CHECK_EQUAL(page("/problems/none").status, 404);
}

CAF_TEST(the guide to the API names every kind with its status) {
  std::ifstream file{guide()};
  std::stringstream text;
  text << file.rdbuf();
  CAF_REQUIRE(!text.str().empty());
  for (auto x : all_problem_types()) {
    auto row = "| `" + std::string{x->name} + "` | "
               + std::to_string(x->status) + " |";
    CAF_MESSAGE(row);
    CAF_CHECK(text.str().find(row) != std::string::npos);
  }
}
