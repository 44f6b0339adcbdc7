#pragma once

/// Files that are read and replaced as a whole: whoever looks sees the one
/// before or the one after, also after a crash.

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace banksia {

/// What the operating system refused: what: where: why.
class file_failure : public std::runtime_error {
public:
  /// @param code as in `errno`
  file_failure(const std::string& what, const std::filesystem::path& where,
               int code);

  /// Whether there was no room: a full disk, a quota or a limit of size.
  bool is_full() const noexcept { return is_full_; }

private:
  bool is_full_;
};

/// Called before each step that a crash may come between, with its name.
using before_step = std::function<void(std::string_view)>;

/// The bytes of a file; nothing where there is none.
/// @throws file_failure when it cannot be read or has more than `bytes_max`
std::optional<std::string> read_whole(const std::filesystem::path& file,
                                      std::size_t bytes_max);

/// Writes beside (`FILE.new`), and renames once that is on disk. What was left
/// there by a crash is overwritten.
/// @throws file_failure; the file is then as it was
void replace_whole(const std::filesystem::path& file, std::string_view bytes,
                   const before_step& before = {});

/// Makes names that were added or removed in a folder outlast a crash.
/// @throws file_failure
void sync_folder(const std::filesystem::path& folder);

} // namespace banksia
