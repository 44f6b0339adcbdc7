#define CAF_SUITE query_timer
#include "runtime/storage/query_timer.hpp"

#include "caf/test/unit_test.hpp"

#include <string>
#include <vector>

using namespace banksia::storage;

CAF_TEST(the observer is told of each query until it goes) {
  std::vector<std::string> told;
  set_query_observer([&](std::string_view query, std::chrono::nanoseconds took) {
    told.emplace_back(query);
    CAF_CHECK(took.count() >= 0);
  });
  {
    query_timer outer{"outer"};
    query_timer inner{"inner"};
    CAF_CHECK(told.empty());
  }
  CAF_CHECK(told == (std::vector<std::string>{"inner", "outer"}));
  set_query_observer({});
  { query_timer unheard{"unheard"}; }
  CAF_CHECK_EQUAL(told.size(), 2u);
}
