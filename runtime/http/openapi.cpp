#include "runtime/http/openapi.hpp"

#include "runtime/http/problem_type.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <map>
#include <set>

namespace banksia::http {

namespace {

namespace json = boost::json;

constexpr std::string_view problem_media = "application/problem+json";

/// What the server itself refuses on any route.
constexpr int everywhere[]{400, 406, 408, 414, 421, 429, 431, 500, 503, 504};

/// What it refuses besides where there is a body.
constexpr int with_body[]{411, 413, 415, 422};

std::string lower(std::string_view text) {
  std::string result{text};
  for (auto& c : result)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  return result;
}

json::object problem_schema() {
  return schema::object(
    {{"type", schema::said(schema::text(),
                           "where the kind of problem is explained: by it "
                           "programs tell two of one status apart")},
     {"title", schema::text()},
     {"status", schema::whole(400, 599)},
     {"detail", schema::said(schema::text(),
                             "what went wrong and what to do")},
     {"field", schema::said(schema::text(),
                            "the parameter or the place in the body that is "
                            "to blame; empty: the body itself"),
      false},
     {"trace_id", schema::said(schema::text(),
                               "by which the logs name this request")}});
}

std::string bare_media(std::string_view media) {
  return std::string{media.substr(0, media.find(';'))};
}

json::object answer_json(const answer& x) {
  json::object result{{"description", x.description}};
  if (x.media.empty())
    return result;
  json::object content;
  auto add = [&](const std::string& named) {
    auto media = bare_media(named);
    content[media] = json::object{
      {"schema", media.ends_with("json") ? x.shape : schema::text()}};
  };
  add(x.media);
  for (const auto& named : x.other_media)
    add(named);
  result["content"] = std::move(content);
  return result;
}

json::object problem_answer(int status) {
  return {{"$ref", "#/components/responses/Problem" + std::to_string(status)}};
}

std::set<int> problems_of(const route& x) {
  std::set<int> result{std::begin(everywhere), std::end(everywhere)};
  result.insert(x.description.problems.begin(), x.description.problems.end());
  if (x.description.body)
    result.insert(std::begin(with_body), std::end(with_body));
  if (!x.description.query.empty() || !x.description.path.empty())
    result.insert(422);
  if (x.access > route_access::open)
    result.insert({401, 403});
  return result;
}

json::object parameter_json(const parameter& x, std::string_view in) {
  json::object result{{"name", x.name}, {"in", in}};
  if (!x.description.empty())
    result["description"] = x.description;
  if (in == "path")
    result["required"] = true;
  auto type = x.shape.if_contains("type");
  if (type && *type == "array") {
    // "a,b", not the default of a parameter an element.
    result["style"] = "form";
    result["explode"] = false;
  }
  result["schema"] = x.shape;
  return result;
}

/// The names of a pattern, each with its description where it has one.
json::array parameters_of(const route& of) {
  json::array result;
  const auto& pattern = of.pattern;
  for (auto begin = pattern.find('{'); begin != std::string::npos;
       begin = pattern.find('{', begin + 1)) {
    auto end = pattern.find('}', begin);
    auto name = pattern.substr(begin + 1, end - begin - 1);
    auto known = std::find_if(of.description.path.begin(),
                              of.description.path.end(),
                              [&](const auto& x) { return x.name == name; });
    result.push_back(parameter_json(known == of.description.path.end()
                                      ? parameter{name, schema::text()}
                                      : *known,
                                    "path"));
  }
  for (const auto& x : of.description.query)
    result.push_back(parameter_json(x, "query"));
  return result;
}

json::object operation_json(const route& of) {
  const auto& what = of.description;
  json::object result{{"operationId", operation_id(of)},
                      {"summary", what.summary},
                      {"tags", json::array{what.tag}}};
  if (auto all = parameters_of(of); !all.empty())
    result["parameters"] = std::move(all);
  if (what.body)
    result["requestBody"] = json::object{
      {"required", what.body->is_required},
      {"content",
       json::object{{"application/json",
                     json::object{{"schema", what.body->shape}}}}}};
  json::object answers;
  for (const auto& x : what.answers)
    answers[std::to_string(x.status)] = answer_json(x);
  for (auto status : problems_of(of))
    if (auto& place = answers[std::to_string(status)]; place.is_null())
      place = problem_answer(status);
    else if (auto content = place.as_object().if_contains("content"))
      content->as_object()[problem_media]
        = json::object{{"schema", schema::ref("Problem")}};
  result["responses"] = std::move(answers);
  json::array security;
  // Free where only this machine can ask.
  if (of.access == route_access::read)
    security.push_back(json::object{});
  if (of.access > route_access::open)
    security.push_back(json::object{{"bearer", json::array{}}});
  result["security"] = std::move(security);
  return result;
}

/// The names that a value refers to.
void collect(const json::value& x, std::set<std::string, std::less<>>& into) {
  if (x.is_array()) {
    for (const auto& y : x.get_array())
      collect(y, into);
  } else if (x.is_object()) {
    for (const auto& [name, y] : x.get_object())
      if (name == "$ref" && y.is_string())
        into.emplace(y.get_string());
      else
        collect(y, into);
  }
}

/// The part of the book that `from` needs, itself included.
json::object needed_schemas(const json::value& from, const schema_book& book) {
  constexpr std::string_view place = "#/components/schemas/";
  std::set<std::string, std::less<>> wanted;
  collect(from, wanted);
  for (std::size_t before = 0; before != wanted.size();) {
    before = wanted.size();
    for (const auto& reference : std::set{wanted})
      if (reference.starts_with(place) && reference != "#/components/schemas/Problem")
        collect(book.named.at(reference.substr(place.size())), wanted);
  }
  json::object result{{"Problem", problem_schema()}};
  for (const auto& [name, shape] : book.named)
    if (wanted.contains(std::string{place} + std::string{name}))
      result[name] = shape;
  return result;
}

json::object example_of(const problem_type& x) {
  return {{"summary", x.title},
          {"value", json::object{{"type", type_reference(x)},
                                 {"title", x.title},
                                 {"status", x.status},
                                 {"detail", x.meaning},
                                 {"trace_id", std::string(32, '0')}}}};
}

json::object examples_of(int status,
                         const std::vector<const problem_type*>& known) {
  json::object result;
  for (auto x : known)
    if (x->status == status)
      result[x->name] = example_of(*x);
  return result;
}

json::object
problem_responses(const std::set<int>& statuses,
                  const std::vector<const problem_type*>& known) {
  json::object result;
  for (auto status : statuses) {
    json::object shown{{"schema", schema::ref("Problem")}};
    if (auto examples = examples_of(status, known); !examples.empty())
      shown["examples"] = std::move(examples);
    json::object content;
    content[problem_media] = std::move(shown);
    result["Problem" + std::to_string(status)]
      = json::object{{"description", reason_phrase(status)},
                     {"content", std::move(content)}};
  }
  return result;
}

json::array tags_of(const router& of, const api_info& about) {
  json::array result;
  for (const auto& [name, description] : about.tags)
    if (std::any_of(of.routes().begin(), of.routes().end(),
                    [&](const auto& x) { return x.description.tag == name; }))
      result.push_back({{"name", name}, {"description", description}});
  return result;
}

} // namespace

std::string operation_id(const route& of) {
  std::string result = lower(to_string(of.method));
  bool is_start = true;
  for (std::size_t i = 0; i < of.pattern.size(); ++i) {
    auto c = of.pattern[i];
    if (c == '{')
      result += "By";
    auto is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
                     || (c >= '0' && c <= '9');
    if (is_letter) {
      result += is_start && c >= 'a' && c <= 'z'
                  ? static_cast<char>(c - 'a' + 'A')
                  : c;
      is_start = false;
    } else {
      is_start = true;
    }
  }
  // "/dashboard" and "/dashboard/" are two paths.
  if (of.pattern.size() > 1 && of.pattern.ends_with('/'))
    result += "Index";
  if (of.pattern == "/")
    result += "Root";
  return result;
}

json::object openapi_document(const router& of, const api_info& about) {
  json::object paths;
  std::set<int> statuses;
  for (const auto& x : of.routes()) {
    if (!x.description.is_described())
      continue;
    auto& path = paths[x.pattern];
    if (path.is_null())
      path = json::object{};
    path.as_object()[lower(to_string(x.method))] = operation_json(x);
    statuses.merge(problems_of(x));
  }
  json::object security{
    {"bearer", json::object{{"type", "http"},
                            {"scheme", "bearer"},
                            {"description", "the content of operator.token"}}}};
  json::object components{{"schemas", needed_schemas(paths, of.book())},
                          {"responses",
                           problem_responses(statuses, about.problems)},
                          {"securitySchemes", std::move(security)}};
  json::object license{{"name", about.license}, {"identifier", about.license}};
  return {{"openapi", "3.1.0"},
          {"info", json::object{{"title", about.title},
                                {"version", about.version},
                                {"description", about.description},
                                {"license", std::move(license)}}},
          {"servers", json::array{json::object{{"url", "/"}}}},
          {"tags", tags_of(of, about)},
          {"paths", std::move(paths)},
          {"components", std::move(components)}};
}

} // namespace banksia::http
