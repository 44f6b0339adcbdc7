#pragma once

/// The OpenAPI 3.1 document of a router, and a page that shows it.

#include "runtime/http/router.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace banksia::http {

struct api_info {
  std::string title;
  std::string version;
  std::string description;
  std::string license;
  /// Name and description of the tags that operations have, in order.
  std::vector<std::pair<std::string, std::string>> tags;
  /// The kinds of problems that may come, as examples of their statuses.
  std::vector<const problem_type*> problems = {};
};

/// Every route that is described, with the schemas that they refer to, and no
/// others. HEAD and OPTIONS are left out: every path has them.
/// @throws std::out_of_range where a schema is not in the router's book
boost::json::object openapi_document(const router& of, const api_info& about);

/// "getPredictionsById": from method and pattern.
std::string operation_id(const route& of);

/// The document as a page of plain HTML that needs nothing else but the style
/// sheet at `/docs/page.css`.
std::string openapi_page(const boost::json::object& document);

/// That style sheet.
std::string_view openapi_style();

} // namespace banksia::http
