#pragma once

/// A file's text in pieces, unpacked if it is gzip.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>

struct gzFile_s;

namespace banksia::intake {

class text_stream {
public:
  static constexpr std::size_t chunk_bytes = 1024 * 1024;

  /// @throws bad_input when the file cannot be opened
  explicit text_stream(const std::filesystem::path& file);

  /// The next `chunk_bytes` of text, fewer at the end, none after it; valid
  /// until the next call.
  /// @throws bad_input when the gzip data are damaged or cut off
  std::string_view next();

  /// How much of the file itself (of packed bytes, if so) has been taken.
  std::uint64_t bytes_taken() const;

private:
  struct closer {
    void operator()(gzFile_s* file) const noexcept;
  };

  std::filesystem::path file_;
  std::unique_ptr<gzFile_s, closer> handle_;
  std::vector<char> buffer_;
};

} // namespace banksia::intake
