#include "apps/banksia-ml/commands/commands.hpp"

#include "apps/common/output.hpp"
#include "models/forecast/numeric_environment.hpp"

#include <boost/json/object.hpp>

#include <iostream>

namespace banksia::commands {

namespace {

int show(bool as_json) {
  auto found = forecast::current_numeric_environment();
  auto problem = forecast::problem_of(found);
  if (as_json) {
    boost::json::object document{{"library", found.library},
                                 {"capability", found.capability},
                                 {"blas", found.blas}};
    document["problem"] = problem ? boost::json::value{*problem} : nullptr;
    print_json(document);
  } else {
    std::cout << to_string(found) << '\n';
    if (problem)
      std::cout << *problem << '\n';
  }
  return exit_done;
}

} // namespace

void add_environment(CLI::App& app, action& chosen) {
  auto command = app.add_subcommand(
    "environment", "what forecasts are computed with: library, processor, BLAS");
  auto as_json = std::make_shared<bool>(false);
  command->add_flag("--json", *as_json, "one JSON document");
  command->callback(
    [&chosen, as_json] { chosen = [as_json] { return show(*as_json); }; });
}

} // namespace banksia::commands
