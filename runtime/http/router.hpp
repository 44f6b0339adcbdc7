#pragma once

/// Which handler answers which method and path.

#include "runtime/http/message.hpp"
#include "runtime/http/operation.hpp"
#include "runtime/http/responder.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace banksia::http {

/// Runs on the server's thread: must not block. The request lives as long as
/// the call; the responder may be kept.
using handler = std::function<void(const request&, responder)>;

/// What a caller must be allowed to; each includes the ones before.
enum class route_access : std::uint8_t {
  by_method, ///< GET and HEAD `read`, the others `operate`
  open,      ///< nothing: anyone may
  read,
  operate, ///< changes what goes on
  admin,   ///< changes what all later predictions rest on
};

/// "by_method", "open", …
std::string_view to_string(route_access of) noexcept;

/// What `by_method` stands for.
constexpr route_access default_access(method of) noexcept {
  return of == method::get || of == method::head ? route_access::read
                                                 : route_access::operate;
}

struct route {
  http::method method = http::method::get;
  /// Segments of text, `{name}` (one segment, not empty) or, at the end,
  /// `{name*}` (all that is left, joined by `/`, may be empty). A slash at the
  /// end counts: "/a" and "/a/" are two paths.
  std::string pattern;
  http::handler handler;
  route_access access = route_access::by_method; ///< never that once added
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

  /// Shorthands of `add`.
  router& get(std::string pattern, http::handler handler,
              operation description = {});
  router& post(std::string pattern, http::handler handler,
               operation description = {});

  /// What the schemas of operations refer to; shared by many routers.
  router& with(std::shared_ptr<const schema_book> book);

  const schema_book& book() const noexcept {
    return *book_;
  }

  /// Says what a route that is there needs; nothing happens to one that is not.
  router& require(http::method method, std::string_view pattern,
                  route_access access);

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
