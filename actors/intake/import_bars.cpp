#include "actors/intake/import_bars.hpp"

#include "actors/intake/bar_shelf.hpp"
#include "actors/intake/file_actions.hpp"
#include "actors/intake/import_files.hpp"
#include "actors/intake/row_judge.hpp"
#include "actors/intake/series_pass.hpp"
#include "actors/intake/text_stream.hpp"
#include "models/market/bar_formats_reader.hpp"

#include <algorithm>
#include <deque>
#include <set>
#include <utility>

namespace banksia::intake {

namespace {

/// The most text of a file whose rows have to be turned round.
constexpr std::size_t reversible_bytes_max = 64 * 1024 * 1024;

/// A larger page cache and rarer checkpoints while it lives: a batch touches
/// many pages, and the same ones as the next batch.
class bulk_pace {
public:
  explicit bulk_pace(storage::database& db)
    : db_(&db),
      cache_size_(db.scalar("PRAGMA cache_size")),
      autocheckpoint_(db.scalar("PRAGMA wal_autocheckpoint")) {
    db.execute("PRAGMA cache_size=-65536; PRAGMA wal_autocheckpoint=5000");
  }

  ~bulk_pace() {
    try {
      db_->execute("PRAGMA cache_size=" + std::to_string(cache_size_)
                   + "; PRAGMA wal_autocheckpoint="
                   + std::to_string(autocheckpoint_)
                   + "; PRAGMA wal_checkpoint(PASSIVE)");
    } catch (const storage::storage_error&) {
      // What was committed is safe in the log; the next checkpoint moves it.
    }
  }

  bulk_pace(const bulk_pace&) = delete;
  bulk_pace& operator=(const bulk_pace&) = delete;

private:
  storage::database* db_;
  std::int64_t cache_size_;
  std::int64_t autocheckpoint_;
};

class importer {
public:
  importer(storage::database& db, const exchange_calendar& calendar,
           const import_options& options)
    : options_(options),
      calendar_(calendar),
      shelf_(db,
             {options.dry_run, options.received_at, options.source,
              std::max<std::size_t>(options.batch_rows, 1)},
             rows_),
      judge_(calendar, [this](std::string_view symbol, bar_interval interval,
                              timestamp before) {
        return shelf_.last_before(symbol, interval, before);
      }) {
    for (const auto& x : options.only_symbols)
      wanted_.insert(symbol_of_option(x, "--symbols"));
  }

  import_report run() {
    auto files = find_inputs(options_.paths);
    // Files that were named must be sound before the first one is stored.
    for (const auto& file : files)
      if (file.named)
        recognise(text_stream{file.path}.next(), file.path, options_);
    for (const auto& file : files) {
      report_.files.push_back({file.path.string(), {}, {}});
      try {
        read(file.path);
      } catch (const bad_input& error) {
        shelf_.discard();
        if (file.named) {
          // What was stored before it must not stay unjudged.
          judge_series_of_all();
          throw;
        }
        report_.files.back().error = error.what();
      }
    }
    judge_series_of_all();
    return std::move(report_);
  }

private:
  bool is_wanted(std::string_view symbol) const {
    return wanted_.empty() || wanted_.contains(symbol);
  }

  void read(const std::filesystem::path& file) {
    text_stream text{file};
    auto chunk = text.next();
    auto source = recognise(chunk, file, options_);
    if (!source.symbol.empty() && !is_wanted(source.symbol))
      return;
    auto basis = basis_of(source, options_);
    judge_.begin_file(*source.interval, basis);
    shelf_.begin_file(file.string(),
                      static_cast<std::uint32_t>(report_.files.size() - 1),
                      *source.interval);
    actions_.begin_file(*source.interval, basis, tells_actions(source));
    std::error_code code;
    auto size = std::filesystem::file_size(file, code);
    bytes_total_ = code ? 0 : size;
    if (source.newest_first)
      read_reversed(text, chunk, std::move(source), file);
    else
      read_forward(text, chunk, std::move(source), file);
    flush(text);
    store_actions();
  }

