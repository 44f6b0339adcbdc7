#include "actors/store/journal_bytes.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <zlib.h>

namespace banksia::store::journal_bytes {

using storage::failure;
using storage::storage_error;

namespace {

constexpr std::size_t checked_from = 8; ///< of a frame, behind its checksum

failure kind_of(int code) {
  switch (code) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return failure::full;
    case EROFS:
    case EACCES:
    case EPERM:
      return failure::read_only;
    case ENOENT:
    case ENOTDIR:
    case EISDIR:
    case ELOOP:
      return failure::cannot_open;
    default:
      return failure::io;
  }
}

} // namespace

std::uint32_t checksum(std::uint32_t so_far, const char* data,
                       std::size_t size) {
  return static_cast<std::uint32_t>(
    crc32_z(so_far, reinterpret_cast<const Bytef*>(data), size));
}

std::uint32_t checksum_of(const char* frame, std::span<const char> payload) {
  auto sum = checksum(0, frame, 4);
  sum = checksum(sum, frame + checked_from, frame_size - checked_from);
  return checksum(sum, payload.data(), payload.size());
}

void raise(const char* what, const std::filesystem::path& file, int code) {
  throw storage_error(kind_of(code), std::string{what} + ": " + file.string()
                                       + ": "
                                       + std::generic_category().message(code));
}

std::size_t read_at(int handle, char* to, std::size_t size,
                    std::uint64_t offset, const std::filesystem::path& file) {
  std::size_t done = 0;
  while (done < size) {
    auto n = pread(handle, to + done, size - done,
                   static_cast<off_t>(offset + done));
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      raise("cannot read the journal", file, errno);
    if (n == 0)
      break;
    done += static_cast<std::size_t>(n);
  }
  return done;
}

int write_at(int handle, std::span<const char> what, std::uint64_t offset) {
  while (!what.empty()) {
    auto n = pwrite(handle, what.data(), what.size(),
                    static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return errno;
    what = what.subspan(static_cast<std::size_t>(n));
    offset += static_cast<std::uint64_t>(n);
  }
  return 0;
}

int sync_folder_of(const std::filesystem::path& file) {
  auto folder = file.parent_path();
  auto handle = ::open(folder.empty() ? "." : folder.c_str(),
                       O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (handle < 0)
    return errno;
  auto code = fsync(handle) == 0 ? 0 : errno;
  ::close(handle);
  return code;
}

std::uint64_t size_of(int handle, const std::filesystem::path& file) {
  struct stat about {};
  if (fstat(handle, &about) != 0)
    raise("cannot look at the journal", file, errno);
  return static_cast<std::uint64_t>(about.st_size);
}

std::optional<journal_entry> frame_at(int handle, journal::position at,
                                      std::uint64_t end,
                                      const std::filesystem::path& file) {
  char frame[frame_size];
  if (read_at(handle, frame, frame_size, at.offset, file) < frame_size)
    return std::nullopt;
  auto size = get<std::uint32_t>(frame);
  journal_entry entry;
  entry.sequence = get<std::uint64_t>(frame + 8);
  entry.kind = get<std::uint16_t>(frame + 16);
  auto begin = at.offset + frame_size;
  if (entry.sequence != at.sequence + 1 || end < begin || size > end - begin)
    return std::nullopt;
  entry.payload.resize(size);
  if (read_at(handle, entry.payload.data(), size, begin, file) < size
      || checksum_of(frame, entry.payload) != get<std::uint32_t>(frame + 4))
    return std::nullopt;
  return entry;
}

std::uint32_t checksum_in(int handle, std::uint64_t frame,
                          const std::filesystem::path& file) {
  char bytes[4];
  return read_at(handle, bytes, sizeof(bytes), frame + 4, file) == sizeof(bytes)
           ? get<std::uint32_t>(bytes)
           : 0;
}

void advance(journal::position& at, const journal_entry& past) {
  at.sequence = past.sequence;
  at.offset += frame_size + past.payload.size();
}

} // namespace banksia::store::journal_bytes
