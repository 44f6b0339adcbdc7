#define CAF_SUITE holiday_tables
#include "models/market/calendar.hpp"
#include "models/market/calendar_text.hpp"

#include "tests/unit/market/recorded_days.hpp"

#include "caf/test/unit_test.hpp"

#include <array>
#include <cctype>
#include <optional>
#include <set>

using namespace banksia;
using namespace banksia::test;
using namespace std::chrono;

namespace {

enum class status { open, early, closed };

/// A row of an exchange notice, scraped: "Sat 1 Jan/Mon 3 Jan3" has two dates.
struct table_row {
  std::string name;
  std::vector<trading_date> dates;
  std::string weekdays; ///< as written, three letters each
  std::optional<status> trading;
};

std::string lower(std::string text) {
  for (auto& c : text)
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

/// Runs of digits and runs of letters: footnotes are glued to months
/// ("January3"), hard spaces are two bytes that are neither.
std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> result;
  int last = 0;
  for (unsigned char c : lower(text)) {
    int kind = std::isdigit(c) ? 1 : std::isalpha(c) ? 2 : 0;
    if (kind != 0 && kind != last)
      result.emplace_back();
    if (kind != 0)
      result.back() += static_cast<char>(c);
    last = kind;
  }
  return result;
}

std::optional<month> month_of(const std::string& word) {
  static constexpr std::array names{"jan", "feb", "mar", "apr", "may", "jun",
                                    "jul", "aug", "sep", "oct", "nov", "dec"};
  for (unsigned i = 0; i < names.size(); ++i)
    if (word.substr(0, 3) == names[i])
      return month{i + 1};
  return std::nullopt;
}

bool is_weekday_word(const std::string& word) {
  static const std::set<std::string> names{"mon", "tue", "wed", "thu",
                                           "fri", "sat", "sun"};
  return names.count(word.substr(0, 3)) == 1;
}

std::optional<status> status_of(const std::string& cell) {
  auto text = lower(cell);
  auto ends_with = [&](const std::string& end) {
    return text.size() >= end.size()
           && text.compare(text.size() - end.size(), end.size(), end) == 0;
  };
  // A hard space may follow.
  while (!text.empty()
         && !std::isalnum(static_cast<unsigned char>(text.back())))
    text.pop_back();
  if (text.rfind("close early", 0) == 0)
    return status::early;
  if (text == "closed")
    return status::closed;
  // In one row the state's column ran into this one: "TAS4Open".
  if (ends_with("open"))
    return status::open;
  return std::nullopt;
}

table_row parse_row(const fields& cells, year y) {
  table_row row;
  row.name = cells.front();
  if (cells.size() < 3)
    return row;
  auto words = words_of(cells[1]);
  for (std::size_t i = 0; i + 1 < words.size(); ++i)
    if (auto m = month_of(words[i + 1]); m && std::isdigit(words[i][0])) {
      trading_date date{y, *m, day{static_cast<unsigned>(std::stoi(words[i]))}};
      CAF_REQUIRE(date.ok());
      row.dates.push_back(date);
    }
  for (const auto& word : words)
    if (is_weekday_word(word))
      row.weekdays += word.substr(0, 3);
  for (std::size_t i = 2; i < cells.size() && !row.trading; ++i)
    row.trading = status_of(cells[i]);
  return row;
}

bool is_weekend(trading_date date) {
  weekday day{sys_days{date}};
  return day == Saturday || day == Sunday;
}

std::vector<table_row> read_table(const std::filesystem::path& path, year y) {
  std::vector<table_row> rows;
  std::ifstream in{path};
  CAF_REQUIRE(in.good());
  for (std::string line; std::getline(in, line);)
    if (auto row = parse_row(split(line), y);
        !row.dates.empty() && row.trading)
      rows.push_back(std::move(row));
  return rows;
}

std::string weekday_letters(const table_row& row) {
  std::string result;
  for (auto date : row.dates)
    result += lower(std::string{weekday_name(date)});
  return result;
}

/// What a table or the calendar says of a year.
struct year_summary {
  std::set<trading_date> closed;
  std::set<trading_date> early;
};

std::string text_of(const std::set<trading_date>& dates) {
  std::string result;
  for (auto date : dates)
    result += to_string(date) + ' ';
  return result;
}

} // namespace

CAF_TEST(messy dates are read) {
  auto dates = [](const char* text) {
    std::string result;
    for (auto date : parse_row({"", text, "Closed"}, 2005y).dates)
      result += to_string(date).substr(5) + ' ';
    return result;
  };
  CAF_CHECK_EQUAL(dates("Sat 1 Jan/Mon 3 Jan3"), "01-01 01-03 ");
  CAF_CHECK_EQUAL(dates("Mon\xC2\xA0" "14 Mar"), "03-14 ");
  CAF_CHECK_EQUAL(dates("Monday, 24 December"), "12-24 ");
  CAF_CHECK_EQUAL(dates("Friday May"), "");
  CAF_CHECK(status_of("Close Early 14:05 (Sydney Time)") == status::early);
  CAF_CHECK(status_of("CLOSED") == status::closed);
  CAF_CHECK(status_of("Open\xC2\xA0") == status::open);
  CAF_CHECK(status_of("TAS4Open") == status::open);
  CAF_CHECK(!status_of("All States"));
}

CAF_TEST(the exchange tables of 2000 to 2020 agree year by year) {
  auto folder = recorded("market/reference/calendars/holidays");
  if (folder.empty())
    return;
  exchange_calendar calendar;
  int rows_read = 0;
  for (int y = 2000; y <= 2020; ++y) {
    year_summary table;
    year_summary ours;
    for (const auto& row :
         read_table(folder / (std::to_string(y) + ".csv"), year{y})) {
      ++rows_read;
      for (auto date : row.dates) {
        if (is_weekend(date))
          CAF_CHECK(row.trading == status::closed);
        else if (row.trading == status::closed)
          table.closed.insert(date);
        else if (row.trading == status::early)
          table.early.insert(date);
        // Open rows are holidays of single states.
        if (row.trading != status::closed && !calendar.is_trading_day(date))
          CAF_ERROR(to_string(date) << " " << row.name << " is open");
      }
    }
    for (const auto& day : calendar.holidays(year{y}))
      ours.closed.insert(day.date);
    for (const auto& s : calendar.sessions(year{y}))
      if (s.half_day)
        ours.early.insert(s.date);
    CAF_CHECK_EQUAL(text_of(ours.closed), text_of(table.closed));
    CAF_CHECK_EQUAL(text_of(ours.early), text_of(table.early));
  }
  // Guards against a reader that finds nothing.
  CAF_CHECK_GREATER(rows_read, 450);
}

CAF_TEST(the tables weekdays are right but in listed rows) {
  auto folder = recorded("market/reference/calendars/holidays");
  if (folder.empty())
    return;
  std::string wrong;
  for (int y = 2000; y <= 2020; ++y)
    for (const auto& row :
         read_table(folder / (std::to_string(y) + ".csv"), year{y}))
      if (weekday_letters(row) != row.weekdays)
        wrong += to_string(row.dates.front()) + " " + row.name + "; ";
  // "Thursday 24 October" in the table of 2014 was copied from that of 2013; a
  // holiday of one town on which the exchange traded, so nothing hangs on it.
  CAF_CHECK_EQUAL(wrong, "2014-10-24 Royal Hobart Show; ");
}
