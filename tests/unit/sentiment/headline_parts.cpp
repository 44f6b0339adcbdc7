#define CAF_SUITE headline_parts
#include "models/sentiment/duplicate_titles.hpp"
#include "models/sentiment/headline_event.hpp"
#include "models/sentiment/mentions.hpp"
#include "models/sentiment/sources.hpp"

#include "caf/test/unit_test.hpp"

#include <cmath>

using namespace banksia::sentiment;

namespace {

std::string symbols(std::string_view title) {
  std::string result;
  for (const auto& x : symbols_in(title, bank_aliases()))
    result += (result.empty() ? "" : " ") + x.substr(0, 3);
  return result;
}

std::string_view event(std::string_view title) {
  return to_string(event_of(title));
}

} // namespace

// -- mentions -------------------------------------------------------------------

CAF_TEST(names and tickers are found) {
  CAF_CHECK_EQUAL(symbols("CBA's profit"), "CBA");
  CAF_CHECK_EQUAL(symbols("Commonwealth Bank cuts jobs"), "CBA");
  CAF_CHECK_EQUAL(symbols("CommBank app is down"), "CBA");
  CAF_CHECK_EQUAL(symbols("Westpac, ANZ and NAB raise rates"), "WBC ANZ NAB");
  CAF_CHECK_EQUAL(symbols("National Australia Bank"), "NAB");
  CAF_CHECK_EQUAL(symbols("Macquarie buys QBE office"), "MQG QBE");
  CAF_CHECK_EQUAL(symbols("Suncorp lifts premiums"), "SUN");
  CAF_CHECK_EQUAL(symbols("MQG.AX up"), "MQG");
}

CAF_TEST(words are no tickers) {
  CAF_CHECK_EQUAL(symbols("police nab thief in the sun"), "");
  CAF_CHECK_EQUAL(symbols("You can bank on it"), "");
  CAF_CHECK_EQUAL(symbols("Anzac Day, cbas and Westpacs"), "");
  CAF_CHECK_EQUAL(symbols("SUN shines on Sydney"), "");
  CAF_CHECK_EQUAL(symbols("Insurer (SUN) and ASX:SUN and SUN.AX"), "SUN");
  CAF_CHECK_EQUAL(symbols("POLICE NAB THIEF"), "");
  CAF_CHECK_EQUAL(symbols("NAB.AX FALLS"), "NAB");
  CAF_CHECK_EQUAL(symbols("BANK FALLS (ASX: NAB)"), "NAB");
  CAF_CHECK_EQUAL(symbols("WESTPAC FALLS"), "WBC");
  CAF_CHECK_EQUAL(symbols("the commonwealth bank of nations"), "");
}

CAF_TEST(other owners of a name are not meant) {
  CAF_CHECK_EQUAL(symbols("Port Macquarie floods"), "");
  CAF_CHECK_EQUAL(symbols("Macquarie University study"), "");
  CAF_CHECK_EQUAL(symbols("Macquarie Bank leaves Port Macquarie"), "MQG");
  CAF_CHECK_EQUAL(symbols("Concert at Suncorp Stadium"), "");
}

CAF_TEST(markup does not hide a name) {
  CAF_CHECK_EQUAL(symbols("<b>ANZ</b> &amp; friends"), "ANZ");
  CAF_CHECK_EQUAL(symbols("\xff" "ANZ\xff"), "ANZ");
}

// -- events ---------------------------------------------------------------------

CAF_TEST(events by their words) {
  CAF_CHECK_EQUAL(event("ANZ lifts dividend, fully franked"), "dividend");
  CAF_CHECK_EQUAL(event("CBA half year profit falls"), "earnings");
  CAF_CHECK_EQUAL(event("ASIC sues Westpac over fees"), "regulation");
  CAF_CHECK_EQUAL(event("ANZ completes acquisition of Suncorp Bank"), "merger");
  CAF_CHECK_EQUAL(event("NAB appoints new chief executive"), "leadership");
  CAF_CHECK_EQUAL(event("Westpac launches share purchase plan"),
                  "capital_raising");
  CAF_CHECK_EQUAL(event("Brokers lower CBA price target"), "outlook");
  CAF_CHECK_EQUAL(event("Branches closed on Monday"), "other");
  CAF_CHECK_EQUAL(event(""), "other");
}

