#include "models/forecast/registry_text.hpp"

#include "models/forecast/json_fields.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

namespace banksia::forecast {

namespace json = boost::json;

namespace {

constexpr std::uint64_t registry_format = 1;

json::object to_json(const status_change& x) {
  return {{"at", to_rfc3339(x.at)},
          {"change", json::string{to_string(x.kind)}},
          {"by", x.by},
          {"reason", x.reason}};
}

json::object to_json(const registry_entry& x) {
  json::array history;
  for (const auto& change : x.history)
    history.emplace_back(to_json(change));
  return {{"version", x.version},
          {"status", json::string{to_string(x.status())}},
          {"kind", json::string{to_string(x.kind)}},
          {"sha256", x.sha256},
          {"bytes", x.bytes},
          {"trials", x.trials},
          {"metrics", metrics_json(x.metrics)},
          {"history", std::move(history)}};
}

status_change change_from_json(const json::object& x) {
  status_change out;
  out.at = time_member(x, "at");
  auto kind = parse_change_kind(text_member(x, "change"));
  if (!kind)
    throw field_error("change: no such change");
  out.kind = *kind;
  out.by = text_member(x, "by");
  out.reason = text_member(x, "reason");
  return out;
}

registry_entry entry_from_json(const json::object& x) {
  registry_entry out;
  out.version = text_member(x, "version");
  auto kind = parse_model_kind(text_member(x, "kind"));
  if (!kind)
    throw field_error("kind: no such kind of model");
  out.kind = *kind;
  out.sha256 = text_member(x, "sha256");
  out.bytes = count_member(x, "bytes");
  out.trials = small_member(x, "trials");
  out.metrics = metrics_member(x, "metrics");
  for (const auto& change : array_member(x, "history"))
    out.history.push_back(change_from_json(as_object(change, "history")));
  if (auto problem = problem_of(out))
    throw field_error(*problem);
  // The status follows from the history; a text that says otherwise has been
  // changed by hand.
  if (text_member(x, "status") != to_string(out.status()))
    throw field_error("status: not what the history of " + out.version
                      + " leads to");
  return out;
}

} // namespace

std::string to_text(const registry_state& x) {
  json::array models;
  for (const auto& entry : x.entries())
    models.emplace_back(to_json(entry));
  return json::serialize(json::object{{"format", registry_format},
                                      {"models", std::move(models)}})
         + '\n';
}

registry_state registry_from_text(std::string_view text) {
  auto refuse = [](const std::exception& error) {
    throw registry_error(std::string{"the model registry cannot be used: "}
                         + error.what() + ": restore the file");
  };
  registry_state out;
  try {
    auto document = parse_document(text);
    const auto& x = as_object(document, "registry");
    auto format = count_member(x, "format");
    if (format != registry_format)
      throw field_error("format " + std::to_string(format)
                        + ", and this build reads "
                        + std::to_string(registry_format));
    std::vector<registry_entry> entries;
    for (const auto& entry : array_member(x, "models"))
      entries.push_back(entry_from_json(as_object(entry, "models")));
    out = registry_state::from_entries(std::move(entries));
  } catch (const field_error& error) {
    refuse(error);
  } catch (const registry_error& error) {
    refuse(error);
  }
  return out;
}

} // namespace banksia::forecast
