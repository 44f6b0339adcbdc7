#pragma once

#include <string>
#include <string_view>

namespace banksia {

/// "0.1.0".
std::string_view version_number();

/// "banksia 0.1.0".
std::string_view version_text();

/// The numeric environment: version, compiler, libm, processor. Equal bits are
/// promised where this text is equal.
std::string build_text();

} // namespace banksia
