#include "messages/json_learning.hpp"

#include "messages/json.hpp"

#include <boost/json/parse.hpp>

namespace banksia {

namespace {

namespace json = boost::json;

json::value text_or_null(const std::string& x) {
  return x.empty() ? json::value(nullptr) : json::value(x);
}

/// A stored text of JSON; null where it is empty or none.
json::value document(const std::string& text) {
  json::error_code failed;
  auto value = json::parse(text, failed);
  return failed ? json::value(nullptr) : value;
}

} // namespace

json::object summary_json(const training_record& x) {
  auto ended = x.status != "owed" && x.status != "running";
  return {{"training_id", x.training_id},
          {"run", x.run},
          {"cause", x.cause},
          {"requested_at", json_time(x.requested_at)},
          {"ended_at", ended ? json_time(x.ended_at) : json::value(nullptr)},
          {"status", x.status},
          {"stage", x.stage},
          {"progress", json_number(x.progress.value())},
          {"reason", text_or_null(x.reason)},
          {"model_version", text_or_null(x.model_version)},
          {"promoted", x.promoted}};
}

json::object to_json(const training_record& x) {
  auto result = summary_json(x);
  result["report"] = document(x.report);
  return result;
}

json::object to_json(const model_record& x) {
  return {{"model_version", x.model_version},
          {"status", x.status},
          {"kind", x.kind},
          {"added_at", json_time(x.added_at)},
          {"changed_at", json_time(x.changed_at)},
          {"reason", x.reason},
          {"manifest", document(x.manifest)}};
}

} // namespace banksia
