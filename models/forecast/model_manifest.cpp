#include "models/forecast/model_manifest.hpp"

#include "messages/ids.hpp"
#include "models/forecast/json_fields.hpp"

#include <algorithm>
#include <limits>

namespace banksia::forecast {

namespace json = boost::json;

namespace {

json::object to_json(const model_shape& x) {
  return {{"kind", json::string{to_string(x.kind)}},
          {"symbols", texts_json(x.symbols)},
          {"bar_channels", texts_json(x.bar_channels)},
          {"embedding", x.embedding},
          {"hidden", x.hidden},
          {"recurrent", x.recurrent},
          {"trunk", x.trunk}};
}

model_shape shape_from_json(const json::object& x) {
  model_shape out;
  auto kind = parse_model_kind(text_member(x, "kind"));
  if (!kind)
    throw field_error("kind: no such kind of model");
  out.kind = *kind;
  out.symbols = texts_member(x, "symbols");
  out.bar_channels = texts_member(x, "bar_channels");
  out.embedding = small_member(x, "embedding");
  out.hidden = small_member(x, "hidden");
  out.recurrent = small_member(x, "recurrent");
  out.trunk = small_member(x, "trunk");
  if (auto problem = problem_of(out))
    throw field_error(*problem);
  return out;
}

// -- drift --------------------------------------------------------------------

json::array numbers_json(const std::vector<double>& x) {
  json::array out;
  for (auto number : x)
    out.emplace_back(as_kept(number));
  return out;
}

json::object to_json(const drift_table& x) {
  json::object out;
  for (const auto& [name, reference] : x)
    out[name] = {{"edges", numbers_json(reference.edges)},
                 {"parts", numbers_json(reference.parts)},
                 {"missing", as_kept(reference.missing)},
                 {"samples", reference.samples}};
  return out;
}

/// What makes a reference impossible; nothing when it may be one.
std::string_view problem_of(const drift_reference& x) {
  if (x.edges.size() + 1 != x.parts.size()
      && !(x.edges.empty() && x.parts.empty()))
    return "expected a part more than edges";
  if (!std::is_sorted(x.edges.begin(), x.edges.end()))
    return "expected edges that ascend";
  auto is_part = [](double part) { return part >= 0.0 && part <= 1.0; };
  if (!is_part(x.missing)
      || !std::all_of(x.parts.begin(), x.parts.end(), is_part))
    return "expected parts of one";
  return {};
}

drift_table drift_member(const json::object& from, std::string_view name) {
  drift_table out;
  for (const auto& item : object_member(from, name)) {
    const auto& x = as_object(item.value(), item.key());
    drift_reference reference;
    reference.edges = numbers_member(x, "edges");
    reference.parts = numbers_member(x, "parts");
    reference.missing = number_member(x, "missing");
    reference.samples = count_member(x, "samples");
    if (auto problem = problem_of(reference); !problem.empty())
      throw field_error(std::string{name} + ", " + std::string{item.key()}
                        + ": " + std::string{problem});
    out.emplace(item.key(), std::move(reference));
  }
  return out;
}

} // namespace

drift_reference as_kept(const drift_reference& x) {
  auto out = x;
  for (auto* numbers : {&out.edges, &out.parts})
    for (auto& number : *numbers)
      number = as_kept(number);
  out.missing = as_kept(x.missing);
  return out;
}

std::string model_version(timestamp trained_at, model_kind kind,
                          std::string_view data_hash, std::uint64_t seed) {
  std::string out;
  for (auto c : to_rfc3339(std::chrono::floor<std::chrono::seconds>(trained_at)))
    if (c != '-' && c != ':')
      out += c;
  out += '-';
  out += to_string(kind);
  out += '-';
  out += sha256_hex(std::string{data_hash} + '\x1f' + std::to_string(seed))
           .substr(0, 8);
  return out;
}

bool is_model_version(std::string_view text) noexcept {
  auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
           || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
  };
  return !text.empty() && text.size() <= 80 && text.front() != '.'
         && std::all_of(text.begin(), text.end(), fits);
}

json::object to_json(const model_manifest& x) {
  return {{"version", x.version},
          {"feature_set", x.feature_set},
          {"shape", to_json(x.shape)},
          {"data_from", to_rfc3339(x.data_from)},
          {"data_to", to_rfc3339(x.data_to)},
          {"data_hash", x.data_hash},
          {"rows", x.rows},
          {"validation_rows", x.validation_rows},
          {"seed", x.seed},
          {"trials", x.trials},
          {"configuration_hash", x.configuration_hash},
          {"build", x.build},
          {"library", x.library},
          {"capability", x.capability},
          {"blas", x.blas},
          {"metrics", metrics_json(x.metrics)},
          {"drift", to_json(x.drift)}};
}

model_manifest manifest_from_json(const json::object& x) {
  model_manifest out;
  out.version = text_member(x, "version");
  if (!is_model_version(out.version))
    throw field_error("version: not a model's version");
  auto feature_set = small_member(x, "feature_set");
  if (feature_set > std::numeric_limits<std::uint16_t>::max())
    throw field_error("feature_set: expected a smaller number");
  out.feature_set = static_cast<std::uint16_t>(feature_set);
  out.shape = shape_from_json(object_member(x, "shape"));
  out.data_from = time_member(x, "data_from");
  out.data_to = time_member(x, "data_to");
  out.data_hash = text_member(x, "data_hash");
  out.rows = count_member(x, "rows");
  out.validation_rows = count_member(x, "validation_rows");
  out.seed = count_member(x, "seed");
  out.trials = small_member(x, "trials");
  out.configuration_hash = text_member(x, "configuration_hash");
  out.build = text_member(x, "build");
  out.library = text_member(x, "library");
  out.capability = text_member(x, "capability");
  out.blas = text_member(x, "blas");
  out.metrics = metrics_member(x, "metrics");
  out.drift = drift_member(x, "drift");
  return out;
}

} // namespace banksia::forecast
