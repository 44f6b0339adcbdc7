/// The peer: SQLite's C interface and nothing else.

#include "actors/store/codec.hpp"
#include "actors/store/schema.hpp"
#include "bench/store_rows.hpp"

#include <sqlite3.h>

#include <array>
#include <chrono>
#include <span>
#include <stdexcept>

namespace banksia::bench {

namespace {

constexpr const char* insert_cycle
  = "INSERT INTO cycles VALUES (?,?,?,?,?,NULL,?,?,0,?,?,?,?,?,?,?,?,?)";
constexpr const char* insert_prediction
  = "INSERT INTO predictions VALUES "
    "(?,?,?,?,?,?,0,NULL,?,?,?,?,?,?,?,?,?,?,?,?,?,1,1)";
constexpr const char* insert_obligation
  = "INSERT INTO obligations VALUES (?,?,?,?,?,?,?,?,?)";

void check(int code, sqlite3* db) {
  if (code != SQLITE_OK && code != SQLITE_DONE)
    throw std::runtime_error(sqlite3_errmsg(db));
}

/// A prepared statement that is bound from left to right.
class binder {
public:
  binder(sqlite3* db, const char* sql) : db_(db) {
    check(sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &handle_,
                             nullptr),
          db);
  }
  ~binder() { sqlite3_finalize(handle_); }
  binder(const binder&) = delete;
  binder& operator=(const binder&) = delete;

  binder& operator<<(std::int64_t x) {
    sqlite3_bind_int64(handle_, ++position_, x);
    return *this;
  }
  binder& operator<<(double x) {
    sqlite3_bind_double(handle_, ++position_, x);
    return *this;
  }
  binder& operator<<(std::string_view x) {
    sqlite3_bind_text(handle_, ++position_, x.data(),
                      static_cast<int>(x.size()), SQLITE_STATIC);
    return *this;
  }
  binder& operator<<(std::span<const std::byte> x) {
    sqlite3_bind_blob(handle_, ++position_, x.data(),
                      static_cast<int>(x.size()), SQLITE_STATIC);
    return *this;
  }

  void run() {
    check(sqlite3_step(handle_), db_);
    sqlite3_reset(handle_);
    position_ = 0;
  }

private:
  sqlite3* db_;
  sqlite3_stmt* handle_ = nullptr;
  int position_ = 0;
};

/// A cycle with its texts and blobs ready.
struct ready_cycle {
  struct ready_prediction {
    std::string id;
    std::array<std::byte, store::features_size> features;
    std::array<std::byte, store::trace_size> trace;
  };
  std::string id;
  std::vector<ready_prediction> predictions;
};

std::vector<ready_cycle> prepare(const std::vector<cycle_record>& cycles) {
  std::vector<ready_cycle> result;
  result.reserve(cycles.size());
  for (const auto& x : cycles) {
    auto& ready = result.emplace_back();
    ready.id = to_string(x.slot.id);
    for (const auto& p : x.predictions)
      ready.predictions.push_back({to_string(p.id), store::encode(p.features),
                                   store::encode(p.trace)});
  }
  return result;
}

void write_cycle(binder& into, const cycle_record& x, const ready_cycle& ready) {
  const auto& c = x.context;
  into << ready.id << x.slot.run << to_string(x.slot.interval)
       << to_micros(x.slot.slot) << to_string(x.status)
       << to_micros(x.completed_at)
       << static_cast<std::int64_t>(x.predictions.size()) << to_string(c.trend)
       << c.trend_return.value() << c.volatility.value()
       << c.multiplier.value() << c.buy_threshold.value()
       << c.sell_threshold.value() << c.stress.value()
       << std::int64_t{c.flagged} << static_cast<std::int64_t>(c.lineage);
  into.run();
}

void write_prediction(binder& into, const prediction& p,
                      const ready_cycle& cycle,
                      const ready_cycle::ready_prediction& ready,
                      std::string_view run) {
  into << ready.id << cycle.id << run << p.symbol << to_string(p.interval)
       << to_micros(p.slot) << to_string(p.action)
       << to_string(p.optimal_action) << p.confidence.value()
       << std::int64_t{p.predicted_direction} << p.predicted_magnitude.value()
       << p.entry_price.value() << std::int64_t{p.horizon_minutes}
       << p.model_version << to_string(p.context.trend)
       << std::span{ready.features} << std::span{ready.trace}
       << static_cast<std::int64_t>(p.input_lineage)
       << std::int64_t{p.input_count};
  into.run();
}

void write_obligation(binder& into, const obligation& x, std::string_view id,
                      std::string_view run) {
  into << id << std::int64_t{x.horizon_minutes} << run << x.symbol
       << to_string(x.interval) << to_micros(x.slot) << to_micros(x.due_at)
       << to_string(x.action) << x.entry_price.value();
  into.run();
}

/// The writer's connection settings.
sqlite3* open_bare(const std::filesystem::path& file) {
  sqlite3* db = nullptr;
  check(sqlite3_open_v2(file.c_str(), &db,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr),
        db);
  check(sqlite3_exec(db,
                     "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                     "PRAGMA foreign_keys=ON; PRAGMA wal_autocheckpoint=1000;"
                     "PRAGMA cache_size=-32768; PRAGMA temp_store=MEMORY",
                     nullptr, nullptr, nullptr),
        db);
  return db;
}

void write_all(sqlite3* db, const std::vector<cycle_record>& cycles,
               const std::vector<ready_cycle>& ready,
               std::size_t cycles_per_commit) {
  binder into_cycles{db, insert_cycle};
  binder into_predictions{db, insert_prediction};
  binder into_obligations{db, insert_obligation};
  auto execute = [db](const char* sql) {
    check(sqlite3_exec(db, sql, nullptr, nullptr, nullptr), db);
  };
  for (std::size_t i = 0; i < cycles.size(); ++i) {
    if (i % cycles_per_commit == 0)
      execute("BEGIN IMMEDIATE");
    const auto& x = cycles[i];
    write_cycle(into_cycles, x, ready[i]);
    for (std::size_t k = 0; k < x.predictions.size(); ++k)
      write_prediction(into_predictions, x.predictions[k], ready[i],
                       ready[i].predictions[k], x.slot.run);
    for (std::size_t k = 0; k < x.obligations.size(); ++k) {
      auto whose = k / horizons_of_a_prediction;
      write_obligation(into_obligations, x.obligations[k],
                       ready[i].predictions[whose].id, x.slot.run);
    }
    if ((i + 1) % cycles_per_commit == 0 || i + 1 == cycles.size())
      execute("COMMIT");
  }
}

} // namespace

double write_bare(const std::filesystem::path& file,
                  const std::vector<cycle_record>& cycles,
                  std::size_t cycles_per_commit) {
  {
    auto db = store::open_for_writing(file);
    store::ledger{db}.set_provenance(made_with());
  }
  auto ready = prepare(cycles);
  auto db = open_bare(file);
  auto started = std::chrono::steady_clock::now();
  write_all(db, cycles, ready, cycles_per_commit);
  std::chrono::duration<double> taken
    = std::chrono::steady_clock::now() - started;
  sqlite3_close(db);
  return taken.count();
}

} // namespace banksia::bench
