#define CAF_SUITE bar_rows
#include "models/market/bar_formats_reader.hpp"

#include "tests/unit/market/bar_samples.hpp"

#include "caf/test/unit_test.hpp"

#include <random>

using namespace banksia;
using namespace banksia::test;
using namespace std::string_literals;

namespace {

const std::string header = "Date,Open,High,Low,Close,Volume\n";

/// The one row of a file that has just `line`.
kept_row only_row(const std::string& line) {
  auto read = read_all(header + line, "CBA.csv");
  CAF_REQUIRE_EQUAL(read.rows.size(), 1u);
  return read.rows[0];
}

row_problem problem_of(const std::string& line) {
  return only_row(line).problem;
}

/// Every kind of line that a reader meets.
std::string mixed_text() {
  return "\xEF\xBB\xBF" + header
         + "2024-01-02,.105,1e1,\"1\",1 , 7\r\n"
           "\r\n"
           "2024-01-03,1,1,1,1,1\n"
           "2024-01-04,1,1\n"
           "not a date,\xC3\xA9,1,1,1,1\n"
           "2024-01-05,\xFF,1,1,1,1\n"
         + std::string(70'000, 'x') + "\n" + std::string(65'537, 'y') + "\n"
         + "2024-01-08,1,1,1,1,1,\"open\n"
           "   \n"
           "2024-01-09,inf,1,1,1,1";
}

} // namespace

CAF_TEST(numbers of every usual form are read) {
  auto row = only_row("2024-01-02, .105,1e1,\"1\",0.07 ,1200000");
  CAF_CHECK(row.problem == row_problem::none);
  CAF_CHECK(row.values == (bar_values{.105, 10, 1, .07, 1200000}));
}

CAF_TEST(each problem of a row has its name) {
  using enum row_problem;
  CAF_CHECK(problem_of("2024-02-30,1,1,1,1,1") == bad_date);
  CAF_CHECK(problem_of("02/01/2024,1,1,1,1,1") == bad_date);
  CAF_CHECK(problem_of("2024-01-02x10:00:00+11:00,1,1,1,1,1") == bad_date);
  CAF_CHECK(problem_of("2024-01-02 00:00:00"s + std::string(40, '0')
                       + ",1,1,1,1,1")
            == bad_date);
  CAF_CHECK(problem_of(",1,1,1,1,1") == missing_value);
  CAF_CHECK(problem_of("2024-01-02 10:00:00,1,1,1,1,1") == no_zone);
  CAF_CHECK(problem_of("2024-01-02 00:00:00,1,1,1,1,1") == none);
  CAF_CHECK(problem_of("2024-01-02,1,1,1x,1,1") == bad_number);
  CAF_CHECK(problem_of("2024-01-02,1,1,1,1e999,1") == bad_number);
  CAF_CHECK(problem_of("2024-01-02,1,1,1,1,\"1,000\"") == bad_number);
  CAF_CHECK(problem_of("2024-01-02,1,1,1,NaN,1") == missing_value);
  CAF_CHECK(problem_of("2024-01-02,1,1,1,1,N/A") == missing_value);
  CAF_CHECK(problem_of("2024-01-02,1,1,1,1,-inf") == none);
  CAF_CHECK(problem_of("2024-01-02,1,1,1,1") == wrong_column_count);
  CAF_CHECK(problem_of("2024-01-02,1,1,1,1,1,") == wrong_column_count);
  CAF_CHECK(problem_of("2024-01-02,\"1,1,1,1,1") == bad_quotes);
  CAF_CHECK(problem_of("2024-01-02,\"1\"2,1,1,1,1") == bad_quotes);
  CAF_CHECK(problem_of("2024-01-02,1,1,1,1,\xC0\x80") == not_utf8);
  CAF_CHECK(problem_of(std::string(bar_reader::max_line + 1, '1'))
            == line_too_long);
  CAF_CHECK(problem_of(std::string(bar_reader::max_line, '1'))
            == wrong_column_count);
  CAF_CHECK_EQUAL(to_string(none), "");
  CAF_CHECK_EQUAL(to_string(bad_date), "bad_date");
  CAF_CHECK_EQUAL(to_string(line_too_long), "line_too_long");
}

CAF_TEST(a row of an intraday file needs its time and zone) {
  auto read = read_all("Datetime,Open,High,Low,Close,Volume\n"
                       "2024-01-02 10:00:00+11:00,1,1,1,1,1\n"
                       "2024-01-02,1,1,1,1,1\n"
                       "2024-01-03 00:00:00,1,1,1,1,1\n",
                       "CBA_15m.csv");
  CAF_REQUIRE_EQUAL(read.rows.size(), 3u);
  CAF_CHECK(read.rows[0].problem == row_problem::none);
  CAF_CHECK(read.rows[1].problem == row_problem::no_zone);
  CAF_CHECK(read.rows[2].problem == row_problem::no_zone);
}

