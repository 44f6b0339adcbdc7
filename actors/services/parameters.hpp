#pragma once

/// What a request asks for, checked. Every refusal names the field.

#include "actors/run_plan.hpp"
#include "messages/time.hpp"
#include "runtime/http/message.hpp"

#include <cstdint>
#include <exception>
#include <initializer_list>
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

/// Throws a problem with the member `field`.
[[noreturn]] void refuse_field(int status, std::string_view field,
                               std::string_view detail);

/// Throws a 404.
[[noreturn]] void refuse_missing(std::string_view detail);

/// The query of a request. 400 for a parameter that the route does not know or
/// that is given twice, 422 for a value that makes no sense.
class query_parameters {
public:
  query_parameters(const http::request& of,
                   std::initializer_list<std::string_view> known);

  std::optional<std::string> text(std::string_view name) const;

  /// RFC 3339.
  std::optional<timestamp> time(std::string_view name) const;

  /// A whole number in [least, most].
  std::int64_t whole(std::string_view name, std::int64_t absent,
                     std::int64_t least, std::int64_t most) const;

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

bool is_planned(const run_plan& plan, std::string_view symbol);

} // namespace banksia
