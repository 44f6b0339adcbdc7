#include "actors/store/writer.hpp"

#include "actors/store/schema.hpp"
#include "runtime/storage/query_timer.hpp"

#include <algorithm>
#include <utility>

namespace banksia {

namespace {

/// How long a live node's writer waits for another process's lock: its senders
/// and the health monitor wait with it, and the journal is there.
constexpr std::chrono::milliseconds lock_patience{1000};

} // namespace

// -- opening ------------------------------------------------------------------------

void store_writer_state::open(const std::filesystem::path& file,
                              store::provenance made_with,
                              store_failure_handler failed) {
  file_ = file;
  made_with_ = std::move(made_with);
  failed_ = std::move(failed);
  journal_.emplace(store::journal_file(file));
  auto left = journal_->recover();
  try {
    connect();
    while (left && drain_.step(*journal_, *db_, *ledger_))
      ; // each step is bounded, and nobody adds to the journal
    register_provenance();
    journal_->remove();
    drain_.restart();
  } catch (const storage::storage_error& error) {
    if (failed_ || !is_absence(error.kind()))
      throw;
    leave(error);
  }
}

void store_writer_state::connect() {
  if (db_)
    return;
  auto patience = failed_ ? storage::default_patience : lock_patience;
  db_ = std::make_unique<storage::database>(
    store::open_for_writing(file_, patience));
  try {
    ledger_ = std::make_unique<store::ledger>(*db_);
  } catch (...) {
    db_.reset();
    throw;
  }
  // What the ledger before this one was told is lost.
  drain_.restart();
  provenance_registered_ = false;
}

void store_writer_state::register_provenance() {
  ledger_->set_provenance(made_with_);
  provenance_registered_ = true;
}

store_writer_state::~store_writer_state() {
  open_.reset();
  for (auto& x : pending_)
    if (x.answer)
      x.answer->deliver(caf::make_error(caf::sec::request_receiver_down));
}

// -- a group ------------------------------------------------------------------------

void store_writer_state::open_group() {
  if (open_)
    return;
  connect();
  if (!provenance_registered_)
    register_provenance();
  open_.emplace(*db_);
}

bool store_writer_state::accept(waiting x) {
  pending_.push_back(std::move(x));
  try {
    if (away_)
      append_to_journal(*pending_.back().record);
    else
      write_last();
  } catch (const storage::storage_error& error) {
    if (away_)
      fail(error);
    else
      divert(error);
  }
  return !std::exchange(commit_due_, true);
}

void store_writer_state::write_last() {
  open_group();
  auto& last = pending_.back();
  try {
    storage::query_span span{"write"};
    last.receipt = last.record->write(*ledger_);
  } catch (const storage::storage_error& error) {
    if (!is_of_record(error.kind()))
      throw;
    // What the statements before this one wrote has no way back but this.
    open_.reset();
    open_group();
    write_one_by_one();
  }
}

void store_writer_state::write_one_by_one() {
  for (auto x = pending_.begin(); x != pending_.end();) {
    storage::savepoint part{*db_};
    try {
      x->receipt = x->record->write(*ledger_);
      part.release();
      ++x;
    } catch (const storage::storage_error& error) {
      if (!is_of_record(error.kind()))
        throw;
      // Else one bad record would fail its neighbours at every try again.
      if (x->answer)
        x->answer->deliver(as_error(error));
      x = pending_.erase(x);
    }
  }
}

void store_writer_state::commit_group() {
  auto traced = std::find_if(pending_.begin(), pending_.end(),
                             [](const auto& x) { return x.spans != nullptr; });
  // One span can have one parent: it is the first one's, and linked to all.
  std::optional<telemetry::trace_scope> within;
  if (traced != pending_.end())
    within.emplace(traced->spans, traced->from);
  storage::query_timer timer{"commit"};
  for (; traced != pending_.end(); ++traced)
    if (traced->spans != nullptr)
      telemetry::link_here(traced->from);
  open_->commit();
  open_.reset();
}

void store_writer_state::commit() {
  commit_due_ = false;
  if (away_) {
    sync_journal();
    return;
  }
  if (!open_)
    return;
  try {
    commit_group();
  } catch (const storage::storage_error& error) {
    divert(error);
    if (away_)
      sync_journal();
    return;
  }
  ++commits_;
  answer_all();
}

void store_writer_state::answer_all() {
  trouble_.clear();
  auto answered = std::move(pending_);
  pending_.clear();
  for (auto& x : answered)
    if (x.answer)
      x.answer->deliver(x.receipt);
}

void store_writer_state::fail(const storage::storage_error& error) {
  open_.reset();
  journal_->discard();
  provenance_kept_ = false;
  trouble_ = std::string{nothing_is_stored} + error.what();
  if (away_) {
    trouble_ += "; " + *away_;
    // Nothing is in its way then: the next group tries the database itself.
    if (journal_->records() == 0)
      come_back();
  }
  auto failed = std::move(pending_);
  pending_.clear();
  for (auto& x : failed)
    if (x.answer)
      x.answer->deliver(as_error(error));
  if (failed_)
    failed_(error);
}

// -- while the database is away -------------------------------------------------------

bool store_writer_state::is_absence(storage::failure kind) noexcept {
  switch (kind) {
    case storage::failure::busy:
    case storage::failure::full:
    case storage::failure::io:
    case storage::failure::read_only:
    case storage::failure::cannot_open:
      return true;
    default:
      return false;
  }
}

void store_writer_state::divert(const storage::storage_error& error) {
  open_.reset();
  if (failed_ || !is_absence(error.kind())) {
    fail(error);
    return;
  }
  leave(error);
  try {
    for (auto& x : pending_)
      append_to_journal(*x.record);
  } catch (const storage::storage_error& refused) {
    fail(refused);
  }
}

void store_writer_state::leave(const storage::storage_error& error) {
  if (!away_)
    away_since_ = market_time_;
  away_ = error.what();
  // A lock goes away and space comes back; any other connection is not trusted
  // again.
  if (error.kind() != storage::failure::busy
      && error.kind() != storage::failure::full) {
    ledger_.reset();
    db_.reset();
  }
  if (db_)
    db_->be_patient(std::chrono::milliseconds{0});
}

void store_writer_state::come_back() {
  away_.reset();
  away_since_.reset();
  provenance_kept_ = false;
  drain_.restart();
  if (db_)
    db_->be_patient(lock_patience);
}

void store_writer_state::append_to_journal(const kept& x) {
  if (!std::exchange(provenance_kept_, true))
    store::append(*journal_, made_with_);
  x.append(*journal_);
}

void store_writer_state::sync_journal() {
  if (pending_.empty())
    return;
  try {
    journal_->sync();
  } catch (const storage::storage_error& error) {
    fail(error);
    return;
  }
  // What the transaction that failed had counted did not happen.
  for (auto& x : pending_)
    x.receipt = {};
  answer_all();
}

bool store_writer_state::retry() {
  if (!away_)
    return false;
  // Behind what waits, so that the journal holds all there is.
  commit();
  if (!away_)
    return false;
  try {
    connect();
    if (drain_.step(*journal_, *db_, *ledger_))
      return true;
    register_provenance();
    journal_->remove();
    come_back();
    trouble_.clear();
  } catch (const storage::storage_error& error) {
    if (!is_absence(error.kind()))
      throw;
    leave(error);
  }
  return false;
}

caf::error store_writer_state::as_error(const storage::storage_error& error) {
  return caf::make_error(caf::sec::runtime_error,
                         std::string{to_string(error.kind())},
                         std::string{error.what()});
}

component_health store_writer_state::health() const {
  component_health result;
  result.component = "database";
  if (!trouble_.empty()) {
    result.state = health_state::unhealthy;
    result.reason = trouble_;
  } else if (away_) {
    result.state = health_state::degraded;
    result.reason = "journal: " + std::to_string(journal_->records())
                    + " records";
    if (away_since_)
      result.reason += " since " + to_rfc3339(*away_since_);
    result.reason += ": " + *away_;
  }
  return result;
}

namespace {

/// Arranges for a look at a database that is away.
void watch(store_writer_self* self) {
  auto& state = self->state;
  if (state.is_away() && !std::exchange(state.retry_due, true))
    self->delayed_send(self, database_pause, wire::next_atom_v);
}

template <class Record>
void take(store_writer_self* self, Record& record,
          std::optional<store_writer_state::promise> answer = {}) {
  // Sent with the first record of a group, the commit message lies behind
  // everything that is waiting by then: that is the group.
  if (self->state.accept(std::move(record), std::move(answer)))
    self->send(self, wire::commit_atom_v);
  watch(self);
}

template <class Record>
auto accept_with(store_writer_self* self) {
  return [self](Record& record) {
    auto answer = self->make_response_promise<store_writer_state::promise>();
    take(self, record, answer);
    return answer;
  };
}

} // namespace

store_writer_actor::behavior_type
store_writer(store_writer_self* self, std::shared_ptr<probe> watched,
             std::filesystem::path file, store::provenance made_with,
             store_failure_handler failed) {
  prepare(self, std::move(watched));
  self->state.open(file, std::move(made_with), std::move(failed));
  watch(self);
  return {
    accept_with<cycle_record>(self),
    accept_with<std::vector<cycle_slot>>(self),
    accept_with<outcome_batch>(self),
    accept_with<bar_batch>(self),
    accept_with<headline_batch>(self),
    accept_with<quarantine_batch>(self),
    accept_with<bar_repair_batch>(self),
    accept_with<bar_revision_batch>(self),
    accept_with<corporate_action_batch>(self),
    accept_with<listing_change_batch>(self),
    accept_with<clock_mark>(self),
    accept_with<job_record>(self),
    accept_with<training_record>(self),
    accept_with<model_record>(self),
    accept_with<service_sample_batch>(self),
    [self](supervision_report& report) { take(self, report); },
    [self](wire::commit_atom) {
      self->state.commit();
      watch(self);
    },
    [self](wire::next_atom) {
      self->state.retry_due = false;
      if (self->state.retry()) {
        self->state.retry_due = true;
        self->send(self, wire::next_atom_v);
      }
      watch(self);
    },
    [self](wire::health_atom) { return self->state.health(); },
  };
}

} // namespace banksia
