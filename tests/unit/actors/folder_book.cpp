#define CAF_SUITE folder_book
#include "actors/feeds/folder_book.hpp"
#include "actors/feeds/folder_source.hpp"

#include "tests/scratch_folder.hpp"

#include "caf/test/unit_test.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <fstream>

using namespace banksia;

namespace {

constexpr std::string_view header = "Date,Open,High,Low,Close,Volume\n";
constexpr std::string_view week = "2024-01-08,10,12,9,11,1001\n"
                                  "2024-01-09,11,13,10,12,1002\n"
                                  "2024-01-10,12,14,11,13,1003\n";

const auto wall = *parse_rfc3339("2024-02-01T00:00:00Z");

struct folder_fixture {
  test::scratch_folder scratch;
  std::filesystem::path folder = scratch.path();
  std::shared_ptr<const exchange_calendar> calendar
    = std::make_shared<exchange_calendar>();
  folder_book book{folder, calendar, {"CBA.AX", "WBC.AX"}};

  std::filesystem::path write(const std::string& name, std::string_view text) {
    auto file = folder / name;
    std::ofstream{file, std::ios::binary} << text;
    return file;
  }

  std::filesystem::path write_bars(const std::string& name,
                                   std::string_view rows) {
    return write(name, std::string{header} + std::string{rows});
  }

  /// As if the file had been written then.
  static void written_at(const std::filesystem::path& file, timestamp at) {
    auto seconds = std::chrono::floor<std::chrono::seconds>(at);
    timespec times[2];
    times[0].tv_nsec = times[1].tv_nsec = 0;
    times[0].tv_sec = times[1].tv_sec = seconds.time_since_epoch().count();
    CAF_REQUIRE_EQUAL(::utimensat(AT_FDCWD, file.c_str(), times, 0), 0);
  }

  void look(folder_book& at) const {
    at.look();
    while (at.take_next()) {
    }
  }
  void look() { look(book); }

