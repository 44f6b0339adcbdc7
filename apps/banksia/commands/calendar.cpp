#include "apps/banksia/commands/commands.hpp"

#include "apps/common/output.hpp"
#include "apps/common/signals.hpp"
#include "models/market/calendar_text.hpp"

#include <boost/json/object.hpp>

#include <iostream>

namespace banksia::commands {

namespace {

namespace json = boost::json;

json::object json_of(const calendar_page& page) {
  json::array sessions;
  for (const auto& x : page.sessions) {
    json::object row{{"date", x.date},
                     {"weekday", x.weekday},
                     {"opens_at", x.opens_utc},
                     {"closes_at", x.closes_utc},
                     {"auction_ends_at", x.auction_utc},
                     {"opens_sydney", x.opens_sydney},
                     {"closes_sydney", x.closes_sydney},
                     {"auction_ends_sydney", x.auction_sydney},
                     {"half_day", x.half_day}};
    row["half_day_name"]
      = x.half_day ? json::value(x.half_day_name)
                   : json::value(nullptr);
    sessions.push_back(std::move(row));
  }
  json::array holidays;
  for (const auto& x : page.holidays)
    holidays.push_back(
      {{"date", x.date}, {"weekday", x.weekday}, {"name", x.name}});
  return {{"year", page.year}, {"sessions", sessions}, {"holidays", holidays}};
}

/// The running year in Sydney.
int year_now() {
  auto today = exchange_calendar::trading_date_of(wall_time());
  auto day = today.value_or(exchange_calendar::last_date);
  return static_cast<int>(day.year());
}

int calendar(std::optional<int> wanted, bool as_json) {
  auto year = wanted.value_or(year_now());
  constexpr auto first = static_cast<int>(exchange_calendar::first_date.year());
  constexpr auto last = static_cast<int>(exchange_calendar::last_date.year());
  if (year < first || year > last)
    throw command_error(exit_usage,
                        "the calendar does not cover "
                          + std::to_string(year)
                          + ": --year: give a year from "
                          + std::to_string(first) + " to "
                          + std::to_string(last));
  auto page = describe_year(exchange_calendar{}, std::chrono::year{year});
  if (!page)
    throw command_error(exit_failed, "no sessions in " + std::to_string(year)
                                       + ": exchange calendar: please report "
                                         "it");
  if (as_json)
    print_json(json_of(*page));
  else
    std::cout << render(*page);
  return exit_done;
}

} // namespace

void add_calendar(CLI::App& app, action& chosen) {
  auto command = app.add_subcommand(
    "calendar", "sessions and holidays of the ASX in a year");
  auto year = std::make_shared<std::optional<int>>();
  auto as_json = std::make_shared<bool>(false);
  command->add_option("--year", *year, "1997 to 2030 (default: this year)");
  command->add_flag("--json", *as_json, "print one JSON document");
  command->footer("Examples:\n"
                  "  banksia calendar\n"
                  "  banksia calendar --year 2025 --json");
  command->callback([year, as_json, &chosen] {
    chosen = [year, as_json] { return calendar(*year, *as_json); };
  });
}

} // namespace banksia::commands
