#pragma once

/// What a message is, said for people and for counting.

#include "runtime/supervision/probe.hpp"

#include <caf/actor_system.hpp>
#include <caf/error.hpp>
#include <caf/type_erased_tuple.hpp>

#include <exception>

namespace banksia {

/// An exception as an error that keeps type and text.
caf::error error_from(const std::exception_ptr& thrown);

/// A hash of what a message says: equal for a message that is sent again. 0 when
/// it cannot be told (a type without a wire form).
std::uint64_t content_key(caf::actor_system& system,
                          const caf::type_erased_tuple& content);

/// One type by CAF's number or, for what has none, by its C++ type.
std::string type_text(caf::actor_system& system, std::uint16_t number,
                      const std::type_info* info);

/// The types of a message's elements, "cycle_due" or "atom, string".
std::string content_type(caf::actor_system& system,
                         const caf::type_erased_tuple& content);

/// The message as a letter without a reason yet.
dead_letter describe(caf::actor_system& system,
                     const caf::type_erased_tuple& content, const probe& of);

/// The type of the last message that a probe has seen; empty before the first.
std::string last_message_of(const probe& x);

} // namespace banksia
