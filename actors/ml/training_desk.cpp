#include "actors/ml/training_desk.hpp"

#include "actors/ml/model_channels.hpp"
#include "actors/store/journal_view.hpp"
#include "actors/store/schema.hpp"
#include "messages/ids.hpp"
#include "runtime/json/text.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>

namespace banksia {

namespace {

namespace json = boost::json;
namespace fs = std::filesystem;
using forecast::change_order;

constexpr std::string_view author = "ml/trainer";
constexpr std::int64_t trainings_read = 1000;
constexpr std::int64_t features_read = 20'000;

/// Sessions before the judged ones whose outcomes make the climatology.
constexpr std::size_t climatology_sessions = 60;

/// So often can a training of one time and cause begin anew.
constexpr std::uint32_t attempts_max = 1000;

bool has_ended(const training_record& x) {
  return x.status != "owed" && x.status != "running";
}

/// The newest trainings first, also what the writer has promised and the
/// database does not show yet: from that alone one that has ended would be done
/// again under its own name, and its second end be lost.
std::vector<training_record> known_trainings(const fs::path& database) {
  store::journal_view promised{database};
  auto db = store::open_for_reading(database);
  auto result = store::queries{db}.trainings(trainings_read);
  promised.add_trainings(result);
  return result;
}

std::string named(const training_record& x, std::uint32_t attempt) {
  return x.run + "|training|" + x.cause + "|" + std::to_string(attempt);
}

/// The start of the session that lies so many before `at`.
timestamp sessions_before(const exchange_calendar& calendar, timestamp at,
                          std::size_t count) {
  auto last = calendar.previous_session_before(at);
  auto index = last ? calendar.session_index(last->date) : std::nullopt;
  if (!index)
    return timestamp{};
  return calendar.sessions()[*index - std::min(*index, count)].opens_at;
}

/// The manifest of a model as the store keeps it.
json::object stored_manifest(store::queries& ask, const std::string& version) {
  for (const auto& x : ask.models())
    if (x.model_version == version) {
      json::error_code failed;
      auto value = json::parse(x.manifest, failed);
      if (!failed && value.is_object())
        return std::move(value.as_object());
    }
  return {};
}

/// Variants tried before a training: luck among many is to be told from skill.
/// A model of that time is its own, of a try that was cut off.
std::uint32_t trials_of(const forecast::registry_state& x, timestamp before) {
  std::uint32_t most = 0;
  auto then = x.before(before); // `entries` shows what it holds
  for (const auto& entry : then.entries())
    most = std::max(most, entry.trials);
  return most;
}

judged_roles roles_of(const forecast::registry_state& x) {
  judged_roles roles;
  if (auto champion = x.champion()) {
    roles.champion = champion->version;
    roles.since = champion->since();
  }
  for (const auto& entry : x.entries())
    if (entry.status() == forecast::model_status::shadow)
      roles.shadows.push_back(entry.version);
  return roles;
}

/// The first of them whose directions are too good to be true.
std::string suspected_of(const live_judgement& x) {
  auto words = [](const live_model& m) {
    return m.version + " told "
           + std::to_string(static_cast<int>(m.directions.accuracy * 100.0))
           + " % of directions right over " + std::to_string(m.directions.days)
           + " trading days: a leak until shown otherwise";
  };
  if (x.champion && x.champion->directions.leak_suspected)
    return words(*x.champion);
  for (const auto& shadow : x.shadows)
    if (shadow.directions.leak_suspected)
      return words(shadow);
  return {};
}

} // namespace

training_desk::training_desk(trainer_setup setup)
  : setup_(std::move(setup)),
    models_(setup_.models, setup_.before_registry_step) {}

// -- the store --------------------------------------------------------------------

stored_trainings training_desk::read_trainings() const {
  stored_trainings result;
  for (auto& x : known_trainings(setup_.database)) {
    if (x.run != setup_.run)
      continue;
    if (!has_ended(x)) {
      result.open.push_back(x);
      continue;
    }
    if (x.status == "done" && !result.last_success)
      result.last_success = x.ended_at;
    if (!result.last)
      result.last = std::move(x);
  }
  std::reverse(result.open.begin(), result.open.end());
  return result;
}

std::optional<training_record>
training_desk::succeeded(const std::string& cause, timestamp at) const {
  for (auto& x : known_trainings(setup_.database))
    if (x.run == setup_.run && x.cause == cause && x.requested_at == at
        && x.status == "done")
      return std::move(x);
  return std::nullopt;
}

training_record training_desk::make_training(const std::string& cause,
                                             timestamp at) const {
  store::journal_view promised{setup_.database};
  auto db = store::open_for_reading(setup_.database);
  store::queries ask{db};
  training_record x;
  x.run = setup_.run;
  x.cause = cause;
  x.requested_at = at;
  x.ended_at = at;
  x.status = "owed";
  x.stage = "waiting";
  auto time = static_cast<std::uint64_t>(to_micros(at));
  for (std::uint32_t attempt = 1; attempt <= attempts_max; ++attempt) {
    x.training_id = to_hex(time, content_hash(named(x, attempt)));
    std::vector<training_record> known;
    if (auto stored = ask.training(x.training_id))
      known.push_back(*std::move(stored));
    promised.add_trainings(known);
    auto same = std::find_if(known.begin(), known.end(), [&](const auto& y) {
      return y.training_id == x.training_id;
    });
    if (same == known.end() || same->status == "owed")
      break;
  }
  return x;
}

// -- the program ------------------------------------------------------------------

fs::path training_desk::folder_of(const training_record& x) const {
  return setup_.models / "trainings" / x.training_id;
}

void training_desk::clear_folder(const training_record& x) const noexcept {
  std::error_code ignored; // what is left costs room, no more
  fs::remove_all(folder_of(x), ignored);
}

std::string training_desk::unfit_champion() const {
  try {
    return channel_problem(models_.load(compared_with_).manifest.shape);
  } catch (const registry_failure& error) {
    return error.what();
  }
}

std::unique_ptr<training_process>
training_desk::begin(const training_record& x,
                     training_process::time_point now,
                     training_process::line_sink on_error) {
  std::error_code ignored;
  fs::remove_all(setup_.models / "trainings", ignored); // of those before
  auto folder = folder_of(x);
  fs::create_directories(folder);
  if (setup_.replayed)
    models_.rewind(x.requested_at);
  auto known = models_.read();
  compared_with_ = champion_of(known);
  process::process_spec spec;
  spec.command = setup_.command;
  auto add = [&](const std::string& name, const std::string& value) {
    spec.command.push_back(name);
    spec.command.push_back(value);
  };
  add("--db", setup_.database.string());
  add("--run", x.run);
  add("--as-of", to_rfc3339(x.requested_at));
  add("--output", folder.string());
  // Of the cause and time alone, so that a training done again makes the same.
  add("--seed", std::to_string(content_hash(named(x, 0)) & 0x7fff'ffff));
  add("--trials", std::to_string(trials_of(known, x.requested_at)));
  not_compared_.clear();
  if (!compared_with_.empty()) {
    auto unfit = unfit_champion();
    if (unfit.empty())
      add("--champion", models_.file_of(compared_with_).string());
    else
      not_compared_ = "not compared with the champion " + compared_with_ + ": "
                      + unfit;
  }
  spec.command.push_back("--json");
  // Single threads: the second pool that OpenBLAS or OpenMP would make takes
  // what serving needs.
  spec.environment = {{"OPENBLAS_NUM_THREADS", "1"},
                      {"OMP_NUM_THREADS", "1"},
                      {"MALLOC_ARENA_MAX", "2"}};
  // Whoever replays waits for nothing else.
  if (!setup_.replayed)
    spec.limits.nice = 19;
  spec.limits.memory_bytes = setup_.memory_bytes;
  spec.limits.core_dumps = false;
  auto program = setup_.start_program ? setup_.start_program(spec, now)
                                      : start_child_program(spec);
  return std::make_unique<training_process>(std::move(program), setup_.limits,
                                            now, std::move(on_error));
}

void training_desk::settle(training_record& x, const training_end& end,
                           timestamp at) {
  x.ended_at = at;
  x.status = end.how == training_end::kind::done        ? "done"
             : end.how == training_end::kind::cancelled ? "cancelled"
                                                        : "failed";
  x.reason = end.reason;
  if (auto report = end.result.if_contains("report"))
    if (report->is_object())
      x.report = json_text(*report);
  if (x.status == "done") {
    try {
      auto made = register_model(
        models_, end.result, compared_with_,
        {at, std::string{author}, "training " + x.training_id});
      x.model_version = made.version;
      x.promoted = made.promoted;
      x.reason = made.verdict;
      if (!not_compared_.empty())
        x.reason += "; " + not_compared_;
      x.progress = fraction{1.0};
      x.stage = "done";
    } catch (const std::exception& error) {
      x.status = "failed";
      x.reason = "its model is refused: " + std::string{error.what()};
    }
  }
  clear_folder(x);
}

// -- the registry -----------------------------------------------------------------

std::string training_desk::retain(timestamp at) {
  try {
    models_.retain(setup_.retention, at);
    return {};
  } catch (const std::exception& error) {
    return error.what();
  }
}

registry_effect training_desk::mirror() const {
  registry_effect result;
  try {
    auto db = store::open_for_reading(setup_.database);
    result.changed = mirror_of(models_, store::queries{db}.models());
    // The store may hold other runs' models too; those have other folders.
    if (setup_.replayed)
      std::erase_if(result.changed, [](const model_record& x) {
        return x.status == "removed";
      });
  } catch (const std::exception& error) {
    result.trouble = error.what();
  }
  return result;
}

judged_now training_desk::judge(timestamp at) {
  judged_now result;
  try {
    judge_into(result, at);
  } catch (const std::exception& error) {
    result.trouble = error.what();
  }
  return result;
}

void training_desk::judge_into(judged_now& result, timestamp at) {
  const auto& how = setup_.judging;
  auto roles = roles_of(models_.read());
  auto db = store::open_for_reading(setup_.database);
  store::queries ask{db};
  auto from = sessions_before(setup_.calendar, at,
                              how.window_days + how.bounds.days
                                + climatology_sessions);
  auto rows = label_rows(ask.judged(setup_.run, "", from), setup_.calendar,
                         how.band_factor);
  auto judged = judge_live(rows, roles, how);
  std::vector<feature_shift> shifts;
  if (!roles.champion.empty()) {
    store::list_filter recent;
    recent.run = setup_.run;
    recent.from = sessions_before(setup_.calendar, at, setup_.drift_days - 1);
    recent.limit = features_read;
    std::vector<feature_vector> now;
    auto references = feature_references(stored_manifest(ask, roles.champion));
    if (!references.empty())
      for (const auto& x : ask.predictions(recent))
        now.push_back(x.content.features);
    shifts = shifts_of(references, now);
  }
  result.content = to_json(judged, shifts);
  result.suspected = suspected_of(judged);
  if (!judged.demotion.demote)
    return;
  result.reason = judged.demotion.reason;
  // Another one may have come to serve meanwhile; the lock is the registry's.
  if (champion_of(models_.read()) != roles.champion)
    return;
  models_.demote({at, std::string{author}, result.reason});
  result.demoted = roles.champion;
}

} // namespace banksia
