#ifndef BANKSIA_MESSAGES_PROTOCOL_HPP
#define BANKSIA_MESSAGES_PROTOCOL_HPP

/// What actors say to each other beyond the domain types: batches, requests and
/// receipts. Plain data; the conversations are in `messages/actors.hpp`.

#include "messages/domain.hpp"
#include "messages/market_values.hpp"

namespace banksia {

/// Bars that became known together, in time order.
struct bar_batch {
  std::uint8_t version = 1;
  std::string source;  ///< the feed's name
  timestamp watermark; ///< everything known by then has been delivered
  std::vector<bar> bars;

  friend bool operator==(const bar_batch&, const bar_batch&) = default;
};

/// A symbol of which a feed knows less than of the others.
struct series_lag {
  std::string symbol;
  timestamp known_until; ///< all that was traded by then has been delivered

  friend bool operator==(const series_lag&, const series_lag&) = default;
};

/// All symbols that lag behind the feed's watermark; each batch replaces the one
/// before, so that an empty one says that none does.
struct series_lag_batch {
  std::uint8_t version = 1;
  std::vector<series_lag> lags;

  friend bool operator==(const series_lag_batch&,
                         const series_lag_batch&) = default;
};

/// Headlines that became known together.
struct headline_batch {
  std::uint8_t version = 1;
  std::vector<headline> headlines;

  friend bool operator==(const headline_batch&, const headline_batch&) = default;
};

/// Derivations of repaired bars, kept together.
struct bar_repair_batch {
  std::uint8_t version = 1;
  std::vector<bar_repair> repairs;

  friend bool operator==(const bar_repair_batch&, const bar_repair_batch&) = default;
};

/// Revisions that became known together.
struct bar_revision_batch {
  std::uint8_t version = 1;
  std::vector<bar_revision> revisions;

  friend bool operator==(const bar_revision_batch&,
                         const bar_revision_batch&) = default;
};

/// Splits and dividends that became known together.
struct corporate_action_batch {
  std::uint8_t version = 1;
  std::vector<corporate_action> actions;

  friend bool operator==(const corporate_action_batch&,
                         const corporate_action_batch&) = default;
};

/// Changes of listings that became known together.
struct listing_change_batch {
  std::uint8_t version = 1;
  std::vector<listing_change> changes;

  friend bool operator==(const listing_change_batch&,
                         const listing_change_batch&) = default;
};

/// A feed's answer to "deliver what is known by then".
struct feed_progress {
  std::uint8_t version = 1;
  timestamp watermark;
  std::uint64_t bars = 0; ///< bars of the predicted symbols delivered
  /// Positions (in the run's symbol list) of the symbols with a bar that became
  /// known at the watermark itself, each once.
  std::vector<std::uint32_t> participants;
  bool exhausted = false; ///< no bar will follow

  friend bool operator==(const feed_progress&, const feed_progress&) = default;
};

/// The scheduler's word that a cycle is due.
struct cycle_due {
  std::uint8_t version = 1;
  cycle_slot slot;
  bool everyone = true; ///< ask all symbols, else only the participants
  std::vector<std::uint32_t> participants;

  friend bool operator==(const cycle_due&, const cycle_due&) = default;
};

/// A cycle asks a symbol for its prediction, as of the slot.
struct predict_request {
  std::uint8_t version = 2;
  cycle_slot slot;
  market_context context;
  bool for_storage = true; ///< false: only asked, never stored
  market_values market;    ///< features that are no symbol's own (since version 2)

  friend bool operator==(const predict_request&, const predict_request&) = default;
};

/// A symbol's answer.
struct prediction_draft {
  std::uint8_t version = 2;
  std::uint64_t sequence = 0;      ///< of the cycle slot
  std::uint32_t symbol_index = 0; ///< position in the run's symbol list
  prediction content;
  bar_window window; ///< for the forecasters (since version 2)

  friend bool operator==(const prediction_draft&, const prediction_draft&) = default;
};

/// A finished (or missed) cycle as it is stored, in one transaction.
struct cycle_record {
  std::uint8_t version = 1;
  cycle_slot slot;
  cycle_status status = cycle_status::completed;
  std::string reason;     ///< of a missed cycle
  timestamp completed_at; ///< market time
  market_context context;
  std::vector<prediction> predictions; ///< abstentions included
  std::vector<obligation> obligations; ///< the outcomes now owed

  friend bool operator==(const cycle_record&, const cycle_record&) = default;
};

/// Evaluations owed, durable already.
struct obligation_batch {
  std::uint8_t version = 1;
  timestamp committed_slot; ///< all cycles up to here are stored
  std::vector<obligation> obligations;

  friend bool operator==(const obligation_batch&, const obligation_batch&) = default;
};

/// Outcomes made together.
struct outcome_batch {
  std::uint8_t version = 1;
  std::vector<outcome> outcomes;

