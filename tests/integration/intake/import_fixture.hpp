#pragma once

/// A store and a folder of files for tests of the import.

#include "actors/intake/import_bars.hpp"
#include "actors/store/queries.hpp"
#include "actors/store/schema.hpp"

#include "tests/scratch_folder.hpp"

#include <zlib.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace banksia::test {

constexpr auto received = from_micros(1'750'000'000'000'000);

struct import_fixture {
  scratch_folder folder;
  storage::database db = store::open_for_writing(folder.path() / "store.db");
  exchange_calendar calendar;

  std::filesystem::path file(const std::string& name, std::string_view text) {
    return folder.write(name, text);
  }

  std::filesystem::path packed(const std::string& name,
                               std::string_view text) {
    auto path = file(name, {});
    auto out = gzopen(path.c_str(), "wb");
    gzwrite(out, text.data(), static_cast<unsigned>(text.size()));
    gzclose(out);
    return path;
  }

  intake::import_options
  options(std::vector<std::filesystem::path> paths) const {
    intake::import_options result;
    result.paths = std::move(paths);
    result.received_at = received;
    return result;
  }

  intake::import_report run(const intake::import_options& x) {
    return intake::import_bars(db, calendar, x);
  }

  intake::import_counts
  import(std::vector<std::filesystem::path> paths) {
    return run(options(std::move(paths))).total;
  }

  /// The text of the error that the import ends with.
  std::string error_of(const intake::import_options& x) {
    try {
      run(x);
    } catch (const intake::bad_input& error) {
      return error.what();
    }
    return {};
  }

  std::vector<bar> bars(std::string_view symbol,
                        bar_interval interval = bar_interval::d1) {
    return store::queries{db}.bars_between(symbol, interval, std::nullopt,
                                           std::nullopt, 1'000'000);
  }

  std::int64_t rows(const std::string& table) {
    return db.scalar("SELECT count(*) FROM " + table);
  }

  /// The first row of a query, fields joined by `|`.
  std::string line(const std::string& sql, int columns) {
    auto query = db.prepare(sql);
    if (!query.step())
      return "nothing";
    std::string result;
    for (int i = 0; i < columns; ++i)
      result += (i ? "|" : "") + std::string{query.text(i)};
    return result;
  }
};

/// read, stored, duplicates, merged, repaired, quarantined
inline intake::import_counts counts(std::uint64_t read, std::uint64_t stored,
                                    std::uint64_t duplicates,
                                    std::uint64_t merged,
                                    std::uint64_t repaired,
                                    std::uint64_t quarantined) {
  return {read, stored, duplicates, merged, repaired, quarantined};
}

inline bool add_up(const intake::import_counts& x) {
  return x.read
         == x.stored + x.duplicates + x.merged + x.repaired + x.quarantined;
}

inline bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != text.npos;
}

/// The folder of real data, or nothing after saying so.
inline std::optional<std::filesystem::path> shared_data() {
  std::filesystem::path path{BANKSIA_SHARED_DATA};
  if (std::filesystem::is_directory(path / "market"))
    return path;
  std::cout << "banksia-skip: no shared data at " << path << std::endl;
  return std::nullopt;
}

/// Five sessions of January 2024, each accepted as it is.
inline constexpr std::string_view week = "Date,Open,High,Low,Close,Volume\n"
                                         "2024-01-08,10,12,9,11,1001\n"
                                         "2024-01-09,11,13,10,12,1002\n"
                                         "2024-01-10,12,14,11,13,1003\n"
                                         "2024-01-11,13,15,12,14,1004\n"
                                         "2024-01-12,14,16,13,15,1005\n";

} // namespace banksia::test