CAF_TEST(a broken dividend or split is a problem) {
  auto read = read_all("Date,Open,High,Low,Close,Volume,"
                       "Dividends,Stock Splits\n"
                       "2024-01-02,1,1,1,1,1,x,0\n"
                       "2024-01-03,1,1,1,1,1,0,2:1\n",
                       "CBA.csv");
  CAF_REQUIRE_EQUAL(read.rows.size(), 2u);
  CAF_CHECK_EQUAL(read.rows[0].field, "dividends");
  CAF_CHECK_EQUAL(read.rows[1].field, "stock splits");
  CAF_CHECK(read.rows[1].problem == row_problem::bad_number);
}

CAF_TEST(an adjusted close is read where it is a number) {
  auto read = read_all("Date,Open,High,Low,Close,Adj Close,Volume\n"
                       "2024-01-02,1,1,1,1,0.5,1\n"
                       "2024-01-03,1,1,1,1,x,1\n"
                       "2024-01-04,1,1,1,1,null,1\n",
                       "CBA.csv");
  CAF_REQUIRE_EQUAL(read.rows.size(), 3u);
  CAF_CHECK(read.rows[0].adj_close == 0.5);
  CAF_CHECK(!read.rows[1].adj_close);
  CAF_CHECK(!read.rows[2].adj_close);
  // It is beside the bar.
  for (const auto& x : read.rows)
    CAF_CHECK(x.problem == row_problem::none);
}

CAF_TEST(a line that is too long keeps its beginning and its neighbours) {
  auto read = read_all(header + std::string(200'000, 'x')
                         + "\n2024-01-03,1,1,1,1,1\n",
                       "CBA.csv");
  CAF_REQUIRE_EQUAL(read.rows.size(), 2u);
  CAF_CHECK_EQUAL(read.rows[0].text.size(), bar_reader::max_line);
  CAF_CHECK(read.rows[1].problem == row_problem::none);
  CAF_CHECK_EQUAL(read.rows[1].line, 3u);
}

CAF_TEST(the chunks that a text comes in change nothing) {
  auto text = mixed_text();
  auto whole = read_all(text, "CBA.csv");
  CAF_REQUIRE_EQUAL(whole.rows.size(), 9u);
  CAF_CHECK(whole.rows[0].problem == row_problem::none);
  CAF_CHECK(whole.rows[5].problem == row_problem::line_too_long);
  CAF_CHECK(whole.rows[6].problem == row_problem::line_too_long);
  auto bytewise = read_chunks(text, "CBA.csv", [] { return 1; });
  CAF_CHECK(bytewise.rows == whole.rows);
  std::minstd_rand random{7};
  for (int round = 0; round < 200; ++round) {
    auto most = std::size_t{1} << (1 + round % 17);
    auto read = read_chunks(text, "CBA.csv",
                            [&] { return 1 + random() % most; });
    CAF_REQUIRE(read.rows == whole.rows);
  }
}

CAF_TEST(garbage is refused or accounted for and never crashes) {
  std::minstd_rand random{11};
  const std::string alphabet = "0123456789.,-:\"\n\r\t eE+nul{}[]\xFF\xC3\x00"s;
  auto base = mixed_text().substr(0, 200);
  std::size_t read_rows = 0;
  std::size_t refused = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    if (round % 2 == 0) {
      text = base;
      for (int i = 0; i < 8; ++i)
        text[random() % text.size()] = alphabet[random() % alphabet.size()];
    } else {
      text.resize(random() % 300);
      for (auto& c : text)
        c = alphabet[random() % alphabet.size()];
    }
    auto read = read_all(text, "CBA.csv");
    read_rows += read.rows.size();
    CAF_REQUIRE_EQUAL(read.error.empty(), read.source.has_value());
    refused += !read.source;
  }
  CAF_CHECK(read_rows > 1000);
  CAF_CHECK(refused > 1000);
}

CAF_TEST(a text is made printable without losing what it was) {
  using bar_text::printable;
  CAF_CHECK_EQUAL(printable("a\xC3\xA9\xFF\n", 10), "a\xC3\xA9\\xff\\x0a");
  CAF_CHECK_EQUAL(printable("abcdef", 3), "abc…");
}

CAF_TEST(UTF 8 is checked as RFC 3629 has it) {
  using bar_text::is_utf8;
  for (auto good : {"", "plain ascii, long enough", "\xC3\xA9",
                    "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "\xEF\xBB\xBF"})
    CAF_CHECK(is_utf8(good));
  for (auto bad : {"\x80", "\xC3", "\xC1\x81", "\xE0\x80\x80", "\xED\xA0\x80",
                   "\xF0\x80\x80\x80", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80",
                   "12345678\xFF", "\xE2\x82x"})
    CAF_CHECK(!is_utf8(bad));
}
