#pragma once

/// A folder of bar files as a source of prices: which files there are, which
/// series they hold, what they answer. Plain: no actor, no clock; it reads
/// files, so it blocks.

#include "messages/protocol.hpp"
#include "models/market/bar_formats_reader.hpp"
#include "models/market/calendar.hpp"
#include "models/market/quality_times.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace banksia {

struct folder_limits {
  std::size_t files_max = 4096;
  std::uint64_t text_bytes_max = 64 * 1024 * 1024; ///< of one file, unpacked
  std::size_t unreadable_max = 1000; ///< rows told in one answer
};

/// Promises: a file is read only once it has looked the same twice in a row, so
/// none that is being written; one that cannot be read costs nobody anything
/// but its own rows. What is kept of a file is which of the symbols it holds;
/// its rows are read again for each answer.
class folder_book {
public:
  /// @param symbols rows of others are not looked at
  folder_book(std::filesystem::path folder,
              std::shared_ptr<const exchange_calendar> calendar,
              std::set<std::string> symbols, folder_limits limits = {});

  /// Looks which files there are. New and changed ones are due once they look
  /// the same the next time; those that are gone are forgotten.
  void look();

  /// Reads the next file that is due.
  /// @returns why it could not be read, empty when it could; nothing when none
  /// is due
  std::optional<std::string> take_next();

  bool has_work() const noexcept { return due_ > 0; }

  /// What was whole at first has been read: not before, since the history of a
  /// new series is taken once.
  bool is_ready() const noexcept { return ready_; }

  /// A bar is told once it is over, and was when its file was written.
  /// @param wall when it is answered
  price_answer answer(const price_request& asked, timestamp wall);

  struct summary {
    std::size_t files = 0;  ///< that are read, or could not be
    std::size_t series = 0; ///< (symbol, interval) that they hold
    std::map<std::string, std::string> errors; ///< by the file's name
    std::string trouble; ///< of the folder itself; empty without any
  };

  summary sum_up() const;

private:
  /// What tells that a file has changed.
  struct fingerprint {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::uint64_t size = 0;
    std::int64_t written_ns = 0; ///< since 1970

    friend bool operator==(const fingerprint&, const fingerprint&) = default;
  };

  /// The part of a series that a file holds.
  struct stretch {
    timestamp first_order;
    timestamp last_order;
    timestamp last_known_at;
  };

  struct file_state {
    fingerprint seen;
    bool due = false;   ///< looked the same twice, not read yet
    bool taken = false; ///< read in this form, perhaps in vain
    std::string error;
    bar_interval interval = bar_interval::d1;
    std::map<std::string, stretch> series; ///< by symbol
    std::set<std::string> told; ///< whose unreadable rows have been told
  };

  using file_map = std::map<std::filesystem::path, file_state>;
  using row_handler
    = std::function<void(const raw_row&, const bar_source&)>;

  static std::optional<fingerprint>
  fingerprint_of(const std::filesystem::path& file);

  void note(const std::filesystem::path& file);
  void take(const std::filesystem::path& file, file_state& x);
  /// @throws intake::bad_input
  void read(const std::filesystem::path& file, const row_handler& use) const;
  const session_lookup& sessions_of(const std::string& symbol) const;
  void add_file(price_answer& to, std::map<timestamp, bar>& bars,
                const std::filesystem::path& file, file_state& x,
                const price_request& asked, timestamp wall);

  std::filesystem::path folder_;
  std::shared_ptr<const exchange_calendar> calendar_;
  std::set<std::string> symbols_;
  folder_limits limits_;
  session_lookup asx_;
  session_lookup elsewhere_;
  file_map files_;
  std::set<std::filesystem::path> present_; ///< of the look under way
  std::string trouble_;
  std::size_t due_ = 0;
  bool ready_ = false;
};

} // namespace banksia
