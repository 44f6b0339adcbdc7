#pragma once

/// What a route takes and gives: checked before its handler runs, and written
/// into the OpenAPI document.

#include "runtime/http/message.hpp"
#include "runtime/http/schema.hpp"

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace banksia::http {

/// A parameter of the query or of the path. Of the query none is required, so
/// that what it is without them belongs into `description`.
struct parameter {
  std::string name;
  /// A text, a whole number, or a list of texts (given as "a,b").
  json_schema shape;
  std::string description = {};
};

/// A body in JSON.
struct request_body {
  json_schema shape;
  bool is_required = true;
};

/// One way a route answers.
struct answer {
  int status = 200;
  std::string description;
  json_schema shape = {}; ///< of `media`, where that is JSON
  std::string media = "application/json"; ///< empty: no body
  std::vector<std::string> other_media = {}; ///< where Accept prefers them
};

struct operation {
  std::string summary; ///< empty: the route is not described, nor checked
  std::string tag;
  std::vector<parameter> query = {};
  std::vector<parameter> path = {}; ///< texts, where they are not described
  std::optional<request_body> body = {};
  /// Successes; the problems that the server itself answers with are added to
  /// the document.
  std::vector<answer> answers = {};
  /// The answer is another one each time: it gets no ETag.
  bool is_volatile = false;
  /// Statuses of problems that only this route has.
  std::vector<int> problems = {};

  bool is_described() const noexcept {
    return !summary.empty();
  }
};

/// The refusal of a request that its operation does not allow, a problem with
/// the member `field` where one is to blame: 400 for a parameter that is not
/// known or given twice, a body that is missing or no JSON; 406 for an Accept
/// that fits no answer; 411 for a body without a length; 422 for a value that
/// breaks its schema. Else nothing, and the body that was read is in
/// `what.content`.
std::optional<response> check_request(request& what, const operation& of,
                                      const schema_book& book);

/// Whether an Accept header (nothing: all is welcome) takes a media type.
bool accepts(std::optional<std::string_view> header, std::string_view media);

} // namespace banksia::http
