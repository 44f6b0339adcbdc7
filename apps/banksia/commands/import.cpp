#include "apps/banksia/commands/command.hpp"

#include "actors/intake/import_bars.hpp"
#include "actors/store/schema.hpp"
#include "apps/banksia/commands/output.hpp"
#include "apps/banksia/settings_plan.hpp"
#include "apps/banksia/signals.hpp"

#include <unistd.h>

#include <boost/json/object.hpp>

#include <iostream>

namespace banksia::commands {

namespace {

struct import_command {
  config_options config;
  database_option database;
  std::vector<std::string> paths;
  std::vector<std::string> only;
  std::string symbol;
  std::string interval;
  std::string basis;
  bool dry_run = false;
  bool as_json = false;
};

/// How far an import is, on one line of a terminal that is written again and
/// again. Nothing anywhere else.
class progress_line {
public:
  void show(const intake::import_progress& x) {
    if (!terminal_)
      return;
    auto percent = x.bytes_total == 0
                     ? 100
                     : 100 * x.bytes_taken / x.bytes_total;
    std::cerr << "\r\x1b[K" << x.path << "  " << percent << " %  "
              << x.total.read << " rows" << std::flush;
    shown_ = true;
  }

  ~progress_line() {
    if (shown_)
      std::cerr << "\r\x1b[K" << std::flush;
  }

private:
  bool terminal_ = isatty(STDERR_FILENO) == 1;
  bool shown_ = false;
};

/// A dry run leaves no trace: without a database it judges against an empty one
/// in memory.
storage::database open_target(const std::filesystem::path& file,
                              bool dry_run) {
  if (!dry_run)
    return store::open_for_writing(file);
  std::error_code ignored;
  if (std::filesystem::exists(file, ignored))
    return store::open_for_reading(file);
  return store::open_for_writing(":memory:");
}

price_basis basis_named(const std::string& text) {
  if (text == "as-traded")
    return price_basis::as_traded;
  if (text == "split-adjusted")
    return price_basis::split_adjusted;
  if (text == "fully-adjusted")
    return price_basis::fully_adjusted;
  throw command_error(exit_usage,
                      "no such basis: --basis " + text
                        + ": use as-traded, split-adjusted or fully-adjusted");
}

intake::import_options options_of(const import_command& x) {
  intake::import_options options;
  for (const auto& path : x.paths)
    options.paths.emplace_back(path);
  options.only_symbols = x.only;
  if (!x.symbol.empty())
    options.symbol = x.symbol;
  if (!x.interval.empty()) {
    options.interval = parse_interval(x.interval);
    if (!options.interval)
      throw command_error(exit_usage, "no such interval: --interval "
                                        + x.interval
                                        + ": use 1m, 5m, 15m, 30m, 60m or 1d");
  }
  if (!x.basis.empty())
    options.basis = basis_named(x.basis);
  options.dry_run = x.dry_run;
  options.received_at = wall_time();
  return options;
}

int import_bars_command(const import_command& x) {
  auto options = options_of(x);
  auto settings = x.config.load().values;
  auto db = open_target(x.database.file(x.config, settings), x.dry_run);
  progress_line line;
  options.progress = [&line](const intake::import_progress& p) {
    line.show(p);
  };
  auto report = intake::import_bars(db, calendar_from(settings), options);
  if (x.as_json)
    print_json(import_json(report));
  else
    std::cout << import_text(report)
              << (x.dry_run ? "Nothing was stored: --dry-run.\n" : "");
  return exit_done;
}

} // namespace

void add_import(CLI::App& app, action& chosen) {
  auto import = app.add_subcommand("import", "bring data into the database");
  import->require_subcommand(1);
  auto bars = import->add_subcommand("bars", "bars from CSV and JSON files");
  auto options = std::make_shared<import_command>();
  options->config.add_to(*bars);
  options->database.add_to(*bars);
  bars->add_option("PATH", options->paths, "files, or folders of them")
    ->required();
  bars->add_option("--only", options->only, "A,B: rows of these symbols alone")
    ->delimiter(',')
    ->allow_extra_args(false);
  bars->add_option("--symbol", options->symbol,
                   "the symbol of files that tell none");
  bars->add_option("--interval", options->interval,
                   "length of bars of files that do not tell it: 1m … 60m, 1d");
  bars->add_option("--basis", options->basis,
                   "what the prices stand for, where the columns mislead: "
                   "as-traded, split-adjusted, fully-adjusted");
  bars->add_flag("--dry-run", options->dry_run, "judge and count, store nothing");
  bars->add_flag("--json", options->as_json, "print one JSON document");
  bars->footer("Doing so again changes nothing.\n"
               "Examples:\n"
               "  banksia import bars prices/ --db sqlite:data/bars.db\n"
               "  banksia import bars CBA.csv.gz --interval 30m --dry-run");
  bars->callback([options, &chosen] {
    chosen = [options] { return import_bars_command(*options); };
  });
}

} // namespace banksia::commands
