#include "actors/store/ledger_levels.hpp"

#include "actors/store/codec.hpp"
#include "actors/store/ledger.hpp"

#include <algorithm>

namespace banksia::store {

namespace {

using std::chrono::microseconds;

/// An evaluation that comes later than this is late (service level).
constexpr std::chrono::hours late_after{1};

std::int64_t whole(std::uint64_t x) {
  return static_cast<std::int64_t>(x);
}

} // namespace

void ledger::settle(const outcome& x, bool is_new, batch_sums& into) {
  id_text prediction{x.prediction};
  auto& s = delete_obligation_;
  s.bind_all(prediction, std::int64_t{x.horizon_minutes});
  if (!s.step()) {
    s.reset();
    return;
  }
  std::string run{s.text(0)};
  ++into.settled[{run, s.integer(1)}];
  s.reset();
  if (!is_new)
    return;
  ++into.counts[{run, x.horizon_minutes, success_word(x)}];
  // An outcome says when it would have been made; where the run's clock stood
  // when it came here says when it was.
  select_clock_.bind_all(run);
  auto clock = select_clock_.step() ? from_micros(select_clock_.integer(0))
                                    : timestamp{};
  select_clock_.reset();
  microseconds lag = std::max(x.evaluation_timestamp, clock) - x.due_at;
  auto& sums = into.hours[{std::move(run), x.horizon_minutes,
                     to_micros(hour_of(x.evaluation_timestamp))}];
  ++sums.evaluated;
  sums.newest = std::max(sums.newest, to_micros(x.evaluation_timestamp));
  sums.late += lag > late_after;
  sums.lag_max = std::max(sums.lag_max, std::int64_t{lag.count()});
  if (x.is_void || x.sessions_elapsed > 1)
    return;
  ++sums.samples;
  sums.success += x.success;
  sums.buy_right += plan_success(trade_action::buy, x.actual_return);
  sums.sell_right += plan_success(trade_action::sell, x.actual_return);
  sums.hold_right += plan_success(trade_action::hold, x.actual_return);
}

void ledger::write_sums(const batch_sums& all) {
  counts_.settle(all.settled);
  counts_.add(all.counts);
  for (const auto& [key, x] : all.hours) {
    const auto& [run, horizon, hour] = key;
    upsert_outcome_hour_
      .bind_all(run, horizon, hour, x.evaluated, x.late, x.lag_max, x.samples,
                x.success, x.buy_right, x.sell_right, x.hold_right)
      .run();
    upsert_evaluated_.bind_all(run, x.newest).run();
  }
}

void ledger::add_points(timestamp received_at, std::int64_t points,
                        std::int64_t repaired, std::int64_t refused) {
  upsert_data_hour_
    .bind_all(to_micros(hour_of(received_at)), points, repaired, refused)
    .run();
}

commit_receipt ledger::write(const service_sample_batch& batch) {
  commit_receipt receipt;
  timestamp newest;
  for (const auto& x : batch.samples) {
    insert_sample_
      .bind_all(x.service, to_micros(x.time), x.seconds.value(),
                x.ready_seconds.value(), whole(x.requests),
                x.request_seconds.value(), whole(x.slow_requests),
                whole(x.resident_bytes), x.cpu_seconds.value(),
                x.cpu_capacity.value(), whole(x.queries),
                x.query_seconds.value(), whole(x.slow_queries))
      .run();
    count_row(receipt);
    if (db_->changes() == 0)
      continue;
    newest = std::max(newest, x.time);
    auto length = std::chrono::duration_cast<microseconds>(
      std::chrono::duration<double>(x.seconds.value()));
    upsert_service_hour_
      .bind_all(x.service, to_micros(hour_of(x.time)),
                to_micros(x.time - length), x.seconds.value(),
                x.ready_seconds.value(), whole(x.requests),
                x.request_seconds.value(), whole(x.slow_requests),
                whole(x.resident_bytes), whole(x.queries),
                x.query_seconds.value(), whole(x.slow_queries))
      .run();
  }
  if (receipt.rows == 0)
    return receipt;
  auto kept = newest - sample_retention;
  for (auto sql : {"DELETE FROM service_samples WHERE service = ? AND time < ?",
                   "DELETE FROM service_hours WHERE service = ? AND hour < ?"}) {
    auto forget = db_->prepare(sql);
    for (const auto& x : batch.samples)
      forget.bind_all(x.service, to_micros(kept)).run();
  }
  return receipt;
}

} // namespace banksia::store
