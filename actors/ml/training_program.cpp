#include "actors/ml/training_program.hpp"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

namespace banksia {

namespace {

class child_program : public training_program {
public:
  explicit child_program(const process::process_spec& spec)
    : child_(spec), output_(child_.output()), errors_(child_.errors()) {}

  pid_t pid() const noexcept override { return child_.pid(); }

  std::optional<process::process_exit> ended(time_point) override {
    return child_.ended();
  }

  std::optional<std::size_t> read(stream from, std::span<char> into) override {
    auto& fd = from == stream::output ? output_ : errors_;
    while (fd >= 0) {
      auto count = ::read(fd, into.data(), into.size());
      if (count > 0)
        return static_cast<std::size_t>(count);
      if (count < 0 && errno == EINTR)
        continue;
      if (count < 0 && errno == EAGAIN)
        return std::nullopt;
      fd = -1;
    }
    return 0;
  }

  void terminate() noexcept override { process::terminate(child_); }

  void kill() noexcept override { child_.signal_group(SIGKILL); }

  void wait(std::chrono::milliseconds limit) const override {
    std::array<pollfd, 3> on{{{child_.pidfd(), POLLIN, 0},
                              {output_, POLLIN, 0},
                              {errors_, POLLIN, 0}}};
    ::poll(on.data(), on.size(), static_cast<int>(limit.count()));
  }

private:
  process::child_process child_;
  int output_; ///< -1 once it has been read to its end
  int errors_;
};

} // namespace

std::unique_ptr<training_program>
start_child_program(const process::process_spec& spec) {
  return std::make_unique<child_program>(spec);
}

} // namespace banksia
