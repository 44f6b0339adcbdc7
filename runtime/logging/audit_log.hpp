#pragma once

/// Who did what: lines that are on their way to the disk before the one who
/// asked is told. Not part of the log, whose queue may drop entries.

#include <cstddef>
#include <filesystem>
#include <mutex>
#include <string>

namespace banksia::logging {

struct audit_options {
  std::filesystem::path file;
  /// A file this long is renamed (`audit.1.jsonl` … `audit.9.jsonl`).
  std::size_t file_bytes_max = 10 * 1024 * 1024;
  unsigned files_kept = 9;
};

/// Thread-safe. The file is for its owner's eyes alone (0600).
class audit_log {
public:
  explicit audit_log(audit_options with);
  ~audit_log();
  audit_log(const audit_log&) = delete;
  audit_log& operator=(const audit_log&) = delete;

  /// Adds one line with one write. False when it could not be written whole;
  /// the next one tries again.
  bool append(const std::string& line);

private:
  bool open();
  void rotate();

  audit_options with_;
  std::mutex mutex_;
  int file_ = -1;
  std::size_t bytes_ = 0;
};

} // namespace banksia::logging
