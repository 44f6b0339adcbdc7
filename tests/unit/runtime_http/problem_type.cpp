#define CAF_SUITE http_problem_type
#include "runtime/http/problem_type.hpp"

#include "runtime/http/message.hpp"

#include "caf/test/unit_test.hpp"

#include <set>

using namespace banksia::http;

CAF_TEST(each kind has a name of its own that fits into a path) {
  std::set<std::string> seen;
  for (auto x : server_problems()) {
    std::string name{x->name};
    CAF_CHECK(seen.insert(name).second);
    CAF_CHECK_EQUAL(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz-"),
                    std::string::npos);
    CAF_CHECK(x->status >= 400 && x->status < 600);
    CAF_CHECK_NOT_EQUAL(reason_phrase(x->status), "Unknown");
    CAF_CHECK(!x->title.empty());
    CAF_CHECK(!x->meaning.empty());
    CAF_CHECK_EQUAL(type_reference(*x), "/problems/" + name);
  }
}

CAF_TEST(every status that the API uses has a general kind) {
  for (auto status : {400, 401, 403, 404, 405, 406, 408, 409, 411, 413, 414,
                      415, 421, 422, 429, 431, 500, 503, 504, 505, 507}) {
    auto found = problem_of_status(status);
    CAF_REQUIRE(found != nullptr);
    // Its title is what the status is called anyway.
    CAF_CHECK_EQUAL(found->title, reason_phrase(status));
  }
  CAF_CHECK(problem_of_status(418) == nullptr);
}
