#define CAF_SUITE headline_stream
#include "actors/feeds/headline_stream.hpp"
#include "tests/unit/store/samples.hpp"

#include "caf/test/unit_test.hpp"

#include <algorithm>

using namespace banksia;
using namespace banksia::store_test;

namespace {

headline told(const std::string& symbol, int minute, int number) {
  auto x = make_headline(0);
  x.symbol = symbol;
  x.headline_id = "h" + std::to_string(number);
  x.known_at = x.published_at = first_slot + std::chrono::minutes{minute};
  return x;
}

struct stream_fixture {
  store_fixture store;
  std::vector<headline> stored;

  /// More than one chunk of one symbol, several known at one instant.
  stream_fixture() {
    for (int i = 0; i < 300; ++i)
      stored.push_back(told(i % 3 == 0 ? "WBC.AX" : "CBA.AX", i / 4, i));
    stored.push_back(told("XYZ.AX", 3, 999));
    store.ledger.write(headline_batch{1, stored});
  }

  static std::vector<headline> all(headline_stream& from, timestamp until) {
    std::vector<headline> result;
    while (auto x = from.next(until))
      result.push_back(*std::move(x));
    return result;
  }
};

timestamp minute(int n) {
  return first_slot + std::chrono::minutes{n};
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(headline_stream_tests, stream_fixture)

CAF_TEST(each headline comes once and in the order in which it was known) {
  headline_stream stream{store.db, {"WBC.AX", "CBA.AX"}, {}};
  auto got = all(stream, minute(1000));
  CAF_CHECK_EQUAL(got.size(), 300u);
  CAF_CHECK(std::is_sorted(got.begin(), got.end(),
                           [](const headline& a, const headline& b) {
                             return a.known_at < b.known_at;
                           }));
  for (const auto& x : stored)
    CAF_CHECK_EQUAL(std::count(got.begin(), got.end(), x),
                    x.symbol == "XYZ.AX" ? 0 : 1);
  CAF_CHECK(!stream.next(minute(1000)));
}

CAF_TEST(nothing is told before it is known and nothing twice) {
  headline_stream stream{store.db, {"CBA.AX", "WBC.AX"}, {}};
  std::size_t count = 0;
  for (int n = 0; n < 75; ++n) {
    auto got = all(stream, minute(n));
    CAF_CHECK_EQUAL(got.size(), 4u);
    for (const auto& x : got)
      CAF_CHECK(x.known_at == minute(n));
    count += got.size();
  }
  CAF_CHECK_EQUAL(count, 300u);
}

CAF_TEST(what was known at the beginning is left out) {
  headline_stream stream{store.db, {"CBA.AX", "WBC.AX"}, minute(70)};
  auto got = all(stream, minute(1000));
  CAF_CHECK_EQUAL(got.size(), 16u);
  for (const auto& x : got)
    CAF_CHECK(x.known_at > minute(70));
  headline_stream nobody{store.db, {}, {}};
  CAF_CHECK(!nobody.next(minute(1000)));
}

CAF_TEST_FIXTURE_SCOPE_END()
