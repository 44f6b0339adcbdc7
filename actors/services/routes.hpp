#pragma once

/// The routes of each service. The gateway adds all of them.

#include "actors/services/bridge.hpp"
#include "runtime/http/router.hpp"

#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace banksia {

void add_prediction_routes(http::router& into, const shared_context& context);
void add_evaluation_routes(http::router& into, const shared_context& context);
void add_ml_routes(http::router& into, const shared_context& context);
void add_data_routes(http::router& into, const shared_context& context);

/// `/data/symbols`: what is followed, and changes of it.
void add_symbol_routes(http::router& into, const shared_context& context);

/// The page, its data and its events; `/` leads to the page.
void add_dashboard_routes(http::router& into, const shared_context& context);

/// `/livez`, `/readyz`, `/health` and `/metrics`, as each listener has them.
/// @param service the name in metrics; "dashboard" shows the whole node's
void add_common_routes(http::router& into, const shared_context& context,
                       const std::string& service);

/// `/openapi.json` and `/docs`, about the routes that are there: the last to be
/// added.
void add_document_routes(http::router& into, const shared_context& context,
                         const std::string& service);

/// `/predictions/health` and its like: a service's own components.
/// @param further adds to the body; called on the server's threads
http::handler component_handler(const shared_context& context,
                                std::string service,
                                std::vector<std::string> components,
                                std::function<void(boost::json::object&)>
                                  further = {});

/// Whether requests are welcome, as `/readyz` says.
bool is_ready(const service_context& context);

/// For a request that changes something: 507 while nothing can be stored, else
/// what `next` answers. Reading goes on.
http::handler while_storing(const shared_context& context, http::handler next);

/// Whether answers from the store may lack what the writer has promised: the
/// database is away, or nobody knows. Such an answer says `degraded`.
bool is_degraded(const service_context& context);

/// The symbols that a body `{"symbols": [...]}` names, each once; all that are
/// followed, where it names none. @throws request_refused
std::vector<std::string> symbols_in_body(const http::request& what,
                                         const bridge_state& state);

/// `POST /ml/predict`.
void add_forecast_routes(http::router& into, const shared_context& context);

/// `GET /dashboard/api/service-levels`.
void add_service_level_routes(http::router& into,
                              const shared_context& context);

/// The list handlers, which the dashboard offers under its own paths too.
http::handler prediction_list(const shared_context& context,
                              std::string_view bridge);
http::handler outcome_list(const shared_context& context,
                           std::string_view bridge);
http::operation prediction_list_operation(std::string_view tag);
http::operation outcome_list_operation(std::string_view tag);

} // namespace banksia
