#include "actors/store/count_book.hpp"

namespace banksia::store {

namespace {

constexpr std::string_view add_prediction = R"sql(
INSERT INTO prediction_counts(run, symbol, abstained, word, predictions)
VALUES (?,?,?,?,1) ON CONFLICT DO UPDATE SET predictions = predictions + 1)sql";

constexpr std::string_view add_cycle = R"sql(
INSERT INTO cycle_counts(run, status, cycles) VALUES (?,?,1)
ON CONFLICT DO UPDATE SET cycles = cycles + 1)sql";

constexpr std::string_view add_due = R"sql(
INSERT INTO due_counts(run, due_at, owed) VALUES (?1,?2,?3)
ON CONFLICT DO UPDATE SET owed = owed + ?3)sql";

constexpr std::string_view subtract_due
  = "UPDATE due_counts SET owed = owed - ?3 WHERE run = ?1 AND due_at = ?2";

// What is owed no more is no row, so that the first one is the oldest.
constexpr std::string_view forget_due
  = "DELETE FROM due_counts WHERE run = ? AND due_at = ? AND owed <= 0";

constexpr std::string_view add_outcomes = R"sql(
INSERT INTO outcome_counts(run, horizon_minutes, success, outcomes)
VALUES (?1,?2,?3,?4) ON CONFLICT DO UPDATE SET outcomes = outcomes + ?4)sql";

} // namespace

std::string_view success_word(const outcome& x) noexcept {
  return x.is_void ? "void" : x.success ? "true" : "false";
}

count_book::count_book(storage::database& db)
  : add_prediction_(db.prepare(add_prediction)),
    add_cycle_(db.prepare(add_cycle)),
    add_due_(db.prepare(add_due)),
    subtract_due_(db.prepare(subtract_due)),
    forget_due_(db.prepare(forget_due)),
    add_outcomes_(db.prepare(add_outcomes)) {}

void count_book::add(const prediction& x, std::string_view run) {
  add_prediction_
    .bind_all(run, x.symbol, std::int64_t{x.abstained},
              x.abstained ? to_string(x.reason) : to_string(x.action))
    .run();
}

void count_book::end_cycle(std::string_view run, std::string_view status) {
  add_cycle_.bind_all(run, status).run();
}

void count_book::owe(const due_sums& more) {
  for (const auto& [key, count] : more)
    add_due_.bind_all(key.first, key.second, count).run();
}

void count_book::settle(const due_sums& fewer) {
  for (const auto& [key, count] : fewer) {
    subtract_due_.bind_all(key.first, key.second, count).run();
    forget_due_.bind_all(key.first, key.second).run();
  }
}

void count_book::add(const outcome_count_sums& sums) {
  for (const auto& [key, count] : sums) {
    const auto& [run, horizon, success] = key;
    add_outcomes_.bind_all(run, horizon, success, count).run();
  }
}

} // namespace banksia::store
