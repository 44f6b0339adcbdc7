#define CAF_SUITE listings
#include "models/market/listings.hpp"

#include "caf/test/unit_test.hpp"

#include <algorithm>

using namespace banksia;
using namespace std::chrono_literals;

namespace {

using names = std::vector<std::string>;
using indexes = std::vector<std::uint32_t>;

const names configured{"CBA.AX", "WBC.AX"};

timestamp at(int hour) {
  return from_micros(0) + std::chrono::hours{1000 + hour};
}

listing_change change(std::string symbol, listing_event event, int hour,
                      std::string successor = {}) {
  listing_change x;
  x.symbol = std::move(symbol);
  x.event = event;
  x.effective_at = x.known_at = at(hour);
  x.successor = std::move(successor);
  x.reason = "said so";
  return x;
}

struct listings_fixture {
  listings all{configured};

  void add(std::string symbol, listing_event event, int hour,
           std::string successor = {}) {
    auto x = change(std::move(symbol), event, hour, std::move(successor));
    CAF_CHECK_EQUAL(all.refusal(x).value_or(""), "");
    all.add(x);
  }

  std::string state(std::uint32_t index, int hour) const {
    auto x = all.at(index, at(hour));
    return x ? std::string{to_string(x->state)} : "none";
  }

  std::string refusal(std::string symbol, listing_event event,
                      std::string successor = {}) const {
    return all
      .refusal(change(std::move(symbol), event, 99, std::move(successor)))
      .value_or("");
  }

