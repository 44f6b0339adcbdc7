#pragma once

/// Where our programs lie.

#include <filesystem>
#include <string_view>

namespace banksia {

/// The program that runs. @returns an empty path where the system does not say
std::filesystem::path own_program();

/// A program of that name beside the one that runs, be it there or not.
std::filesystem::path program_beside(std::string_view name);

} // namespace banksia
