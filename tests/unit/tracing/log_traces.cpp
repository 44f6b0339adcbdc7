#define CAF_SUITE log_traces
#include "tests/scratch_folder.hpp"
#include "tests/unit/tracing/recorded.hpp"

#include "runtime/logging/log.hpp"

#include "caf/test/unit_test.hpp"

#include <boost/json/parse.hpp>

#include <fstream>

using namespace banksia;

CAF_TEST(an entry within a span names its trace once) {
  test::scratch_folder folder;
  logging::options with;
  with.directory = folder.path().string();
  with.terminal = logging::terminal_form::none;
  CAF_REQUIRE(!logging::start(with));
  telemetry::tracer spans;
  auto root = spans.begin();
  logging::log_info("a", "outside");
  {
    telemetry::trace_scope within{&spans, root};
    logging::log_info("a", "inside", {{"rows", 3}});
    logging::log_info("a", "named", {{"trace_id", "f00"}});
  }
  logging::stop();
  std::ifstream in{folder.path() / "logs" / "banksia.jsonl"};
  std::vector<boost::json::object> lines;
  for (std::string line; std::getline(in, line);)
    lines.push_back(boost::json::parse(line).as_object());
  CAF_REQUIRE_EQUAL(lines.size(), 3u);
  CAF_CHECK(!lines[0].contains("trace_id"));
  CAF_CHECK(lines[1].at("trace_id").as_string()
            == telemetry::trace_id_text(root));
  CAF_CHECK_EQUAL(lines[1].at("rows").as_int64(), 3);
  CAF_CHECK(lines[2].at("trace_id").as_string() == "f00");
}