  friend bool operator==(const outcome_batch&, const outcome_batch&) = default;
};

/// The writer's word that something is on disk.
struct commit_receipt {
  std::uint8_t version = 1;
  std::uint64_t rows = 0;       ///< rows that were new
  std::uint64_t duplicates = 0; ///< rows that were there already

  friend bool operator==(const commit_receipt&, const commit_receipt&) = default;
};

/// Where a run's market clock stands.
struct clock_mark {
  std::uint8_t version = 1;
  std::string run;
  timestamp market_time;

  friend bool operator==(const clock_mark&, const clock_mark&) = default;
};

/// One report of a supervisor (`logs/supervision.jsonl`).
struct supervision_report {
  std::uint8_t version = 1;
  timestamp time; ///< wall clock
  std::string supervisor;
  std::string child;
  std::uint64_t generation = 0;
  std::string event; ///< "progress", "child_terminated", "restarted", …
  std::string reason;
  std::string strategy;
  std::uint32_t restarts_in_period = 0;

  friend bool operator==(const supervision_report&, const supervision_report&) = default;
};

/// What the scheduler knows of time and cycles.
struct schedule_status {
  std::uint8_t version = 1;
  std::string run;
  std::string clock; ///< "live", "accelerated", "replay"
  timestamp market_time;
  timestamp next_slot;
  bool market_open = false;
  std::uint64_t completed = 0;
  std::uint64_t late = 0;
  std::uint64_t missed = 0;
  std::uint64_t predictions = 0;
  std::uint64_t abstentions = 0;
  std::uint64_t bars = 0;
  bool finished = false; ///< a replay that has reached its end

  friend bool operator==(const schedule_status&, const schedule_status&) = default;
};

/// What a price source is asked for.
struct price_request {
  std::uint8_t version = 1;
  std::string symbol;
  bar_interval interval = bar_interval::d1;
  timestamp from;  ///< bars that begin here or later
  timestamp until; ///< what is known by then: market time

  friend bool operator==(const price_request&, const price_request&) = default;
};

/// A row that no rule could make good, as it is kept.
struct quarantined_row {
  std::uint8_t version = 1;
  std::string symbol;
  std::string source;
  std::string reason;  ///< the rule's name
  std::string payload; ///< what came, as text
  timestamp received_at;

  friend bool operator==(const quarantined_row&, const quarantined_row&) = default;
};

struct quarantine_batch {
  std::uint8_t version = 1;
  std::vector<quarantined_row> rows;

  friend bool operator==(const quarantine_batch&, const quarantine_batch&) = default;
};

/// A source's answer. A failure is one too: it says what it was.
struct price_answer {
  std::uint8_t version = 2;
  std::string source;
  /// "ok" and "no_data" are answers; all else is a failure, with `text`.
  std::string status;
  std::string text;
  std::vector<bar> bars; ///< ended and final, as they came; oldest first
  std::vector<quarantined_row> unreadable;
  std::uint64_t growing = 0; ///< bars left out because they may still change
  timestamp covered_until;   ///< all that was traded by then is in the answer
  std::vector<corporate_action> actions; ///< as the source tells them
  /// The newest of those left out, to be shown and nothing else (since version
  /// 2); none where nothing grows.
  std::vector<bar> running;

  friend bool operator==(const price_answer&, const price_answer&) = default;
};

/// What became of a cycle, told to the scheduler after the commit.
struct cycle_result {
  std::uint8_t version = 1;
  cycle_slot slot;
  cycle_status status = cycle_status::completed;
  std::uint64_t predictions = 0;
  std::uint64_t abstentions = 0;

  friend bool operator==(const cycle_result&, const cycle_result&) = default;
};

/// What a service did within a span of elapsed time, for its service levels. A
/// figure that a service has not is 0.
struct service_sample {
  std::uint8_t version = 1;
  /// "node", or a listener's name, or the path of a child process.
  std::string service;
  timestamp time;     ///< end of the span, by the wall clock
  real seconds;       ///< its length
  real ready_seconds; ///< of it, while requests were welcome
  std::uint64_t requests = 0;
  real request_seconds; ///< their sum
  std::uint64_t slow_requests = 0; ///< over the level's limit
  std::uint64_t resident_bytes = 0;
  real cpu_seconds;
  real cpu_capacity; ///< CPU seconds that all processors have in the span
  std::uint64_t queries = 0;
  real query_seconds; ///< their sum
  std::uint64_t slow_queries = 0; ///< over the level's limit

  friend bool operator==(const service_sample&, const service_sample&) = default;
};

/// Samples of one span, of all services.
struct service_sample_batch {
  std::uint8_t version = 1;
  std::vector<service_sample> samples;

  friend bool operator==(const service_sample_batch&,
                         const service_sample_batch&) = default;
};

} // namespace banksia

#endif // BANKSIA_MESSAGES_PROTOCOL_HPP
