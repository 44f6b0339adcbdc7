#pragma once

/// Labelled sentences as tab-separated text.

#include "models/sentiment/classifier.hpp"

namespace banksia::sentiment {

/// Labelled text that cannot be used: which line, what is wrong, what to do.
class labelled_error : public std::runtime_error {
public:
  labelled_error(std::size_t line, const std::string& what,
                 const std::string& advice);

  /// From 1; 0 where it is about the whole.
  std::size_t line() const noexcept { return line_; }
  /// What is wrong, and what to do, without the line.
  const std::string& advice() const noexcept { return advice_; }

private:
  std::size_t line_;
  std::string advice_;
};

/// Reads text with a header that has the columns `label` (negative, neutral,
/// positive) and `sentence` in any place; other columns and empty lines are
/// passed over. No quoting: a tab always parts columns.
/// @throws labelled_error at the first line that is wrong
std::vector<labelled_sentence> parse_labelled(std::string_view text);

/// "negative", "neutral" or "positive"; nothing for other words.
std::optional<label> parse_label(std::string_view text) noexcept;

} // namespace banksia::sentiment
