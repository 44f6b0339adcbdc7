#include "actors/store/journal.hpp"

#include "actors/store/journal_bytes.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

namespace banksia::store {

using namespace journal_bytes;
using storage::failure;
using storage::storage_error;

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
  position at{records_, bytes_ == 0 ? header_size : bytes_};
  while (auto entry = frame_at(handle_, at, size, file_)) {
    last_ = at.offset;
    advance(at, *entry);
  }
  if (at.sequence > records_)
    last_checksum_ = checksum_in(handle_, last_, file_);
  records_ = at.sequence;
  bytes_ = at.offset;
}

bool journal::look() {
  if (!open(O_RDONLY))
    return false;
  scan(size_of(handle_, file_));
  return records_ > 0;
}

bool journal::goes_on() const {
  if (bytes_ == 0)
    return false;
  struct stat opened {};
  struct stat named {};
  if (fstat(handle_, &opened) != 0 || stat(file_.c_str(), &named) != 0
      || opened.st_ino != named.st_ino || opened.st_dev != named.st_dev
      || static_cast<std::uint64_t>(opened.st_size) < bytes_)
    return false;
  // A group that failed was cut off again, and another may lie in its place.
  return records_ == 0
         || checksum_in(handle_, last_, file_) == last_checksum_;
}

bool journal::look_again() {
  if (!goes_on()) {
    look();
    return false;
  }
  scan(size_of(handle_, file_));
  return true;
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
