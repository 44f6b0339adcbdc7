#include "actors/services/scopes.hpp"

namespace banksia {

namespace {

using enum http::route_access;

struct exception {
  http::method method;
  std::string_view pattern;
  http::route_access access;
};

constexpr exception exceptions[] = {
  // A balancer has no token, and learns nothing but yes or no.
  {http::method::get, "/livez", open},
  {http::method::get, "/readyz", open},
  // They compute and keep nothing.
  {http::method::post, "/data/validate", read},
  {http::method::post, "/ml/predict", read},
  // All later predictions rest on these.
  {http::method::post, "/data/symbols", admin},
  {http::method::post, "/ml/models/{version}/promote", admin},
  {http::method::post, "/ml/models/{version}/archive", admin},
  {http::method::post, "/ml/models/rollback", admin},
};

} // namespace

void set_scopes(http::router& of) {
  for (const auto& x : exceptions)
    of.require(x.method, x.pattern, x.access);
}

} // namespace banksia
