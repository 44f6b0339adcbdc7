#pragma once

/// A message with the span that it was sent in. CAF 0.17 has no room for that
/// beside a message's content, so that the element in the mailbox is put into
/// another one: within a process every message can be traced, and what is not
/// sampled stays as it is.

#include "runtime/telemetry/trace_context.hpp"

#include <caf/mailbox_element.hpp>
#include <caf/message.hpp>
#include <caf/type_erased_tuple.hpp>

#include <cstdint>
#include <typeinfo>
#include <utility>

namespace banksia {

class traced_element final : public caf::mailbox_element {
public:
  traced_element(caf::mailbox_element_ptr inner,
                 const telemetry::trace_context& sent_in,
                 std::int64_t sent_ns)
    : caf::mailbox_element(std::move(inner->sender), inner->mid,
                           std::move(inner->stages)),
      context(sent_in),
      sent_ns(sent_ns),
      inner_(std::move(inner)) {}

  caf::type_erased_tuple& content() override { return inner_->content(); }

  const caf::type_erased_tuple& content() const override {
    return std::as_const(*inner_).content();
  }

  caf::message move_content_to_message() override {
    return inner_->move_content_to_message();
  }

  caf::message copy_content_to_message() const override {
    return inner_->copy_content_to_message();
  }

  /// Null: it is another element.
  static const traced_element* from(const caf::mailbox_element& x) noexcept {
    return typeid(x) == typeid(traced_element)
             ? static_cast<const traced_element*>(&x)
             : nullptr;
  }

  const telemetry::trace_context context;
  const std::int64_t sent_ns; ///< of the sender's elapsed clock

private:
  caf::mailbox_element_ptr inner_;
};

} // namespace banksia