CAF_TEST(of equal events the first in precedence) {
  CAF_CHECK_EQUAL(event("takeover profit"), "merger");
  CAF_CHECK_EQUAL(event("profit, profit, takeover"), "earnings");
}

// -- sources --------------------------------------------------------------------

CAF_TEST(sources by name at word boundaries) {
  auto table = default_sources();
  CAF_CHECK(!problem_of(table));
  CAF_CHECK_EQUAL(table.of("Reuters Australia"), 0.95);
  CAF_CHECK_EQUAL(table.of("www.Reddit.com"), 0.3);
  CAF_CHECK_EQUAL(table.of("Reutersish"), table.unknown);
  CAF_CHECK_EQUAL(table.of(""), table.unknown);
  CAF_CHECK_EQUAL(table.of("simulator"), 1.0);
  // The longest name tells most.
  table.sources = {{"times", 0.2}, {"financial times", 0.9}};
  CAF_CHECK_EQUAL(table.of("The Financial Times"), 0.9);
  CAF_CHECK_EQUAL(table.of("Seaside Times"), 0.2);
}

CAF_TEST(unfit tables are named) {
  auto problem = [](source_table x) { return problem_of(x).value_or(""); };
  CAF_CHECK(problem({{}, 0.0}).starts_with("reliability of unknown"));
  CAF_CHECK(problem({{}, std::nan("")}).starts_with("reliability of unknown"));
  CAF_CHECK(problem({{{"a", 1.5}}, 0.5}).starts_with("reliability of a"));
  CAF_CHECK(problem({{{"A", 1.0}}, 0.5}).starts_with("source name 'A'"));
  CAF_CHECK(problem({{{"", 1.0}}, 0.5}).starts_with("source name ''"));
}

// -- duplicates -----------------------------------------------------------------

CAF_TEST(titles are compared without their dress) {
  CAF_CHECK_EQUAL(normalised_title("CBA's profit, UP 5%! - The Age"),
                  "cba profit up 5%");
  CAF_CHECK_EQUAL(normalised_title("ANZ cuts home loan rates | AFR"),
                  "anz cuts home loan rates");
  // A long last part is no source's name.
  CAF_CHECK_EQUAL(normalised_title("ANZ cuts rates - and borrowers in Perth "
                                   "are happy"),
                  "anz cuts rates and borrowers in perth are happy");
}

CAF_TEST(nearly the same words tell the same story) {
  auto alike = [](std::string_view a, std::string_view b) {
    return similarity(print_of(a), print_of(b));
  };
  CAF_CHECK_EQUAL(alike("ANZ cuts rates today", "anz CUTS rates, today."), 1.0);
  CAF_CHECK(alike("ANZ cuts its fixed home loan rates again",
                  "ANZ cuts its fixed home loan rates")
            >= same_story);
  CAF_CHECK(alike("ANZ cuts home loan rates", "Westpac raises its dividend")
            < 0.2);
  CAF_CHECK_EQUAL(alike("profit up 5 % at the bank this year",
                        "profit up 9 % at the bank this year"),
                  0.0);
  CAF_CHECK_EQUAL(alike("", ""), 1.0);
}

CAF_TEST(a repeated title gives the id of the first) {
  recent_titles recent{2};
  CAF_CHECK(!recent.add("a", "ANZ cuts home loan rates"));
  CAF_CHECK(recent.add("b", "ANZ cuts home loan rates - Reuters") == "a");
  CAF_CHECK_EQUAL(recent.size(), 1u);
  CAF_CHECK(!recent.add("c", "Westpac raises its dividend"));
  CAF_CHECK(!recent.add("d", "NAB names a chair"));
  CAF_CHECK_EQUAL(recent.size(), 2u);
  // The oldest went.
  CAF_CHECK(!recent.add("e", "ANZ cuts home loan rates"));
}
