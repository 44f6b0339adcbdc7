#define CAF_SUITE bar_revisions
#include "models/market/bar_revisions.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;

namespace {

timestamp day(int i) {
  return timestamp{std::chrono::sys_days{std::chrono::year{2024} / 1 / 1}}
         + std::chrono::days{i};
}

bar made(int opened, double close) {
  bar x;
  x.symbol = "CBA.AX";
  x.opened_at = day(opened);
  x.known_at = day(opened + 1);
  x.open = x.high = x.low = x.close = price{close};
  x.volume = shares{10};
  x.source = "first";
  return x;
}

bar_revision said(int opened, int known, double close) {
  bar_revision x;
  x.content = made(opened, close);
  x.content.known_at = day(known);
  x.content.source = "rules";
  x.content.verdict = bar_verdict::repaired;
  x.reason = "unit_block";
  return x;
}

bar_revision withdrawn(int opened, int known) {
  auto x = said(opened, known, 0.0);
  x.withdrawn = true;
  return x;
}

double close_at(const bar_revisions& all, int t) {
  auto x = all.as_of(made(3, 50), day(t));
  return x ? x->close.value() : -1.0;
}

} // namespace

CAF_TEST(the newest word known by a time counts) {
  bar_revisions all;
  CAF_CHECK(all.empty());
  CAF_CHECK(all.add(said(3, 9, 52)));
  CAF_CHECK(all.add(said(3, 6, 51)));
  CAF_CHECK(all.add(withdrawn(3, 12)));
  CAF_CHECK(all.add(said(3, 15, 53)));
  CAF_CHECK_EQUAL(close_at(all, 5), 50.0);
  CAF_CHECK_EQUAL(close_at(all, 6), 51.0);
  CAF_CHECK_EQUAL(close_at(all, 8), 51.0);
  CAF_CHECK_EQUAL(close_at(all, 9), 52.0);
  CAF_CHECK_EQUAL(close_at(all, 12), -1.0);
  CAF_CHECK_EQUAL(close_at(all, 20), 53.0);
}

CAF_TEST(times and source stay those of the bar) {
  bar_revisions all;
  all.add(said(3, 6, 51));
  auto x = all.as_of(made(3, 50), day(7));
  CAF_REQUIRE(x.has_value());
  CAF_CHECK(x->known_at == day(4));
  CAF_CHECK(x->verdict == bar_verdict::repaired);
  CAF_CHECK_EQUAL(x->source, "first");
}

CAF_TEST(other bars are left alone) {
  bar_revisions all;
  all.add(said(3, 6, 51));
  CAF_CHECK(all.as_of(made(4, 50), day(9)) == made(4, 50));
  auto other = made(3, 50);
  other.interval = bar_interval::m5;
  CAF_CHECK(all.as_of(other, day(9)) == other);
}

CAF_TEST(one that is told twice counts once) {
  bar_revisions all;
  CAF_CHECK(!all.contains(said(3, 6, 51)));
  CAF_CHECK(all.add(said(3, 6, 51)));
  CAF_CHECK(all.contains(said(3, 6, 51)));
  CAF_CHECK(!all.contains(said(3, 7, 51)));
  CAF_CHECK(!all.add(said(3, 6, 99)));
  CAF_CHECK_EQUAL(close_at(all, 6), 51.0);
}
