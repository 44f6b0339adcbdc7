#include "actors/store/query_rows.hpp"

namespace banksia::store::rows {

namespace {

template <class Id>
Id id_at(const storage::statement& row, int column) {
  auto id = parse_id<Id>(row.text(column));
  if (!id)
    throw storage::storage_error(storage::failure::corrupt,
                                 "not an id: " + std::string{row.text(column)});
  return *id;
}

template <class T, class Parse>
T enum_at(const storage::statement& row, int column, Parse parse, T absent) {
  if (row.is_null(column))
    return absent;
  return parse(row.text(column)).value_or(absent);
}

/// @throws storage_error when the text is none this build knows
template <class Parse>
auto known_enum(const storage::statement& row, int column, Parse parse) {
  auto value = parse(row.text(column));
  if (!value)
    throw storage::storage_error(storage::failure::corrupt,
                                 "not known to this build: "
                                   + std::string{row.text(column)});
  return *value;
}

} // namespace

bar read_bar(const storage::statement& row) {
  bar x;
  x.symbol = row.text(0);
  x.interval = parse_interval(row.text(1)).value_or(bar_interval::d1);
  x.opened_at = time_at(row, 2);
  x.open = price{row.number(3)};
  x.high = price{row.number(4)};
  x.low = price{row.number(5)};
  x.close = price{row.number(6)};
  x.volume = shares{row.number(7)};
  x.source = row.text(8);
  x.received_at = time_at(row, 9);
  x.known_at = time_at(row, 10);
  x.verdict = static_cast<bar_verdict>(row.integer(11));
  return x;
}

headline read_headline(const storage::statement& row) {
  headline x;
  x.headline_id = row.text(0);
  x.symbol = row.text(1);
  x.title = row.text(2);
  x.source = row.text(3);
  x.link = row.text(4);
  x.published_at = time_at(row, 5);
  x.known_at = time_at(row, 6);
  x.received_at = time_at(row, 7);
  x.scored = !row.is_null(8);
  x.score = real{row.number(8)};
  return x;
}

bar_revision read_revision(const storage::statement& row) {
  bar_revision x;
  x.content = read_bar(row);
  x.content.verdict = bar_verdict::repaired;
  x.withdrawn = row.integer(11) != 0;
  x.reason = row.text(12);
  return x;
}

corporate_action read_action(const storage::statement& row) {
  corporate_action x;
  x.symbol = row.text(0);
  x.kind = known_enum(row, 1, parse_action_kind);
  x.effective_at = time_at(row, 2);
  x.value = real{row.number(3)};
  x.source = row.text(4);
  x.received_at = time_at(row, 5);
  x.known_at = time_at(row, 6);
  return x;
}

listing_change read_listing(const storage::statement& row) {
  listing_change x;
  x.symbol = row.text(0);
  x.event = known_enum(row, 1, parse_listing_event);
  x.effective_at = time_at(row, 2);
  x.successor = row.text(3);
  x.reason = row.text(4);
  x.source = row.text(5);
  x.received_at = time_at(row, 6);
  x.known_at = time_at(row, 7);
  return x;
}

market_context read_context(const storage::statement& row, int first) {
  market_context c;
  c.trend = enum_at(row, first, parse_market_trend, market_trend::neutral);
  c.trend_return = fraction{row.number(first + 1)};
  c.volatility = fraction{row.number(first + 2)};
  c.multiplier = real{row.number(first + 3)};
  c.buy_threshold = real{row.number(first + 4)};
  c.sell_threshold = real{row.number(first + 5)};
  c.stress = real{row.number(first + 6)};
  c.flagged = row.integer(first + 7) != 0;
  c.lineage = static_cast<std::uint64_t>(row.integer(first + 8));
  return c;
}

stored_prediction read_prediction(const storage::statement& row) {
  stored_prediction x;
  auto& p = x.content;
  p.id = id_at<prediction_id>(row, 0);
  p.cycle = id_at<cycle_id>(row, 1);
  x.run = row.text(2);
  p.symbol = row.text(3);
  p.interval = parse_interval(row.text(4)).value_or(bar_interval::d1);
  p.slot = time_at(row, 5);
  p.abstained = row.integer(6) != 0;
  p.reason = enum_at(row, 7, parse_abstain_reason, abstain_reason::none);
  p.action = enum_at(row, 8, parse_trade_action, trade_action::none);
  p.optimal_action = enum_at(row, 9, parse_trade_action, trade_action::none);
  p.confidence = fraction{row.number(10)};
  p.predicted_direction = static_cast<std::int8_t>(row.integer(11));
  p.predicted_magnitude = fraction{row.number(12)};
  p.entry_price = price{row.number(13)};
  p.horizon_minutes = static_cast<std::uint32_t>(row.integer(14));
  p.model_version = row.text(15);
  auto features = decode_features(row.blob(16));
  auto trace = decode_trace(row.blob(17));
  if (!features || !trace)
    throw storage::storage_error(storage::failure::corrupt,
                                 "a damaged feature or trace block: "
                                   + to_string(p.id));
  p.features = *features;
  p.trace = *trace;
  p.input_lineage = static_cast<std::uint64_t>(row.integer(18));
  p.input_count = static_cast<std::uint32_t>(row.integer(19));
  x.configuration_id = row.integer(20);
  x.build_id = row.integer(21);
  p.context = read_context(row, 22);
  return x;
}

outcome read_outcome(const storage::statement& row) {
  outcome x;
  x.id = id_at<outcome_id>(row, 0);
  x.prediction = id_at<prediction_id>(row, 1);
  x.horizon_minutes = static_cast<std::uint32_t>(row.integer(2));
  x.symbol = row.text(3);
  x.due_at = time_at(row, 4);
  x.evaluation_timestamp = time_at(row, 5);
  x.entry_price = price{row.number(6)};
  x.exit_price = price{row.number(7)};
  x.actual_return = fraction{row.number(8)};
  x.total_return = fraction{row.number(9)};
  x.actual_direction = static_cast<std::int8_t>(row.integer(10));
  x.success = row.integer(11) != 0;
  x.sessions_elapsed = static_cast<std::uint32_t>(row.integer(12));
  x.open_minutes = static_cast<std::uint32_t>(row.integer(13));
  x.is_void = row.integer(14) != 0;
  x.void_reason = row.text(15);
  return x;
}

} // namespace banksia::store::rows
