#define CAF_SUITE audit_log
#include "runtime/logging/audit_log.hpp"

#include "tests/scratch_folder.hpp"

#include "caf/test/unit_test.hpp"

#include <fstream>
#include <iterator>

#include <sys/stat.h>
#include <unistd.h>

using namespace banksia::logging;

namespace {

struct audit_fixture {
  std::string text(const std::string& name) const {
    std::ifstream in{folder / "logs" / name};
    return {std::istreambuf_iterator<char>{in}, {}};
  }

  audit_options options() const {
    audit_options result;
    result.file = folder / "logs" / "audit.jsonl";
    return result;
  }

  banksia::test::scratch_folder scratch;
  std::filesystem::path folder = scratch.path();
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(audit_log_tests, audit_fixture)

CAF_TEST(lines are there at once and for the owner alone) {
  audit_log log{options()};
  CAF_CHECK(log.append("{\"a\":1}"));
  CAF_CHECK_EQUAL(text("audit.jsonl"), "{\"a\":1}\n");
  struct stat state {};
  CAF_REQUIRE_EQUAL(::stat(options().file.c_str(), &state), 0);
  CAF_CHECK_EQUAL(state.st_mode & 0777u, 0600u);
}

CAF_TEST(a second run adds and full files move on) {
  auto with = options();
  with.file_bytes_max = 8;
  with.files_kept = 2;
  for (auto line : {"first", "second", "third", "fourth", "fifth"}) {
    audit_log log{with};
    CAF_CHECK(log.append(line));
    CAF_CHECK(log.append(std::string{line} + "+"));
  }
  CAF_CHECK(!text("audit.jsonl").empty());
  CAF_CHECK(!text("audit.1.jsonl").empty());
  CAF_CHECK(!text("audit.2.jsonl").empty());
  CAF_CHECK(!std::filesystem::exists(folder / "logs" / "audit.3.jsonl"));
}

CAF_TEST(what cannot be written is told and tried again) {
  std::ofstream{folder / "logs"} << "no folder";
  audit_log log{options()};
  CAF_CHECK(!log.append("lost"));
  std::filesystem::remove(folder / "logs");
  CAF_CHECK(log.append("kept"));
  CAF_CHECK_EQUAL(text("audit.jsonl"), "kept\n");
}

CAF_TEST_FIXTURE_SCOPE_END()