  static bool tells_actions(const bar_source& source) {
    return is_document(source.format)
           || field_of(source.columns, bar_column::dividend) >= 0
           || field_of(source.columns, bar_column::split) >= 0;
  }

  void store_actions() {
    auto batch = actions_.finish(options_.received_at, options_.source,
                                 report_.notes);
    if (!batch.actions.empty())
      report_.notes.actions_stored += shelf_.store(batch);
  }

  void read_forward(text_stream& text, std::string_view chunk,
                    bar_source source, const std::filesystem::path& file) {
    bar_reader reader{std::move(source)};
    auto drain = [&] {
      while (const auto* row = reader.next())
        if (is_wanted(row->symbol))
          take(judge_.place(*row), text);
    };
    for (; !chunk.empty(); chunk = text.next()) {
      reader.feed(chunk);
      drain();
    }
    reader.finish();
    drain();
    if (!reader.error().empty())
      throw bad_input(reader.error(), file, "fetch the file again");
  }

  /// Holds all of a file to judge its rows in the order of time.
  void read_reversed(text_stream& text, std::string_view chunk,
                     bar_source source, const std::filesystem::path& file) {
    std::string whole;
    for (; !chunk.empty(); chunk = text.next()) {
      if (whole.size() + chunk.size() > reversible_bytes_max)
        throw bad_input("the newest row comes first in more than 64 MiB", file,
                        "sort its rows by time, or split it");
      whole += chunk;
    }
    if (!whole.ends_with('\n'))
      whole += '\n';
    bar_reader reader{std::move(source)};
    std::vector<placed_row> rows;
    std::deque<std::string> cut_lines; // those that the reader had to copy
    reader.feed(whole);
    while (const auto* row = reader.next()) {
      if (!is_wanted(row->symbol))
        continue;
      rows.push_back(judge_.place(*row));
      if (row->problem == row_problem::line_too_long)
        rows.back().text = cut_lines.emplace_back(row->text);
    }
    for (auto row = rows.rbegin(); row != rows.rend(); ++row)
      take(*row, text);
  }

  void take(const placed_row& row, const text_stream& text) {
    auto verdict = judge_.judge(row);
    shelf_.add(row, verdict);
    actions_.take(row);
    if (verdict.action != quality_action::quarantine && row.symbol->on_asx
        && judge_.interval() == bar_interval::d1)
      newest_ = std::max(newest_, row.times.opened_at);
    if (shelf_.is_full())
      flush(text);
  }

  void flush(const text_stream& text) {
    auto counts = shelf_.flush(judge_.symbols());
    report_.files.back().counts += counts;
    report_.total += counts;
    if (options_.progress)
      options_.progress({report_.files.back().path, text.bytes_taken(),
                         bytes_total_, report_.total});
  }

  /// The series that had rows, whole, from the store; few at a time.
  void judge_series_of_all() {
    constexpr std::size_t rulings_max = 50'000;
    series_pass pass{shelf_.target(), calendar_, options_.received_at,
                     options_.source};
    std::vector<const symbol_memory*> symbols;
    for (const auto& [name, symbol] : judge_.symbols())
      symbols.push_back(&symbol);
    std::sort(symbols.begin(), symbols.end(),
              [](const auto* a, const auto* b) { return a->name < b->name; });
    for (const auto* symbol : symbols)
      for (auto interval : symbol->intervals) {
        pass.judge(*symbol, interval, newest_, report_.notes);
        if (pass.waiting() >= rulings_max)
          pass.settle(rows_, report_);
      }
    pass.settle(rows_, report_);
  }

  const import_options& options_;
  const exchange_calendar& calendar_;
  arrival_log rows_;
  bar_shelf shelf_;
  file_actions actions_;
  timestamp newest_; ///< start of the exchange's newest daily bar
  row_judge judge_;
  std::set<std::string, std::less<>> wanted_;
  std::uint64_t bytes_total_ = 0;
  import_report report_;
};

} // namespace

import_report import_bars(storage::database& db,
                          const exchange_calendar& calendar,
                          const import_options& options) {
  std::optional<bulk_pace> pace;
  if (!options.dry_run)
    pace.emplace(db);
  return importer{db, calendar, options}.run();
}

} // namespace banksia::intake
