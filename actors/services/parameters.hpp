#pragma once

/// What a request asks for. Names, forms and bounds are those of the route's
/// operation, which the server has checked; here is what only the node knows.
/// Every refusal names the field.

#include "actors/run_plan.hpp"
#include "messages/time.hpp"
#include "runtime/http/message.hpp"

#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace banksia {

/// Thrown inside a service; carries what to answer with.
class request_refused : public std::exception {
public:
  explicit request_refused(http::response answer)
    : answer_(std::move(answer)) {}

  const http::response& answer() const noexcept { return answer_; }
  const char* what() const noexcept override { return "request refused"; }

private:
  http::response answer_;
};

/// Throws a problem with the member `field`: the most general of the status, or
/// of that kind.
[[noreturn]] void refuse_field(int status, std::string_view field,
                               std::string_view detail);

/// Throws the 422 for a cursor that no page has given.
[[noreturn]] void refuse_cursor(std::string_view cursor);

[[noreturn]] void refuse_field(const http::problem_type& of,
                               std::string_view field,
                               std::string_view detail);

/// Throws a 404.
[[noreturn]] void refuse_missing(std::string_view detail);
[[noreturn]] void refuse_missing(const http::problem_type& of,
                                 std::string_view detail);

/// The query of a request, as values. 422 for one that makes no sense here.
class query_parameters {
public:
  explicit query_parameters(const http::request& of) : request_(of) {}

  std::optional<std::string> text(std::string_view name) const;

  /// RFC 3339, in a year that the node knows.
  std::optional<timestamp> time(std::string_view name) const;

  /// A whole number.
  std::int64_t whole(std::string_view name, std::int64_t absent) const;

  /// Whether `order` is `asc`.
  bool is_ascending() const;

  /// A symbol of the plan; empty where none is given.
  std::string symbol(std::string_view name, const run_plan& plan) const;

  /// "A,B": symbols of the plan, each once; all of them where none is given.
  std::vector<std::string> symbols(std::string_view name,
                                   const run_plan& plan) const;

private:
  const http::request& request_;
};

/// What every list takes.
struct list_bounds {
  static constexpr std::int64_t limit_absent = 100;
  static constexpr std::int64_t limit_max = 1000;

  std::optional<timestamp> from;
  std::optional<timestamp> to; ///< after `from`
  std::int64_t limit = limit_absent;
};

/// Reads `from`, `to` and `limit`.
list_bounds bounds_of(const query_parameters& query);

/// A place in a list: the text before the last `-`, and the number behind it.
/// 422 where it has another form.
struct list_cursor {
  std::string id;
  std::int64_t part = 0;
};
std::optional<list_cursor> cursor_of(const query_parameters& query);

/// The body, which the route's operation requires to be an object; an empty one
/// where there is none.
const boost::json::object& body_of(const http::request& what);

/// A text of the body; empty where it is absent.
std::string text_in(const boost::json::object& body, std::string_view field);

bool is_planned(const run_plan& plan, std::string_view symbol);

} // namespace banksia
