#pragma once

/// What a client can do with an answer: compression, and whether it has the
/// same bytes already. Pure.

#include "runtime/http/message.hpp"

#include <string>
#include <string_view>

namespace banksia::http {

/// What a request says of its answer's form.
struct preferences {
  bool may_be_known = false; ///< a GET or HEAD whose answer may repeat
  bool takes_gzip = false;
  std::string known_tags; ///< `If-None-Match`
};

/// @param may_repeat the answer is not another one each time
preferences preferences_of(const request& what, bool may_repeat);

/// A strong tag of content: equal bytes, equal tag. With quotes.
std::string entity_tag(std::string_view content);

/// Gives a 200 its ETag (JSON alone, where it has none) and the cache rule that
/// goes with it, turns it into a 304 where the client has these bytes, else
/// compresses a text that is worth it.
void negotiate(response& answer, const preferences& with);

/// The smallest body that is compressed, bytes: below, the headers' growth
/// and the work eat what is saved.
inline constexpr std::size_t compressed_bytes_min = 1024;

} // namespace banksia::http
