#pragma once

/// What makes a headline the same one, wherever it comes from.

#include "messages/domain.hpp"
#include "messages/ids.hpp"

#include <string>

namespace banksia {

/// Hex of a hash of source, link, title and symbol. The date is no part of it:
/// who shows a headline again later has no news.
inline std::string headline_identity(const headline& x) {
  return sha256_hex(x.source + "\n" + x.link + "\n" + x.title + "\n"
                    + x.symbol);
}

} // namespace banksia
