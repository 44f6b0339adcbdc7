#pragma once

/// The dashboard page, compiled into the program: a node serves it without
/// any file beside it. `embed.cmake` makes the definitions from the sources in
/// this folder; the bytes served are the bytes of those files.
///
/// The page loads nothing from elsewhere and holds no inline script or style,
/// so that it works under the policy below.

#include <string_view>

namespace banksia {

/// For `GET /dashboard/`, as `text/html; charset=utf-8`.
std::string_view dashboard_page_html() noexcept;

/// For `GET /dashboard/page.css`, as `text/css; charset=utf-8`.
std::string_view dashboard_page_css() noexcept;

/// For `GET /dashboard/page.js`, as `text/javascript; charset=utf-8`:
/// `text.js`, `summary.js` and `page.js` joined in that order.
std::string_view dashboard_page_js() noexcept;

/// For `GET /dashboard/ml`, which shares the style sheet.
std::string_view dashboard_page_ml_html() noexcept;

/// For `GET /dashboard/ml.js`: `text.js` and `ml.js` joined.
std::string_view dashboard_page_ml_js() noexcept;

/// SHA-256 over all of them in hex, for `ETag`: changes whenever one of them
/// does, so that a browser open over an upgrade never mixes versions.
std::string_view dashboard_page_digest() noexcept;

/// For the header `Content-Security-Policy` of `GET /dashboard/`. `data:` is
/// for the icon in the page's head alone.
constexpr std::string_view dashboard_page_policy
  = "default-src 'none'; script-src 'self'; style-src 'self'; "
    "connect-src 'self'; img-src 'self' data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'";

} // namespace banksia
