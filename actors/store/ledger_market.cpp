#include "actors/store/ledger.hpp"
#include "actors/store/ledger_levels.hpp"

namespace banksia::store {

namespace {

std::int64_t us(timestamp t) {
  return to_micros(t);
}

void bind_bar(storage::statement& into, const bar& x) {
  into.bind_all(x.symbol, to_string(x.interval), us(x.opened_at),
                x.open.value(), x.high.value(), x.low.value(),
                x.close.value(), x.volume.value(), x.source,
                us(x.received_at), us(x.known_at),
                std::int64_t{static_cast<std::uint8_t>(x.verdict)});
}

} // namespace

// -- feeds ------------------------------------------------------------------------

bar_write ledger::write(const bar& x) {
  bind_bar(insert_bar_, x);
  insert_bar_.run();
  if (db_->changes() > 0)
    return bar_write::stored;
  select_bar_.bind_all(x.symbol, to_string(x.interval), us(x.opened_at));
  select_bar_.step();
  auto same = select_bar_.number(0) == x.open.value()
              && select_bar_.number(1) == x.high.value()
              && select_bar_.number(2) == x.low.value()
              && select_bar_.number(3) == x.close.value()
              && select_bar_.number(4) == x.volume.value();
  select_bar_.reset();
  return same ? bar_write::duplicate : bar_write::conflict;
}

commit_receipt ledger::write(const bar_batch& batch) {
  commit_receipt receipt;
  struct points {
    std::int64_t all = 0;
    std::int64_t repaired = 0;
  };
  std::map<timestamp, points> hours;
  for (const auto& x : batch.bars) {
    if (write(x) != bar_write::stored) {
      ++receipt.duplicates;
      continue;
    }
    ++receipt.rows;
    auto& hour = hours[hour_of(x.received_at)];
    ++hour.all;
    hour.repaired += x.verdict == bar_verdict::repaired;
  }
  for (const auto& [hour, x] : hours)
    add_points(hour, x.all, x.repaired, 0);
  write_watermark(batch.source, batch.watermark);
  return receipt;
}

commit_receipt ledger::write(const headline_batch& batch) {
  commit_receipt receipt;
  for (const auto& x : batch.headlines) {
    auto& s = insert_headline_;
    s.bind_all(x.headline_id, x.symbol, x.title, x.source, x.link,
               us(x.published_at), us(x.known_at), us(x.received_at));
    if (x.scored)
      s.bind(9, x.score.value());
    else
      s.bind_null(9);
    s.run();
    count_row(receipt);
  }
  return receipt;
}

commit_receipt ledger::write(const quarantine_batch& batch) {
  commit_receipt receipt;
  for (const auto& x : batch.rows) {
    write_quarantine("feed", x.source, 0, x.symbol, x.reason, x.payload,
                     x.received_at);
    count_row(receipt);
    if (db_->changes() > 0)
      add_points(x.received_at, 1, 0, 1);
  }
  return receipt;
}

commit_receipt ledger::write(const bar_repair_batch& batch) {
  commit_receipt receipt;
  for (const auto& x : batch.repairs) {
    bar key;
    key.symbol = x.symbol;
    key.interval = x.interval;
    key.opened_at = x.opened_at;
    write_repair(key, x.field, x.original.value(), x.repaired.value(),
                 x.reason);
    count_row(receipt);
  }
  return receipt;
}

bool ledger::write(const bar_revision& x) {
  const auto& now = x.content;
  auto& s = insert_revision_;
  s.bind_all(now.symbol, to_string(now.interval), us(now.opened_at),
             us(now.known_at), now.source, us(now.received_at),
             std::int64_t{x.withdrawn}, x.reason);
  if (x.withdrawn) {
    for (int column = 9; column <= 13; ++column)
      s.bind_null(column);
  } else {
    s.bind(9, now.open.value()).bind(10, now.high.value());
    s.bind(11, now.low.value()).bind(12, now.close.value());
    s.bind(13, now.volume.value());
  }
  s.run();
  return db_->changes() > 0;
}

commit_receipt ledger::write(const bar_revision_batch& batch) {
  commit_receipt receipt;
  for (const auto& x : batch.revisions)
    ++(write(x) ? receipt.rows : receipt.duplicates);
  return receipt;
}

bool ledger::write(const corporate_action& x) {
  insert_action_
    .bind_all(x.symbol, to_string(x.kind), us(x.effective_at), x.value.value(),
              x.source, us(x.received_at), us(x.known_at))
    .run();
  return db_->changes() > 0;
}

commit_receipt ledger::write(const corporate_action_batch& batch) {
  commit_receipt receipt;
  for (const auto& x : batch.actions)
    ++(write(x) ? receipt.rows : receipt.duplicates);
  return receipt;
}

commit_receipt ledger::write(const listing_change_batch& batch) {
  commit_receipt receipt;
  for (const auto& x : batch.changes) {
    insert_listing_
      .bind_all(x.symbol, to_string(x.event), us(x.effective_at), x.successor,
                x.reason, x.source, us(x.received_at), us(x.known_at))
      .run();
    count_row(receipt);
  }
  return receipt;
}

// -- imports ----------------------------------------------------------------------

void ledger::replace(const bar& x) {
  bind_bar(replace_bar_, x);
  replace_bar_.run();
  delete_repairs_.bind_all(x.symbol, to_string(x.interval), us(x.opened_at));
  delete_repairs_.run();
}

bool ledger::write_conflict(const bar& x, std::string_view reason) {
  insert_conflict_
    .bind_all(x.symbol, to_string(x.interval), us(x.opened_at), x.source,
              x.open.value(), x.high.value(), x.low.value(), x.close.value(),
              x.volume.value(), reason)
    .run();
  return db_->changes() > 0;
}

void ledger::write_repair(const bar& x, std::string_view field,
                          double original, double repaired,
                          std::string_view reason) {
  insert_repair_
    .bind_all(x.symbol, to_string(x.interval), us(x.opened_at), field,
              original, repaired, reason)
    .run();
}

void ledger::write_quarantine(std::string_view kind, std::string_view file,
                              std::int64_t line, std::string_view symbol,
                              std::string_view reason,
                              std::string_view payload,
                              timestamp received_at) {
  insert_quarantine_
    .bind_all(kind, file, line, symbol, reason, payload, us(received_at))
    .run();
}

void ledger::write_watermark(std::string_view source, timestamp known_at) {
  upsert_watermark_.bind_all(source, us(known_at)).run();
}

} // namespace banksia::store
