#define CAF_SUITE log_files
#include "runtime/logging/log.hpp"

#include "tests/scratch_folder.hpp"

#include "caf/test/unit_test.hpp"

#include <boost/json/parse.hpp>

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>
#include <vector>

using namespace banksia;
namespace fs = std::filesystem;

namespace {

/// The log's folder; the log is stopped before it goes.
class log_folder : public test::scratch_folder {
public:
  ~log_folder() { logging::stop(); }

  logging::options options() const {
    logging::options result;
    result.directory = path().string();
    result.terminal = logging::terminal_form::none;
    return result;
  }

  fs::path log(const char* name) const {
    return path() / "logs" / name;
  }
};

std::vector<std::string> lines_of(const fs::path& path) {
  std::vector<std::string> result;
  std::ifstream in{path};
  for (std::string line; std::getline(in, line);)
    result.push_back(line);
  return result;
}

/// What goes to stderr while this lives.
class captured_stderr {
public:
  explicit captured_stderr(const fs::path& into) : saved_(::dup(2)) {
    auto file = std::fopen(into.c_str(), "w");
    ::dup2(::fileno(file), 2);
    std::fclose(file);
  }

  ~captured_stderr() {
    ::dup2(saved_, 2);
    ::close(saved_);
  }

private:
  int saved_;
};

} // namespace

CAF_TEST(entries become lines of JSON) {
  log_folder folder;
  CAF_REQUIRE(!logging::start(folder.options()));
  logging::log_info("store", "opened", {{"rows", 3}, {"trace_id", "f00"}});
  logging::log_debug("store", "not shown");
  logging::stop();
  auto lines = lines_of(folder.log("banksia.jsonl"));
  CAF_REQUIRE_EQUAL(lines.size(), 1u);
  auto entry = boost::json::parse(lines[0]).as_object();
  CAF_CHECK_EQUAL(std::string{entry["message"].as_string()}, "opened");
  CAF_CHECK_EQUAL(entry["rows"].as_int64(), 3);
  CAF_CHECK_EQUAL(std::string{entry["trace_id"].as_string()}, "f00");
}

CAF_TEST(supervision has lines of its own) {
  log_folder folder;
  CAF_REQUIRE(!logging::start(folder.options()));
  logging::log_supervision("{\"event\":\"restarted\",\n\"generation\":2}");
  logging::stop();
  auto lines = lines_of(folder.log("supervision.jsonl"));
  CAF_REQUIRE_EQUAL(lines.size(), 1u);
  CAF_CHECK_EQUAL(lines[0], "{\"event\":\"restarted\", \"generation\":2}");
  CAF_CHECK(lines_of(folder.log("banksia.jsonl")).empty());
}

CAF_TEST(before start and after stop entries go to stderr) {
  log_folder folder;
  auto seen = folder.path() / "stderr";
  {
    captured_stderr capture{seen};
    logging::log_warn("early", "before");
    logging::log_supervision("{}");
    CAF_REQUIRE(!logging::start(folder.options()));
    logging::log_warn("mid", "in the file alone");
    logging::stop();
    logging::log_warn("late", "after");
    logging::stop();
  }
  auto lines = lines_of(seen);
  CAF_REQUIRE_EQUAL(lines.size(), 3u);
  CAF_CHECK(lines[0].ends_with(" warn  early: before"));
  CAF_CHECK_EQUAL(lines[1], "{}");
  CAF_CHECK(lines[2].ends_with(" warn  late: after"));
}

CAF_TEST(the terminal form has no colours on a file) {
  log_folder folder;
  auto seen = folder.path() / "stderr";
  auto options = folder.options();
  options.terminal = logging::terminal_form::automatic;
  {
    captured_stderr capture{seen};
    CAF_REQUIRE(!logging::start(options));
    logging::log_error("store", "away", {{"tries", 3}});
    logging::stop();
  }
  auto lines = lines_of(seen);
  CAF_REQUIRE_EQUAL(lines.size(), 1u);
  CAF_CHECK(lines[0].ends_with(" error store: away tries=3"));
  CAF_CHECK(lines[0].find('\x1b') == std::string::npos);
}

