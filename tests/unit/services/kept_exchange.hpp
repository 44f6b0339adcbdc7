#pragma once

/// A route asked without a socket.

#include "runtime/http/responder.hpp"
#include "runtime/http/router.hpp"

#include "caf/test/unit_test.hpp"

#include <memory>
#include <string>
#include <vector>

namespace banksia::test {

/// Keeps the answers.
struct kept_exchange : http::exchange {
  void answer(http::response with) override { answers.push_back(with); }
  void open(std::shared_ptr<http::events>) override {}
  void wake(std::shared_ptr<http::events>) override {}
  std::size_t queue_max() const override { return 1; }

  std::vector<http::response> answers;
};

/// The one answer of a handler that answers at once.
inline http::response ask(const http::router& routes, http::method method,
                          const std::string& path) {
  http::request what;
  what.method = method;
  CAF_REQUIRE(http::parse_target(path, what));
  auto found = routes.find(what.method, what.segments).found;
  CAF_REQUIRE(found != nullptr);
  auto kept = std::make_shared<kept_exchange>();
  found->handler(what, http::responder{kept});
  CAF_REQUIRE_EQUAL(kept->answers.size(), 1u);
  return kept->answers[0];
}

} // namespace banksia::test
