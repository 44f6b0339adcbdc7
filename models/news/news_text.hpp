#pragma once

/// Titles and links of strangers, made fit to be kept and shown.

#include <cstddef>
#include <string>
#include <string_view>

namespace banksia {

/// Plain text of HTML: tags, comments, scripts and styles gone, entities
/// decoded once, as `plain_text` after that.
std::string text_of_html(std::string_view html, std::size_t bytes_max);

/// Runs of white space and control characters are one space; characters that
/// are not seen or turn the direction of writing are gone; at most `bytes_max`
/// bytes, `…` marking a cut. UTF-8 in and out; bytes that are not are dropped.
std::string plain_text(std::string_view text, std::size_t bytes_max);

/// A link that may be shown: trimmed, absolute, http or https, with a host, no
/// user name, no white space, control characters, quotes or angle brackets, at
/// most 2,048 bytes. Empty for any other (`javascript:`, `data:`, …).
std::string safe_link(std::string_view text);

} // namespace banksia
