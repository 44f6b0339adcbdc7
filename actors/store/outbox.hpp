#pragma once

/// What an actor has handed to the store and not yet seen committed.

#include "messages/actors.hpp"
#include "runtime/supervision/ref.hpp"
#include "runtime/supervision/try_later.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <utility>

namespace banksia {

/// Elapsed time for one commit, and between two tries.
inline constexpr std::chrono::seconds commit_limit{30};
inline constexpr std::chrono::milliseconds commit_retry_pause{200};

/// Records by number, kept until their commit. Writes are idempotent, so what
/// is not acknowledged is simply sent again.
template <class Record>
class outbox {
public:
  void put(std::uint64_t number, Record x) {
    kept_.emplace(number, std::move(x));
  }

  const Record* find(std::uint64_t number) const {
    auto found = kept_.find(number);
    return found == kept_.end() ? nullptr : &found->second;
  }

  Record take(std::uint64_t number) {
    return std::move(kept_.extract(number).mapped());
  }

  std::size_t size() const noexcept { return kept_.size(); }

private:
  std::map<std::uint64_t, Record> kept_;
};

/// Sends a record to the writer. After a failure the actor gets the message
/// (`rebuild_atom`, number) and calls this again.
template <class Self, class Record, class Done>
void send_to_store(Self* self, const ref<store_writer_actor>& writer,
                   std::uint64_t number, const Record& record, Done done) {
  self->request(writer.get(), commit_limit, record)
    .then([number, done](const commit_receipt&) { done(number); },
          [self, number](caf::error&) {
            try_later(self, commit_retry_pause, wire::rebuild_atom_v, number);
          });
}

} // namespace banksia
