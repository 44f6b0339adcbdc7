#pragma once

/// Sentences with made-up words, so that only learning can tell them apart.

#include "models/sentiment/classifier.hpp"

#include <string>
#include <vector>

namespace banksia::test {

/// `each` sentences of each label.
inline std::vector<sentiment::labelled_sentence> invented_sentences(int each) {
  using sentiment::label;
  std::vector<sentiment::labelled_sentence> result;
  for (int i = 0; i < each; ++i) {
    auto place = " place" + std::to_string(i);
    result.push_back({"a glorbly day in" + place, label::positive});
    result.push_back({"a snarfic day in" + place, label::negative});
    result.push_back({"a beige day in" + place, label::neutral});
  }
  return result;
}

} // namespace banksia::test
