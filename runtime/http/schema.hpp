#pragma once

/// JSON Schemas (draft 2020-12, as OpenAPI 3.1 has them): built here, written
/// into the OpenAPI document, and what bodies and queries are checked against.

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace banksia::http {

/// A schema. `check_schema` knows the keywords that the functions of `schema`
/// below write, and no others.
using json_schema = boost::json::object;

namespace schema {

/// A member of an object.
struct member {
  std::string_view name;
  json_schema shape;
  bool is_required = true;
};

json_schema text();
json_schema text(std::size_t length_max);
json_schema number();
json_schema number(double least, double most);
json_schema whole();
json_schema whole(std::int64_t least, std::int64_t most);
json_schema boolean();

/// One of these texts.
json_schema one_of(std::initializer_list<std::string_view> texts);

/// A text that one of `schema_book::formats` (or JSON Schema itself) knows.
json_schema format(std::string_view name);

/// RFC 3339 with a zone; "2025-07-01".
json_schema time();
json_schema date();

/// An object with these members and any others.
json_schema object(std::initializer_list<member> members);

/// An object with these members and no others: what a request may send.
json_schema exactly(std::initializer_list<member> members);

/// An object of any names whose values have that shape.
json_schema map_of(json_schema values);

json_schema list(json_schema elements);
json_schema list(json_schema elements, std::size_t least, std::size_t most);

/// That, or null.
json_schema or_null(json_schema what);

/// The schema of that name in the book.
json_schema ref(std::string_view name);

/// Anything at all.
json_schema anything();

/// With a word for people.
json_schema said(json_schema what, std::string_view description);

} // namespace schema

/// What schemas refer to by name.
struct schema_book {
  /// In the order of `components/schemas`.
  boost::json::object named;
  /// Of texts, besides "date" and "date-time". A format that is not known is
  /// a note for readers.
  std::map<std::string, std::function<bool(std::string_view)>, std::less<>>
    formats = {};
};

/// Where a value breaks its schema, and why.
struct schema_violation {
  std::string field; ///< "bars[3].close"; empty for the value itself
  std::string detail;
};

/// The first violation, members in the order of the schema; nothing where the
/// value fits. @throws std::out_of_range where a name is not in the book
std::optional<schema_violation> check_schema(const boost::json::value& value,
                                             const json_schema& against,
                                             const schema_book& book);

/// Whether the text is a time of RFC 3339 with a zone, on a day that exists.
bool is_rfc3339(std::string_view text);

/// Whether the text is a date, as 2025-07-01, that exists.
bool is_full_date(std::string_view text);

} // namespace banksia::http
