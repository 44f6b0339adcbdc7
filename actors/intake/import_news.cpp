#include "actors/intake/import_news.hpp"

#include "actors/intake/import_files.hpp"
#include "actors/intake/news_shelf.hpp"
#include "actors/intake/text_stream.hpp"
#include "models/market/bar_formats_text.hpp"
#include "models/market/quality.hpp"
#include "models/news/headline_identity.hpp"
#include "models/news/headline_rows.hpp"
#include "models/news/headline_times.hpp"
#include "models/sentiment/headline_rating.hpp"

#include <algorithm>
#include <utility>

namespace banksia::intake {

namespace {

constexpr std::size_t file_bytes_max = 64 * 1024 * 1024;

/// A row with its times, or with the reason why it is refused.
struct dated_row {
  headline_row row;
  headline_times times;
  std::vector<std::string> symbols;
  std::string_view problem; ///< empty: it is a headline
};

/// All of a file's text, unpacked.
std::string text_of(const std::filesystem::path& file,
                    std::uint64_t& bytes_taken) {
  text_stream stream{file};
  std::string result;
  for (auto chunk = stream.next(); !chunk.empty(); chunk = stream.next()) {
    if (result.size() + chunk.size() > file_bytes_max)
      throw bad_input("more than 64 MiB of headlines", file, "split the file");
    result += chunk;
  }
  bytes_taken = stream.bytes_taken();
  return result;
}

bool is_nothing(const std::string& symbol) {
  auto x = bar_text::lower(symbol);
  return x.empty() || x == "null" || x == "none" || x == "nan" || x == "n/a";
}

/// The symbols of "CBA, WBC.AX"; nothing when one of them is none.
std::optional<std::vector<std::string>>
symbols_of_list(std::string_view list) {
  std::vector<std::string> result;
  while (!list.empty()) {
    auto end = std::min(list.find_first_of(",;| "), list.size());
    std::string code{bar_text::trimmed(list.substr(0, end))};
    list.remove_prefix(std::min(end + 1, list.size()));
    if (is_nothing(code))
      continue;
    for (auto& c : code)
      if (c >= 'a' && c <= 'z')
        c = static_cast<char>(c - 'a' + 'A');
    std::string symbol;
    if (!normalize_symbol(code, symbol))
      return std::nullopt;
    if (std::find(result.begin(), result.end(), symbol) == result.end())
      result.push_back(std::move(symbol));
  }
  return result;
}

void count(import_counts& counts, row_class x) {
  ++counts.read;
  switch (x) {
    case row_class::stored:
      ++counts.stored;
      break;
    case row_class::duplicate:
      ++counts.duplicates;
      break;
    case row_class::merged:
      ++counts.merged;
      break;
    case row_class::repaired:
      ++counts.repaired;
      break;
    case row_class::quarantined:
      ++counts.quarantined;
      break;
  }
}

class news_importer {
public:
  news_importer(storage::database& db, const news_import_options& options)
    : options_(options),
      rating_(options.model),
      shelf_(db, {options.dry_run, options.received_at}) {
    if (options.symbol)
      symbol_ = symbol_of_option(*options.symbol, "--symbol");
  }

  import_report run() {
    auto files = find_inputs(options_.paths, news_files());
    for (const auto& file : files) {
      report_.files.push_back({file.path.string(), {}, {}});
      try {
        read(file.path);
      } catch (const bad_input& error) {
        if (file.named)
          throw;
        report_.files.back().error = error.what();
      }
    }
    return std::move(report_);
  }

private:
  void read(const std::filesystem::path& file) {
    std::uint64_t bytes = 0;
    auto document = read_headlines(text_of(file, bytes), options_.received_at);
    if (!document.error.empty())
      throw bad_input(document.error, file,
                      "pass RSS, RDF, Atom, CSV, TSV or JSON with headlines");
    std::vector<dated_row> rows;
    rows.reserve(document.rows.size());
    for (auto& row : document.rows)
      rows.push_back(judge(std::move(row), document.source));
    std::stable_sort(rows.begin(), rows.end(),
                     [](const auto& a, const auto& b) {
                       return a.times.known_at < b.times.known_at;
                     });
    write(rows, bytes);
  }

