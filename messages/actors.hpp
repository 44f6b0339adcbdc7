#ifndef BANKSIA_MESSAGES_ACTORS_HPP
#define BANKSIA_MESSAGES_ACTORS_HPP

/// Every conversation in the system, one interface an actor, one comment a
/// message. Elapsed time and wall time never appear here: what is called a
/// timestamp is market time, and only the scheduler decides what it is.

#include "messages/wire.hpp"

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

namespace banksia {

CAF_ADD_ATOM(banksia, wire, action_atom, "action")
CAF_ADD_ATOM(banksia, wire, advance_atom, "advance")
CAF_ADD_ATOM(banksia, wire, cancel_atom, "cancel")
CAF_ADD_ATOM(banksia, wire, deadline_atom, "deadline")
CAF_ADD_ATOM(banksia, wire, flush_atom, "flush")
CAF_ADD_ATOM(banksia, wire, commit_atom, "commit")
CAF_ADD_ATOM(banksia, wire, health_atom, "health")
CAF_ADD_ATOM(banksia, wire, listing_atom, "listing")
CAF_ADD_ATOM(banksia, wire, next_atom, "next")
CAF_ADD_ATOM(banksia, wire, owed_atom, "owed")
CAF_ADD_ATOM(banksia, wire, rebuild_atom, "rebuild")
CAF_ADD_ATOM(banksia, wire, reload_atom, "reload")
CAF_ADD_ATOM(banksia, wire, revision_atom, "revision")
CAF_ADD_ATOM(banksia, wire, start_atom, "start")
CAF_ADD_ATOM(banksia, wire, status_atom, "status")
CAF_ADD_ATOM(banksia, wire, subscribe_atom, "subscribe")
CAF_ADD_ATOM(banksia, wire, sweep_atom, "sweep")
CAF_ADD_ATOM(banksia, wire, train_atom, "train")

/// `store/writer`: the only writer. What it answers is on disk.
using store_writer_actor = caf::typed_actor<
  // A finished cycle with its predictions and what they owe, in one
  // transaction. Written twice, it changes nothing.
  caf::replies_to<cycle_record>::with<commit_receipt>,
  // Cycles that are now owed (status scheduled).
  caf::replies_to<std::vector<cycle_slot>>::with<commit_receipt>,
  // Outcomes; each ends its obligation.
  caf::replies_to<outcome_batch>::with<commit_receipt>,
  // Bars from a feed, and its watermark.
  caf::replies_to<bar_batch>::with<commit_receipt>,
  caf::replies_to<headline_batch>::with<commit_receipt>,
  // Rows that were refused, with the reason.
  caf::replies_to<quarantine_batch>::with<commit_receipt>,
  // What repaired bars said before.
  caf::replies_to<bar_repair_batch>::with<commit_receipt>,
  // Later words on bars; the bars stay as they came.
  caf::replies_to<bar_revision_batch>::with<commit_receipt>,
  // Splits and dividends; what is announced anew replaces nothing.
  caf::replies_to<corporate_action_batch>::with<commit_receipt>,
  caf::replies_to<listing_change_batch>::with<commit_receipt>,
  // Where the market clock stands, so that a restart resumes it.
  caf::replies_to<clock_mark>::with<commit_receipt>,
  // A daily job, a training, a model: what is told later replaces what is not
  // ended yet.
  caf::replies_to<job_record>::with<commit_receipt>,
  caf::replies_to<training_record>::with<commit_receipt>,
  caf::replies_to<model_record>::with<commit_receipt>,
  // What the services did, for their levels.
  caf::replies_to<service_sample_batch>::with<commit_receipt>,
  // A supervisor's report; not acknowledged.
  caf::reacts_to<supervision_report>,
  // Commit what is open (sent by itself, behind all that waited with it).
  caf::reacts_to<wire::commit_atom>,
  // Look whether the database is back (sent by itself while it is away).
  caf::reacts_to<wire::next_atom>,
  caf::replies_to<wire::health_atom>::with<component_health>>;

/// `store/reader/n`: answers from a snapshot; never blocks the writer.
using store_reader_actor = caf::typed_actor<
  // All bars of a symbol known by then, oldest first.
  caf::replies_to<wire::rebuild_atom, std::string, bar_interval,
                  timestamp>::with<std::vector<bar>>,
  // Those of them that opened at a time or later: symbol, interval, that time,
  // known by then.
  caf::replies_to<wire::rebuild_atom, std::string, bar_interval, timestamp,
                  timestamp>::with<std::vector<bar>>,
  // The headlines of a symbol known by then, oldest first.
  caf::replies_to<wire::rebuild_atom, std::string,
                  timestamp>::with<std::vector<headline>>,
  // All headlines of a symbol that became known between two times, the first
  // left out, oldest first.
  caf::replies_to<wire::rebuild_atom, std::string, timestamp,
                  timestamp>::with<std::vector<headline>>,
  // The revisions of a symbol's bars known by then, in the order in which they
  // became known.
  caf::replies_to<wire::revision_atom, std::string, bar_interval,
                  timestamp>::with<std::vector<bar_revision>>,
  // The splits and dividends of a symbol known by then, oldest first.
  caf::replies_to<wire::action_atom, std::string,
                  timestamp>::with<std::vector<corporate_action>>,
  // All changes of listings known by then, oldest first.
  caf::replies_to<wire::listing_atom,
                  timestamp>::with<std::vector<listing_change>>,
  // The evaluations that a run still owes.
  caf::replies_to<wire::owed_atom, std::string>::with<obligation_batch>,
  caf::replies_to<wire::health_atom>::with<component_health>>;

/// `feed/prices/<source>`: delivers bars to the store, the symbols, the cycle
/// and the evaluator.
using price_feed_actor = caf::typed_actor<
  // Deliver everything that is known by then. Answered after the last bar is
  // in its receivers' mailboxes, so that a later request finds it there.
  caf::replies_to<wire::advance_atom, timestamp>::with<feed_progress>,
  // Try again to store what has that number (sent by itself after a failure).
  caf::reacts_to<wire::rebuild_atom, std::uint64_t>,
  caf::replies_to<wire::health_atom>::with<component_health>>;

/// `feed/prices/<source>` of a live node: asks one source of the outside world.
/// Whatever goes wrong there is an answer, never an error.
using price_source_actor = caf::typed_actor<
  caf::replies_to<price_request>::with<price_answer>,
  caf::replies_to<wire::health_atom>::with<component_health>>;

/// `listings`: the only one that changes what a node follows. Only a running node
/// has one.
using listings_actor = caf::typed_actor<
  // Somebody's wish: symbol, event, successor, reason and source count. Answered
  // with the change as stored and an empty text when it counts, else with why
  // it makes no sense. An error: nobody knows, or nothing can be stored.
  caf::replies_to<listing_change>::with<listing_change, std::string>,
  // Try again to store the change under way (sent by itself after a failure).
  caf::reacts_to<wire::rebuild_atom, std::uint64_t>,
  // Look whether the right symbols run (sent by itself).
  caf::reacts_to<wire::next_atom>,
  caf::replies_to<wire::health_atom>::with<component_health>>;

/// `symbol/<ticker>`: the incremental feature state of one symbol.
using symbol_actor = caf::typed_actor<
  // A bar; applied when a request's time has reached its `known_at`.
  caf::reacts_to<bar>,
  caf::reacts_to<headline_batch>,
  // Splits and dividends, and later words on bars; likewise.
  caf::reacts_to<corporate_action_batch>,
  caf::reacts_to<bar_revision_batch>,
  // Predict as of the slot; answered to the sender by a `prediction_draft`.
  caf::reacts_to<predict_request>>;

/// `cycle`: gathers one answer a symbol, stores the cycle, tells the others.
using cycle_actor = caf::typed_actor<
  // Bars of the index, for the market context, and of all symbols, for what
  // they say together.
  caf::reacts_to<bar_batch>,
  // Later words on them.
  caf::reacts_to<bar_revision_batch>,
  // Splits and dividends of the symbols.
  caf::reacts_to<corporate_action_batch>,
  // A cycle is due.
  caf::reacts_to<cycle_due>,
  // A symbol's answer.
  caf::reacts_to<prediction_draft>,
  // The time to answer (elapsed, not market time) is over for that cycle.
  caf::reacts_to<wire::deadline_atom, std::uint64_t>,
  // Try again to store that cycle (sent by itself after a failure).
  caf::reacts_to<wire::rebuild_atom, std::uint64_t>,
  // A cycle that was not made and will not be, with the reason.
  caf::reacts_to<cycle_slot, std::string>,
  caf::replies_to<wire::health_atom>::with<component_health>>;

/// `ml/forecaster`, in the process `banksia-ml`: holds the models that forecast.
using forecaster_actor = caf::typed_actor<
  // Forecasts of the champion and of every shadow.
  caf::replies_to<forecast_request>::with<forecast_answer>,
  // Read the registry again and hold what it says, from the next request on.
  caf::replies_to<wire::reload_atom>::with<forecaster_status>,
  caf::replies_to<wire::status_atom>::with<forecaster_status>>;

/// A forecaster that makes spans of what is traced. One of the build before does
/// not: who asks looks what it can do.
using traced_forecaster_actor = forecaster_actor::extend<
  // Likewise, within that span.
  caf::replies_to<forecast_request, trace_mark>::with<forecast_answer>>;

/// `ml/gate`: the node's side of it. Always answers in time; whatever goes wrong
/// on the other side is an answer without models that says why.
using forecast_gate_actor = caf::typed_actor<
  caf::replies_to<forecast_request>::with<forecast_answer>,
  // The registry has changed.
  caf::replies_to<wire::reload_atom>::with<forecaster_status>,
  caf::replies_to<wire::status_atom>::with<forecaster_status>,
  // Look after the connection and the registry (sent by itself).
  caf::reacts_to<wire::next_atom>,
  caf::replies_to<wire::health_atom>::with<component_health>>;

/// `ml/trainer`: one training at a time, each in a process of its own.
using trainer_actor = caf::typed_actor<
  // A training somebody wants: cause, market time. Answered when it is stored as
  // owed; the one under way when there is one already.
  caf::replies_to<wire::train_atom, std::string,
                  timestamp>::with<training_record>,
  // The daily one. Answered when it has ended.
  caf::replies_to<job_record>::with<job_record>,
  // Ends the training of that id; false: it is not under way.
  caf::replies_to<wire::cancel_atom, std::string>::with<bool>,
  // The one under way, else the last one.
  caf::replies_to<wire::status_atom>::with<training_record>,
  // Look after the process (sent by itself).
  caf::reacts_to<wire::next_atom>,
  caf::replies_to<wire::health_atom>::with<component_health>>;

/// `analyst`: the morning's and the evening's analysis.
using analyst_actor = caf::typed_actor<
  // A job that is due. Answered when it has ended.
  caf::replies_to<job_record>::with<job_record>,
  caf::replies_to<wire::health_atom>::with<component_health>>;

/// `store/maintenance`: the daily care of the embedded database. It speaks as the
/// analyst does: of jobs.
using maintenance_actor = analyst_actor;

/// `evaluator`: makes each owed outcome when its time has come.
using evaluator_actor = caf::typed_actor<
  // Bars, in time order, with the watermark that makes outcomes final.
  caf::reacts_to<bar_batch>,
  // Which symbols lag behind that watermark from the next bars on: what they owe
  // is not final by it.
  caf::reacts_to<series_lag_batch>,
  // Splits and dividends, before the bars that are known with them.
  caf::reacts_to<corporate_action_batch>,
  // Evaluations that are owed from now on.
  caf::reacts_to<obligation_batch>,
  // Try again to store that batch (sent by itself after a failure).
  caf::reacts_to<wire::rebuild_atom, std::uint64_t>,
  // Read again from the store what is owed; answers the number still open.
  caf::replies_to<wire::sweep_atom>::with<std::uint64_t>,
  // Answered with the number of outcomes made, when all are on disk.
  caf::replies_to<wire::flush_atom>::with<std::uint64_t>,
  caf::replies_to<wire::health_atom>::with<component_health>>;

/// `scheduler`: the only source of market time.
using scheduler_actor = caf::typed_actor<
  // Begin: find what is owed, then let time run.
  caf::reacts_to<wire::start_atom>,
  // Go on with the next step of market time.
  caf::reacts_to<wire::next_atom>,
  // Try again to store what is owed by then (sent by itself after a failure).
  caf::reacts_to<wire::advance_atom, std::vector<cycle_slot>, timestamp>,
  // A cycle is stored.
  caf::reacts_to<cycle_result>,
  caf::replies_to<wire::status_atom>::with<schedule_status>,
  caf::replies_to<wire::health_atom>::with<component_health>>;

/// Receives events; also what a subscriber of the bus looks like.
using event_sink_actor = caf::typed_actor<caf::reacts_to<event>>;

/// `event_bus`: hands each event to its subscribers, after the commit.
using event_bus_actor = caf::typed_actor<
  caf::reacts_to<event>,
  // Events of a kind ("" for all) from now on.
  caf::reacts_to<wire::subscribe_atom, std::string, event_sink_actor>>;

/// `health`: asks every component and keeps what it said.
using health_actor = caf::typed_actor<
  caf::replies_to<wire::health_atom>::with<std::vector<component_health>>,
  // Ask round (sent by itself).
  caf::reacts_to<wire::next_atom>>;

} // namespace banksia

#endif // BANKSIA_MESSAGES_ACTORS_HPP
