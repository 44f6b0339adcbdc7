#define CAF_SUITE kept_responses
#include "actors/services/bridge.hpp"
#include "actors/store/history.hpp"
#include "actors/store/schema.hpp"
#include "runtime/telemetry/active_span.hpp"
#include "tests/scratch_folder.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;

namespace {

/// A store that one writes to while another asks.
struct asked_store {
  test::scratch_folder folder;
  std::filesystem::path file = folder.path() / "banksia.db";
  storage::database writing = store::open_for_writing(file);
  storage::database reading = store::open_for_reading(file);
  kept_responses kept;
  int made = 0;

  std::string ask(const std::string& question, int status = 200) {
    return kept.get(reading, question, [&] {
      return http::json_response(++made, status);
    }).body;
  }

  void write() {
    writing.execute("CREATE TABLE IF NOT EXISTS other(x); "
                    "INSERT INTO other VALUES (1)");
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(kept_responses_tests, asked_store)

CAF_TEST(an answer is kept until somebody writes) {
  CAF_CHECK_EQUAL(ask("a"), "1");
  CAF_CHECK_EQUAL(ask("a"), "1");
  CAF_CHECK_EQUAL(ask("b"), "2");
  write();
  CAF_CHECK_EQUAL(ask("a"), "3");
  CAF_CHECK_EQUAL(ask("b"), "4");
  CAF_CHECK_EQUAL(ask("b"), "4");
}

CAF_TEST(a request that came before the last look needs none of its own) {
  auto at = [](int seconds) {
    return kept_responses::time_point{std::chrono::seconds{seconds}};
  };
  auto ask = [&](int came, int now) {
    return kept.get(reading, "a", [&] { return http::json_response(++made); },
                    at(came), at(now)).body;
  };
  CAF_CHECK_EQUAL(ask(1, 5), "1");
  write();
  CAF_CHECK_EQUAL(ask(4, 6), "1");
  // What was committed by the time it came is in its answer.
  CAF_CHECK_EQUAL(ask(5, 7), "2");
  CAF_CHECK_EQUAL(ask(6, 8), "2");
  // The look of one that did not say when it came counts for no other.
  CAF_CHECK_EQUAL(this->ask("a"), "2");
  write();
  CAF_CHECK_EQUAL(ask(1, 9), "3");
  write();
  kept.forget();
  CAF_CHECK_EQUAL(ask(1, 10), "4");
}

CAF_TEST(a refusal is not kept) {
  CAF_CHECK_EQUAL(ask("a", 404), "1");
  CAF_CHECK_EQUAL(ask("a", 404), "2");
}

CAF_TEST(an answer has its tag with it) {
  auto got = kept.get(reading, "a", [] { return http::json_response(1); });
  CAF_REQUIRE_EQUAL(got.headers.size(), 2u);
  CAF_CHECK_EQUAL(got.headers[0].first, "ETag");
}

CAF_TEST(many questions are all answered) {
  for (int i = 1; i <= 200; ++i)
    CAF_CHECK_EQUAL(ask(std::to_string(i)), std::to_string(i));
}

CAF_TEST(whoever is shown a prediction is linked to its cycle) {
  telemetry::tracer spans;
  auto links = [&](const std::string& question, std::uint64_t cycles) {
    telemetry::active_span span{spans, spans.begin(), "asks",
                                telemetry::span_kind::server};
    kept.get(reading, question, [&] {
      ++made;
      for (std::uint64_t i = 1; i <= cycles; ++i)
        kept.note_cycle(cycle_id{7, i});
      return http::json_response(made);
    });
    return span.content().links;
  };
  auto first = links("a", 2);
  CAF_REQUIRE_EQUAL(first.size(), 2u);
  CAF_CHECK_EQUAL(first[0].trace_high, 7u);
  CAF_CHECK_EQUAL(first[0].trace_low, 1u);
  CAF_CHECK_EQUAL(first[1].span, 2u);
  // As it is kept, those of others between.
  CAF_CHECK_EQUAL(links("b", 0).size(), 0u);
  CAF_CHECK(links("a", 2) == first);
  CAF_CHECK_EQUAL(made, 2);
  CAF_CHECK_EQUAL(links("c", 100).size(), 8u);
}

CAF_TEST(another connection begins anew) {
  CAF_CHECK_EQUAL(ask("a"), "1");
  kept.forget();
  CAF_CHECK_EQUAL(ask("a"), "2");
}

CAF_TEST_FIXTURE_SCOPE_END()
