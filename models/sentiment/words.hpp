#pragma once

/// A headline as words and numbers.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace banksia::sentiment {

enum class word_kind : std::uint8_t {
  word = 0,
  number = 1,
  stop = 2, ///< punctuation that parts clauses; `text` is the character
};

/// A word, a number or a stop of a headline.
struct word {
  std::string_view text; ///< lower case; without "'s"
  std::string_view seen; ///< as written
  word_kind kind = word_kind::word;
  bool capital = false;  ///< begins with an upper-case letter
  bool upper = false;    ///< has no lower-case letter, and a letter
  bool percent = false;  ///< a number of percent or of percentage points
  bool money = false;    ///< a number after a currency, or with "m", "bn" …
  bool year = false;     ///< a bare whole number from 1900 to 2099
  std::int8_t sign = 0;  ///< of a number written with + or -
  double value = 0.0;    ///< of a number, with its "m" or "bn" counted in
};

/// Parts a text into words. Any bytes will do: markup and entities are taken
/// out, curly quotes and dashes become plain ones, bytes that are not UTF-8
/// become spaces. Only the first `bytes_max` bytes count. The words point into
/// this object. Not thread-safe; may be used again for another text.
class text_words {
public:
  static constexpr std::size_t bytes_max = 4096;

  text_words() = default;
  explicit text_words(std::string_view text) { assign(text); }
  text_words(const text_words&) = delete;
  text_words& operator=(const text_words&) = delete;

  void assign(std::string_view text);

  std::span<const word> all() const noexcept { return words_; }

private:
  std::size_t take_number(std::size_t at);
  std::size_t take_word(std::size_t at);
  void take_mark(std::size_t at);
  void add_word(std::size_t from, std::size_t to);
  void add_stop(std::size_t at);
  bool take_unit(std::string_view unit);

  std::string plain_; ///< without markup
  std::string lower_; ///< the same, in lower case
  std::vector<word> words_;
  bool currency_ = false; ///< a currency was read just now
};

/// `text` without markup, entities, curly quotes and stray bytes.
std::string plain_text(std::string_view text);

} // namespace banksia::sentiment
