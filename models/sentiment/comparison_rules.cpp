#include "models/sentiment/reading.hpp"

#include <algorithm>
#include <cmath>

namespace banksia::sentiment {

namespace {

constexpr auto nowhere = reading::nowhere;

constexpr double comparison_weight = 1.2;
constexpr std::size_t reference_reach = 12;
constexpr std::size_t subject_reach = 24;

/// A value of a result; years, days of the month and counts are none where a
/// better one stands near.
bool is_value(const item& x) {
  return x.is_number() && !x.first->year;
}

bool is_strong_value(const item& x) {
  return is_value(x) && (x.first->money || x.first->percent);
}

/// The first value in [from, to), of money or percent if there is one.
std::size_t first_value(const reading& x, std::size_t from, std::size_t to) {
  auto plain = nowhere;
  for (auto i = from; i < to; ++i) {
    if (is_strong_value(x.items[i]))
      return i;
    if (plain == nowhere && is_value(x.items[i]))
      plain = i;
  }
  return plain;
}

/// One side of a comparison: a subject and its value, either may lack.
struct side {
  std::size_t subject = nowhere;
  std::size_t value = nowhere;
};

/// What stands before the comparing word at `at`.
side current_side(const reading& x, std::size_t at) {
  auto lowest = at > subject_reach ? at - subject_reach : 0;
  side found;
  for (auto i = at; i-- > lowest;) {
    if (x.items[i].sentence != x.items[at].sentence)
      break;
    if (!x.items[i].is_subject() || x.is_base(i))
      continue;
    if (found.subject == nowhere)
      found.subject = i;
    auto value = first_value(x, i + 1, at);
    // "posted a 5m loss": the value comes first.
    if (i > 0 && is_strong_value(x.items[i - 1]))
      value = i - 1;
    if (i > 1 && is_strong_value(x.items[i - 2])
        && x.items[i].sense->subject != 0 && value == nowhere)
      value = i - 2;
    if (value != nowhere)
      return {i, value};
  }
  return found;
}

/// What stands after it.
side reference_side(const reading& x, std::size_t at) {
  auto end = std::min(x.size(), at + 1 + reference_reach);
  while (end > at + 1 && x.items[end - 1].sentence != x.items[at].sentence)
    --end;
  side found;
  found.value = first_value(x, at + 1, end);
  for (auto i = at + 1; i < end && found.subject == nowhere; ++i) {
    if (x.items[i].is_subject() && x.items[i].sense->subject != 0)
      found.subject = i;
    // A subject far behind the value belongs to something else.
    if (found.value != nowhere && i > found.value + 3)
      break;
  }
  return found;
}

/// "EUR -3m", "a negative EUR 3m", "minus 3m".
double signed_value(const reading& x, std::size_t at) {
  auto value = x.items[at].first->value;
  auto negative = x.items[at].first->sign < 0;
  for (auto i = at; !negative && i-- > 0 && i + 3 > at;)
    negative = x.items[i].is_text("negative") || x.items[i].is_text("minus");
  return negative ? -value : value;
}

/// The word "negative" before a value is its sign, and no tone.
void bind_sign(reading& x, std::size_t at) {
  if (at == nowhere)
    return;
  for (auto i = at; i-- > 0 && i + 3 > at;)
    if (x.items[i].is_text("negative"))
      x.items[i].bound = true;
}

/// +1 where the current value is the better one, -1 where it is the worse, 0
/// where nobody can say.
int better(const reading& x, const side& now, const side& before) {
  if (now.subject == nowhere)
    return 0;
  const auto& subject = *x.items[now.subject].sense;
  const auto& reference
    = before.subject == nowhere ? subject : *x.items[before.subject].sense;
  if (subject.subject == 0)
    return 0;
  if (subject.is_loss != reference.is_loss
      && (subject.is_loss || reference.subject != 0))
    return subject.is_loss ? -1 : 1;
  if (now.value == nowhere || before.value == nowhere)
    return 0;
  const auto& a = *x.items[now.value].first;
  const auto& b = *x.items[before.value].first;
  if (a.percent != b.percent)
    return 0;
  auto first = signed_value(x, now.value);
  auto second = signed_value(x, before.value);
  if (first == second)
    return 0;
  return (first > second ? 1 : -1) * subject.subject;
}

/// "12m from 10m", "from 10m to 12m"; bare "from" parts too much else.
bool is_change(const reading& x, std::size_t at, bool& backwards) {
  if (!x.items[at].is_text("from") || at + 1 >= x.size())
    return false;
  auto end = std::min(x.size(), at + 4);
  auto value = first_value(x, at + 1, end);
  if (value == nowhere)
    return false;
  backwards = value + 1 < x.size() && x.items[value + 1].is_text("to")
              && first_value(x, value + 2, std::min(x.size(), value + 5))
                   != nowhere;
  if (backwards)
    return true;
  auto begin = at > 3 ? at - 3 : 0;
  return first_value(x, begin, at) != nowhere;
}

/// Whether another rule told of this already: "rose to 12m from 10m", "swung
/// to a profit from a loss".
bool is_told(const reading& x, std::size_t subject, std::size_t at) {
  for (auto i = at; i-- > 0 && x.items[i].sentence == x.items[at].sentence;)
    if (x.items[i].bound && x.items[i].role() == word_role::swing)
      return true;
  for (auto i = subject; i < at; ++i)
    if ((x.items[i].bound && x.items[i].direction() != 0)
        || (x.items[i].sense != nullptr && !x.items[i].is_subject()
            && std::abs(x.items[i].sense->tone) >= 1.0F))
      return true;
  return false;
}

} // namespace

void comparison_rule(reading& x) {
  for (std::size_t i = 1; i + 1 < x.size(); ++i) {
    bool backwards = false;
    if (x.items[i].role() != word_role::comparison
        && !is_change(x, i, backwards))
      continue;
    auto now = current_side(x, i);
    auto before = reference_side(x, i);
    // The value nearest to "from" is the new one.
    auto is_from = x.items[i].is_text("from");
    if (is_from && !backwards)
      now.value = first_value(x, i > 3 ? i - 3 : 0, i);
    if (backwards) {
      now.value = first_value(x, before.value + 2, x.size());
      before.subject = nowhere;
    }
    auto verdict = better(x, now, before);
    if (now.subject != nowhere && before.subject != nowhere)
      x.items[before.subject].bound = true;
    if (verdict == 0)
      continue;
    bind_sign(x, now.value);
    bind_sign(x, before.value);
    if (!is_told(x, now.subject, i)) {
      x.add_part(score_rule::comparison, now.subject, i,
                 comparison_weight * verdict);
      x.items[now.subject].bound = true;
    }
  }
}

} // namespace banksia::sentiment
