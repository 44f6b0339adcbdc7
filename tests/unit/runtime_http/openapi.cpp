#define CAF_SUITE http_openapi
#include "runtime/http/openapi.hpp"

#include "tests/unit/runtime_http/client.hpp"

#include "caf/test/unit_test.hpp"

#include <boost/json/serialize.hpp>

#include <stdexcept>

using namespace banksia::http;
using banksia::http_test::saying;

namespace {

namespace json = boost::json;

router described() {
  auto book = std::make_shared<schema_book>();
  book->named["Thing"] = schema::object({{"part", schema::ref("Part")}});
  book->named["Part"] = schema::object({{"<b>", schema::number()}});
  book->named["Unused"] = schema::text();
  router result;
  result.with(book);
  operation one;
  one.summary = "One thing & more";
  one.tag = "things";
  one.query = {{"names", schema::list(schema::text()), "a,b"}};
  one.answers = {{200, "the thing", schema::ref("Thing")}};
  result.get("/things/{id}", saying("x"), one);
  operation make;
  make.summary = "Makes one";
  make.tag = "things";
  make.body = request_body{schema::exactly({{"name", schema::text()}})};
  make.answers = {{201, "made", schema::ref("Thing")}};
  make.problems = {409};
  result.post("/things/{id}", saying("x"), make);
  result.get("/secret", saying("x"));
  return result;
}

api_info about() {
  return {"Things", "1.2", "All of them.", "MIT",
          {{"things", "what there is"}, {"others", "nothing"}}};
}

} // namespace

CAF_TEST(the document has what is described and nothing else) {
  auto document = openapi_document(described(), about());
  CAF_CHECK_EQUAL(document.at("openapi").as_string(), "3.1.0");
  CAF_CHECK_EQUAL(json::serialize(document.at("tags")),
                  R"([{"name":"things","description":"what there is"}])");
  const auto& paths = document.at("paths").as_object();
  CAF_CHECK_EQUAL(paths.size(), 1u);
  const auto& get = paths.at("/things/{id}").at("get").as_object();
  CAF_CHECK_EQUAL(get.at("operationId").as_string(), "getThingsById");
  CAF_CHECK_EQUAL(
    json::serialize(get.at("parameters")),
    R"([{"name":"id","in":"path","required":true,"schema":{"type":"string"}},)"
    R"({"name":"names","in":"query","description":"a,b","style":"form",)"
    R"("explode":false,"schema":{"type":"array","items":{"type":"string"}}}])");
  // Free where only this machine can ask.
  CAF_CHECK_EQUAL(json::serialize(get.at("security")),
                  R"([{},{"bearer":[]}])");
  std::string statuses;
  for (const auto& answer : get.at("responses").as_object())
    statuses += std::string{answer.key()} + " ";
  CAF_CHECK_EQUAL(statuses,
                  "200 400 401 403 406 408 414 421 422 429 431 500 503 504 ");
}

CAF_TEST(what changes something needs a token and may be refused) {
  auto document = openapi_document(described(), about());
  const auto& post
    = document.at("paths").at("/things/{id}").at("post").as_object();
  CAF_CHECK_EQUAL(json::serialize(post.at("security")), R"([{"bearer":[]}])");
  for (auto status : {"201", "401", "403", "409", "411", "413", "415", "422"})
    CAF_CHECK(post.at("responses").as_object().contains(status));
  CAF_CHECK_EQUAL(
    json::serialize(post.at("requestBody").at("content")),
    R"({"application/json":{"schema":{"type":"object","properties":)"
    R"({"name":{"type":"string"}},"required":["name"],)"
    R"("additionalProperties":false}}})");
}

CAF_TEST(schemas come once and only where they are needed) {
  auto document = openapi_document(described(), about());
  const auto& schemas
    = document.at("components").at("schemas").as_object();
  CAF_CHECK(schemas.contains("Problem"));
  CAF_CHECK(schemas.contains("Thing"));
  CAF_CHECK(schemas.contains("Part"));
  CAF_CHECK(!schemas.contains("Unused"));
  router lost;
  operation one;
  one.summary = "One";
  one.answers = {{200, "it", schema::ref("Nowhere")}};
  lost.get("/", saying("x"), one);
  try {
    openapi_document(lost, about());
    CAF_FAIL("it was not noticed");
  } catch (const std::out_of_range&) {
  }
}

CAF_TEST(operations have names of their own) {
  auto id = [](method m, std::string pattern) {
    return operation_id({m, std::move(pattern), saying("x")});
  };
  CAF_CHECK_EQUAL(id(method::get, "/"), "getRoot");
  CAF_CHECK_EQUAL(id(method::get, "/dashboard"), "getDashboard");
  CAF_CHECK_EQUAL(id(method::get, "/dashboard/"), "getDashboardIndex");
  CAF_CHECK_EQUAL(id(method::post, "/ml/models/{version}/promote"),
                  "postMlModelsByVersionPromote");
}

CAF_TEST(the page shows all of it and is escaped) {
  auto page = openapi_page(openapi_document(described(), about()));
  for (auto text :
       {"<h1>Things</h1>", "GET /things/{id}", "POST /things/{id}",
        "One thing &amp; more", "<code>&lt;b&gt;</code>", "Needs a token",
        "<a href=\"#schema-Thing\">Thing</a>", "id=\"schema-Thing\""})
    CAF_CHECK(page.find(text) != std::string::npos);
  CAF_CHECK(page.find("<b>") == std::string::npos);
  // What the policy of every answer forbids.
  for (auto text : {"<script", "style=", "<style", "http://", "https://"})
    CAF_CHECK(page.find(text) == std::string::npos);
}
