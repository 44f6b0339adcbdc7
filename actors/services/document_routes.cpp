#include "actors/services/descriptions.hpp"
#include "actors/services/problem_types.hpp"
#include "actors/services/routes.hpp"

#include "runtime/json/text.hpp"

namespace banksia {

namespace {

/// What a listener says of itself; made once all its routes are there.
struct documents {
  std::string json;
  std::string page;
};

http::handler text_of(std::shared_ptr<const documents> from,
                      std::string documents::*which, std::string type) {
  return [from, which, type](const http::request&,
                             const http::responder& reply) {
    reply({200, type, (*from).*which});
  };
}

} // namespace

void add_document_routes(http::router& into, const shared_context& context,
                         const std::string& service) {
  auto made = std::make_shared<documents>();
  into
    .get("/openapi.json",
         text_of(made, &documents::json, "application/json"),
         reading("node", "This document", "OpenApi"))
    .get("/docs",
         text_of(made, &documents::page, "text/html; charset=utf-8"),
         showing("node", "This document, to read", "text/html"))
    .get("/docs/page.css",
         [](const http::request&, const http::responder& reply) {
           reply({200, "text/css; charset=utf-8",
                  std::string{http::openapi_style()}});
         },
         showing("node", "What the page looks like", "text/css"));
  add_problem_routes(into);
  auto about = service_info(service, context->setup.version);
  about.problems = all_problem_types();
  auto document = http::openapi_document(into, about);
  made->json = json_text(document);
  made->page = http::openapi_page(document);
}

} // namespace banksia
