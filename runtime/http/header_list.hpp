#pragma once

/// Header fields that list what a client takes: "gzip;q=0.8, *;q=0".

#include <string_view>

namespace banksia::http {

struct header_item {
  std::string_view value; ///< without parameters
  bool is_wanted = true;  ///< false with `q=0`
};

namespace header_detail {

inline std::string_view trimmed(std::string_view x) {
  auto first = x.find_first_not_of(" \t");
  if (first == std::string_view::npos)
    return {};
  return x.substr(first, x.find_last_not_of(" \t") - first + 1);
}

/// Whether parameters say `q=0`, `q=0.0`, ….
inline bool is_refused(std::string_view parameters) {
  while (!parameters.empty()) {
    auto end = parameters.find(';');
    auto one = trimmed(parameters.substr(0, end));
    if (one.starts_with("q=") || one.starts_with("Q="))
      return one.size() > 2
             && one.substr(2).find_first_not_of("0.") == std::string_view::npos;
    parameters = end == std::string_view::npos ? std::string_view{}
                                               : parameters.substr(end + 1);
  }
  return false;
}

} // namespace header_detail

/// Calls `f` with each element of the list; empty ones are left out, as RFC
/// 9110, section 5.6.1, wants.
template <class F>
void for_each_item(std::string_view list, F f) {
  while (!list.empty()) {
    auto end = list.find(',');
    auto one = list.substr(0, end);
    list = end == std::string_view::npos ? std::string_view{}
                                         : list.substr(end + 1);
    auto semicolon = one.find(';');
    header_item item;
    item.value = header_detail::trimmed(one.substr(0, semicolon));
    if (item.value.empty())
      continue;
    if (semicolon != std::string_view::npos)
      item.is_wanted
        = !header_detail::is_refused(one.substr(semicolon + 1));
    f(item);
  }
}

} // namespace banksia::http
