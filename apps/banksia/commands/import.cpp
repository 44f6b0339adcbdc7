#include "apps/banksia/commands/commands.hpp"

#include "actors/intake/import_bars.hpp"
#include "actors/intake/import_news.hpp"
#include "actors/intake/import_progress.hpp"
#include "actors/store/schema.hpp"
#include "apps/common/output.hpp"
#include "apps/banksia/commands/news_options.hpp"
#include "apps/common/settings_plan.hpp"
#include "apps/common/signals.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <boost/json/object.hpp>

#include <atomic>
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
  std::string zone;
  std::string basis;
  bool dry_run = false;
  bool as_json = false;
};

/// How far an import is, on one line of a terminal that is written again and
/// again. Nothing anywhere else.
class progress_line {
public:
  progress_line(const std::vector<std::filesystem::path>& paths,
                const intake::input_kinds& kinds) {
    if (isatty(STDERR_FILENO) == 1)
      meter_.emplace(intake::sizes_of(paths, kinds));
  }

  void show(const intake::import_progress& x) {
    if (!meter_)
      return;
    auto elapsed = clock::now() - begun_;
    auto text = meter_->line(x, elapsed, columns());
    if (shown_ && elapsed - last_ < pause)
      return;
    last_ = elapsed;
    std::cerr << "\r\x1b[K" << text << std::flush;
    shown_ = true;
  }

  ~progress_line() {
    if (shown_)
      std::cerr << "\r\x1b[K" << std::flush;
  }

private:
  using clock = std::chrono::steady_clock;
  static constexpr std::chrono::milliseconds pause{100};

  /// One less than the terminal has: a full line would begin the next one.
  static std::size_t columns() {
    winsize size{};
    if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < 21)
      return 79;
    return size.ws_col - 1U;
  }

  std::optional<intake::progress_meter> meter_;
  clock::time_point begun_ = clock::now();
  clock::duration last_{};
  bool shown_ = false;
};

/// Ends an import after its transaction when somebody wants the program to
/// stop: what is committed stays, and the same command goes on from there.
class stop_wish {
public:
  void obey() const {
    if (wanted_)
      throw command_error(exit_failed, "stopped before the end: import: the "
                                       "same command goes on from here");
  }

private:
  signal_block signals_;
  std::atomic<bool> wanted_{false};
  std::unique_ptr<signal_block::waiter> waiter_
    = signals_.on_stop([this] { wanted_ = true; });
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

std::vector<std::filesystem::path> paths_of(const import_command& x) {
  return {x.paths.begin(), x.paths.end()};
}

intake::import_options bar_options(const import_command& x) {
  intake::import_options options;
  options.paths = paths_of(x);
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

intake::news_import_options news_options(const import_command& x,
                                         const config::settings& settings) {
  intake::news_import_options options;
  options.paths = paths_of(x);
  if (!x.symbol.empty())
    options.symbol = x.symbol;
  options.zone = zone_of_option(x.zone);
  options.aliases = aliases_of(settings.symbols);
  options.model = configured_sentiment_model(x.config, settings);
  options.dry_run = x.dry_run;
  options.received_at = wall_time();
  return options;
}

int print_report(const import_command& x,
                 const intake::import_report& report) {
  if (x.as_json)
    print_json(import_json(report));
  else
    std::cout << import_text(report)
              << (x.dry_run ? "Nothing was stored: --dry-run.\n" : "");
  return exit_done;
}

int import_bars_command(const import_command& x) {
  stop_wish stop;
  auto options = bar_options(x);
  auto settings = x.config.load().values;
  auto db = open_target(x.database.file(x.config, settings), x.dry_run);
  progress_line line{options.paths, intake::bar_files()};
  options.progress = [&](const intake::import_progress& p) {
    line.show(p);
    stop.obey();
  };
  return print_report(
    x, intake::import_bars(db, calendar_from(settings), options));
}

int import_news_command(const import_command& x) {
  stop_wish stop;
  auto settings = x.config.load().values;
  auto options = news_options(x, settings);
  auto db = open_target(x.database.file(x.config, settings), x.dry_run);
  progress_line line{options.paths, intake::news_files()};
  options.progress = [&](const intake::import_progress& p) {
    line.show(p);
    stop.obey();
  };
  return print_report(x, intake::import_news(db, options));
}

/// What both kinds of data are asked about alike.
void add_common(CLI::App& command, import_command& options) {
  options.config.add_to(command);
  options.database.add_to(command);
  command.add_option("PATH", options.paths, "files, or folders of them")
    ->required();
  command.add_option("--symbol", options.symbol,
                     "the symbol of files that tell none");
  command.add_flag("--dry-run", options.dry_run,
                   "judge and count, store nothing");
  command.add_flag("--json", options.as_json, "print one JSON document");
}

void add_bars(CLI::App& import, action& chosen) {
  auto bars = import.add_subcommand("bars", "bars from CSV and JSON files");
  auto options = std::make_shared<import_command>();
  add_common(*bars, *options);
  bars->add_option("--only", options->only, "A,B: rows of these symbols alone")
    ->delimiter(',')
    ->allow_extra_args(false);
  bars->add_option("--interval", options->interval,
                   "length of bars of files that do not tell it: 1m … 60m, 1d");
  bars->add_option("--basis", options->basis,
                   "what the prices stand for, where the columns mislead: "
                   "as-traded, split-adjusted, fully-adjusted");
  bars->footer("Doing so again changes nothing.\n"
               "Examples:\n"
               "  banksia import bars prices/ --db sqlite:data/bars.db\n"
               "  banksia import bars CBA.csv.gz --interval 30m --dry-run");
  bars->callback([options, &chosen] {
    chosen = [options] { return import_bars_command(*options); };
  });
}

void add_news(CLI::App& import, action& chosen) {
  auto news = import.add_subcommand(
    "news", "headlines from RSS, RDF, Atom, CSV, TSV and JSON files");
  auto options = std::make_shared<import_command>();
  add_common(*news, *options);
  news->add_option("--zone", options->zone,
                   "zone of dates that tell none: Australia/Sydney, UTC, …");
  news->footer("Doing so again changes nothing.\n"
               "Examples:\n"
               "  banksia import news news/ --db sqlite:data/bars.db\n"
               "  banksia import news 2025.csv --zone Australia/Sydney "
               "--dry-run");
  news->callback([options, &chosen] {
    chosen = [options] { return import_news_command(*options); };
  });
}

} // namespace

void add_import(CLI::App& app, action& chosen) {
  auto import = app.add_subcommand("import", "bring data into the database");
  import->require_subcommand(1);
  add_bars(*import, chosen);
  add_news(*import, chosen);
}

} // namespace banksia::commands
