#include "models/scoring/figures.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace banksia {

std::string per_cent(double x, bool sign) {
  auto rounded = std::round(x * 1000.0) / 10.0 + 0.0;
  char buffer[32];
  std::snprintf(buffer, sizeof(buffer), sign ? "%+.1f" : "%.1f", rounded);
  return buffer;
}

std::string decimal(double x, int decimals, bool sign) {
  auto scale = std::pow(10.0, decimals);
  auto rounded = std::round(x * scale) / scale + 0.0;
  char buffer[64];
  std::snprintf(buffer, sizeof(buffer), sign ? "%+.*f" : "%.*f", decimals,
                rounded);
  return buffer;
}

std::string bracket(const std::optional<interval95>& x, bool sign) {
  if (!x)
    return "";
  return " [" + per_cent(x->lower, sign) + ", " + per_cent(x->upper, sign)
         + "]";
}

std::string decimal_bracket(const std::optional<interval95>& x, int decimals,
                            bool sign) {
  if (!x)
    return "";
  return " [" + decimal(x->lower, decimals, sign) + ", "
         + decimal(x->upper, decimals, sign) + "]";
}

std::string count_of(std::uint64_t n, const std::string& noun) {
  return std::to_string(n) + " " + noun + (n == 1 ? "" : "s");
}

std::string text_line(std::string label, const std::string& text) {
  label.resize(std::max<std::size_t>(label.size() + 1, 18), ' ');
  return "  " + label + text + "\n";
}

} // namespace banksia
