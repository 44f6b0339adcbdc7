#include "actors/ml/registration.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>

namespace banksia {

namespace {

namespace json = boost::json;
using forecast::change_order;
using forecast::model_status;

std::string text_of(const json::object& from, std::string_view name) {
  auto value = from.if_contains(name);
  auto text = value ? value->if_string() : nullptr;
  if (!text || text->empty())
    throw result_error("its result has no " + std::string{name});
  return std::string{*text};
}

bool says_promote(const json::object& result) {
  auto value = result.if_contains("promote");
  auto said = value ? value->if_bool() : nullptr;
  return said && *said;
}

std::string reasons_of(const json::object& result) {
  std::string text;
  auto value = result.if_contains("reasons");
  if (auto all = value ? value->if_array() : nullptr)
    for (const auto& x : *all)
      if (auto one = x.if_string())
        text += (text.empty() ? "" : "; ") + std::string{*one};
  return text.empty() ? "no reason was given" : text;
}

model_status status_of(const registry_folder& models,
                       const std::string& version) {
  auto state = models.read();
  auto entry = state.find(version);
  if (!entry)
    throw result_error("the registry does not have what was added: "
                       + version);
  return entry->status();
}

void expect_version(const std::string& bytes, const std::string& told) {
  std::string version;
  try {
    version = forecast::from_bytes(bytes).manifest.version;
  } catch (const forecast::model_file_error&) {
    return;
  }
  if (version != told)
    throw result_error("its result names " + told + ", its file " + version);
}

bool is_same(const model_record& a, const model_record& b) {
  return a.status == b.status && a.changed_at == b.changed_at
         && a.reason == b.reason;
}

} // namespace

std::string manifest_of(const registry_folder& models,
                        const std::string& version) {
  try {
    return json::serialize(forecast::to_json(models.load(version).manifest));
  } catch (const registry_failure&) {
    return {};
  }
}

model_record record_of(const forecast::registry_entry& x) {
  model_record record;
  record.model_version = x.version;
  record.status = to_string(x.status());
  record.kind = to_string(x.kind);
  record.added_at = x.history.front().at;
  record.changed_at = x.since();
  record.reason = x.history.back().reason;
  return record;
}

std::string champion_of(const forecast::registry_state& x) {
  auto champion = x.champion();
  return champion ? champion->version : std::string{};
}

registered_model register_model(registry_folder& models,
                                const json::object& result,
                                const std::string& compared_with,
                                const change_order& order) {
  auto file = text_of(result, "model_file");
  auto told = text_of(result, "model_version");
  // Before it is in the registry. What is wrong with the file says `add`.
  if (auto bytes = read_whole(file, forecast::model_bytes_max))
    expect_version(*bytes, told);
  registered_model made;
  made.version = models.add(file, order);
  // Done again after a crash, it may have come further already.
  auto status = status_of(models, made.version);
  if (status == model_status::candidate)
    models.shadow(made.version, order);
  made.verdict = reasons_of(result);
  auto champion = champion_of(models.read());
  if (champion == made.version) {
    made.promoted = true;
  } else if (says_promote(result) && champion != compared_with) {
    made.verdict = "not promoted: it was measured against "
                   + (compared_with.empty() ? "no champion" : compared_with)
                   + ", and now "
                   + (champion.empty() ? "none" : champion) + " serves";
  } else if (says_promote(result)) {
    models.promote(made.version, {order.at, order.by, made.verdict});
    made.promoted = true;
  }
  return made;
}

std::vector<model_record>
mirror_of(const registry_folder& models,
          const std::vector<model_record>& stored) {
  auto known = [&](const std::string& version) -> const model_record* {
    auto at = std::find_if(stored.begin(), stored.end(), [&](const auto& x) {
      return x.model_version == version;
    });
    return at == stored.end() ? nullptr : &*at;
  };
  std::vector<model_record> changed;
  auto state = models.read();
  for (const auto& entry : state.entries()) {
    auto record = record_of(entry);
    auto before = known(entry.version);
    if (before && is_same(*before, record))
      continue;
    record.manifest = before && !before->manifest.empty()
                        ? before->manifest
                        : manifest_of(models, entry.version);
    changed.push_back(std::move(record));
  }
  for (const auto& x : stored)
    if (!state.find(x.model_version) && x.status != "removed") {
      auto gone = x;
      gone.status = "removed";
      gone.reason = "the registry has it no more";
      changed.push_back(std::move(gone));
    }
  return changed;
}

} // namespace banksia
