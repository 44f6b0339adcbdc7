#include "models/forecast/torch/numeric.hpp"

#include "models/forecast/numeric_environment.hpp"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <torch/csrc/api/include/torch/version.h>

#include <dlfcn.h>

#include <string_view>

namespace banksia::forecast {

namespace {

/// OpenBLAS is found at run time: Debian lets the machine choose its BLAS, and
/// LibTorch asks for no particular one.
template <class Function>
Function* openblas(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_DEFAULT, name));
}

/// What follows `key` in LibTorch's description of itself, to the line's end.
std::string described(const std::string& text, std::string_view key) {
  auto at = text.find(key);
  if (at == std::string::npos)
    return "unknown";
  at += key.size();
  return text.substr(at, text.find('\n', at) - at);
}

/// "OpenBLAS 0.3.21 NO_LAPACK … Haswell MAX_THREADS=64": name and version.
std::string first_words(const char* text) {
  std::string out{text};
  auto space = out.find(' ');
  if (space != std::string::npos)
    space = out.find(' ', space + 1);
  return out.substr(0, space);
}

} // namespace

void use_one_thread() {
  at::set_num_threads(1);
  static auto* const set_threads
    = openblas<void(int)>("openblas_set_num_threads");
  if (set_threads != nullptr)
    set_threads(1);
}

numeric_environment current_numeric_environment() {
  numeric_environment out;
  out.library = std::string{"LibTorch "} + TORCH_VERSION;
  out.capability = described(at::show_config(), "CPU capability usage: ");
  auto* config = openblas<char*()>("openblas_get_config");
  auto* core = openblas<char*()>("openblas_get_corename");
  if (config != nullptr && core != nullptr)
    out.blas = first_words(config()) + ' ' + core();
  return out;
}

std::optional<std::string> problem_of(const numeric_environment& x) {
  if (x.blas.empty())
    return "the reference BLAS computes: training takes about ten times as "
           "long: apt install libopenblas0-pthread";
  return std::nullopt;
}

std::string to_string(const numeric_environment& x) {
  return x.library + " · " + x.capability + " · "
         + (x.blas.empty() ? "unknown BLAS" : x.blas);
}

} // namespace banksia::forecast
