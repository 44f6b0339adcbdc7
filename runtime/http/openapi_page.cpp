#include "runtime/http/openapi.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

namespace banksia::http {

namespace {

namespace json = boost::json;

std::string escaped(std::string_view text) {
  std::string result;
  for (auto c : text)
    switch (c) {
      case '&': result += "&amp;"; break;
      case '<': result += "&lt;"; break;
      case '>': result += "&gt;"; break;
      case '"': result += "&quot;"; break;
      default: result += c;
    }
  return result;
}

std::string_view text_at(const json::object& of, std::string_view name) {
  auto found = of.if_contains(name);
  if (!found || !found->is_string())
    return {};
  return {found->get_string().data(), found->get_string().size()};
}

/// A schema in few words, with a link where it has a name.
std::string shape_words(const json::value& shape) {
  auto object = shape.if_object();
  if (!object)
    return "none";
  if (auto reference = text_at(*object, "$ref"); !reference.empty()) {
    auto name = escaped(reference.substr(reference.rfind('/') + 1));
    return "<a href=\"#schema-" + name + "\">" + name + "</a>";
  }
  if (auto choices = object->if_contains("anyOf"))
    return shape_words(choices->as_array().at(0)) + " or null";
  std::string result;
  if (auto types = object->if_contains("type")) {
    if (types->is_string()) {
      result = text_at(*object, "type");
    } else {
      for (const auto& x : types->as_array())
        result += (result.empty() ? "" : " or ") + std::string{x.as_string()};
    }
  }
  if (auto elements = object->if_contains("items"))
    result += " of " + shape_words(*elements);
  if (auto values = object->if_contains("enum")) {
    result += ":";
    for (const auto& x : values->as_array())
      result += " <code>" + escaped(json::serialize(x)) + "</code>";
  }
  if (auto format = text_at(*object, "format"); !format.empty())
    result += " (" + escaped(format) + ")";
  auto bound = [&](std::string_view keyword, std::string_view said) {
    if (auto x = object->if_contains(keyword))
      result += ", " + std::string{said} + " " + json::serialize(*x);
  };
  bound("minimum", "from");
  bound("maximum", "to");
  bound("maxLength", "at most characters");
  bound("minItems", "elements from");
  bound("maxItems", "elements to");
  return result.empty() ? "anything" : result;
}

/// A table of an object's members.
std::string members_table(const json::object& shape) {
  auto properties = shape.if_contains("properties");
  if (!properties)
    return "<p>" + shape_words(shape) + "</p>\n";
  std::string result = "<table><tr><th>member<th>what<th>\n";
  auto required = shape.if_contains("required");
  for (const auto& [name, member] : properties->as_object()) {
    auto is_required = false;
    if (required)
      for (const auto& x : required->as_array())
        is_required = is_required || x.as_string() == name;
    result += "<tr><td><code>" + escaped(name) + "</code>"
              + (is_required ? "" : " (may be absent)") + "<td>"
              + shape_words(member) + "<td>"
              + escaped(text_at(member.as_object(), "description")) + "\n";
  }
  return result + "</table>\n";
}

std::string parameters_table(const json::object& of) {
  auto all = of.if_contains("parameters");
  if (!all)
    return {};
  std::string result = "<table><tr><th>parameter<th>in<th>what<th>\n";
  for (const auto& x : all->as_array()) {
    const auto& parameter = x.as_object();
    result += "<tr><td><code>" + escaped(text_at(parameter, "name"))
              + "</code><td>" + escaped(text_at(parameter, "in")) + "<td>"
              + shape_words(parameter.at("schema")) + "<td>"
              + escaped(text_at(parameter, "description")) + "\n";
  }
  return result + "</table>\n";
}

std::string content_words(const json::object& of) {
  auto content = of.if_contains("content");
  if (!content)
    return {};
  std::string result;
  for (const auto& [media, x] : content->as_object()) {
    result += "<code>" + escaped(media) + "</code>";
    if (media == "application/json")
      result += ": " + shape_words(x.at("schema"));
  }
  return result;
}

std::string answers_table(const json::object& of) {
  std::string result = "<table><tr><th>status<th>answer<th>\n";
  std::string problems;
  for (const auto& [status, x] : of.at("responses").as_object()) {
    const auto& answer = x.as_object();
    if (answer.contains("$ref"))
      problems += (problems.empty() ? "" : ", ") + std::string{status};
    else
      result += "<tr><td>" + escaped(status) + "<td>"
                + escaped(text_at(answer, "description")) + "<td>"
                + content_words(answer) + "\n";
  }
  return result + "<tr><td>" + problems
         + "<td>a problem<td><a href=\"#schema-Problem\">Problem</a>\n"
           "</table>\n";
}

/// Who may call it, in words; an empty requirement is one way among others.
std::string_view token_note(const json::array& security) {
  if (security.empty())
    return "";
  if (security.front().as_object().empty())
    return " Needs a token where others than this machine may ask.";
  return " <strong>Needs a token.</strong>";
}

std::string operation_html(std::string_view method, std::string_view path,
                           const json::object& of) {
  std::string upper{method};
  for (auto& c : upper)
    c = static_cast<char>(c - 'a' + 'A');
  auto id = escaped(text_at(of, "operationId"));
  auto result = "<section id=\"" + id + "\"><h3><code>" + upper + " "
                + escaped(path) + "</code></h3>\n<p>"
                + escaped(text_at(of, "summary"))
                + std::string{token_note(of.at("security").as_array())}
                + "</p>\n" + parameters_table(of);
  if (auto body = of.if_contains("requestBody")) {
    const auto& shape
      = body->at("content").at("application/json").at("schema");
    result += "<p>Body: " + content_words(body->as_object()) + "</p>\n";
    if (!shape.as_object().contains("$ref"))
      result += members_table(shape.as_object());
  }
  return result + answers_table(of) + "</section>\n";
}

std::string operations_html(const json::object& document,
                            std::string_view tag) {
  std::string result;
  for (const auto& [path, methods] : document.at("paths").as_object())
    for (const auto& [method, x] : methods.as_object())
      if (x.at("tags").as_array().at(0).as_string() == tag)
        result += operation_html(method, path, x.as_object());
  return result;
}

} // namespace

std::string openapi_page(const json::object& document) {
  const auto& info = document.at("info").as_object();
  auto title = escaped(text_at(info, "title"));
  auto result = "<!doctype html>\n<html lang=\"en\"><head><meta "
                "charset=\"utf-8\">\n<title>" + title
                + "</title>\n<meta name=\"viewport\" "
                  "content=\"width=device-width\">\n"
                  "<link rel=\"stylesheet\" href=\"/docs/page.css\">\n"
                  "</head><body><main>\n<h1>" + title + "</h1>\n<p>"
                + escaped(text_at(info, "description")) + " Version "
                + escaped(text_at(info, "version"))
                + ". The same for programs: <a "
                  "href=\"/openapi.json\">/openapi.json</a>.</p>\n";
  for (const auto& x : document.at("tags").as_array()) {
    const auto& tag = x.as_object();
    auto name = text_at(tag, "name");
    result += "<h2>" + escaped(name) + "</h2>\n<p>"
              + escaped(text_at(tag, "description")) + "</p>\n"
              + operations_html(document, name);
  }
  result += "<h2>schemas</h2>\n";
  for (const auto& [name, shape] :
       document.at("components").at("schemas").as_object())
    result += "<section id=\"schema-" + escaped(name) + "\"><h3><code>"
              + escaped(name) + "</code></h3>\n"
              + members_table(shape.as_object()) + "</section>\n";
  return result + "</main></body></html>\n";
}

std::string_view openapi_style() {
  return R"(body { font: 16px/1.5 system-ui, sans-serif; margin: 0; color: #1b1f23; background: #fff }
main { max-width: 62rem; margin: 0 auto; padding: 1rem }
h2 { margin-top: 2.5rem; border-bottom: 1px solid #bbb }
section { margin: 1.5rem 0 }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 }
th, td { border: 1px solid #ccc; padding: .25rem .5rem; text-align: left; vertical-align: top }
code { font-family: ui-monospace, monospace; overflow-wrap: anywhere }
@media (prefers-color-scheme: dark) { body { color: #e6e6e6; background: #14171a } a { color: #8ab4f8 } }
)";
}

} // namespace banksia::http