  /// "halted", "delisted", "removed" or "made".
  std::string fate(int slot, int due, int now, bool has_exit = false,
                   const std::string& symbol = "CBA.AX") const {
    auto x = all.stop_of(symbol, at(slot), at(due), at(now), has_exit);
    return x ? std::string{to_string(x->why)} : "made";
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(listings_tests, listings_fixture)

// -- states and indexes ------------------------------------------------------------

CAF_TEST(without a change the configured symbols are predicted for ever) {
  CAF_CHECK(all.is_plain());
  CAF_CHECK_EQUAL(all.predicted_at(at(-900)), (indexes{0, 1}));
  CAF_CHECK_EQUAL(all.predicted_at(at(9000)), (indexes{0, 1}));
  CAF_CHECK(all.at(0, at(5))->since == timestamp{});
}

CAF_TEST(a change counts from its time on and not before) {
  add("WES.AX", listing_event::added, 10);
  add("CBA.AX", listing_event::removed, 20);
  CAF_CHECK_EQUAL(all.predicted_at(at(9)), (indexes{0, 1}));
  CAF_CHECK_EQUAL(all.predicted_at(at(10)), (indexes{0, 1, 2}));
  CAF_CHECK_EQUAL(all.predicted_at(at(20)), (indexes{1, 2}));
  CAF_CHECK_EQUAL(state(2, 9), "none");
  CAF_CHECK_EQUAL(state(0, 19), "active");
  CAF_CHECK_EQUAL(state(0, 20), "removed");
  CAF_CHECK(all.at(0, at(30))->since == at(20));
  CAF_CHECK(all.at(0, at(30))->reason == "said so");
}

CAF_TEST(an index is never used again and never moves) {
  add("WES.AX", listing_event::added, 1);
  add("WES.AX", listing_event::removed, 2);
  add("BHP.AX", listing_event::added, 3);
  add("WES.AX", listing_event::added, 4);
  CAF_CHECK_EQUAL(all.symbols(),
                  (names{"CBA.AX", "WBC.AX", "WES.AX", "BHP.AX"}));
  CAF_CHECK(all.index_of("WES.AX") == 2u);
  CAF_CHECK_EQUAL(all.predicted_at(at(3)), (indexes{0, 1, 3}));
  CAF_CHECK_EQUAL(all.predicted_at(at(4)), (indexes{0, 1, 2, 3}));
  CAF_CHECK(!all.index_of("NAB.AX"));
}

CAF_TEST(who is halted keeps a place until it is resumed) {
  add("CBA.AX", listing_event::halted, 10);
  add("CBA.AX", listing_event::resumed, 12);
  CAF_CHECK(!all.is_halted(0, at(9)));
  CAF_CHECK(all.is_halted(0, at(10)));
  CAF_CHECK(!all.is_halted(0, at(12)));
  CAF_CHECK_EQUAL(all.predicted_at(at(11)), (indexes{0, 1}));
}

CAF_TEST(who has gone is needed for as long as outcomes may be owed) {
  add("CBA.AX", listing_event::removed, 10);
  CAF_CHECK(all.is_needed(0, at(9)));
  CAF_CHECK(all.is_needed(0, at(10) + listings::linger - 1us));
  CAF_CHECK(!all.is_needed(0, at(10) + listings::linger));
  CAF_CHECK(all.is_needed(1, at(9999)));
  CAF_CHECK(!all.is_needed(7, at(10)));
}

// -- what makes no sense -------------------------------------------------------------

CAF_TEST(a change that makes no sense is refused with the reason) {
  add("WBC.AX", listing_event::halted, 1);
  CAF_CHECK_EQUAL(refusal("CBA.AX", listing_event::resumed),
                  "CBA.AX is active: it cannot be resumed");
  CAF_CHECK_EQUAL(refusal("CBA.AX", listing_event::added),
                  "CBA.AX is active: it cannot be added");
  CAF_CHECK_EQUAL(refusal("WBC.AX", listing_event::halted),
                  "WBC.AX is halted: it cannot be halted");
  for (auto event : {listing_event::removed, listing_event::halted,
                     listing_event::resumed, listing_event::delisted,
                     listing_event::renamed})
    CAF_CHECK_EQUAL(refusal("WES.AX", event, "XYZ.AX"),
                    "WES.AX is not followed: add it first");
  CAF_CHECK(refusal("CBA.AX", listing_event::renamed, "WBC.AX")
              .starts_with("WBC.AX is known already"));
  add("CBA.AX", listing_event::delisted, 2);
  CAF_CHECK_EQUAL(refusal("CBA.AX", listing_event::removed),
                  "CBA.AX is delisted: it cannot be removed");
  CAF_CHECK_EQUAL(refusal("CBA.AX", listing_event::added), "");
}

CAF_TEST(there may be so many symbols and no more) {
  for (std::size_t i = 2; i < listings::symbols_max; ++i)
    all.add(change("S" + std::to_string(i) + ".AX", listing_event::added, 1));
  CAF_CHECK_EQUAL(all.symbols().size(), listings::symbols_max);
  CAF_CHECK(refusal("ONE.AX", listing_event::added).starts_with("there are "));
  CAF_CHECK(refusal("CBA.AX", listing_event::renamed, "NEW.AX")
              .starts_with("there are "));
  all.add(change("ONE.AX", listing_event::added, 2));
  CAF_CHECK_EQUAL(all.symbols().size(), listings::symbols_max);
}

CAF_TEST(stored changes that another configuration makes senseless do nothing) {
  all.add(change("NAB.AX", listing_event::halted, 1));
  all.add(change("CBA.AX", listing_event::added, 2));
  all.add(change("CBA.AX", listing_event::renamed, 3)); // to nobody
  CAF_CHECK_EQUAL(all.symbols(), configured);
  CAF_CHECK_EQUAL(all.predicted_at(at(9)), (indexes{0, 1}));
}

CAF_TEST(changes are added in the order in which they became known) {
  auto made = listings_of(configured,
                          {change("CBA.AX", listing_event::resumed, 5),
                           change("WES.AX", listing_event::added, 3),
                           change("CBA.AX", listing_event::halted, 4)});
  CAF_CHECK(!made.is_halted(0, at(6)));
  CAF_CHECK(made.is_halted(0, at(4)));
  CAF_CHECK(made.index_of("WES.AX") == 2u);
  CAF_CHECK(made.newest() == at(5));
}

CAF_TEST(symbols have the form of the configuration) {
  for (auto good : {"CBA.AX", "^AXJO", "A2M.AX", "ABCDEFGHIJ.AX"})
    CAF_CHECK(is_symbol_text(good));
  for (auto bad : {"", "CBA", "cba.AX", ".AX", "^", "ABCDEFGHIJK.AX",
                   "C A.AX", "CBA.AX\n", "../X.AX"})
    CAF_CHECK(!is_symbol_text(bad));
}

// -- renames -----------------------------------------------------------------------

CAF_TEST(a renamed symbol is predicted under its successor) {
  add("CBA.AX", listing_event::renamed, 10, "CBK.AX");
  CAF_CHECK_EQUAL(all.predicted_at(at(9)), (indexes{0, 1}));
  CAF_CHECK_EQUAL(all.predicted_at(at(10)), (indexes{1, 2}));
  CAF_CHECK_EQUAL(state(0, 10), "renamed");
  CAF_CHECK(all.at(0, at(10))->successor == "CBK.AX");
  CAF_CHECK_EQUAL(all.symbols()[2], "CBK.AX");
}

CAF_TEST(a halt goes over to the new code) {
  add("CBA.AX", listing_event::halted, 5);
  add("CBA.AX", listing_event::renamed, 10, "CBK.AX");
  CAF_CHECK(all.is_halted(2, at(11)));
  add("CBK.AX", listing_event::resumed, 12);
  CAF_CHECK(!all.is_halted(2, at(12)));
}

CAF_TEST(the history of a code is that of the codes before it) {
  add("CBA.AX", listing_event::renamed, 100, "CBK.AX");
  add("CBK.AX", listing_event::renamed, 200, "CBX.AX");
  auto codes = all.codes_before("CBX.AX");
  CAF_REQUIRE_EQUAL(codes.size(), 3u);
  CAF_CHECK_EQUAL(codes[0].symbol, "CBA.AX");
  CAF_CHECK_EQUAL(codes[1].symbol, "CBK.AX");
  CAF_CHECK_EQUAL(codes[2].symbol, "CBX.AX");
  CAF_CHECK(codes[0].holds(at(99)));
  CAF_CHECK(!codes[0].holds(at(100)));
  CAF_CHECK(codes[1].holds(at(100) - listings::overlap));
  CAF_CHECK(!codes[1].holds(at(100) - listings::overlap - 1us));
  CAF_CHECK(!codes[1].holds(at(200)));
  CAF_CHECK(codes[2].holds(at(9999)));
  CAF_CHECK_EQUAL(all.codes_before("WBC.AX").size(), 1u);
  CAF_CHECK_EQUAL(all.first_code("CBX.AX"), "CBA.AX");
  CAF_CHECK_EQUAL(all.first_codes(), configured);
}

CAF_TEST(what was owed trades on under the codes after it) {
  add("CBA.AX", listing_event::renamed, 100, "CBK.AX");
  add("CBK.AX", listing_event::renamed, 200, "CBX.AX");
  auto codes = all.codes_after("CBA.AX");
  CAF_REQUIRE_EQUAL(codes.size(), 3u);
  CAF_CHECK_EQUAL(codes[2].symbol, "CBX.AX");
  CAF_CHECK(!codes[0].holds(at(100)));
  CAF_CHECK_EQUAL(all.code_at("CBA.AX", at(99)), "CBA.AX");
  CAF_CHECK_EQUAL(all.code_at("CBA.AX", at(150)), "CBK.AX");
  CAF_CHECK_EQUAL(all.code_at("CBA.AX", at(200)), "CBX.AX");
}

CAF_TEST(codes stay linked when the configuration names the new one) {
  auto made = listings_of(names{"CBK.AX"},
                          {change("CBA.AX", listing_event::renamed, 100,
                                  "CBK.AX")});
  CAF_CHECK_EQUAL(made.symbols(), (names{"CBK.AX"}));
  CAF_CHECK_EQUAL(made.codes_before("CBK.AX").size(), 2u);
}

CAF_TEST(two codes that were exchanged have an end) {
  listings two{names{"A.AX", "B.AX"}};
  two.add(change("A.AX", listing_event::renamed, 1, "B.AX"));
  two.add(change("B.AX", listing_event::renamed, 2, "A.AX"));
  CAF_CHECK_LESS_OR_EQUAL(two.codes_before("A.AX").size(), 3u);
  CAF_CHECK_LESS_OR_EQUAL(two.codes_after("A.AX").size(), 3u);
}

// -- evaluations -------------------------------------------------------------------

CAF_TEST(an evaluation that is due in a halt is stopped at its due time) {
  add("CBA.AX", listing_event::halted, 10);
  CAF_CHECK_EQUAL(fate(8, 12, 11), "made"); // not due yet: it may resume
  CAF_CHECK_EQUAL(fate(8, 12, 12), "halted");
  CAF_CHECK_EQUAL(fate(8, 12, 12, true), "halted");
  CAF_CHECK(all.stop_of("CBA.AX", at(8), at(12), at(13), false)->at == at(12));
  CAF_CHECK_EQUAL(fate(8, 9, 12, true), "made"); // due before the halt
  CAF_CHECK_EQUAL(fate(8, 12, 12, false, "WBC.AX"), "made");
}

CAF_TEST(a halt that ends before the due time stops nothing) {
  add("CBA.AX", listing_event::halted, 10);
  add("CBA.AX", listing_event::resumed, 11);
  CAF_CHECK_EQUAL(fate(8, 12, 13), "made");
  CAF_CHECK_EQUAL(fate(8, 11, 13), "made");
  CAF_CHECK_EQUAL(fate(8, 10, 13), "halted");
}

CAF_TEST(who waits for the first trade after the due time is stopped by a halt) {
  add("CBA.AX", listing_event::halted, 14);
  add("CBA.AX", listing_event::resumed, 20);
  CAF_CHECK_EQUAL(fate(8, 12, 13), "made");
  CAF_CHECK_EQUAL(fate(8, 12, 14), "halted");
  CAF_CHECK_EQUAL(fate(8, 12, 21), "halted"); // also when seen late
  CAF_CHECK(all.stop_of("CBA.AX", at(8), at(12), at(21), false)->at == at(14));
  CAF_CHECK_EQUAL(fate(8, 12, 14, true), "made");
}

CAF_TEST(a delisting stops at once what is not due yet) {
  add("CBA.AX", listing_event::delisted, 10);
  CAF_CHECK_EQUAL(fate(8, 30, 9), "made");
  CAF_CHECK_EQUAL(fate(8, 30, 10), "delisted");
  CAF_CHECK_EQUAL(fate(8, 30, 10, true), "delisted");
  CAF_CHECK(all.stop_of("CBA.AX", at(8), at(30), at(10), true)->at == at(10));
  CAF_CHECK_EQUAL(fate(8, 9, 11, true), "made");
  CAF_CHECK_EQUAL(fate(8, 9, 11, false), "delisted"); // no trade will come
  // Whoever is listed anew is another matter.
  add("CBA.AX", listing_event::added, 12);
  CAF_CHECK_EQUAL(fate(8, 30, 40), "delisted");
  CAF_CHECK_EQUAL(fate(13, 30, 40), "made");
}

CAF_TEST(a removal stops only what has waited long for a trade) {
  add("CBA.AX", listing_event::removed, 10);
  CAF_CHECK_EQUAL(fate(8, 12, 100), "made");
  CAF_CHECK_EQUAL(fate(8, 12, 10 + 24 * 7), "removed");
  CAF_CHECK_EQUAL(fate(8, 12, 10 + 24 * 7, true), "made");
  add("CBA.AX", listing_event::added, 11);
  CAF_CHECK_EQUAL(fate(8, 12, 10 + 24 * 7), "made");
}

CAF_TEST(what happens to a successor happens to what was owed before) {
  add("CBA.AX", listing_event::renamed, 10, "CBK.AX");
  CAF_CHECK_EQUAL(fate(8, 30, 29), "made");
  add("CBK.AX", listing_event::halted, 20);
  CAF_CHECK_EQUAL(fate(8, 30, 30), "halted");
  CAF_CHECK_EQUAL(fate(8, 15, 30, true), "made");
  add("CBK.AX", listing_event::delisted, 25);
  CAF_CHECK_EQUAL(fate(8, 30, 25), "delisted");
}

CAF_TEST_FIXTURE_SCOPE_END()
