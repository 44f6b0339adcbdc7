#pragma once

/// Which trace a message belongs to. A cycle's id is the trace of all that is
/// done for it, from the slot to its last outcome.

#include "messages/ids.hpp"

#include <optional>
#include <string>

namespace caf {
class type_erased_tuple;
} // namespace caf

namespace banksia {

/// The cycle that a message is about; nothing for others.
std::optional<cycle_id> cycle_of(const caf::type_erased_tuple& content);

/// The trace id (32 hex digits) of a message about one cycle; empty for others.
std::string trace_of(const caf::type_erased_tuple& content);

} // namespace banksia
