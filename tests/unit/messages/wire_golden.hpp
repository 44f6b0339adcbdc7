#pragma once
#include <string_view>
namespace banksia::golden {
inline constexpr std::string_view bar = "";
inline constexpr std::string_view prediction = "";
inline constexpr std::string_view outcome = "";
inline constexpr std::string_view cycle_record = "";
}
