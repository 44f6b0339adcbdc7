#pragma once

/// The error of all that reads files of data.

#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

namespace banksia::intake {

/// The input is missing or holds no bars. `what()` reads "what went wrong:
/// where: what to do"; a command ends with exit code 65.
class bad_input : public std::runtime_error {
public:
  bad_input(std::string_view what, const std::filesystem::path& where,
            std::string_view what_to_do)
    : std::runtime_error(std::string{what} + ": " + where.string() + ": "
                         + std::string{what_to_do}) {}
};

} // namespace banksia::intake
