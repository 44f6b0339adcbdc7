#include "actors/analyst/stored_analysis.hpp"
#include "actors/scheduler/job_walk.hpp"
#include "actors/services/dashboard/assets.hpp"
#include "actors/services/descriptions.hpp"
#include "actors/services/routes.hpp"
#include "actors/services/summary.hpp"

namespace banksia {

namespace {

std::string page_tag() {
  return '"' + std::string{dashboard_page_digest().substr(0, 32)} + '"';
}

http::handler asset(std::string_view content, std::string type) {
  return [content, type](const http::request&, const http::responder& reply) {
    http::response answer;
    answer.content_type = type;
    // No-cache: ask each time whether it is still the same.
    answer.headers = {{"ETag", page_tag()},
                      {"Cache-Control", "no-cache"},
                      {"X-Content-Type-Options", "nosniff"},
                      {"Referrer-Policy", "no-referrer"},
                      {"Content-Security-Policy",
                       std::string{dashboard_page_policy}}};
    answer.body = content;
    reply(std::move(answer));
  };
}

http::handler to_page() {
  return [](const http::request&, const http::responder& reply) {
    http::response answer;
    answer.status = 302;
    answer.content_type.clear();
    answer.headers = {{"Location", "/dashboard/"}};
    reply(std::move(answer));
  };
}

std::optional<trading_date> date_in(const query_parameters& query) {
  auto text = query.text("date");
  if (!text)
    return std::nullopt;
  return parse_date(*text);
}

/// The analyses asked for, `morning` and `evening`; null where there is none.
http::response analyses(bridge_self* self, const http::request& what) {
  query_parameters query{what};
  auto wanted = query.text("kind");
  auto date = date_in(query);
  boost::json::object result;
  for (auto kind : {morning_job, evening_job})
    if (!wanted || *wanted == kind)
      result[kind] = analysis::stored(self->state.ask(),
                                      self->state.plan().run, kind, date);
  result["degraded"] = is_degraded(*self->state.context);
  return http::json_response(result);
}

} // namespace

void add_dashboard_routes(http::router& into, const shared_context& context) {
  auto dashboard = dashboard_bridge;
  constexpr auto tag = "dashboard";
  auto page = [&](std::string_view summary, std::string_view media) {
    return showing(tag, summary, media);
  };
  auto elsewhere = [&] { return showing(tag, "Leads to the page", "", 302); };
  into.get("/", to_page(), elsewhere())
    .get("/dashboard", to_page(), elsewhere())
    .get("/dashboard/",
         asset(dashboard_page_html(), "text/html; charset=utf-8"),
         page("The dashboard", "text/html"))
    .get("/dashboard/page.css",
         asset(dashboard_page_css(), "text/css; charset=utf-8"),
         page("What it looks like", "text/css"))
    .get("/dashboard/page.js",
         asset(dashboard_page_js(), "text/javascript; charset=utf-8"),
         page("What it does", "text/javascript"))
    .get("/dashboard/ml",
         asset(dashboard_page_ml_html(), "text/html; charset=utf-8"),
         page("Models and trainings", "text/html"))
    .get("/dashboard/ml.js",
         asset(dashboard_page_ml_js(), "text/javascript; charset=utf-8"),
         page("What that page does", "text/javascript"))
    .get("/dashboard/api/summary",
         talk_on_bridge(context, dashboard, answer_summary),
         reading(tag, "What the page shows", "Summary"))
    .get("/dashboard/api/predictions", prediction_list(context, dashboard),
         prediction_list_operation(tag))
    .get("/dashboard/api/outcomes", outcome_list(context, dashboard),
         outcome_list_operation(tag))
    .get("/dashboard/api/analysis", on_bridge(context, dashboard, analyses),
         reading(tag, "What was thought before and after a session",
                 "Analyses", {"kind", "date"}))
    .get("/dashboard/api/events",
         [context](const http::request&, const http::responder& reply) {
           context->events.open(reply);
         },
         page("What happens, as server-sent events", "text/event-stream"))
    .get("/dashboard/health",
         component_handler(context, "dashboard", {"dashboard", "database"}),
         probing(tag, "How the service is", "Health"));
}

} // namespace banksia
