#pragma once

/// What the services' routes take and give, for `http::operation`.

#include "runtime/http/openapi.hpp"
#include "runtime/http/operation.hpp"

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

namespace banksia {

/// Everything that operations refer to by name.
std::shared_ptr<const http::schema_book> service_schemas();

/// Title, tags and the like of a service's document.
http::api_info service_info(const std::string& service,
                            const std::string& version);

/// A GET that answers 200 with the schema of that name. `query` names
/// parameters of one table, so that each means the same on every route.
/// @throws std::out_of_range on a parameter that is not in the table
http::operation reading(std::string_view tag, std::string_view summary,
                        std::string_view shape,
                        std::initializer_list<std::string_view> query = {});

/// A POST that answers with the schema of that name.
http::operation changing(std::string_view tag, std::string_view summary,
                         std::string_view shape, int status = 200);

/// With a body; the body of `changing` is not looked at otherwise.
http::operation taking(http::operation what, http::json_schema body,
                       bool is_required = true);

/// With statuses of problems that only this route has.
http::operation failing(http::operation what, std::vector<int> statuses);

/// A GET that answers 200 (503 too, where it says so) with JSON of that schema
/// that is another one each time.
http::operation probing(std::string_view tag, std::string_view summary,
                        std::string_view shape);

/// A GET that answers with something else than JSON; empty: with no body.
http::operation showing(std::string_view tag, std::string_view summary,
                        std::string_view media, int status = 200);

/// A place in the path.
http::operation at_symbol(http::operation what);

// -- bodies -------------------------------------------------------------------

/// `{"symbols": [...]}`.
http::json_schema symbols_body();

/// An object with at most these texts, people's words.
http::json_schema words_body(std::initializer_list<std::string_view> names);

http::json_schema listing_change_body();
http::json_schema validate_body();

// -- values that may be missing: null then ---------------------------------------

http::json_schema maybe_number();
http::json_schema maybe_text();
http::json_schema maybe_time();

// -- parts of the book, a file each -------------------------------------------

void add_prediction_schemas(boost::json::object& into);
void add_learning_schemas(boost::json::object& into);
void add_data_schemas(boost::json::object& into);
void add_node_schemas(boost::json::object& into);

} // namespace banksia
