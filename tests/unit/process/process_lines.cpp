#define CAF_SUITE process_lines

#include "runtime/process/line_splitter.hpp"

#include "caf/test/unit_test.hpp"

#include <string>
#include <vector>

using namespace banksia::process;
using namespace std::chrono_literals;

namespace {

struct fixture {
  line_splitter::time_point now;
  line_limits limits{10, 2, 4};
  line_splitter lines{limits};
  std::vector<std::string> seen; ///< "…": cut; "+N": dropped before

  line_splitter::sink sink() {
    return [this](const output_line& x) {
      std::string text{x.text};
      if (x.cut)
        text += "…";
      if (x.dropped_before > 0)
        text += "+" + std::to_string(x.dropped_before);
      seen.push_back(text);
    };
  }

  void feed(std::string_view bytes) { lines.feed(bytes, now, sink()); }

  void check(const std::vector<std::string>& expected) {
    CAF_CHECK_EQUAL(seen, expected);
    seen.clear();
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(process_lines, fixture)

CAF_TEST(pieces become lines) {
  feed("on");
  check({});
  feed("e\ntw");
  check({"one"});
  feed("o\r\n\n");
  check({"two", ""});
}

CAF_TEST(what is left at the end is a line) {
  feed("one\ntwo");
  lines.finish(now, sink());
  check({"one", "two"});
  lines.finish(now, sink());
  check({});
}

CAF_TEST(a long line is cut and the next is whole) {
  feed("0123456789\n0123456789a\n");
  check({"0123456789", "0123456789…"});
  feed("0123456789");
  feed("more");
  feed("and more\nnext\n");
  check({"0123456789…", "next"});
}

CAF_TEST(a line without end takes no more memory than its limit) {
  for (int i = 0; i < 1000; ++i)
    feed(std::string(1000, 'x'));
  check({});
  lines.finish(now, sink());
  check({"xxxxxxxxxx…"});
}

CAF_TEST(lines that come too fast are dropped and counted) {
  feed("1\n2\n3\n4\n5\n6\n7\n");
  check({"1", "2", "3", "4"});
  now += 500ms; // one more
  feed("8\n9\n");
  check({"8+3"});
  now += 1h; // never more than a burst
  feed("a\nb\nc\nd\ne\n");
  check({"a+1", "b", "c", "d"});
}

CAF_TEST(what was dropped last is told at the end) {
  feed("1\n2\n3\n4\n5\n6");
  lines.finish(now, sink());
  check({"1", "2", "3", "4", "+2"});
}

CAF_TEST_FIXTURE_SCOPE_END()
