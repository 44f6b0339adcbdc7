#pragma once

/// A message with the span that it was sent in, and until when an answer is
/// waited for. CAF 0.17 has no room for that beside a message's content, so that
/// the element in the mailbox is put into another one: within a process every
/// message can be traced, and what has neither stays as it is.

#include "runtime/supervision/time_limit.hpp"
#include "runtime/telemetry/trace_context.hpp"

#include <caf/mailbox_element.hpp>
#include <caf/message.hpp>
#include <caf/type_erased_tuple.hpp>

#include <cstdint>
#include <typeinfo>
#include <utility>

namespace banksia {

/// What goes with a message.
struct message_origin {
  telemetry::trace_context context = {}; ///< not valid: in no span
  std::int64_t sent_ns = 0; ///< of the sender's elapsed clock, with a span
  deadline_ns until = 0;    ///< of a request
  bool is_remote = false;   ///< another process made the span
};

class traced_element final : public caf::mailbox_element {
public:
  traced_element(caf::mailbox_element_ptr inner, const message_origin& from)
    : caf::mailbox_element(std::move(inner->sender), inner->mid,
                           std::move(inner->stages)),
      origin(from),
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
    // Compared by address: names would be compared for each other element.
    return &typeid(x) == &typeid(traced_element)
             ? static_cast<const traced_element*>(&x)
             : nullptr;
  }

  const message_origin origin;

private:
  caf::mailbox_element_ptr inner_;
};

} // namespace banksia
