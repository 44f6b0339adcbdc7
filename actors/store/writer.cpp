#include "actors/store/writer.hpp"

#include "actors/store/schema.hpp"

namespace banksia {

void store_writer_state::open(const std::filesystem::path& file,
                              const store::provenance& made_with,
                              store_failure_handler failed) {
  failed_ = std::move(failed);
  db_ = std::make_unique<storage::database>(store::open_for_writing(file));
  ledger_ = std::make_unique<store::ledger>(*db_);
  ledger_->set_provenance(made_with);
}

store_writer_state::~store_writer_state() {
  open_.reset();
  for (auto& x : pending_)
    if (x.answer)
      x.answer->deliver(caf::make_error(caf::sec::request_receiver_down));
}

bool store_writer_state::begin() {
  if (open_)
    return false;
  open_.emplace(*db_);
  return true;
}

bool store_writer_state::accept(waiting x) {
  auto opened = false;
  pending_.push_back(std::move(x));
  try {
    opened = begin();
    auto& last = pending_.back();
    try {
      last.receipt = last.write(*ledger_);
    } catch (const storage::storage_error& error) {
      if (!is_of_record(error.kind()))
        throw;
      // What the statements before this one wrote has no way back but this.
      open_.reset();
      begin();
      write_one_by_one();
    }
  } catch (const storage::storage_error& error) {
    fail(error);
    return false;
  }
  return opened;
}

void store_writer_state::write_one_by_one() {
  for (auto x = pending_.begin(); x != pending_.end();) {
    storage::savepoint part{*db_};
    try {
      x->receipt = x->write(*ledger_);
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

void store_writer_state::commit() {
  if (!open_)
    return;
  try {
    open_->commit();
    open_.reset();
  } catch (const storage::storage_error& error) {
    fail(error);
    return;
  }
  ++commits_;
  trouble_.clear();
  auto answered = std::move(pending_);
  pending_.clear();
  for (auto& x : answered)
    if (x.answer)
      x.answer->deliver(x.receipt);
}

void store_writer_state::fail(const storage::storage_error& error) {
  open_.reset();
  trouble_ = error.what();
  auto failed = std::move(pending_);
  pending_.clear();
  for (auto& x : failed)
    if (x.answer)
      x.answer->deliver(as_error(error));
  if (failed_)
    failed_(error);
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
  }
  return result;
}

namespace {

template <class Record>
auto accept_with(store_writer_self* self) {
  return [self](Record& record) {
    auto answer = self->make_response_promise<store_writer_state::promise>();
    // Sent when the transaction opens, the commit message lies behind
    // everything that is waiting by then: that is the group.
    if (self->state.accept(std::move(record), answer))
      self->send(self, wire::commit_atom_v);
    return answer;
  };
}

} // namespace

store_writer_actor::behavior_type
store_writer(store_writer_self* self, std::shared_ptr<probe> watched,
             std::filesystem::path file, store::provenance made_with,
             store_failure_handler failed) {
  prepare(self, std::move(watched));
  self->state.open(file, made_with, std::move(failed));
  return {
    accept_with<cycle_record>(self),
    accept_with<std::vector<cycle_slot>>(self),
    accept_with<outcome_batch>(self),
    accept_with<bar_batch>(self),
    accept_with<headline_batch>(self),
    accept_with<clock_mark>(self),
    [self](supervision_report& report) {
      if (self->state.accept(std::move(report)))
        self->send(self, wire::commit_atom_v);
    },
    [self](wire::commit_atom) { self->state.commit(); },
    [self](wire::health_atom) { return self->state.health(); },
  };
}

} // namespace banksia
