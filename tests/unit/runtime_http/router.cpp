#define CAF_SUITE http_router
#include "runtime/http/router.hpp"

#include "caf/test/unit_test.hpp"

#include <stdexcept>

using namespace banksia::http;

namespace {

void no_answer(const request&, responder) {
}

route of(method m, std::string pattern) {
  return {m, std::move(pattern), no_answer};
}

match look(const router& in, method m, std::string_view path) {
  request what;
  if (!parse_target(path, what))
    CAF_FAIL("bad path in the test");
  return in.find(m, what.segments);
}

std::string found(const router& in, method m, std::string_view path) {
  auto result = look(in, m, path);
  return result.found ? result.found->pattern : "-";
}

bool is_refused(route what) {
  router routes;
  routes.add(of(method::get, "/taken/{id}"));
  try {
    routes.add(std::move(what));
  } catch (const std::invalid_argument&) {
    return true;
  }
  return false;
}

} // namespace

CAF_TEST(text beats names and names beat tails) {
  router routes;
  for (auto pattern : {"/p/{id}", "/p/latest", "/{all*}", "/p/{id}/explain"})
    routes.add(of(method::get, pattern));
  CAF_CHECK_EQUAL(found(routes, method::get, "/p/latest"), "/p/latest");
  CAF_CHECK_EQUAL(found(routes, method::get, "/p/42"), "/p/{id}");
  CAF_CHECK_EQUAL(found(routes, method::get, "/p/42/explain"),
                  "/p/{id}/explain");
  CAF_CHECK_EQUAL(found(routes, method::get, "/p/42/x"), "/{all*}");
  CAF_CHECK_EQUAL(found(routes, method::get, "/p/"), "/{all*}");
  auto tail = look(routes, method::get, "/a/b%20c/d");
  CAF_CHECK_EQUAL(tail.params[0].second, "a/b c/d");
  auto id = look(routes, method::get, "/p/a%2Fb/explain");
  CAF_CHECK_EQUAL(id.params[0].first, "id");
  CAF_CHECK_EQUAL(id.params[0].second, "a/b");
}

CAF_TEST(an unknown path and an unknown method differ) {
  router routes;
  routes.add(of(method::get, "/a")).add(of(method::post, "/a"));
  routes.add(of(method::del, "/{id}"));
  CAF_CHECK_EQUAL(look(routes, method::get, "/b/c").allow, "");
  CAF_CHECK_EQUAL(look(routes, method::del, "/a").allow,
                  "GET, HEAD, POST, OPTIONS");
  CAF_CHECK_EQUAL(look(routes, method::get, "/b").allow, "DELETE, OPTIONS");
  CAF_CHECK_EQUAL(look(routes, method::other, "/b").allow, "DELETE, OPTIONS");
  CAF_CHECK_EQUAL(found(routes, method::head, "/a"), "/a");
}

CAF_TEST(a slash at the end counts) {
  router routes;
  routes.add(of(method::get, "/d/")).add(of(method::get, "/"));
  CAF_CHECK_EQUAL(found(routes, method::get, "/d/"), "/d/");
  CAF_CHECK_EQUAL(found(routes, method::get, "/d"), "-");
  CAF_CHECK_EQUAL(found(routes, method::get, "/"), "/");
}

CAF_TEST(routes that cannot work are refused) {
  CAF_CHECK(is_refused(of(method::get, "no-slash")));
  CAF_CHECK(is_refused(of(method::get, "")));
  CAF_CHECK(is_refused(of(method::get, "/{}")));
  CAF_CHECK(is_refused(of(method::get, "/{a*}/b")));
  CAF_CHECK(is_refused(of(method::get, "/a{b}")));
  CAF_CHECK(is_refused(of(method::head, "/a")));
  CAF_CHECK(is_refused(of(method::get, "/taken/{other}")));
  CAF_CHECK(is_refused({method::get, "/a", nullptr}));
  CAF_CHECK(!is_refused(of(method::post, "/taken/{id}")));
}

CAF_TEST(what a route needs goes by its method unless said otherwise) {
  router routes;
  routes.get("/a", no_answer).post("/a", no_answer);
  CAF_CHECK(routes.routes()[0].access == route_access::read);
  CAF_CHECK(routes.routes()[1].access == route_access::operate);
  routes.require(method::post, "/a", route_access::admin)
    .require(method::post, "/b", route_access::open);
  CAF_CHECK(routes.routes()[0].access == route_access::read);
  CAF_CHECK(routes.routes()[1].access == route_access::admin);
  CAF_CHECK_EQUAL(routes.routes()[0].name, "/a");
}
