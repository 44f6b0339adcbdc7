#include "actors/analyst/stored_analysis.hpp"
#include "actors/scheduler/job_walk.hpp"
#include "actors/services/dashboard/assets.hpp"
#include "actors/services/routes.hpp"
#include "actors/services/summary.hpp"

namespace banksia {

namespace {

std::string page_tag() {
  return '"' + std::string{dashboard_page_digest().substr(0, 32)} + '"';
}

/// Whether the browser has these bytes already. The tag may stand in a list,
/// and a proxy may have marked it as weak.
bool is_known(const http::request& what, const std::string& tag) {
  auto known = what.header("If-None-Match");
  return known
         && (*known == "*" || known->find(tag) != std::string_view::npos);
}

http::handler asset(std::string_view content, std::string type) {
  return [content, type](const http::request& what,
                         const http::responder& reply) {
    auto tag = page_tag();
    http::response answer;
    answer.content_type = type;
    // No-cache: ask each time whether it is still the same.
    answer.headers = {{"ETag", tag},
                      {"Cache-Control", "no-cache"},
                      {"X-Content-Type-Options", "nosniff"},
                      {"Referrer-Policy", "no-referrer"},
                      {"Content-Security-Policy",
                       std::string{dashboard_page_policy}}};
    if (is_known(what, tag))
      answer.status = 304;
    else
      answer.body = content;
    reply(std::move(answer));
  };
}

http::handler to_page() {
  return [](const http::request&, const http::responder& reply) {
    http::response answer;
    answer.status = 302;
    answer.content_type = "text/plain; charset=utf-8";
    answer.body = "The dashboard is at /dashboard/\n";
    answer.headers = {{"Location", "/dashboard/"}};
    reply(std::move(answer));
  };
}

std::optional<trading_date> date_in(const query_parameters& query) {
  auto text = query.text("date");
  if (!text)
    return std::nullopt;
  auto date = parse_date(*text);
  if (!date)
    refuse_field(422, "date", "a date is YYYY-MM-DD");
  return date;
}

/// The analyses asked for, `morning` and `evening`; null where there is none.
http::response analyses(bridge_self* self, const http::request& what) {
  query_parameters query{what, {"kind", "date"}};
  auto wanted = query.text("kind");
  if (wanted && *wanted != morning_job && *wanted != evening_job)
    refuse_field(422, "kind", "it is morning or evening");
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
  into.get("/", to_page())
    .get("/dashboard", to_page())
    .get("/dashboard/",
         asset(dashboard_page_html(), "text/html; charset=utf-8"))
    .get("/dashboard/page.css",
         asset(dashboard_page_css(), "text/css; charset=utf-8"))
    .get("/dashboard/page.js",
         asset(dashboard_page_js(), "text/javascript; charset=utf-8"))
    .get("/dashboard/api/summary",
         talk_on_bridge(context, dashboard, answer_summary))
    .get("/dashboard/api/predictions", prediction_list(context, dashboard))
    .get("/dashboard/api/outcomes", outcome_list(context, dashboard))
    .get("/dashboard/api/analysis", on_bridge(context, dashboard, analyses))
    .get("/dashboard/api/events",
         [context](const http::request&, const http::responder& reply) {
           context->events.open(reply);
         })
    .get("/dashboard/health",
         component_handler(context, "dashboard", {"dashboard", "database"}));
}

} // namespace banksia
