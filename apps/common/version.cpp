#include "apps/common/version.hpp"

#include <gnu/libc-version.h>

namespace banksia {

namespace {

/// The instruction sets that libm picks its code by.
std::string_view processor_capability() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f"))
    return "x86-64 avx512f";
  if (__builtin_cpu_supports("fma"))
    return "x86-64 fma";
  if (__builtin_cpu_supports("avx2"))
    return "x86-64 avx2";
  return "x86-64";
#else
  return "other";
#endif
}

} // namespace

std::string_view version_number() {
  return BANKSIA_VERSION;
}

std::string_view version_text() {
  return "banksia " BANKSIA_VERSION;
}

std::string build_text() {
  std::string text{version_text()};
  text += " · gcc ";
  text += __VERSION__;
  text += " · glibc ";
  text += gnu_get_libc_version();
  text += " · ";
  text += processor_capability();
  return text;
}

} // namespace banksia
