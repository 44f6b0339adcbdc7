#pragma once

/// Runs the built program as a user does, in a folder of its own.

#include "tests/scratch_folder.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace banksia::test {

/// What a program left behind.
struct program_result {
  int exit_code = -1; ///< -1: a signal ended it
  std::string out;
  std::string err;

  boost::json::value json() const { return boost::json::parse(out); }
};

class program {
public:
  const std::filesystem::path& folder() const { return folder_.path(); }

  std::string file(const std::string& name) const {
    return folder_.file(name).string();
  }

  std::string write(const std::string& name, std::string_view text) const {
    return folder_.write(name, text).string();
  }

  /// Runs `banksia` with these arguments and nothing in its environment but
  /// the paths of programs.
  program_result banksia(const std::vector<std::string>& arguments) const {
    std::vector<std::string> command{BANKSIA_BINARY_DIR "/banksia"};
    command.insert(command.end(), arguments.begin(), arguments.end());
    return run(command);
  }

  program_result run(std::vector<std::string> command) const {
    auto out = file("stdout");
    auto err = file("stderr");
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    constexpr auto flags = O_WRONLY | O_CREAT | O_TRUNC;
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, 1, out.c_str(), flags, 0600);
    posix_spawn_file_actions_addopen(&files, 2, err.c_str(), flags, 0600);
    std::vector<char*> argv;
    for (auto& x : command)
      argv.push_back(x.data());
    argv.push_back(nullptr);
    std::string path = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
    char* environment[] = {path.data(), nullptr};
    pid_t child = 0;
    auto failed = posix_spawn(&child, argv[0], &files, nullptr, argv.data(),
                              environment);
    posix_spawn_file_actions_destroy(&files);
    if (failed != 0)
      throw std::runtime_error("cannot start " + command[0]);
    int status = 0;
    while (waitpid(child, &status, 0) != child) {
    }
    program_result result;
    if (WIFEXITED(status))
      result.exit_code = WEXITSTATUS(status);
    result.out = text_of(out);
    result.err = text_of(err);
    return result;
  }

private:
  static std::string text_of(const std::string& path) {
    std::ifstream in{path, std::ios::binary};
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
  }

  test::scratch_folder folder_;
};

/// Whether the text is that one line.
inline bool is_one_line(const std::string& text) {
  return text.find('\n') == text.size() - 1;
}

inline bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

} // namespace banksia::test
