#pragma once

/// The node's series: from the store's totals, the probes and the health board,
/// so that they are right after a restart.

#include "actors/services/bridge.hpp"
#include "runtime/http/server.hpp"

#include <functional>
#include <string>

namespace banksia {

/// Registers what is read at each rendering: build, probes, health, process.
void add_node_metrics(service_context& context);

/// From now on queries of the process are measured for this context.
void observe_queries(const shared_context& context);

/// Counts each answered request, and logs what is worth it.
std::function<void(const http::served&)>
request_observer(const shared_context& context);

/// The series of a service ("dashboard": all) as text. Totals of the store are
/// at most a second old; without the database the rest is given all the same.
/// In OpenMetrics where the request asks for it.
http::response metrics_response(bridge_self* self, const std::string& service,
                                const http::request& what);

} // namespace banksia