CAF_TEST(a component can have a level of its own) {
  log_folder folder;
  CAF_REQUIRE(!logging::start(folder.options()));
  CAF_CHECK(logging::set_level("a", logging::level::debug));
  CAF_CHECK(logging::set_level("b", logging::level::off));
  CAF_CHECK(logging::is_on(logging::level::debug, "a"));
  CAF_CHECK(!logging::is_on(logging::level::fatal, "b"));
  CAF_CHECK(!logging::is_on(logging::level::debug, "c"));
  logging::set_level(logging::level::debug);
  CAF_CHECK(logging::is_on(logging::level::debug, "c"));
  logging::set_level(logging::level::info);
  logging::clear_level("a");
  logging::clear_level("b");
  CAF_CHECK(!logging::is_on(logging::level::debug, "a"));
  CAF_CHECK(logging::is_on(logging::level::info, "b"));
}

CAF_TEST(levels of components are bounded) {
  for (int i = 0; i < 1'000; ++i)
    CAF_REQUIRE(
      logging::set_level("c" + std::to_string(i), logging::level::warn));
  CAF_CHECK(!logging::set_level("one more", logging::level::warn));
  CAF_CHECK(logging::set_level("c7", logging::level::error));
  for (int i = 0; i < 1'000; ++i)
    logging::clear_level("c" + std::to_string(i));
}

CAF_TEST(a long file is rotated and few are kept) {
  log_folder folder;
  auto options = folder.options();
  options.file_bytes_max = 2'000;
  options.files_kept = 2;
  CAF_REQUIRE(!logging::start(options));
  for (int i = 0; i < 200; ++i)
    logging::log_info("store", "row", {{"i", i}});
  logging::stop();
  CAF_CHECK(fs::exists(folder.log("banksia.1.jsonl")));
  CAF_CHECK(fs::exists(folder.log("banksia.2.jsonl")));
  CAF_CHECK(!fs::exists(folder.log("banksia.3.jsonl")));
  CAF_CHECK(fs::file_size(folder.log("banksia.1.jsonl")) <= 2'000);
  auto lines = lines_of(folder.log("banksia.jsonl"));
  CAF_REQUIRE(!lines.empty());
  // Named, since the check keeps a reference.
  auto last = boost::json::parse(lines.back()).as_object();
  CAF_CHECK_EQUAL(last["i"].as_int64(), 199);
}

CAF_TEST(what is dropped is counted) {
  log_folder folder;
  auto options = folder.options();
  options.queue_max = 1;
  options.file_bytes_max = 1 << 30;
  auto before = logging::dropped();
  CAF_REQUIRE(!logging::start(options));
  constexpr std::uint64_t written = 20'000;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([] {
      for (std::uint64_t i = 0; i < written / 4; ++i)
        logging::log_info("store", "row");
    });
  for (auto& thread : threads)
    thread.join();
  logging::stop();
  auto kept = lines_of(folder.log("banksia.jsonl")).size();
  CAF_CHECK(kept < written);
  CAF_CHECK_EQUAL(kept + (logging::dropped() - before), written);
}

CAF_TEST(stopping loses nothing that was accepted) {
  log_folder folder;
  CAF_REQUIRE(!logging::start(folder.options()));
  for (int i = 0; i < 1'000; ++i)
    logging::log_info("store", "row", {{"i", i}});
  logging::stop();
  CAF_CHECK_EQUAL(lines_of(folder.log("banksia.jsonl")).size(), 1'000u);
}

CAF_TEST(a folder that cannot be made is an error) {
  log_folder folder;
  std::ofstream{folder.path() / "logs"} << "a file in the way";
  auto error = logging::start(folder.options());
  CAF_REQUIRE(error.has_value());
  CAF_CHECK(error->find((folder.path() / "logs").string())
            != std::string::npos);
  CAF_CHECK(error->find("--data-dir") != std::string::npos);
}

CAF_TEST(a file that cannot be written is an error) {
  log_folder folder;
  fs::create_directories(folder.log("supervision.jsonl"));
  auto error = logging::start(folder.options());
  CAF_REQUIRE(error.has_value());
  CAF_CHECK(error->find("supervision.jsonl: Is a directory")
            != std::string::npos);
}

CAF_TEST(starting twice is an error) {
  log_folder folder;
  CAF_REQUIRE(!logging::start(folder.options()));
  CAF_CHECK(logging::start(folder.options()).has_value());
}
