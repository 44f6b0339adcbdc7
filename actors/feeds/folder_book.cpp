#include "actors/feeds/folder_book.hpp"

#include "actors/intake/import_files.hpp"
#include "actors/intake/row_judge.hpp"
#include "actors/intake/text_stream.hpp"
#include "models/market/quality.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <utility>

namespace fs = std::filesystem;

namespace banksia {

namespace {

bar bar_of(const raw_row& row, const price_request& asked, timestamp wall) {
  bar made;
  made.symbol = asked.symbol;
  made.interval = asked.interval;
  // Sources tell the day of a daily bar, the session is found for it later.
  made.opened_at = asked.interval == bar_interval::d1
                     ? timestamp{std::chrono::sys_days{*row.day}}
                     : *row.at;
  made.received_at = wall;
  put(made, row.values);
  made.source = "folder";
  return made;
}

/// "CBA.csv:12: 2025-07-01,…": where it stands belongs to what it says.
quarantined_row unreadable_row(const raw_row& row, const fs::path& file,
                               const std::string& symbol, timestamp wall) {
  constexpr std::size_t payload_bytes_max = 2048;
  return {1,
          symbol,
          "folder",
          std::string{to_string(row.problem)},
          bar_text::printable(file.filename().string() + ":"
                                + std::to_string(row.line) + ": "
                                + std::string{row.text},
                              payload_bytes_max),
          wall};
}

} // namespace

folder_book::folder_book(fs::path folder,
                         std::shared_ptr<const exchange_calendar> calendar,
                         std::set<std::string> symbols, folder_limits limits)
  : folder_(std::move(folder)),
    calendar_(std::move(calendar)),
    symbols_(std::move(symbols)),
    limits_(limits),
    asx_(asx_sessions(*calendar_)),
    elsewhere_(intake::unknown_sessions()) {}

std::optional<folder_book::fingerprint>
folder_book::fingerprint_of(const fs::path& file) {
  struct stat x {};
  if (::stat(file.c_str(), &x) != 0 || !S_ISREG(x.st_mode))
    return std::nullopt;
  return fingerprint{x.st_dev, x.st_ino, static_cast<std::uint64_t>(x.st_size),
                     std::int64_t{x.st_mtim.tv_sec} * 1'000'000'000
                       + x.st_mtim.tv_nsec};
}

// -- looking ----------------------------------------------------------------------

void folder_book::look() {
  trouble_.clear();
  present_.clear();
  try {
    for (const auto& file :
         intake::find_inputs({folder_}, intake::bar_files())) {
      auto name = file.path.filename().string();
      if (name.starts_with('.'))
        continue; // how programs name what they are still writing
      if (present_.size() == limits_.files_max) {
        trouble_ = "more than " + std::to_string(limits_.files_max)
                   + " files: the others are not looked at";
        break;
      }
      note(file.path);
    }
  } catch (const intake::bad_input& error) {
    trouble_ = error.what();
  }
  std::erase_if(files_, [this](const auto& x) {
    return !present_.contains(x.first);
  });
  due_ = static_cast<std::size_t>(
    std::count_if(files_.begin(), files_.end(),
                  [](const auto& x) { return x.second.due; }));
}

void folder_book::note(const fs::path& file) {
  auto now = fingerprint_of(file);
  if (!now)
    return; // gone between two calls
  present_.insert(file);
  auto [at, is_new] = files_.try_emplace(file);
  auto& x = at->second;
  if (is_new || x.seen != *now) {
    x.seen = *now;
    x.due = x.taken = false;
  } else if (!x.taken) {
    x.due = true;
  }
}

// -- reading ----------------------------------------------------------------------

std::optional<std::string> folder_book::take_next() {
  auto next = std::find_if(files_.begin(), files_.end(), [](const auto& x) {
    return x.second.due;
  });
  if (next == files_.end())
    return std::nullopt;
  take(next->first, next->second);
  --due_;
  ready_ = ready_ || due_ == 0;
  return next->second.error;
}

const session_lookup&
folder_book::sessions_of(const std::string& symbol) const {
  return intake::trades_on_asx(symbol) ? asx_ : elsewhere_;
}

void folder_book::read(const fs::path& file, const row_handler& use) const {
  intake::text_stream text{file};
  auto chunk = text.next();
  auto source = intake::recognise(chunk, file, {});
  bar_reader reader{source};
  std::uint64_t bytes = 0;
  auto drain = [&] {
    while (const auto* row = reader.next())
      use(*row, source);
  };
  for (; !chunk.empty(); chunk = text.next()) {
    bytes += chunk.size();
    if (bytes > limits_.text_bytes_max)
      throw intake::bad_input(
        "more than " + std::to_string(limits_.text_bytes_max) + " bytes", file,
        "split it, or import it");
    reader.feed(chunk);
    drain();
  }
  reader.finish();
  drain();
  if (!reader.error().empty())
    throw intake::bad_input(reader.error(), file, "fetch the file again");
}

void folder_book::take(const fs::path& file, file_state& x) {
  x.due = false;
  x.taken = true;
  x.error.clear();
  x.series.clear();
  x.told.clear();
  try {
    read(file, [&](const raw_row& row, const bar_source& source) {
      x.interval = *source.interval;
      std::string symbol{row.symbol};
      if (!symbols_.contains(symbol))
        return;
      auto at = row.problem == row_problem::none
                  ? times_of(row, x.interval, sessions_of(symbol))
                  : std::nullopt;
      if (!at)
        return;
      auto [known, is_new] = x.series.try_emplace(
        symbol, stretch{at->order, at->order, at->known_at});
      auto& s = known->second;
      s.first_order = std::min(s.first_order, at->order);
      if (at->order > s.last_order) {
        s.last_order = at->order;
        s.last_known_at = at->known_at;
      }
    });
  } catch (const intake::bad_input& error) {
    x.error = error.what();
  }
  // Who changes a file in place while it is read gets it read again.
  if (fingerprint_of(file) != x.seen)
    x.taken = false;
}

// -- answering --------------------------------------------------------------------

void folder_book::add_file(price_answer& to, std::map<timestamp, bar>& bars,
                           const fs::path& file, file_state& x,
                           const price_request& asked, timestamp wall) {
  auto written_at = from_micros(x.seen.written_ns / 1000);
  auto tell = x.told.insert(asked.symbol).second;
  read(file, [&](const raw_row& row, const bar_source&) {
    if (row.symbol != asked.symbol)
      return;
    if (row.problem != row_problem::none) {
      if (tell && to.unreadable.size() < limits_.unreadable_max)
        to.unreadable.push_back(
          unreadable_row(row, file, asked.symbol, wall));
      return;
    }
    auto at = times_of(row, asked.interval, sessions_of(asked.symbol));
    if (!at || at->order < asked.from)
      return;
    if (at->known_at > asked.until || at->known_at > written_at) {
      ++to.growing;
      return;
    }
    auto made = bar_of(row, asked, wall);
    auto [there, is_new] = bars.try_emplace(at->order, made);
    if (!is_new
        && reconcile(values_of(there->second), row.values)
             == reconciliation::take_incoming)
      there->second = std::move(made);
  });
}

price_answer folder_book::answer(const price_request& asked, timestamp wall) {
  price_answer result;
  result.source = "folder";
  auto refuse = [&](const char* status, std::string text) {
    result.status = status;
    result.text = std::move(text);
    return std::move(result);
  };
  if (!ready_)
    return refuse("unavailable", trouble_.empty()
                                   ? "the files have not been read yet"
                                   : trouble_);
  std::map<timestamp, bar> bars;
  std::optional<timestamp> newest;
  for (auto& [file, x] : files_) {
    auto found = x.series.find(asked.symbol);
    if (!x.taken || x.interval != asked.interval || found == x.series.end())
      continue;
    newest = std::max(newest.value_or(timestamp{}),
                      found->second.last_known_at);
    if (found->second.last_order < asked.from)
      continue;
    try {
      add_file(result, bars, file, x, asked, wall);
    } catch (const intake::bad_input& error) {
      x.error = error.what();
      x.taken = false; // looked at anew
    }
  }
  if (!newest)
    return refuse(trouble_.empty() ? "not_found" : "unavailable",
                  trouble_.empty()
                    ? "no file holds bars of " + asked.symbol + " of "
                        + std::string{to_string(asked.interval)}
                    : trouble_);
  for (auto& [at, x] : bars)
    result.bars.push_back(std::move(x));
  result.status = result.bars.empty() ? "no_data" : "ok";
  // Daily bars tell nothing of the day that runs; short ones end with the last.
  result.covered_until = asked.until;
  if (asked.interval != bar_interval::d1)
    result.covered_until
      = std::min(asked.until,
                 result.bars.empty()
                   ? *newest
                   : result.bars.back().opened_at
                       + std::chrono::minutes{minutes_of(asked.interval)});
  return result;
}

folder_book::summary folder_book::sum_up() const {
  summary result;
  std::set<std::pair<std::string, bar_interval>> series;
  for (const auto& [file, x] : files_) {
    result.files += x.taken;
    if (!x.error.empty())
      result.errors[file.filename().string()] = x.error;
    for (const auto& [symbol, unused] : x.series)
      series.emplace(symbol, x.interval);
  }
  result.series = series.size();
  result.trouble = trouble_;
  return result;
}

} // namespace banksia
