#include "apps/banksia/commands/commands.hpp"

#include "actors/store/schema.hpp"
#include "apps/common/output.hpp"

#include <boost/json/object.hpp>

#include <iostream>

namespace banksia::commands {

namespace {

struct migrate_options {
  config_options config;
  database_option database;
  bool as_json = false;
};

int migrate(const migrate_options& options) {
  auto settings = options.config.load().values;
  auto file = options.database.file(options.config, settings);
  auto from = 0;
  {
    // A file that is no database of ours gets no tables.
    auto db = open_store_of_any_schema(file);
    from = storage::schema_version(db);
  }
  auto db = store::open_for_writing(file);
  auto to = storage::schema_version(db);
  if (options.as_json)
    print_json(boost::json::object{{"from", from}, {"to", to}});
  else if (from == to)
    std::cout << file.string() << " has schema " << to << " already\n";
  else
    std::cout << file.string() << ": schema " << from << " to " << to << '\n';
  return exit_done;
}

} // namespace

void add_db(CLI::App& app, action& chosen) {
  auto db = app.add_subcommand("db", "look after the database");
  db->require_subcommand(1);
  db->footer("Examples:\n"
             "  banksia db migrate --db sqlite:out.db");
  auto command = db->add_subcommand(
    "migrate", "bring a database of an older build to this build's schema");
  auto options = std::make_shared<migrate_options>();
  options->config.add_to(*command);
  options->database.add_to(*command);
  command->add_flag("--json", options->as_json, "print one JSON document");
  command->footer("It prints the schema before and after. `banksia run`, "
                  "`replay` and `import` do it by themselves.\n"
                  "Examples:\n"
                  "  banksia db migrate\n"
                  "  banksia db migrate --db sqlite:out.db --json");
  command->callback([options, &chosen] {
    chosen = [options] { return migrate(*options); };
  });
}

} // namespace banksia::commands
