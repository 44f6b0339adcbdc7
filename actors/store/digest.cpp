#include "actors/store/queries.hpp"

#include <openssl/evp.h>

#include <array>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

namespace banksia::store {

namespace {

/// SHA-256 over typed values, each with its length or kind, so that shifted
/// boundaries cannot collide.
class row_hash {
public:
  row_hash() : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
    EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr);
  }

  /// Collected first: a call of OpenSSL costs more than hashing a number.
  void add(const void* data, std::size_t size) {
    if (pending_.size() + size > pending_max)
      flush();
    auto bytes = static_cast<const char*>(data);
    if (size > pending_max)
      EVP_DigestUpdate(context_.get(), data, size);
    else
      pending_.append(bytes, size);
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
    flush();
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
  static constexpr std::size_t pending_max = 1 << 16;

  void flush() {
    EVP_DigestUpdate(context_.get(), pending_.data(), pending_.size());
    pending_.clear();
  }

  std::string pending_;
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

/// Columns that are numbers are read as their bits, never as text.
void add_row(row_hash& hash, const storage::statement& row,
             std::string_view kinds) {
  for (int i = 0; i < static_cast<int>(kinds.size()); ++i) {
    switch (kinds[static_cast<std::size_t>(i)]) {
      case 'r': {
        auto value = row.number(i);
        hash.add(row.is_null(i) ? "n" : "r", 1);
        hash.add(&value, sizeof(value));
        break;
      }
      case 'i': {
        auto value = row.integer(i);
        hash.add(row.is_null(i) ? "n" : "i", 1);
        hash.add(&value, sizeof(value));
        break;
      }
      default:
        hash.add_column(row, i);
    }
  }
}

/// The predictions of a run; ids come back in their order.
std::vector<prediction_id> add_predictions(row_hash& hash,
                                           storage::statement& rows) {
  std::vector<prediction_id> ids;
  while (rows.step()) {
    add_row(hash, rows, "ttttiitttrirrittttii");
    if (auto id = parse_id<prediction_id>(rows.text(0)))
      ids.push_back(*id);
  }
  return ids;
}

/// The outcomes of those predictions. Both are in the order of their ids, so
/// one walk pairs them; a join looks each one up.
void add_outcomes(row_hash& hash, storage::statement& rows,
                  const std::vector<prediction_id>& of) {
  auto next = of.begin();
  while (rows.step()) {
    auto id = parse_id<prediction_id>(rows.text(1));
    while (next != of.end() && id && *next < *id)
      ++next;
    if (next != of.end() && id && *next == *id)
      add_row(hash, rows, "ttitiirrrriiiiit");
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
    // The plus: all are read anyway, and need no sorting in this order.
    "FROM predictions WHERE +run = ? ORDER BY prediction_id");
  predictions.bind_all(run);
  auto ids = add_predictions(hash, predictions);
  auto outcomes = db_->prepare(
    "SELECT outcome_id, prediction_id, horizon_minutes, symbol, due_at, "
    "evaluation_timestamp, entry_price, exit_price, actual_return, "
    "total_return, actual_direction, success, sessions_elapsed, open_minutes, "
    "void, reason FROM outcomes ORDER BY prediction_id, horizon_minutes");
  add_outcomes(hash, outcomes, ids);
  return hash.hex();
}

} // namespace banksia::store
