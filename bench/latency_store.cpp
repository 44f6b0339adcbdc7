#include "bench/latency_store.hpp"

#include "actors/store/ledger.hpp"
#include "actors/store/schema.hpp"
#include "models/market/calendar.hpp"
#include "models/news/headline_identity.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace banksia::bench {

namespace {

using std::chrono::minutes;

constexpr std::string_view run = "live";
constexpr std::string_view index_symbol = "^AXJO";
constexpr trading_date last_day = std::chrono::year{2026} / 10 / 30;
constexpr std::size_t sessions_after = 5; ///< that have bars alone
constexpr std::uint32_t bar_minutes = 30;
constexpr std::uint32_t primary_minutes = 240;
constexpr std::uint32_t headlines_a_day = 3; ///< of a symbol

/// Splitmix64: numbers that only depend on their place.
std::uint64_t mixed(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

/// In [-1, 1).
double noise(std::uint64_t x) {
  return static_cast<double>(mixed(x) >> 11) / 4503599627370496.0 - 1.0;
}

std::string interval_text(std::uint32_t length) {
  return length == 1440 ? "1d" : std::to_string(length) + "m";
}

bar_interval interval_of(std::uint32_t length) {
  return parse_interval(interval_text(length)).value();
}

/// Everything that is written, one session after the other.
class years {
public:
  years(storage::database& db, const stored_years& what)
    : what_(what), symbols_(symbols_of(what)), ledger_(db),
      prices_(symbols_.size() + 1, 100.0) {
    ledger_.set_provenance({sha256_hex("latency"), "latency", "latency"});
    ledger_.register_run(run, "live", "{}");
  }

  std::uint64_t in_session(const session& at) const {
    return slots_of(at) * symbols_.size();
  }

  void write_cycles(const session& at, const session& next) {
    outcome_batch ended;
    for (std::uint64_t i = 0; i < slots_of(at); ++i)
      write_cycle(at, next, at.opens_at + step() * (i + 1), ended);
    for (auto* due : {&yesterday_, &ended}) {
      counts_.outcomes += due->outcomes.size();
      ledger_.write(*due);
    }
    yesterday_ = std::exchange(tomorrow_, {});
    // Behind what was made by then: it was not late.
    ledger_.write(clock_mark{1, std::string{run}, at.auction_ends_at});
  }

  void write_market(const session& at) {
    for (std::size_t i = 0; i < prices_.size(); ++i) {
      std::string symbol{i < symbols_.size() ? std::string_view{symbols_[i]}
                                             : index_symbol};
      write_bars(at, symbol, prices_[i]);
      if (i < symbols_.size())
        write_headlines(at, symbol);
    }
    ledger_.write_watermark("latency", at.auction_ends_at);
  }

  const written_rows& counts() const { return counts_; }

private:
  minutes step() const { return minutes{what_.interval_minutes}; }

  std::uint64_t slots_of(const session& at) const {
    return static_cast<std::uint64_t>((at.closes_at - at.opens_at) / step());
  }

  void write_cycle(const session& at, const session& next, timestamp slot,
                   outcome_batch& ended) {
    cycle_record x;
    x.slot.run = run;
    x.slot.interval = interval_of(what_.interval_minutes);
    x.slot.slot = x.slot.issued_at = x.completed_at = slot;
    x.slot.id = make_cycle_id(run, interval_text(what_.interval_minutes), slot);
    x.context.volatility = fraction{0.12};
    for (std::size_t i = 0; i < symbols_.size(); ++i) {
      auto made = make_prediction(x, i);
      ++counts_.predictions;
      counts_.abstentions += made.abstained;
      if (!made.abstained)
        owe(x, made, at, next, ended);
      x.predictions.push_back(std::move(made));
    }
    ledger_.write(x);
    ++counts_.cycles;
    if (counts_.first_slot == 0)
      counts_.first_slot = to_micros(slot);
    counts_.last_slot = to_micros(slot);
  }

  prediction make_prediction(const cycle_record& in, std::size_t symbol) {
    auto number = counts_.predictions;
    prediction x;
    x.symbol = symbols_[symbol];
    x.interval = in.slot.interval;
    x.slot = in.slot.slot;
    x.id = make_prediction_id(run, x.symbol, interval_text(what_.interval_minutes),
                              x.slot);
    x.cycle = in.slot.id;
    x.context = in.context;
    x.horizon_minutes = primary_minutes;
    x.model_version = "rules-1";
    for (std::size_t i = 0; i < feature_count; ++i)
      x.features.set(i, noise(number * feature_count + i));
    x.input_lineage = mixed(number);
    x.input_count = 200;
    if (mixed(number) % 50 == 0) {
      x.abstained = true;
      x.reason = mixed(number) % 100 == 0 ? abstain_reason::stale_prices
                                          : abstain_reason::insufficient_history;
      return x;
    }
    constexpr std::array actions{trade_action::buy, trade_action::sell,
                                 trade_action::hold};
    x.action = x.optimal_action = actions[mixed(number * 3) % actions.size()];
    x.predicted_direction = x.action == trade_action::buy    ? 1
                            : x.action == trade_action::sell ? -1
                                                             : 0;
    x.confidence = fraction{0.5 + 0.2 * (noise(number * 5) + 1.0)};
    x.predicted_magnitude = fraction{0.01 * noise(number * 7)};
    x.entry_price = price{prices_[symbol] * (1.0 + 0.01 * noise(number * 11))};
    x.trace.inputs.rsi14 = real{50.0 + 20.0 * noise(number * 13)};
    x.trace.inputs.volatility = real{0.01};
    return x;
  }

  /// What a prediction owes, and what comes of it: later in the session, or at
  /// the same time of the next one.
  void owe(cycle_record& to, const prediction& x, const session& at,
           const session& next, outcome_batch& ended) {
    for (auto horizon : {60u, primary_minutes, 1440u}) {
      auto later = x.slot + minutes{horizon};
      auto today = horizon < 1440 && later <= at.auction_ends_at;
      auto due = today ? later : next.opens_at + (x.slot - at.opens_at);
      to.obligations.push_back({1, x.id, x.symbol, x.interval, x.slot, due,
                                horizon, x.action, x.entry_price});
      (today ? ended : tomorrow_)
        .outcomes.push_back(make_outcome(x, horizon, due));
    }
  }

  static outcome make_outcome(const prediction& x, std::uint32_t horizon,
                              timestamp due) {
    outcome result;
    result.id = make_outcome_id(x.id, horizon);
    result.prediction = x.id;
    result.symbol = x.symbol;
    result.horizon_minutes = horizon;
    result.due_at = due;
    result.evaluation_timestamp = due + minutes{1};
    result.entry_price = x.entry_price;
    auto change = 0.02 * noise(x.id.hash + horizon);
    result.actual_return = result.total_return = fraction{change};
    result.exit_price = price{x.entry_price.value() * (1.0 + change)};
    result.actual_direction = change > 0.0 ? 1 : -1;
    result.success = plan_success(x.action, result.actual_return);
    result.sessions_elapsed = 1;
    result.open_minutes = std::min(horizon, 360u);
    result.is_void = mixed(x.id.hash + horizon) % 200 == 0;
    if (result.is_void)
      result.void_reason = "halted";
    return result;
  }

  void write_bar(const std::string& symbol, bar_interval interval,
                 timestamp opened, timestamp known, double open, double close) {
    bar x;
    x.symbol = symbol;
    x.interval = interval;
    x.opened_at = opened;
    x.known_at = x.received_at = known;
    x.open = price{open};
    x.close = price{close};
    x.high = price{std::max(open, close) * 1.001};
    x.low = price{std::min(open, close) * 0.999};
    x.volume = shares{100'000.0 + 1000.0 * (counts_.bars % 97)};
    x.source = "latency";
    ledger_.write(x);
    ++counts_.bars;
  }

  /// A walk of half-hours that is drawn back to where it began.
  void write_bars(const session& at, const std::string& symbol, double& price) {
    auto opened = price;
    for (auto t = at.opens_at; t + minutes{bar_minutes} <= at.closes_at;
         t += minutes{bar_minutes}) {
      auto before = price;
      price *= 1.0 + 0.003 * noise(counts_.bars) + 1e-5 * (100.0 - price);
      write_bar(symbol, interval_of(bar_minutes), t, t + minutes{bar_minutes},
                before, price);
    }
    write_bar(symbol, bar_interval::d1, at.opens_at, at.auction_ends_at, opened,
              price);
  }

  void write_headlines(const session& at, const std::string& symbol) {
    headline_batch batch;
    for (std::uint32_t i = 0; i < headlines_a_day; ++i) {
      headline x;
      x.symbol = symbol;
      x.title = symbol + " rises on results number "
                + std::to_string(counts_.headlines++);
      x.source = "latency";
      x.link = "https://example.org/" + std::to_string(counts_.headlines);
      x.published_at = x.known_at = x.received_at
        = at.opens_at + minutes{60 * (i + 1)};
      x.headline_id = headline_identity(x);
      batch.headlines.push_back(std::move(x));
    }
    ledger_.write(batch);
  }

  stored_years what_;
  std::vector<std::string> symbols_;
  store::ledger ledger_;
  std::vector<double> prices_; ///< of the symbols, then of the index
  outcome_batch yesterday_; ///< due in the session that comes next
  outcome_batch tomorrow_;
  written_rows counts_;
};

} // namespace

std::vector<std::string> symbols_of(const stored_years& what) {
  std::vector<std::string> result{"CBA.AX", "WBC.AX", "ANZ.AX", "NAB.AX",
                                  "MQG.AX", "QBE.AX", "SUN.AX"};
  for (std::uint32_t i = 0; result.size() < what.symbols; ++i) {
    std::string name{'X', static_cast<char>('A' + i / 676 % 26),
                     static_cast<char>('A' + i / 26 % 26),
                     static_cast<char>('A' + i % 26)};
    result.push_back(name + ".AX");
  }
  result.resize(what.symbols);
  return result;
}

written_rows write_years(const std::filesystem::path& file,
                         const stored_years& what,
                         const std::function<void(std::uint64_t)>& told) {
  auto db = store::open_for_writing(file);
  // Nothing that is lost could not be made again.
  db.execute("PRAGMA synchronous=OFF; PRAGMA wal_autocheckpoint=20000; "
             "PRAGMA cache_size=-262144");
  exchange_calendar calendar;
  years all{db, what};
  auto sessions = calendar.sessions();
  auto last = static_cast<std::size_t>(
    std::find_if(sessions.begin(), sessions.end(),
                 [](const session& x) { return x.date >= last_day; })
    - sessions.begin());
  // As many before as it takes; where the calendar begins there is no more.
  auto first = last;
  for (auto made = all.in_session(sessions[first]);
       made < what.predictions && first > 0;)
    made += all.in_session(sessions[--first]);
  for (auto i = first; i < last + sessions_after; ++i) {
    storage::transaction one{db};
    if (i <= last)
      all.write_cycles(sessions[i], sessions[i + 1]);
    all.write_market(sessions[i]);
    one.commit();
    if (told && i % 64 == 0)
      told(all.counts().predictions);
  }
  db.execute("PRAGMA wal_checkpoint(TRUNCATE)");
  return all.counts();
}

} // namespace banksia::bench
