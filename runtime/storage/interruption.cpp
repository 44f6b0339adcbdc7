#include "runtime/storage/interruption.hpp"

#include <utility>

namespace banksia::storage {

namespace {

thread_local const interruption* innermost = nullptr;

} // namespace

interruption::interruption(std::function<bool()> is_over)
  : is_over_(std::move(is_over)), outer_(innermost) {
  innermost = this;
}

interruption::~interruption() {
  innermost = outer_;
}

bool interruption::is_due() {
  return innermost != nullptr && innermost->is_over_();
}

} // namespace banksia::storage
