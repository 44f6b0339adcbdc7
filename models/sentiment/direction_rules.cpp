#include "models/sentiment/reading.hpp"

#include <algorithm>
#include <array>

namespace banksia::sentiment {

namespace {

constexpr auto nowhere = reading::nowhere;

constexpr double direction_weight = 1.0;
/// Nobody knows of what: a headline's own company, if a number follows.
constexpr double bare_direction_weight = 0.3;
constexpr double bare_measured_weight = 0.6;
constexpr double swing_weight = 1.3;
constexpr double expectation_weight = 1.0;

template <std::size_t N>
bool is_one_of(const item& x, const std::array<std::string_view, N>& known) {
  return x.first == x.last
         && std::find(known.begin(), known.end(), x.first->text)
              != known.end();
}

/// "up 12 %", "up from 10m", "down on last year", "shares down", but not
/// "set up", "up to 50".
bool is_movement(const reading& x, std::size_t at) {
  static constexpr std::array<std::string_view, 16> verbs = {
    "set",  "start", "end",   "ends",  "back",  "pick", "make", "made",
    "open", "sign",  "speed", "build", "built", "end",  "came", "come",
  };
  static constexpr std::array<std::string_view, 9> after = {
    "from", "by", "on", "in", "year", "a", "nearly", "about", "almost",
  };
  if (at > 0 && is_one_of(x.items[at - 1], verbs))
    return false;
  if (at + 1 == x.size())
    return true;
  const auto& next = x.items[at + 1];
  return next.is_stop() || next.is_number() || is_one_of(next, after)
         || next.role() == word_role::degree || next.is_text("eur");
}

/// Where the subject of the direction at `at` stands.
std::size_t subject_of(const reading& x, std::size_t at) {
  const auto& item = x.items[at];
  auto next_is_in = at + 1 < x.size()
                    && (x.items[at + 1].is_text("in")
                        || x.items[at + 1].is_text("of"));
  auto ahead_first = item.sense->order == word_order::before_subject
                     || next_is_in;
  if (ahead_first && !item.sense->weak_direction) {
    auto found = x.subject_after(at);
    if (found != nowhere)
      return found;
  }
  auto found = x.subject_before(at);
  if (found != nowhere || item.sense->weak_direction)
    return found;
  return x.subject_after(at);
}

/// Whether the movement at `at` comes with a percentage.
bool is_measured(const reading& x, std::size_t at) {
  for (auto i = at + 1; i < std::min(x.size(), at + 4); ++i)
    if (x.items[i].is_number() && x.items[i].first->percent)
      return true;
  return at > 0 && x.items[at - 1].is_number()
         && x.items[at - 1].first->percent;
}

/// "up from a loss of 2m": the loss is where it came from, and no news.
void bind_origin(reading& x, std::size_t at) {
  constexpr std::size_t reach = 12;
  bool from = false;
  for (auto i = at + 1; i < std::min(x.size(), at + reach); ++i) {
    if (x.items[i].sentence != x.items[at].sentence
        || x.items[i].direction() != 0)
      break;
    from = from || x.items[i].is_text("from");
    if (from && x.items[i].is_subject()) {
      x.items[i].bound = true;
      break;
    }
  }
}

} // namespace

void direction_rule(reading& x) {
  for (std::size_t i = 0; i < x.size(); ++i) {
    auto& item = x.items[i];
    // "Sales +12 %".
    if (item.is_number() && item.first->sign != 0 && item.first->percent) {
      auto subject = x.subject_before(i);
      if (subject != nowhere && x.items[subject].sense->subject != 0) {
        x.add_part(score_rule::direction, subject, i,
                   direction_weight * item.first->sign
                     * x.items[subject].sense->subject);
        x.items[subject].bound = true;
      }
      continue;
    }
    if (item.direction() == 0 || item.bound
        || item.role() == word_role::above)
      continue;
    if (item.sense->weak_direction && !is_movement(x, i))
      continue;
    auto subject = subject_of(x, i);
    if (subject == nowhere) {
      // A word with a tone of its own keeps that.
      auto is_verb = item.sense->order == word_order::after_subject;
      if (item.sense->tone == 0.0F && is_verb) {
        auto measured = is_measured(x, i);
        item.bound = true;
        x.add_part(score_rule::direction, nowhere, i,
                   (measured ? bare_measured_weight : bare_direction_weight)
                     * item.direction());
      }
      continue;
    }
    item.bound = true;
    auto sign = item.direction() * x.items[subject].sense->subject;
    x.items[subject].bound = true;
    bind_origin(x, i);
    if (sign != 0)
      x.add_part(score_rule::direction, subject, i, direction_weight * sign);
  }
}

void swing_rule(reading& x) {
  constexpr std::size_t reach = 7;
  for (std::size_t i = 0; i + 1 < x.size(); ++i) {
    if (x.items[i].role() != word_role::swing)
      continue;
    auto end = std::min(x.size(), i + 1 + reach);
    bool towards = false;
    for (auto k = i + 1; k < end; ++k) {
      auto& target = x.items[k];
      if (target.is_text("to") || target.is_text("into")) {
        towards = true;
      } else if (target.sentence != x.items[i].sentence
                 || target.is_text("from")) {
        break;
      } else if (towards && target.is_subject()
                 && (target.sense->is_loss
                     || target.first->text.starts_with("profit")
                     || target.last->text.starts_with("profit"))) {
        x.items[i].bound = true;
        // What it swung from is told by the same part.
        for (auto n = k; n < x.size(); ++n)
          if (x.items[n].is_subject()
              && x.items[n].sentence == x.items[i].sentence)
            x.items[n].bound = true;
        x.add_part(score_rule::swing, i, k,
                   target.sense->is_loss ? -swing_weight : swing_weight);
        break;
      }
    }
  }
}

void expectation_rule(reading& x) {
  constexpr std::size_t reach = 4;
  for (std::size_t i = 0; i + 1 < x.size(); ++i) {
    auto& item = x.items[i];
    if (item.role() != word_role::above || item.bound)
      continue;
    auto end = std::min(x.size(), i + 1 + reach);
    for (auto k = i + 1; k < end; ++k) {
      if (x.items[k].is_stop())
        break;
      if (x.items[k].role() != word_role::reference)
        continue;
      // Costs above forecasts are no good news.
      auto subject = x.subject_before(i);
      auto polarity = subject == nowhere ? 1 : x.items[subject].sense->subject;
      item.bound = true;
      if (polarity != 0)
        x.add_part(score_rule::expectation, i, k,
                   expectation_weight * item.direction() * polarity);
      break;
    }
  }
}

} // namespace banksia::sentiment
