#include "actors/services/descriptions.hpp"

/// Models and trainings.

namespace banksia {

namespace {

namespace sc = http::schema;

http::json_schema training(bool has_report) {
  return sc::object(
    {{"training_id", sc::text()},
     {"run", sc::text()},
     {"cause", sc::text()},
     {"requested_at", sc::time()},
     {"ended_at", maybe_time()},
     {"status", sc::one_of({"owed", "running", "done", "failed",
                            "cancelled"})},
     {"stage", sc::text()},
     {"progress", sc::or_null(sc::number(0, 1))},
     {"reason", maybe_text()},
     {"model_version", maybe_text()},
     {"promoted", sc::boolean()},
     {"report", sc::or_null(sc::object({})), has_report}});
}

http::json_schema model(bool has_history) {
  auto change = sc::object({{"at", sc::time()},
                            {"change", sc::text()},
                            {"by", sc::text()},
                            {"reason", sc::text()}});
  return sc::object({{"model_version", sc::text()},
                     {"status", sc::text()},
                     {"kind", sc::text()},
                     {"added_at", sc::time()},
                     {"changed_at", sc::time()},
                     {"reason", sc::text()},
                     {"trials", sc::whole()},
                     {"bytes", sc::whole()},
                     {"sha256", sc::text()},
                     {"metrics", sc::map_of(maybe_number())},
                     {"history", sc::list(std::move(change)), has_history}});
}

} // namespace

void add_learning_schemas(boost::json::object& into) {
  into["Training"] = training(false);
  into["TrainingWithReport"] = training(true);
  into["TrainingPage"] = sc::object({{"trainings",
                                      sc::list(sc::ref("Training"))},
                                     {"next_cursor", maybe_text()},
                                     {"degraded", sc::boolean()}});
  into["Cancelling"] = sc::object({{"training_id", sc::text()},
                                   {"cancelling", sc::boolean()}});
  into["Model"] = model(false);
  into["ModelWithHistory"] = model(true);
  auto full = model(true);
  full["properties"].as_object()["manifest"] = sc::or_null(sc::object({}));
  full["required"].as_array().emplace_back("manifest");
  into["ModelWithManifest"] = std::move(full);
  into["ModelList"]
    = sc::object({{"models", sc::list(sc::ref("Model"))},
                  {"champion", sc::said(maybe_text(), "the one that serves")},
                  {"next_cursor", maybe_text()}});
  into["Champion"]
    = sc::object({{"champion", sc::or_null(sc::ref("ModelWithHistory"))}});
}

} // namespace banksia
