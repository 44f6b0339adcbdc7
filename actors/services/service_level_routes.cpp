#include "actors/services/descriptions.hpp"
#include "actors/services/routes.hpp"
#include "actors/services/service_levels.hpp"

namespace banksia {

namespace {

http::response service_levels(bridge_self* self, const http::request&) {
  put_service_levels(self);
  auto body = self->state.levels.content;
  body["degraded"] = is_degraded(*self->state.context);
  return http::json_response(body);
}

} // namespace

void add_service_level_routes(http::router& into,
                              const shared_context& context) {
  into.get("/dashboard/api/service-levels",
           on_bridge(context, dashboard_bridge, service_levels),
           reading("dashboard", "What was promised, and how it is kept",
                   "ServiceLevels"));
}

} // namespace banksia
