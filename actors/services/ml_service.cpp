#include "actors/services/asking.hpp"
#include "actors/services/descriptions.hpp"
#include "actors/services/pages.hpp"
#include "actors/services/problem_types.hpp"
#include "actors/services/routes.hpp"

#include "actors/ml/registration.hpp"
#include "messages/json.hpp"
#include "messages/json_learning.hpp"

#include <boost/json/array.hpp>

#include <algorithm>

namespace banksia {

namespace {

namespace json = boost::json;
using forecast::change_order;

ref<trainer_actor> trainer_of(bridge_self* self) {
  return self->state.context->setup.names->name<trainer_actor>("ml/trainer");
}

http::response no_trainer() {
  return http::problem(problems::part_away,
                       "this node trains no models now: ml/trainer is not "
                       "running: set ml = on, or try again");
}

// -- the registry -----------------------------------------------------------------

registry_folder models_of(bridge_self* self) {
  const auto& folder = self->state.context->setup.models;
  if (folder.empty())
    refuse_missing("this node has no models");
  return registry_folder{folder};
}

const http::problem_type& type_of(registry_fault x) {
  switch (x) {
    case registry_fault::refused:
      return problems::model_not_fit;
    case registry_fault::full:
      return http::problems::insufficient_storage;
    default:
      return problems::part_away;
  }
}

/// What the registry says no to becomes a problem.
http::response from_registry(const std::function<http::response()>& make) {
  try {
    return make();
  } catch (const registry_failure& failure) {
    return http::problem(type_of(failure.fault()), failure.what());
  }
}

// -- trainings --------------------------------------------------------------------

http::response under_way(const training_record& x) {
  return http::problem(problems::training_under_way,
                       "a training is under way: wait for it, or cancel it",
                       {{"training_id", x.training_id},
                        {"training_status", x.status}});
}

bool goes_on(const training_record& x) {
  return x.status == "owed" || x.status == "running";
}

void order_training(bridge_self* self, const http::responder& reply,
                    timestamp market_time) {
  ask_part(
    self, self->state.context->parts.orders, trainer_of(self),
    second_try::never,
    [reply](const training_record& x) {
      auto answer = http::json_response(summary_json(x), 202);
      answer.headers.emplace_back("Location",
                                  "/ml/trainings/" + x.training_id);
      reply(std::move(answer));
    },
    [reply](const asked_in_vain& why) {
      reply(problem_of(why, "ask GET /ml/trainings whether it is owed"));
    },
    wire::train_atom_v, std::string{"operator"}, market_time);
}

/// A training would take its time and could keep nothing.
std::optional<http::response> full_disk(bridge_self* self) {
  try {
    models_of(self).expect_room();
    return std::nullopt;
  } catch (const registry_failure& failure) {
    return http::problem(type_of(failure.fault()), failure.what());
  }
}

void train(bridge_self* self, std::shared_ptr<const http::request>,
           const http::responder& reply) {
  if (!trainer_of(self).get()) {
    reply(no_trainer());
    return;
  }
  if (auto full = full_disk(self)) {
    reply(std::move(*full));
    return;
  }
  auto with_time = [self, reply](const schedule_status& now, bool) {
    // Before its first word nobody knows what time it is.
    if (now.market_time == timestamp{})
      reply(http::problem(problems::part_away,
                          "the scheduler does not say what time it is: try "
                          "again"));
    else
      order_training(self, reply, now.market_time);
  };
  ask_part(
    self, self->state.context->parts.trainer, trainer_of(self),
    second_try::when_not_reached,
    [=](const training_record& x) {
      if (goes_on(x))
        reply(under_way(x));
      else
        with_status(self, with_time);
    },
    [reply](const asked_in_vain& why) {
      reply(problem_of(why, "try again"));
    },
    wire::status_atom_v);
}

void cancel(bridge_self* self, std::shared_ptr<const http::request> what,
            const http::responder& reply) {
  std::string id{what->param("id")};
  if (!self->state.ask().training(id))
    refuse_missing(problems::no_such_training, "no such training: " + id);
  if (!trainer_of(self).get()) {
    reply(no_trainer());
    return;
  }
  ask_part(
    self, self->state.context->parts.trainer, trainer_of(self),
    second_try::never,
    [reply, id](bool ends) {
      if (ends)
        reply(http::json_response(
          json::object{{"training_id", id}, {"cancelling", true}}, 202));
      else
        reply(http::problem(problems::training_ended,
                            "that training is not under way: " + id));
    },
    [reply](const asked_in_vain& why) {
      reply(problem_of(why, "try again"));
    },
    wire::cancel_atom_v, id);
}

http::response trainings(bridge_self* self, const http::request& what) {
  query_parameters query{what};
  auto bounds = bounds_of(query);
  auto page = page_of(query, bounds);
  if (auto cursor = query.text("cursor")) {
    auto last = self->state.ask().training(*cursor);
    if (!last)
      refuse_cursor(*cursor);
    page.cursor_time = last->requested_at;
    page.cursor_id = last->training_id;
  }
  auto rows = self->state.ask().training_page(page);
  json::value next = nullptr;
  if (rows.size() > static_cast<std::size_t>(bounds.limit)) {
    rows.pop_back();
    next = rows.back().training_id;
  }
  json::array all;
  for (const auto& x : rows)
    all.push_back(summary_json(x));
  return http::json_response(
    json::object{{"trainings", std::move(all)},
                 {"next_cursor", next},
                 {"degraded", is_degraded(*self->state.context)}});
}

http::response training(bridge_self* self, const http::request& what) {
  std::string id{what.param("id")};
  auto found = self->state.ask().training(id);
  if (!found)
    refuse_missing(problems::no_such_training, "no such training: " + id);
  return http::json_response(to_json(*found));
}

// -- models -----------------------------------------------------------------------

json::object entry_json(const forecast::registry_entry& x) {
  auto result = to_json(record_of(x));
  result.erase("manifest");
  result["trials"] = x.trials;
  result["bytes"] = x.bytes;
  result["sha256"] = x.sha256;
  json::object metrics;
  for (const auto& [name, metric] : x.metrics)
    metrics[name] = json_number(metric.value);
  result["metrics"] = std::move(metrics);
  return result;
}

json::object with_history(const forecast::registry_entry& x) {
  auto result = entry_json(x);
  json::array history;
  for (const auto& change : x.history)
    history.push_back({{"at", json_time(change.at)},
                       {"change", to_string(change.kind)},
                       {"by", change.by},
                       {"reason", change.reason}});
  result["history"] = std::move(history);
  return result;
}

const forecast::registry_entry&
entry_of(const forecast::registry_state& x, const std::string& version) {
  auto found = x.find(version);
  if (!found)
    refuse_missing(problems::no_such_model, "no such model: " + version);
  return *found;
}

/// The entries of a registry that a request asks for, in its order; they lie
/// there in the order in which they were added.
std::vector<const forecast::registry_entry*>
wanted_entries(const forecast::registry_state& in,
               const query_parameters& query, const list_bounds& bounds) {
  std::vector<const forecast::registry_entry*> result;
  for (const auto& x : in.entries())
    result.push_back(&x);
  if (!query.is_ascending())
    std::reverse(result.begin(), result.end());
  if (auto cursor = query.text("cursor")) {
    auto last = std::find_if(result.begin(), result.end(), [&](auto* x) {
      return x->version == *cursor;
    });
    if (last == result.end())
      refuse_cursor(*cursor);
    result.erase(result.begin(), last + 1);
  }
  std::erase_if(result, [&](auto* x) {
    auto added = record_of(*x).added_at;
    return (bounds.from && added < *bounds.from)
           || (bounds.to && added >= *bounds.to);
  });
  return result;
}

http::response models(bridge_self* self, const http::request& what) {
  query_parameters query{what};
  auto bounds = bounds_of(query);
  return from_registry([&] {
    auto state = models_of(self).read();
    auto wanted = wanted_entries(state, query, bounds);
    json::value next = nullptr;
    if (wanted.size() > static_cast<std::size_t>(bounds.limit)) {
      wanted.resize(static_cast<std::size_t>(bounds.limit));
      next = wanted.back()->version;
    }
    json::array all;
    for (auto x : wanted)
      all.push_back(entry_json(*x));
    auto champion = champion_of(state);
    return http::json_response(json::object{
      {"models", std::move(all)},
      {"champion", champion.empty() ? json::value(nullptr)
                                    : json::value(champion)},
      {"next_cursor", std::move(next)}});
  });
}

http::response model(bridge_self* self, const http::request& what) {
  std::string version{what.param("version")};
  return from_registry([&] {
    auto folder = models_of(self);
    auto state = folder.read();
    const auto& entry = entry_of(state, version);
    auto result = with_history(entry);
    auto record = record_of(entry);
    record.manifest = manifest_of(folder, version);
    result["manifest"] = to_json(record).at("manifest");
    return http::json_response(result);
  });
}

/// A change of the registry as of the market time; then the trainer tells store
/// and forecaster.
using registry_change = std::function<forecast::registry_state(
  registry_folder&, const change_order&)>;

void change_registry(bridge_self* self, const http::responder& reply,
                     const std::string& reason, const registry_change& how) {
  with_status(self, [=](const schedule_status& now, bool) {
    answer_with(self, reply, [&] {
      return from_registry([&] {
        auto folder = models_of(self);
        auto state = how(folder, {now.market_time, "operator", reason});
        trainer_of(self).tell(self, wire::next_atom_v);
        auto champion = state.champion();
        return http::json_response(json::object{
          {"champion", champion ? json::value(with_history(*champion))
                                : json::value(nullptr)}});
      });
    });
  });
}

std::string reason_of(const json::object& body) {
  auto said = text_in(body, "reason");
  return said.empty() ? "asked for over HTTP" : said;
}

void promote(bridge_self* self, std::shared_ptr<const http::request> what,
             const http::responder& reply) {
  auto reason = reason_of(body_of(*what));
  std::string version{what->param("version")};
  change_registry(self, reply, reason,
                  [version](registry_folder& folder, const change_order& x) {
                    entry_of(folder.read(), version);
                    return folder.promote(version, x);
                  });
}

void roll_back(bridge_self* self, std::shared_ptr<const http::request> what,
               const http::responder& reply) {
  const auto& body = body_of(*what);
  std::optional<std::string> version;
  if (body.contains("version"))
    version = text_in(body, "version");
  change_registry(self, reply, reason_of(body),
                  [version](registry_folder& folder, const change_order& x) {
                    if (version)
                      entry_of(folder.read(), *version);
                    return folder.roll_back(version, x);
                  });
}

} // namespace

void add_ml_routes(http::router& into, const shared_context& context) {
  auto on = [&](bridge_talk how) {
    return while_storing(context,
                         talk_on_bridge(context, ml_bridge, std::move(how)));
  };
  constexpr auto tag = "ml";
  auto changes = [&](std::string_view summary, std::string_view shape,
                     std::initializer_list<std::string_view> words = {}) {
    return failing(taking(changing(tag, summary, shape), words_body(words),
                          false),
                   {404, 409});
  };
  auto orders = [&](std::string_view summary, std::string_view shape) {
    return failing(taking(changing(tag, summary, shape, 202), words_body({}),
                          false),
                   {404, 409, 504});
  };
  into.post("/ml/train", on(train), orders("Trains a model", "Training"))
    .get("/ml/trainings", on_bridge(context, ml_bridge, trainings),
         reading(tag, "Trainings", "TrainingPage",
                 {"from", "to", "limit", "cursor", "order"}))
    .get("/ml/trainings/{id}", on_bridge(context, ml_bridge, training),
         failing(reading(tag, "A training and its report",
                         "TrainingWithReport"),
                 {404}))
    .post("/ml/trainings/{id}/cancel", on(cancel),
          orders("Ends a training", "Cancelling"))
    .get("/ml/models", on_bridge(context, ml_bridge, models),
         failing(reading(tag, "The registry", "ModelList",
                         {"from", "to", "limit", "cursor", "order"}),
                 {404}))
    .get("/ml/models/{version}", on_bridge(context, ml_bridge, model),
         failing(reading(tag, "A model with its manifest",
                         "ModelWithManifest"),
                 {404}))
    .post("/ml/models/{version}/promote", on(promote),
          changes("Lets a model serve", "Champion", {"reason"}))
    .post("/ml/models/rollback", on(roll_back),
          changes("Lets the model before serve again", "Champion",
                  {"reason", "version"}))
    .get("/ml/health",
         component_handler(context, "ml", {"ml_trainer", "database"}),
         probing(tag, "How the service is", "Health"));
  add_forecast_routes(into, context);
}

} // namespace banksia
