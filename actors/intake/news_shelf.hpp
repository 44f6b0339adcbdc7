#pragma once

/// Headlines on their way into the store: what is there already, and what was
/// told in nearly the same words.

#include "actors/store/ledger.hpp"
#include "models/sentiment/duplicate_titles.hpp"
#include "models/sentiment/headline_rating.hpp"
#include "runtime/storage/sqlite.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace banksia::intake {

/// What became of a headline.
enum class headline_fate : std::uint8_t {
  stored,
  duplicate,    ///< the same, of the same date, is there
  another_date, ///< the same with another date is there, and stays
  told_before,  ///< nearly the same words are there, and stay
};

/// Titles of one symbol that are stored, around the times that are written.
/// They are read once for a stretch of time, so rows in the order of time cost
/// one reading.
class told_titles {
public:
  struct entry {
    std::string id;
    sentiment::title_print print;
  };
  using kept_titles = std::multimap<timestamp, entry>;

  bool covers(timestamp from, timestamp until) const noexcept {
    return is_read_ && low_ <= from && until <= high_;
  }

  /// What is kept from `low` to `high`.
  kept_titles kept;

  void begin(timestamp low, timestamp high) {
    low_ = low;
    high_ = high;
    is_read_ = true;
  }
  timestamp low() const noexcept { return low_; }
  timestamp high() const noexcept { return high_; }

private:
  bool is_read_ = false;
  timestamp low_;
  timestamp high_;
};

/// What all headlines of an import have in common.
struct news_shelf_settings {
  bool dry_run = false;
  timestamp received_at;
};

/// A dry run goes the same way, into a temporary database that is looked at
/// together with the store.
class news_shelf {
public:
  /// @param db must outlive the shelf
  news_shelf(storage::database& db, news_shelf_settings settings);
  ~news_shelf();

  /// Where transactions belong.
  storage::database& target() noexcept { return draft_ ? *draft_ : *db_; }

  /// Stores it unless it is there, rated first; to be called in a transaction.
  headline_fate write(headline x, sentiment::headline_rating& rating);

  /// Keeps a row that was refused, repaired or merged, with what it said.
  /// @param kind "headline", "headline_repair", "headline_conflict"
  void keep(std::string_view kind, const std::string& file, std::size_t line,
            std::string_view symbol, std::string_view reason,
            std::string_view payload);

private:
  struct lookups {
    explicit lookups(storage::database& db);
    storage::statement same;
    storage::statement between;
  };

  std::optional<timestamp> published_before(const headline& x);
  told_titles& titles_around(const headline& x);
  void read(told_titles& into, const std::string& symbol, timestamp from,
            timestamp until);

  storage::database* db_;
  news_shelf_settings settings_;
  std::unique_ptr<storage::database> draft_; ///< only in a dry run
  store::ledger ledger_;
  std::optional<lookups> own_;
  std::optional<lookups> lent_; ///< only in a dry run
  std::map<std::string, told_titles> told_; ///< by symbol
};

} // namespace banksia::intake
