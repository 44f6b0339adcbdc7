#pragma once

/// The characters of a feed's document, whatever it says they are.

#include <cstdint>
#include <string>
#include <string_view>

namespace banksia {

struct decoded_document {
  std::string text; ///< UTF-8, without a byte order mark
  /// The encoding is not known, or the bytes are not in it; `text` is empty.
  bool unknown = false;
  /// The bytes are not in the encoding they were said to be in, and were read
  /// as Windows-1252, which gives each byte a meaning.
  bool mislabelled = false;
};

/// By byte order mark, else by `charset` (of the HTTP header, may be empty),
/// else by the XML declaration, else UTF-8. Knows UTF-8, UTF-16 in either
/// order, US-ASCII, ISO-8859-1 and Windows-1252; the last three are read as
/// Windows-1252, as browsers do (https://encoding.spec.whatwg.org/).
decoded_document decode_document(std::string_view bytes,
                                 std::string_view charset);

} // namespace banksia