  price_answer ask(const std::string& symbol = "CBA.AX",
                   bar_interval interval = bar_interval::d1,
                   std::string_view from = "2023-01-01T00:00:00Z",
                   std::string_view until = "2024-02-01T00:00:00Z") {
    price_request x;
    x.symbol = symbol;
    x.interval = interval;
    x.from = *parse_rfc3339(from);
    x.until = *parse_rfc3339(until);
    return book.answer(x, wall);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(folder_tests, folder_fixture)

CAF_TEST(a file is read once it looks the same twice) {
  write_bars("CBA.csv", week);
  look();
  CAF_CHECK_EQUAL(ask().status, "unavailable");
  look();
  auto x = ask();
  CAF_CHECK_EQUAL(x.status, "ok");
  CAF_CHECK_EQUAL(x.source, "folder");
  CAF_REQUIRE_EQUAL(x.bars.size(), 3u);
  CAF_CHECK_EQUAL(to_rfc3339(x.bars[0].opened_at), "2024-01-08T00:00:00Z");
  CAF_CHECK(x.bars[2].close.value() == 13.0);
  CAF_CHECK_EQUAL(to_rfc3339(x.bars[0].received_at), to_rfc3339(wall));
  CAF_CHECK(x.unreadable.empty());
  CAF_CHECK_EQUAL(ask("CBA.AX", bar_interval::d1, "2024-01-10T00:00:00Z")
                    .bars.size(),
                  1u);
}

CAF_TEST(a file that goes on changing is not read) {
  std::string rows;
  for (int i = 0; i < 5; ++i) {
    rows += "2024-01-0" + std::to_string(i + 2) + ",10,12,9,11,1001\n";
    write_bars("CBA.csv", rows);
    look();
    CAF_CHECK_EQUAL(ask().status, "unavailable");
  }
  look();
  CAF_CHECK_EQUAL(ask().bars.size(), 5u);
}

CAF_TEST(new and changed and replaced files are taken and gone ones forgotten) {
  auto file = write_bars("CBA.csv", week);
  look();
  look();
  CAF_CHECK_EQUAL(ask("WBC.AX").status, "not_found");
  write_bars("WBC.csv", week);
  write_bars("CBA.csv", std::string{week} + "2024-01-11,12,14,11,13,1004\n");
  look();
  look();
  CAF_CHECK_EQUAL(ask("WBC.AX").bars.size(), 3u);
  CAF_CHECK_EQUAL(ask().bars.size(), 4u);
  // The same size, and the same time: another file all the same.
  auto other = write_bars(".new", std::string{week}
                                    + "2024-01-11,12,14,11,12,1004\n");
  std::filesystem::last_write_time(other,
                                   std::filesystem::last_write_time(file));
  std::filesystem::rename(other, file);
  look();
  look();
  CAF_CHECK(ask().bars.back().close.value() == 12.0);
  std::filesystem::remove(file);
  look();
  CAF_CHECK_EQUAL(ask().status, "not_found");
  CAF_CHECK_EQUAL(book.sum_up().files, 1u);
}

CAF_TEST(a bad file is named and costs nobody else anything) {
  write_bars("CBA.csv", week);
  write("WBC.csv", "<html>no such page</html>");
  write("cut.csv.gz", "\x1f\x8b\x08 cut");
  look();
  look();
  CAF_CHECK_EQUAL(ask().bars.size(), 3u);
  auto x = book.sum_up();
  CAF_CHECK_EQUAL(x.files, 3u);
  CAF_CHECK_EQUAL(x.series, 1u);
  CAF_CHECK_EQUAL(x.errors.size(), 2u);
  CAF_CHECK(x.errors["WBC.csv"].find("not bar data") != std::string::npos);
  auto trouble = trouble_of(x);
  CAF_CHECK(trouble.find("WBC.csv") != std::string::npos);
  CAF_CHECK(trouble.find("cut.csv.gz") != std::string::npos);
  // Once it is mended the word goes.
  write_bars("WBC.csv", week);
  look();
  look();
  CAF_CHECK_EQUAL(ask("WBC.AX").bars.size(), 3u);
  CAF_CHECK_EQUAL(book.sum_up().errors.size(), 1u);
}

CAF_TEST(rows that cannot be read are told once for each form of a file) {
  write_bars("CBA.csv", std::string{week} + "2024-01-11,null,14,11,13,1004\n"
                          + "never,12,14,11,13,1004\n");
  look();
  look();
  auto x = ask();
  CAF_CHECK_EQUAL(x.bars.size(), 3u);
  CAF_REQUIRE_EQUAL(x.unreadable.size(), 2u);
  CAF_CHECK_EQUAL(x.unreadable[0].reason, "missing_value");
  CAF_CHECK_EQUAL(x.unreadable[0].payload,
                  "CBA.csv:5: 2024-01-11,null,14,11,13,1004");
  CAF_CHECK_EQUAL(x.unreadable[1].reason, "bad_date");
  CAF_CHECK(ask().unreadable.empty());
}

CAF_TEST(a bar counts once it was over when its file was written) {
  auto file = write_bars("CBA.csv", week);
  // In the middle of the last session, 10 January 2024, 10:00 to 16:10 there.
  written_at(file, *parse_rfc3339("2024-01-10T03:00:00Z"));
  look();
  look();
  auto x = ask();
  CAF_CHECK_EQUAL(x.bars.size(), 2u);
  CAF_CHECK_EQUAL(x.growing, 1u);
  written_at(file, *parse_rfc3339("2024-01-10T05:20:00Z"));
  look();
  look();
  CAF_CHECK_EQUAL(ask().bars.size(), 3u);
  auto earlier = ask("CBA.AX", bar_interval::d1, "2023-01-01T00:00:00Z",
                     "2024-01-10T03:00:00Z");
  CAF_CHECK_EQUAL(earlier.bars.size(), 2u);
}

CAF_TEST(short bars say until when all is there) {
  std::string rows;
  for (auto minute : {"00", "05", "10"})
    rows += "2024-01-09T00:" + std::string{minute} + ":00Z,10,12,9,11,1001\n";
  write_bars("CBA_5m.csv", rows);
  look();
  look();
  auto x = ask("CBA.AX", bar_interval::m5);
  CAF_CHECK_EQUAL(x.bars.size(), 3u);
  CAF_CHECK_EQUAL(to_rfc3339(x.covered_until), "2024-01-09T00:15:00Z");
  CAF_CHECK_EQUAL(ask("CBA.AX", bar_interval::d1).status, "not_found");
  auto later = ask("CBA.AX", bar_interval::m5, "2024-01-09T01:00:00Z");
  CAF_CHECK_EQUAL(later.status, "no_data");
  CAF_CHECK_EQUAL(to_rfc3339(later.covered_until), "2024-01-09T00:15:00Z");
}

CAF_TEST(of two files with one bar the one with volume is told) {
  write_bars("CBA.csv", "2024-01-08,10,12,9,11,0\n2024-01-09,11,13,10,12,5\n");
  write_bars("CBA_late.csv", "2024-01-08,10,12,9,11.5,77\n"
                             "2024-01-09,11,13,10,12.5,5\n");
  look();
  look();
  auto x = ask();
  CAF_REQUIRE_EQUAL(x.bars.size(), 2u);
  CAF_CHECK(x.bars[0].volume.value() == 77.0);
  CAF_CHECK(x.bars[1].close.value() == 12.0);
}

CAF_TEST(sizes and numbers of files have limits) {
  folder_limits limits;
  limits.files_max = 1;
  limits.text_bytes_max = 60;
  folder_book small{folder, calendar, {"CBA.AX"}, limits};
  write_bars("CBA.csv", week);
  write_bars("WBC.csv", week);
  look(small);
  look(small);
  auto x = small.sum_up();
  CAF_CHECK_EQUAL(x.files, 1u);
  CAF_CHECK(x.errors["CBA.csv"].find("more than 60 bytes")
            != std::string::npos);
  CAF_CHECK(x.trouble.find("more than 1 files") != std::string::npos);
}

CAF_TEST(a folder that is not there is told and may come) {
  auto later = folder / "later";
  folder_book book_of_later{later, calendar, {"CBA.AX"}};
  look(book_of_later);
  look(book_of_later);
  price_request x;
  x.symbol = "CBA.AX";
  x.until = wall;
  auto away = book_of_later.answer(x, wall);
  CAF_CHECK_EQUAL(away.status, "unavailable");
  CAF_CHECK(away.text.find("no such file or folder") != std::string::npos);
  std::filesystem::create_directory(later);
  look(book_of_later);
  CAF_CHECK(book_of_later.sum_up().trouble.find("in the folder")
            != std::string::npos);
  write_bars("later/CBA.csv", week);
  look(book_of_later);
  CAF_CHECK_EQUAL(book_of_later.answer(x, wall).status, "unavailable");
  look(book_of_later);
  CAF_CHECK_EQUAL(book_of_later.answer(x, wall).bars.size(), 3u);
}

CAF_TEST_FIXTURE_SCOPE_END()
