#include "actors/store/journal.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <zlib.h>

namespace banksia::store {

using storage::failure;
using storage::storage_error;

namespace {

constexpr char magic[8] = {'B', 'N', 'K', 'S', 'J', 'R', 'N', 'L'};
constexpr std::size_t header_size = 16; ///< magic, version, checksum
constexpr std::size_t frame_size = 18;  ///< what precedes a payload
constexpr std::size_t checked_from = 8; ///< of a frame, behind its checksum

// -- bytes ------------------------------------------------------------------------

template <class T>
void put(char* to, T x) {
  for (std::size_t i = 0; i < sizeof(T); ++i)
    to[i] = static_cast<char>(x >> (8 * i));
}

template <class T>
T get(const char* from) {
  T x = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i)
    x = static_cast<T>(x | T{static_cast<unsigned char>(from[i])} << (8 * i));
  return x;
}

std::uint32_t checksum(std::uint32_t so_far, const char* data,
                       std::size_t size) {
  return static_cast<std::uint32_t>(
    crc32_z(so_far, reinterpret_cast<const Bytef*>(data), size));
}

/// Over length, sequence, kind and payload: a damaged length must not pass.
std::uint32_t checksum_of(const char* frame, std::span<const char> payload) {
  auto sum = checksum(0, frame, 4);
  sum = checksum(sum, frame + checked_from, frame_size - checked_from);
  return checksum(sum, payload.data(), payload.size());
}

// -- files ------------------------------------------------------------------------

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

[[noreturn]] void raise(const char* what, const std::filesystem::path& file,
                        int code) {
  throw storage_error(kind_of(code), std::string{what} + ": " + file.string()
                                       + ": "
                                       + std::generic_category().message(code));
}

/// @returns the bytes read; fewer than wanted at the end of the file
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

/// @returns 0 or what errno says
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

/// Makes a name's coming or going durable. @returns 0 or what errno says
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

/// A frame that counts; nothing when it is torn, damaged or not the next one.
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

void advance(journal::position& at, const journal_entry& past) {
  at.sequence = past.sequence;
  at.offset += frame_size + past.payload.size();
}

} // namespace

std::filesystem::path journal_file(const std::filesystem::path& database) {
  auto file = database;
  file += ".journal";
  return file;
}

journal_extent measure_journal(const std::filesystem::path& file) {
  journal_extent result;
  std::ifstream in{file, std::ios::binary};
  char frame[frame_size];
  if (!in.read(frame, header_size))
    return result;
  result.bytes = header_size;
  while (in.read(frame, frame_size)) {
    auto size = get<std::uint32_t>(frame);
    if (get<std::uint64_t>(frame + 8) != result.records + 1
        || !in.seekg(size, std::ios::cur))
      break;
    ++result.records;
    result.bytes += frame_size + size;
  }
  return result;
}

journal::journal(std::filesystem::path file, std::uint64_t bytes_max)
  : file_(std::move(file)), bytes_max_(bytes_max) {}

journal::~journal() {
  close();
}

void journal::close() noexcept {
  if (handle_ >= 0)
    ::close(handle_);
  handle_ = -1;
  records_ = 0;
  bytes_ = 0;
}

// -- taking over ------------------------------------------------------------------

/// @returns whether there is a file with a header
bool journal::open(int flags) {
  close();
  discard();
  handle_ = ::open(file_.c_str(), flags | O_CLOEXEC | O_NOFOLLOW);
  if (handle_ < 0) {
    if (errno == ENOENT)
      return false;
    raise("cannot open the journal", file_, errno);
  }
  char header[header_size];
  auto got = read_at(handle_, header, header_size, 0, file_);
  auto whole = got == header_size
               && checksum(0, header, 12) == get<std::uint32_t>(header + 12);
  if (!whole || std::memcmp(header, magic, sizeof(magic)) != 0) {
    // The header is durable before any record is, so this holds nothing.
    if (size_of(handle_, file_) <= header_size)
      return false;
    throw storage_error(failure::corrupt,
                        "not a journal of ours, or its beginning is damaged: "
                          + file_.string()
                          + ": move it away to start without it");
  }
  if (auto found = get<std::uint32_t>(header + 8); found != version)
    throw storage_error(failure::misuse,
                        "the journal has version " + std::to_string(found)
                          + ", this build knows " + std::to_string(version)
                          + ": " + file_.string() + ": use the newer build");
  return true;
}

void journal::scan(std::uint64_t size) {
  position at{0, header_size};
  while (auto entry = frame_at(handle_, at, size, file_))
    advance(at, *entry);
  records_ = at.sequence;
  bytes_ = at.offset;
}

