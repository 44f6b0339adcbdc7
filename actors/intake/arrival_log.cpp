#include "actors/intake/arrival_log.hpp"

#include "runtime/storage/sqlite.hpp"

#include <array>
#include <cerrno>
#include <cstring>

namespace banksia::intake {

arrival_log::arrival_log() : file_(std::tmpfile()) {
  if (!file_)
    fail();
}

void arrival_log::fail() {
  throw storage::storage_error(storage::failure::cannot_open,
                               "cannot use a temporary file ("
                                 + std::string{std::strerror(errno)}
                                 + "): make room in the temporary folder");
}

void arrival_log::add(const arrival& x) {
  if (std::fwrite(&x, sizeof(x), 1, file_.get()) != 1)
    fail();
}

void arrival_log::each(const std::function<bool(arrival&)>& visit) {
  std::array<arrival, 4096> block;
  auto* file = file_.get();
  long at = 0;
  if (std::fseek(file, 0, SEEK_SET) != 0)
    fail();
  while (auto count = std::fread(block.data(), sizeof(arrival), block.size(),
                                 file)) {
    auto changed = false;
    for (std::size_t i = 0; i < count; ++i)
      changed = visit(block[i]) || changed;
    auto next = at + static_cast<long>(count * sizeof(arrival));
    if (changed
        && (std::fseek(file, at, SEEK_SET) != 0
            || std::fwrite(block.data(), sizeof(arrival), count, file)
                 != count))
      fail();
    at = next;
    if (std::fseek(file, at, SEEK_SET) != 0)
      fail();
  }
  if (std::ferror(file) || std::fseek(file, 0, SEEK_END) != 0)
    fail();
}

} // namespace banksia::intake
