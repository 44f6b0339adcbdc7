#define CAF_SUITE store_pages
#include "actors/store/list_sql.hpp"
#include "actors/store/served_bars.hpp"
#include "tests/unit/store/samples.hpp"

#include "caf/test/unit_test.hpp"

#include <algorithm>

using namespace banksia;
using namespace banksia::store;
using namespace banksia::store_test;

namespace {

/// An id of 64 hex digits that sorts by its number.
std::string headline_id(int i) {
  return "0" + std::to_string(i) + std::string(62, 'a');
}

/// Three headlines that become known at once, then one more each slot.
struct paged_store : store_fixture {
  paged_store() {
    headline_batch batch;
    for (int i = 0; i < 6; ++i) {
      auto x = make_headline(0);
      x.headline_id = headline_id(i);
      x.title = std::to_string(i);
      x.known_at = slot_at(std::max(i - 2, 0));
      batch.headlines.push_back(x);
      auto training = make_training();
      training.training_id = std::string(31, '0') + std::to_string(i);
      training.requested_at = x.known_at;
      ledger.write(training);
      ledger.write(make_bar(i));
    }
    ledger.write(batch);
  }

  /// The titles of all pages of that size, each page in brackets.
  std::string titles(time_page page) {
    std::string result;
    for (;;) {
      auto rows = queries.headline_page("CBA.AX", page);
      if (rows.empty())
        return result;
      result += '[';
      for (const auto& x : rows)
        result += x.title;
      result += ']';
      page.cursor_time = rows.back().known_at;
      page.cursor_id = rows.back().headline_id.substr(0, 32);
    }
  }

  std::string trainings(time_page page) {
    std::string result;
    for (;;) {
      auto rows = queries.training_page(page);
      if (rows.empty())
        return result;
      for (const auto& x : rows)
        result += x.training_id.back();
      page.cursor_time = rows.back().requested_at;
      page.cursor_id = rows.back().training_id;
    }
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(store_pages_tests, paged_store)

CAF_TEST(pages of headlines go on where the one before ended) {
  time_page page;
  page.limit = 2;
  CAF_CHECK_EQUAL(titles(page), "[54][32][10]");
  page.ascending = true;
  CAF_CHECK_EQUAL(titles(page), "[01][23][45]");
  page.from = slot_at(1);
  page.to = slot_at(3);
  CAF_CHECK_EQUAL(titles(page), "[34]");
  page.ascending = false;
  page.limit = 1;
  CAF_CHECK_EQUAL(titles(page), "[4][3]");
  CAF_CHECK(queries.headline_page("NONE.AX", page).empty());
}

CAF_TEST(pages of trainings go on where the one before ended) {
  time_page page;
  for (std::int64_t limit : {1, 2, 4, 9}) {
    page.limit = limit;
    page.ascending = false;
    CAF_CHECK_EQUAL(trainings(page), "543210");
    page.ascending = true;
    CAF_CHECK_EQUAL(trainings(page), "012345");
  }
  page.from = slot_at(1);
  CAF_CHECK_EQUAL(trainings(page), "345");
}

CAF_TEST(served bars are the first or the last of their span) {
  auto opened = [&](bool oldest) {
    std::vector<timestamp> result;
    for (const auto& x :
         served_bars(db, "CBA.AX", bar_interval::m30, slot_at(1), slot_at(5), 2,
                     slot_at(9), oldest))
      result.push_back(x.opened_at);
    return result;
  };
  CAF_CHECK(opened(true) == (std::vector{slot_at(1), slot_at(2)}));
  CAF_CHECK(opened(false) == (std::vector{slot_at(3), slot_at(4)}));
}

CAF_TEST(a span of ids is that of the times and of the cursor) {
  list_filter f;
  CAF_CHECK_EQUAL(span_of(f).least, "");
  CAF_CHECK_EQUAL(span_of(f).bound, std::string{after_all_ids});
  f.from = slot_at(1);
  f.to = slot_at(2);
  auto inside = to_string(make_slot(1).id);
  auto x = span_of(f);
  CAF_CHECK(x.least <= inside && inside < x.bound);
  CAF_CHECK(to_string(make_slot(0).id) < x.least);
  CAF_CHECK(x.bound <= to_string(make_slot(2).id));
  f.before_id = inside;
  CAF_CHECK_EQUAL(span_of(f).bound, inside);
  // A cursor beyond the times widens nothing.
  f.before_id = to_string(make_slot(5).id);
  CAF_CHECK_EQUAL(span_of(f).bound, x.bound);
  f.ascending = true;
  f.first_id = inside + "g";
  CAF_CHECK_EQUAL(span_of(f).least, inside + "g");
  CAF_CHECK_EQUAL(span_of(f).bound, x.bound);
  // Before 1970 there is nothing.
  f.to = from_micros(-1);
  CAF_CHECK_EQUAL(span_of(f).bound, "");
}

CAF_TEST_FIXTURE_SCOPE_END()