  dated_row judge(headline_row row, const std::string& source) {
    dated_row x;
    x.row = std::move(row);
    x.problem = x.row.problem;
    if (!x.problem.empty() || x.row.repeated)
      return x;
    if (x.row.title.empty()) {
      x.problem = "untitled";
      return x;
    }
    if (x.row.source.empty())
      x.row.source = source.empty() ? "import" : source;
    x.times = times_of_headline(x.row.published, x.row.fetched, options_.zone,
                                options_.received_at);
    x.problem = x.times.problem;
    if (!x.problem.empty())
      return x;
    auto named = symbols_of_list(x.row.symbols);
    if (!named)
      x.problem = "bad_symbol";
    else if (!named->empty())
      x.symbols = std::move(*named);
    else if (symbol_)
      x.symbols = {*symbol_};
    else
      x.symbols = sentiment::symbols_in(x.row.title, options_.aliases);
    if (x.problem.empty() && x.symbols.empty())
      x.problem = "no_known_symbol";
    return x;
  }

  /// One transaction a batch; counted once it is committed.
  void write(const std::vector<dated_row>& rows, std::uint64_t bytes) {
    auto size = std::max<std::size_t>(options_.batch_rows, 1);
    for (std::size_t begin = 0; begin < rows.size(); begin += size) {
      auto end = std::min(begin + size, rows.size());
      import_counts counts;
      storage::transaction transaction{shelf_.target()};
      for (auto i = begin; i < end; ++i)
        count(counts, write(rows[i]));
      transaction.commit();
      report_.files.back().counts += counts;
      report_.total += counts;
      tell(bytes * end / rows.size(), bytes);
    }
    if (rows.empty())
      tell(bytes, bytes);
  }

  void tell(std::uint64_t taken, std::uint64_t bytes) {
    if (options_.progress)
      options_.progress(
        {report_.files.back().path, taken, bytes, report_.total});
  }

  row_class write(const dated_row& x) {
    const auto& path = report_.files.back().path;
    if (x.row.repeated)
      return row_class::duplicate;
    if (!x.problem.empty()) {
      shelf_.keep("headline", path, x.row.line, x.row.symbols, x.problem,
                  x.row.payload);
      ++report_.refused[std::string{x.problem}];
      return row_class::quarantined;
    }
    auto result = row_class::duplicate;
    for (const auto& made : headlines_of(x)) {
      auto fate = shelf_.write(made, rating_);
      if (fate == headline_fate::stored) {
        result = row_class::stored;
        if (!x.times.repair.empty())
          shelf_.keep("headline_repair", path, x.row.line, made.symbol,
                      x.times.repair, x.row.payload);
      } else if (fate != headline_fate::duplicate) {
        auto again = fate == headline_fate::another_date;
        shelf_.keep("headline_conflict", path, x.row.line, made.symbol,
                    again ? "another_date" : "told_before", x.row.payload);
        if (result == row_class::duplicate)
          result = row_class::merged;
      }
    }
    return result == row_class::stored && !x.times.repair.empty()
             ? row_class::repaired
             : result;
  }

  std::vector<headline> headlines_of(const dated_row& x) const {
    std::vector<headline> result;
    for (const auto& symbol : x.symbols) {
      headline made;
      made.symbol = symbol;
      made.title = x.row.title;
      made.source = x.row.source;
      made.link = x.row.link;
      made.headline_id = headline_identity(made);
      made.published_at = x.times.published_at;
      made.known_at = x.times.known_at;
      made.received_at = options_.received_at;
      result.push_back(std::move(made));
    }
    return result;
  }

  const news_import_options& options_;
  sentiment::headline_rating rating_;
  news_shelf shelf_;
  std::optional<std::string> symbol_;
  import_report report_;
};

} // namespace

import_report import_news(storage::database& db,
                          const news_import_options& options) {
  return news_importer{db, options}.run();
}

} // namespace banksia::intake
