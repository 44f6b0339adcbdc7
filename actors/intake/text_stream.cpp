#include "actors/intake/text_stream.hpp"

#include "actors/intake/bad_input.hpp"

#include <zlib.h>

#include <cerrno>
#include <system_error>

namespace banksia::intake {

void text_stream::closer::operator()(gzFile_s* file) const noexcept {
  gzclose(file);
}

text_stream::text_stream(const std::filesystem::path& file) : file_(file) {
  errno = 0;
  handle_.reset(gzopen(file.c_str(), "rb"));
  if (!handle_)
    throw bad_input("cannot open the file ("
                      + std::generic_category().message(errno) + ")",
                    file, "check its permissions");
  gzbuffer(handle_.get(), 256 * 1024);
  buffer_.resize(chunk_bytes);
}

std::string_view text_stream::next() {
  auto count = gzread(handle_.get(), buffer_.data(),
                      static_cast<unsigned>(buffer_.size()));
  // A file that ends too early is reported beside the bytes that were there.
  auto code = Z_OK;
  auto text = gzerror(handle_.get(), &code);
  if (code == Z_ERRNO)
    throw bad_input("cannot read the file ("
                      + std::generic_category().message(errno) + ")",
                    file_, "check the device");
  if (count < 0 || code == Z_BUF_ERROR)
    throw bad_input(std::string{"damaged gzip data ("} + text + ")", file_,
                    "fetch the file again");
  return {buffer_.data(), static_cast<std::size_t>(count)};
}

std::uint64_t text_stream::bytes_taken() const {
  auto offset = gzoffset(handle_.get());
  return offset > 0 ? static_cast<std::uint64_t>(offset) : 0;
}

} // namespace banksia::intake
