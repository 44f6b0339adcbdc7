#include "apps/common/programs.hpp"

namespace banksia {

std::filesystem::path own_program() {
  std::error_code failed;
  return std::filesystem::read_symlink("/proc/self/exe", failed);
}

std::filesystem::path program_beside(std::string_view name) {
  return own_program().parent_path() / name;
}

} // namespace banksia
