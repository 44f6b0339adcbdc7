#pragma once

/// From HTTP to actors and the store: one detached actor a service. A handler
/// sends it a job and returns; the job answers through the responder.

#include "actors/services/context.hpp"
#include "actors/services/parameters.hpp"
#include "actors/store/queries.hpp"
#include "actors/store/run_counts.hpp"
#include "messages/actors.hpp"
#include "runtime/http/router.hpp"
#include "runtime/supervision/shell.hpp"

#include <boost/json/object.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace banksia {

inline constexpr std::string_view prediction_bridge = "api/prediction";
inline constexpr std::string_view evaluation_bridge = "api/evaluation";
inline constexpr std::string_view ml_bridge = "api/ml";
inline constexpr std::string_view data_bridge = "api/data";
inline constexpr std::string_view dashboard_bridge = "api/dashboard";

class bridge_state;
struct bridge_job;

/// A bridge never leaves its process: a job is a function.
using bridge_actor = caf::typed_actor<
  caf::reacts_to<bridge_job>,
  caf::replies_to<wire::health_atom>::with<component_health>>;

using bridge_self = shell<bridge_state, bridge_actor>;

/// Something to do on a bridge's thread. Dropped with a bridge that dies; the
/// responder inside then answers 503 by itself.
struct bridge_job {
  std::function<void(bridge_self*)> run;
};

/// An answer that is good for a short while.
struct kept_answer {
  boost::json::object content;
  std::uint64_t made_ns = 0; ///< 0: none
};

/// Answers that the store alone decides, kept until somebody writes to it: an
/// equal question is then only a look at the store's version. One thread.
class kept_responses {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// The answer to `question`, which names all that it depends on besides the
  /// store; `make` is asked where it is not kept.
  /// @param came when the request did: what was committed by then is in its
  /// answer. So requests that waited while the store was looked at for another
  /// need no look of their own.
  /// @param now by the same clock
  /// @throws storage::storage_error and what `make` throws
  http::response get(storage::database& db, const std::string& question,
                     const std::function<http::response()>& make,
                     time_point came = time_point::max(),
                     time_point now = time_point::min());

  /// While an answer is made: it shows what that cycle predicted. Whoever is
  /// given the answer, kept or not, has a link to the cycle.
  void note_cycle(const cycle_id& id) {
    if (about_.size() < links_max)
      about_.push_back(id);
  }

  /// When the connection is another one.
  void forget();

private:
  void look(storage::database& db);

  struct entry {
    http::response answer;
    std::vector<cycle_id> about;
  };

  /// A span with more of them is of no more use.
  static constexpr std::size_t links_max = 8;
  /// Beyond, all are made anew.
  static constexpr std::size_t kept_max = 64;

  std::optional<storage::statement> ask_version_;
  std::int64_t version_ = -1;
  time_point looked_at_ = time_point::min(); ///< at the version, or later
  std::unordered_map<std::string, entry> kept_;
  std::vector<cycle_id> about_; ///< of the answer that is being made
};

/// Thrown in place of a failure of the database while it is not asked, since it
/// kept failing.
class store_not_asked : public storage::storage_error {
public:
  explicit store_not_asked(part_refusal why);

  const part_refusal& why() const noexcept { return why_; }

private:
  part_refusal why_;
};

/// What a bridge keeps between two jobs. One thread.
class bridge_state {
public:
  static inline const char* name = "bridge";

  shared_context context;
  ref<scheduler_actor> scheduler;
  ref<evaluator_actor> evaluator;
  std::string trouble; ///< of the database, at the last job that read it
  /// Of the request that is being answered, also when others' answers to it
  /// come (`asking.hpp`).
  dependency::time_point deadline = dependency::time_point::max();
  /// When it came; max: not known, as when others' answers come.
  dependency::time_point came = dependency::time_point::max();

  /// What the dashboard reads again and again.
  kept_answer summary;
  kept_answer performance;
  std::uint64_t performance_outcomes = 0; ///< behind `performance`
  schedule_status last_status;            ///< the scheduler's last word
  std::uint64_t counted_ns = 0;           ///< when `counts` was last read
  std::optional<store::run_counts> counts;
  std::uint64_t judged_ns = 0; ///< when the champion was last looked at
  kept_answer levels; ///< the service levels

  /// The database, opened at first use and again after an error. What runs on
  /// it ends with the deadline.
  /// @throws storage::storage_error
  storage::database& database();
  store::queries& ask();

  /// After an error of it, which counts against it.
  void forget_database(std::string_view why = "the database does not answer");

  /// Likewise, where the error says nothing of it.
  void drop_database();

  /// After what read it and met no error.
  void store_was_well();

  /// As `kept_responses::get` of this database.
  http::response kept(const std::string& question,
                      const std::function<http::response()>& make) {
    return responses_.get(database(), question, make, came,
                          context->elapsed());
  }

  /// As `kept_responses::note_cycle`.
  void note_cycle(const cycle_id& id) { responses_.note_cycle(id); }

  /// With all symbols that were ever followed; the same during one job.
  const run_plan& plan() const { return *plan_; }

  /// The symbols that are predicted now, by index.
  std::vector<std::string> followed() const;

  /// Takes up what is followed by now; before each job.
  void follow();

private:
  void open_database();

  roster_reader listed_;
  shared_plan plan_;
  std::unique_ptr<storage::database> database_;
  std::unique_ptr<store::queries> queries_;
  kept_responses responses_; ///< ends before the database, which it asks
  std::shared_ptr<part_call> store_call_; ///< while it may be asked
};

bridge_actor::behavior_type bridge(bridge_self* self,
                                   std::shared_ptr<probe> watched,
                                   shared_context context);

/// Makes the answer to a request. Throws `request_refused` for a refusal;
/// a `storage_error` becomes a 503.
using bridge_answer
  = std::function<http::response(bridge_self*, const http::request&)>;

/// Answers with what `make` returns, or with the problem that it throws.
void answer_with(bridge_self* self, const http::responder& reply,
                 const std::function<http::response()>& make);

/// Does it, and answers with the problem where it throws.
/// @returns false when it has answered
bool attempt(bridge_self* self, const http::responder& reply,
             const std::function<void()>& what);

/// A handler that runs `make` on the bridge of that name.
http::handler on_bridge(shared_context context, std::string_view bridge,
                        bridge_answer make);

/// As above, for answers that need another actor's word first: `begin` is given
/// the responder to answer through. What `begin` throws is answered too.
using bridge_talk = std::function<void(
  bridge_self*, std::shared_ptr<const http::request>, http::responder)>;

http::handler talk_on_bridge(shared_context context, std::string_view bridge,
                             bridge_talk begin);

/// Asks the scheduler (`asking.hpp`); without an answer `then` gets its last
/// word.
void with_status(
  bridge_self* self,
  std::function<void(const schedule_status&, bool is_fresh)> then);

} // namespace banksia

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(banksia::bridge_job)
