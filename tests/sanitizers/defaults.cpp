/// Options of the sanitizers, linked into every program of a sanitizer's
/// build: a node that a test starts, and what that node starts, obey them like
/// the test does. What the environment says (ASAN_OPTIONS and alike) comes after
/// and wins.

#include <dlfcn.h>

// Findings go to a file a process in BANKSIA_FINDINGS_DIR, because a program that a
// supervisor starts again would hide its end; the test sanitizers/findings
// fails when there is one.
#define FINDINGS BANKSIA_FINDINGS_DIR "/of"
#define OPTIONS "log_path=" FINDINGS ":log_exe_name=1:print_suppressions=0:"
#define SUPPRESSIONS(kind) \
  "suppressions=" BANKSIA_SUPPRESSIONS_DIR "/" kind ".supp"

extern "C" {

const char* __asan_default_options() {
  return OPTIONS "detect_stack_use_after_return=1";
}

const char* __lsan_default_options() {
  return OPTIONS SUPPRESSIONS("leak");
}

const char* __ubsan_default_options() {
  return OPTIONS "halt_on_error=1:print_stacktrace=1:"
         SUPPRESSIONS("undefined");
}

const char* __tsan_default_options() {
  return OPTIONS "ignore_noninstrumented_modules=1:" SUPPRESSIONS("thread");
}

} // extern "C"

namespace {

/// GCC 12's library of undefined behaviour reads `log_path` and writes to
/// stderr all the same. Each sanitizer's library has a function of this name.
[[gnu::constructor]] void send_undefined_to_its_file() {
  auto library = ::dlopen("libubsan.so.1", RTLD_LAZY | RTLD_NOLOAD);
  if (!library)
    return;
  if (auto found = ::dlsym(library, "__sanitizer_set_report_path"))
    reinterpret_cast<void (*)(const char*)>(found)(FINDINGS);
  ::dlclose(library);
}

} // namespace