bool journal::look() {
  if (!open(O_RDONLY))
    return false;
  scan(size_of(handle_, file_));
  return records_ > 0;
}

bool journal::recover() {
  if (!open(O_RDWR)) {
    remove();
    return false;
  }
  auto size = size_of(handle_, file_);
  scan(size);
  if (bytes_ < size) {
    cut_bytes_ += size - bytes_;
    keep_tail(bytes_, size - bytes_);
    cut(bytes_);
  }
  if (records_ == 0)
    remove();
  return records_ > 0;
}

void journal::keep_tail(std::uint64_t from, std::uint64_t size) const noexcept {
  // Most often a torn record that nobody was promised; but damage further up
  // looks the same, and a person may get more out of it than we do.
  try {
    std::vector<char> tail(size);
    tail.resize(read_at(handle_, tail.data(), tail.size(), from, file_));
    std::ofstream{file_.string() + ".cut", std::ios::binary | std::ios::app}
      .write(tail.data(), static_cast<std::streamsize>(tail.size()));
  } catch (const std::exception&) {
    // The records that count matter more than this copy.
  }
}

void journal::cut(std::uint64_t size) {
  if (ftruncate(handle_, static_cast<off_t>(size)) != 0
      || fdatasync(handle_) != 0)
    raise("cannot cut the journal's damaged end", file_, errno);
}

// -- writing ----------------------------------------------------------------------

void journal::create() {
  handle_ = ::open(file_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (handle_ < 0)
    raise("cannot create the journal", file_, errno);
  char header[header_size];
  std::memcpy(header, magic, sizeof(magic));
  put(header + 8, version);
  put(header + 12, checksum(0, header, 12));
  auto code = write_at(handle_, header, 0);
  if (code == 0 && fdatasync(handle_) != 0)
    code = errno;
  if (code == 0)
    code = sync_folder_of(file_);
  if (code == 0) {
    bytes_ = header_size;
    return;
  }
  abandon();
  raise("cannot create the journal", file_, code);
}

void journal::abandon() noexcept {
  close();
  // Else the next try finds a file in its way.
  unlink(file_.c_str());
}

void journal::append(std::uint16_t kind, std::span<const char> payload) {
  auto before = bytes_ == 0 ? header_size : bytes_;
  if (before + group_.size() + frame_size + payload.size() > bytes_max_)
    throw storage_error(failure::full,
                        "the journal has reached its bound of "
                          + std::to_string(bytes_max_)
                          + " bytes: " + file_.string());
  auto offset = group_.size();
  group_.resize(offset + frame_size);
  auto frame = group_.data() + offset;
  put(frame, static_cast<std::uint32_t>(payload.size()));
  put(frame + 8, records_ + group_records_ + 1);
  put(frame + 16, kind);
  put(frame + 4, checksum_of(frame, payload));
  group_.insert(group_.end(), payload.begin(), payload.end());
  ++group_records_;
}

void journal::sync() {
  if (group_records_ == 0)
    return;
  try {
    if (handle_ < 0)
      create();
    auto code = write_at(handle_, group_, bytes_);
    if (code == 0 && fdatasync(handle_) != 0)
      code = errno;
    if (code != 0) {
      // Where this fails too, the next group overwrites what is left.
      [[maybe_unused]] auto back = ftruncate(handle_,
                                             static_cast<off_t>(bytes_));
      if (records_ == 0)
        abandon();
      raise("cannot write to the journal", file_, code);
    }
  } catch (...) {
    discard();
    throw;
  }
  bytes_ += group_.size();
  records_ += group_records_;
  discard();
}

void journal::discard() noexcept {
  group_.clear();
  group_records_ = 0;
}

void journal::remove() {
  if (handle_ < 0)
    return;
  if (unlink(file_.c_str()) != 0 && errno != ENOENT)
    raise("cannot remove the journal", file_, errno);
  close();
  // Should the file come back after a power cut, it changes nothing: what it
  // holds is written already, and writes are idempotent.
  if (auto code = sync_folder_of(file_))
    raise("cannot sync the journal's folder", file_, code);
}

// -- reading ----------------------------------------------------------------------

std::optional<journal_entry> journal::next(position& at) const {
  if (at.offset == 0)
    at.offset = header_size;
  if (at.sequence >= records_)
    return std::nullopt;
  auto entry = frame_at(handle_, at, bytes_, file_);
  if (!entry)
    throw storage_error(failure::corrupt,
                        "record " + std::to_string(at.sequence + 1)
                          + " of the journal does not come back as it was "
                            "written: "
                          + file_.string());
  advance(at, *entry);
  return entry;
}

} // namespace banksia::store
