#pragma once

/// A folder of its own, the command with its usual options, and the store it
/// leaves, read row by row.

#include "tests/integration/replay/child_process.hpp"
#include "tests/integration/replay/recorded_bars.hpp"
#include "tests/scratch_folder.hpp"

#include "runtime/storage/sqlite.hpp"

#include <boost/json/parse.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace banksia::test {

namespace fs = std::filesystem;
using words = std::vector<std::string>;

/// What a replay is asked for; all of it goes into the command line.
struct replay_call {
  fs::path bars;
  fs::path index; ///< empty: none
  std::string from;
  std::string to;
  fs::path db;
  words symbols = seven_symbols();
  words more = {"--json"};
};

inline words command_of(const replay_call& x) {
  std::string symbols;
  for (const auto& symbol : x.symbols)
    symbols += (symbols.empty() ? "" : ",") + symbol;
  words command{BANKSIA_BINARY_DIR "/banksia",
                "replay",
                "--bars",
                x.bars.string(),
                "--from",
                x.from,
                "--to",
                x.to,
                "--interval",
                "1d",
                "--db",
                "sqlite:" + x.db.string()};
  if (!symbols.empty())
    command.insert(command.end(), {"--symbols", symbols});
  if (!x.index.empty())
    command.insert(command.end(), {"--index", x.index.string()});
  command.insert(command.end(), x.more.begin(), x.more.end());
  return command;
}

/// Runs it and reads its document. @throws std::runtime_error unless it exits 0
inline boost::json::object replay(const replay_call& x) {
  auto done = run_child(command_of(x));
  if (done.code != 0)
    throw std::runtime_error("replay ended with " + std::to_string(done.code)
                             + ": " + done.err);
  return boost::json::parse(done.out).as_object();
}

inline std::string digest_of(const boost::json::object& x) {
  return std::string{x.at("digest").as_string()};
}

inline std::int64_t count_of(const boost::json::object& x,
                             std::string_view key) {
  return x.at(key).to_number<std::int64_t>();
}

/// A store opened beside the command, for reading.
inline storage::database open_store(const fs::path& file) {
  return storage::database{file, storage::open_mode::read_only};
}

/// Every column of every row that `condition` (with ORDER BY) selects, as
/// literals that tell each bit.
inline words rows_of(storage::database& db, const std::string& table,
                     const std::string& condition) {
  std::string columns;
  auto names = db.prepare("SELECT name FROM pragma_table_info('" + table
                          + "')");
  while (names.step())
    columns += std::string{columns.empty() ? "" : "||'|'||"} + "quote("
               + std::string{names.text(0)} + ")";
  words rows;
  auto query = db.prepare("SELECT " + columns + " FROM " + table + " "
                          + condition);
  while (query.step())
    rows.emplace_back(query.text(0));
  return rows;
}

/// The first difference of two lists of rows; empty when they are equal.
inline std::string difference(const words& a, const words& b) {
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
    if (a[i] != b[i])
      return a[i].substr(0, 300) + "\nbut\n" + b[i].substr(0, 300);
  if (a.size() != b.size())
    return std::to_string(a.size()) + " rows and " + std::to_string(b.size());
  return {};
}

struct replay_fixture {
  replay_fixture() {
    // Tests read as another user too.
    fs::permissions(folder, fs::perms{0755});
  }

  /// Simulated bars, with the index in XJO.csv.
  fs::path simulate(int sessions, int seed) const {
    auto path = folder / ("bars-" + std::to_string(seed));
    auto made = run_child({BANKSIA_BINARY_DIR "/make_bars", path.string(),
                           std::to_string(sessions), std::to_string(seed)});
    if (made.code != 0)
      throw std::runtime_error("make_bars failed: " + made.err);
    return path;
  }

  /// A replay of simulated bars.
  replay_call simulated_call(const fs::path& bars,
                             const std::string& db) const {
    return {bars, bars / "XJO.csv", "2010-03-01", "2030-12-31", folder / db};
  }

  /// The replay of all recorded years.
  replay_call recorded_call(const fs::path& bars, const std::string& db) const {
    return {bars, bars / "XJO.csv", "1998-01-01", "2022-12-30", folder / db};
  }

  test::scratch_folder scratch;
  fs::path folder = scratch.path();
};

} // namespace banksia::test
