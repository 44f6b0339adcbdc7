#pragma once

/// Which handler answers which method and path.

#include "runtime/http/message.hpp"
#include "runtime/http/operation.hpp"
#include "runtime/http/responder.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace banksia::http {

/// Runs on the server's thread: must not block. The request lives as long as
/// the call; the responder may be kept.
using handler = std::function<void(const request&, responder)>;

/// Who may call a route.
enum class route_access : bool { anyone, needs_token };

struct route {
  http::method method = http::method::get;
  /// Segments of text, `{name}` (one segment, not empty) or, at the end,
  /// `{name*}` (all that is left, joined by `/`, may be empty). A slash at the
  /// end counts: "/a" and "/a/" are two paths.
  std::string pattern;
  http::handler handler;
  route_access access = route_access::anyone;
  /// The route's name in metrics; the pattern where empty.
  std::string name = {};
  /// What it takes and gives.
  operation description = {};
};

/// The outcome of a look-up.
struct match {
  const route* found = nullptr;
  /// Where nothing was found, and for OPTIONS: the methods the path has, none
  /// for 404.
  std::string allow;
  name_values params; ///< values of the pattern's `{name}` segments
};

/// A table of routes. Filled before the server starts, then only read. Where
/// several patterns fit a path, text beats `{name}` beats `{name*}`, from the
/// left; the method is looked up among the winner's alone.
class router {
public:
  /// Adds a route. A GET route answers HEAD too, and every path OPTIONS.
  ///
  /// @throws std::invalid_argument on a malformed pattern, a handler that is
  /// empty, or a method and pattern already there: a defect of the caller.
  router& add(route what);

  /// Shorthands of `add`. Those that change something need the token.
  router& get(std::string pattern, http::handler handler,
              operation description = {});
  router& post(std::string pattern, http::handler handler,
               operation description = {});

  /// What the schemas of operations refer to; shared by many routers.
  router& with(std::shared_ptr<const schema_book> book);

  const schema_book& book() const noexcept {
    return *book_;
  }

  match find(http::method method,
             const std::vector<std::string>& segments) const;

  /// All routes in the order they were added, say for an OpenAPI page.
  const std::vector<route>& routes() const noexcept {
    return routes_;
  }

private:
  /// The segments of each route's pattern; same indices as `routes_`.
  std::vector<std::vector<std::string>> patterns_;
  std::vector<route> routes_;
  std::shared_ptr<const schema_book> book_
    = std::make_shared<const schema_book>();
};

} // namespace banksia::http
