#pragma once

#include <string>

namespace banksia {

/// 256 random bits as 64 hex digits. @throws commands::command_error exit 1
std::string random_token();

} // namespace banksia
