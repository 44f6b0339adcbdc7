#pragma once

/// The same story told again in nearly the same words.

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace banksia::sentiment {

/// A title without what differs between copies: markup, case, punctuation, and
/// the source's name at the end (" - Reuters", " | AFR").
std::string normalised_title(std::string_view title);

/// What titles are compared by.
struct title_print {
  std::vector<std::uint64_t> shingles; ///< hashes of words and pairs, sorted
  std::vector<std::uint64_t> numbers;  ///< hashes of its numbers, sorted

  friend bool operator==(const title_print&, const title_print&) = default;
};

title_print print_of(std::string_view title);

/// |A ∩ B| / |A ∪ B| of the shingles (Jaccard), in [0, 1]; 1 for two empty
/// ones. 0 where the numbers differ: "profit up 5 %" is not "profit up 9 %".
double similarity(const title_print& a, const title_print& b);

/// From here on two titles tell the same.
inline constexpr double same_story = 0.6;

/// The last titles, to compare a new one with. Bounded; not thread-safe.
class recent_titles {
public:
  /// `capacity` at least 1.
  explicit recent_titles(std::size_t capacity = 256,
                         double threshold = same_story)
    : capacity_(capacity), threshold_(threshold) {}

  /// The id of the oldest kept title that `title` repeats. Where it repeats
  /// none: nothing, and `title` is kept under `id`; the oldest makes room.
  std::optional<std::string> add(std::string id, std::string_view title);

  std::size_t size() const noexcept { return kept_.size(); }

private:
  struct entry {
    std::string id;
    title_print print;
  };

  std::size_t capacity_;
  double threshold_;
  std::deque<entry> kept_;
};

} // namespace banksia::sentiment
