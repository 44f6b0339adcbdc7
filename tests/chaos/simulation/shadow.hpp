#pragma once

/// What the writer has acknowledged, kept outside of the program under test.

#include "messages/protocol.hpp"

#include <caf/type_erased_tuple.hpp>

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace banksia::chaos {

/// The keys of the rows that somebody was told are on disk.
class shadow {
public:
  using asker = std::pair<std::uint64_t, std::uint64_t>; ///< actor, request

  /// The writer was asked to store something.
  void asked(asker who, const caf::type_erased_tuple& content);

  /// Somebody got a receipt.
  void acknowledged(asker who);

  /// A new process: nobody waits for anything.
  void forget_askers() { pending_.clear(); }

  std::set<std::string> cycles; ///< ended
  std::set<std::string> owed;   ///< cycles stored as owed
  std::set<std::pair<std::string, std::int64_t>> outcomes;
  std::set<std::pair<std::string, std::int64_t>> bars; ///< symbol, opened_at
  std::set<std::string> trainings; ///< that have ended
  /// How each of them was seen to have ended.
  std::map<std::string, std::string> ends;
  timestamp market_time{};

private:
  struct rows {
    std::vector<std::string> cycles;
    std::vector<std::string> owed;
    std::vector<std::pair<std::string, std::int64_t>> outcomes;
    std::vector<std::pair<std::string, std::int64_t>> bars;
    std::vector<std::string> trainings;
    timestamp market_time{};
  };

  std::map<asker, rows> pending_;
};

} // namespace banksia::chaos
