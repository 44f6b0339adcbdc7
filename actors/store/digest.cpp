#include "actors/store/queries.hpp"

#include <openssl/evp.h>

#include <array>
#include <cstring>
#include <memory>

namespace banksia::store {

namespace {

/// SHA-256 over typed values, each with its length or kind, so that shifted
/// boundaries cannot collide.
class row_hash {
public:
  row_hash() : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
    EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr);
  }

  void add(const void* data, std::size_t size) {
    EVP_DigestUpdate(context_.get(), data, size);
  }

  void add_column(const storage::statement& row, int column) {
    if (row.is_null(column)) {
      add("n", 1);
      return;
    }
    auto bytes = row.blob(column);
    std::uint64_t size = bytes.size();
    add("v", 1);
    add(&size, sizeof(size));
    add(bytes.data(), bytes.size());
  }

  std::string hex() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned size = 0;
    EVP_DigestFinal_ex(context_.get(), bytes.data(), &size);
    std::string out;
    for (unsigned i = 0; i < size; ++i) {
      constexpr char digits[] = "0123456789abcdef";
      out += digits[bytes[i] >> 4];
      out += digits[bytes[i] & 0xf];
    }
    return out;
  }

private:
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

/// Columns that are numbers are read as their bits, never as text.
void add_rows(row_hash& hash, storage::statement& query, int columns,
              std::string_view kinds) {
  while (query.step()) {
    for (int i = 0; i < columns; ++i) {
      switch (kinds[static_cast<std::size_t>(i)]) {
        case 'r': {
          auto value = query.number(i);
          hash.add(query.is_null(i) ? "n" : "r", 1);
          hash.add(&value, sizeof(value));
          break;
        }
        case 'i': {
          auto value = query.integer(i);
          hash.add(query.is_null(i) ? "n" : "i", 1);
          hash.add(&value, sizeof(value));
          break;
        }
        default:
          hash.add_column(query, i);
      }
    }
  }
}

} // namespace

std::string queries::digest(std::string_view run) {
  row_hash hash;
  // Columns in schema order; t text or blob, i integer, r real. Identities of
  // configuration and build are counters of this file and stay out.
  auto predictions = db_->prepare(
    "SELECT prediction_id, cycle_id, symbol, interval, timestamp, abstained, "
    "reason, action, optimal_action, confidence, predicted_direction, "
    "predicted_magnitude, entry_price, horizon_minutes, model_version, "
    "market_context, features, trace, input_lineage, input_count "
    "FROM predictions WHERE run = ? ORDER BY prediction_id");
  predictions.bind_all(run);
  add_rows(hash, predictions, 20, "ttttiitttrirrittttii");
  auto outcomes = db_->prepare(
    "SELECT o.outcome_id, o.prediction_id, o.horizon_minutes, o.symbol, "
    "o.due_at, o.evaluation_timestamp, o.entry_price, o.exit_price, "
    "o.actual_return, o.total_return, o.actual_direction, o.success, "
    "o.sessions_elapsed, o.open_minutes, o.void, o.reason "
    "FROM outcomes o JOIN predictions p USING(prediction_id) "
    "WHERE p.run = ? ORDER BY o.prediction_id, o.horizon_minutes");
  outcomes.bind_all(run);
  add_rows(hash, outcomes, 16, "ttitiirrrriiiiit");
  return hash.hex();
}

} // namespace banksia::store
