#define CAF_SUITE bar_lineage
#include "models/features/bar_lineage.hpp"

#include "tests/unit/features/series.hpp"

#include "caf/test/unit_test.hpp"

#include <limits>
#include <set>

using namespace banksia;
using namespace banksia::test;

namespace {

bar first_bar() {
  bar x;
  x.symbol = "CBA.AX";
  x.opened_at = from_micros(1751328000000000);
  x.open = price{100.5};
  x.high = price{102.25};
  x.low = price{99.75};
  x.close = price{101.0};
  x.volume = shares{1234567.0};
  return x;
}

bar second_bar() {
  bar x;
  x.interval = bar_interval::m30;
  x.opened_at = from_micros(1751414400000000);
  x.open = price{101.0};
  x.high = price{101.5};
  x.low = price{100.5};
  x.close = price{101.25};
  return x;
}

std::uint64_t hash_of(std::initializer_list<bar> bars) {
  bar_lineage x;
  for (const auto& b : bars)
    x.add(b);
  return x.value();
}

} // namespace

// The numbers were computed from the definition by a program in another
// language. They are stored with predictions and must never change.
CAF_TEST(golden values) {
  bar_lineage x;
  CAF_CHECK(x.value() == 0u);
  x.add(first_bar());
  CAF_CHECK(x.value() == 0x8fe080c822c972f9u);
  x.add(second_bar());
  CAF_CHECK(x.value() == 0xcdf902a96f745f23u);
  CAF_CHECK_EQUAL(x.count(), 2u);
}

CAF_TEST(every field and the order count) {
  std::set<std::uint64_t> seen{hash_of({first_bar()})};
  auto change = [&seen](auto field, auto value) {
    auto x = first_bar();
    x.*field = value;
    return seen.insert(hash_of({x})).second;
  };
  CAF_CHECK(change(&bar::opened_at, from_micros(1751328000000001)));
  CAF_CHECK(change(&bar::interval, bar_interval::m60));
  CAF_CHECK(change(&bar::open, price{100.51}));
  CAF_CHECK(change(&bar::high, price{102.26}));
  CAF_CHECK(change(&bar::low, price{99.76}));
  CAF_CHECK(change(&bar::close, price{std::nextafter(101.0, 102.0)}));
  CAF_CHECK(change(&bar::volume, shares{1234568.0}));
  CAF_CHECK(hash_of({first_bar(), second_bar()})
            != hash_of({second_bar(), first_bar()}));
}

CAF_TEST(arrival and the sign of zero do not count) {
  auto x = second_bar();
  x.received_at = from_micros(1);
  x.known_at = from_micros(2);
  x.source = "other";
  x.volume = shares{-0.0};
  CAF_CHECK_EQUAL(hash_of({x}), hash_of({second_bar()}));
}

CAF_TEST(a bar is usable unless a number cannot be lived with) {
  auto nan = std::numeric_limits<double>::quiet_NaN();
  auto inf = std::numeric_limits<double>::infinity();
  auto with = [](auto field, auto value) {
    auto x = first_bar();
    x.*field = value;
    return usable(x);
  };
  CAF_CHECK(usable(first_bar()));
  CAF_CHECK(with(&bar::volume, shares{0.0}));
  CAF_CHECK(!with(&bar::open, price{nan}));
  CAF_CHECK(!with(&bar::high, price{inf}));
  CAF_CHECK(!with(&bar::low, price{-inf}));
  CAF_CHECK(!with(&bar::low, price{0.0}));
  CAF_CHECK(!with(&bar::close, price{nan}));
  CAF_CHECK(!with(&bar::close, price{0.0}));
  CAF_CHECK(!with(&bar::close, price{-1.0}));
  CAF_CHECK(!with(&bar::volume, shares{-1.0}));
  CAF_CHECK(!with(&bar::volume, shares{nan}));
}
