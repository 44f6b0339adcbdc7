#include "apps/banksia-ml/model_output.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <system_error>

namespace banksia {

namespace {

[[noreturn]] void fail(const std::string& what,
                       const std::filesystem::path& where) {
  throw std::runtime_error(what + ": " + where.string() + ": "
                           + std::generic_category().message(errno));
}

/// Closes at the end of its scope.
class handle {
public:
  handle(const std::filesystem::path& path, int flags)
    : fd_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {
    if (fd_ < 0)
      fail("cannot open", path);
  }
  ~handle() { ::close(fd_); }
  handle(const handle&) = delete;
  handle& operator=(const handle&) = delete;

  int get() const noexcept { return fd_; }

private:
  int fd_;
};

void write_durably(const std::filesystem::path& path,
                   const std::string& bytes) {
  handle file{path, O_WRONLY | O_CREAT | O_TRUNC};
  for (std::size_t done = 0; done < bytes.size();) {
    auto n = ::write(file.get(), bytes.data() + done, bytes.size() - done);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      fail("cannot write", path);
    done += static_cast<std::size_t>(n);
  }
  if (::fsync(file.get()) != 0)
    fail("cannot write to the disk", path);
}

} // namespace

std::filesystem::path write_model(const std::filesystem::path& folder,
                                  const forecast::model_content& x) {
  std::error_code code;
  std::filesystem::create_directories(folder, code);
  if (code)
    throw std::runtime_error("cannot make the folder: " + folder.string()
                             + ": " + code.message());
  auto file = folder / (x.manifest.version + ".model");
  auto partial = folder / ("." + x.manifest.version + ".partial");
  try {
    write_durably(partial, forecast::to_bytes(x));
    std::filesystem::rename(partial, file);
  } catch (const std::exception&) {
    std::filesystem::remove(partial, code);
    throw;
  }
  // The name is as durable as the content.
  if (::fsync(handle{folder, O_RDONLY | O_DIRECTORY}.get()) != 0)
    fail("cannot write to the disk", folder);
  return file;
}

model_on_disk read_model(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  std::ostringstream bytes;
  bytes << in.rdbuf();
  if (!in)
    throw std::runtime_error("cannot read the model: " + file.string()
                             + ": give a model's file");
  auto content = forecast::from_bytes(bytes.str());
  auto model = forecast::forecast_model::from_tensors(content.manifest.shape,
                                                      content.tensors);
  return {std::move(content.manifest), std::move(model)};
}

} // namespace banksia
