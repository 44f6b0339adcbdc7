#pragma once

/// Gives headlines a score whose source gave none.

#include "messages/domain.hpp"
#include "models/sentiment/classifier.hpp"

#include <memory>
#include <span>

namespace banksia::sentiment {

/// Rates headlines by a trained model, or by the lexicon without one. A feed
/// does so before it stores them: what is stored is what everybody reads, so
/// that an explanation or a restart needs neither. Pure but for its memory; not
/// thread-safe.
class headline_rating {
public:
  explicit headline_rating(std::shared_ptr<const classifier> model = nullptr)
    : model_(std::move(model)) {}

  /// The score of a title, in [-1, 1].
  double score(std::string_view title);

  /// Fills in `score` and `scored` where `scored` is false. A source's own
  /// score stays. @returns how many got one
  std::size_t rate(std::span<headline> headlines);

private:
  std::shared_ptr<const classifier> model_;
  headline_scorer scorer_;
};

} // namespace banksia::sentiment
