/// Whole bars that stand aside from the series by a unit or a split: single
/// ones, runs in the middle, and at either end.
///
/// Each bar is in one of a few states: right, or off by one of the factors that
/// could explain a step of this series. The cheapest sequence of states is
/// found by dynamic programming (Viterbi 1967): a step between two bars costs
/// its size over the usual step, a change of state costs a constant plus what
/// it leaves unexplained. Which of two levels is right is then a matter of
/// anchors: bars after a declared split are right, otherwise those that most
/// bars with trade are at. A suspended share's flat bars do not vote.

#include "models/market/repair/workbench.hpp"

#include <algorithm>

namespace banksia::repair {

namespace {

constexpr std::size_t nowhere = static_cast<std::size_t>(-1);

/// What bars with trade, or without, say about which level is right; little
/// against the cost of a step, so that votes decide between equals only.
constexpr double vote_traded = 0.02;
constexpr double vote_flat = 0.0001;

/// A way in which bars can be off.
struct state {
  double offset = 0.0; ///< log of the level over the right one
  double ratio = 1.0;  ///< of the split; repairs multiply or divide by it
  series_rule rule = series_rule::unit_block;
  std::size_t event = nowhere; ///< live position of the declared split
};

class block_search {
public:
  explicit block_search(workbench& bench) : bench_(bench) {}

  void run() {
    if (bench_.live().size() < 3)
      return;
    measure_steps();
    measure_scale();
    find_states();
    states_of_.assign(bench_.live().size(), 0);
    if (states_.size() > 1)
      search();
    apply();
    note_breaks();
  }

private:
  struct split {
    double ratio;
    std::size_t at; ///< live position
  };

  const series_row& live_row(std::size_t k) const {
    return bench_.row(bench_.live()[k]);
  }

  std::vector<split> declared_splits() const {
    std::vector<split> result;
    const auto& live = bench_.live();
    for (std::size_t i = 0; i < bench_.size(); ++i)
      if (auto ratio = bench_.row(i).split; ratio > 0.0 && ratio != 1.0)
        result.push_back(
          {ratio, static_cast<std::size_t>(
                    std::lower_bound(live.begin(), live.end(), i)
                    - live.begin())});
    return result;
  }

  /// The log steps between live bars that neither a split nor a dividend
  /// explains.
  void measure_steps() {
    splits_ = declared_splits();
    auto size = bench_.live().size();
    steps_.assign(size, 0.0);
    auto basis = bench_.context().basis;
    auto before = log_level(live_row(0).values);
    for (std::size_t k = 1; k < size; ++k) {
      auto level = log_level(live_row(k).values);
      steps_[k] = level - before;
      before = level;
      auto yield = live_row(k).dividend / live_row(k - 1).values.close;
      if (basis != price_basis::fully_adjusted && yield > 0.0 && yield < 0.9) {
        auto rest = steps_[k] - std::log1p(-yield);
        if (std::abs(rest) < std::abs(steps_[k]))
          steps_[k] = rest;
      }
    }
    if (basis == price_basis::as_traded)
      for (const auto& x : splits_)
        if (x.at < size)
          steps_[x.at] += std::log(x.ratio);
  }

  void measure_scale() {
    std::vector<double> usual;
    for (std::size_t k = 1; k < steps_.size(); ++k) {
      auto size = std::abs(steps_[k]);
      auto is_candidate = [&](const split& x) {
        auto change = std::abs(std::log(x.ratio));
        return change > 0.25 && std::abs(size - change) < 0.25 * change;
      };
      if (std::none_of(splits_.begin(), splits_.end(), is_candidate))
        usual.push_back(size);
    }
    scale_ = step_scale(usual);
  }

  /// How far a step may be from the change that explains it: a unit leaves
  /// room for a wild day, a split for a usual one, so that few crashes fit it.
  double tolerance(double change) const {
    auto size = std::abs(change);
    return std::abs(size - log_unit) < 1e-9
             ? 0.5
             : std::min(0.25 * size, std::max(6.0 * scale_, 0.05));
  }

  bool explains(double change, double step) const {
    return std::abs(step - change) < tolerance(change)
           && std::abs(change) > 6.0 * scale_;
  }

  void add_states(double ratio, series_rule above, series_rule below,
                  std::size_t event) {
    auto size = std::log(ratio);
    auto explains_some = [&](double step) {
      return explains(size, step) || explains(-size, step);
    };
    if (!std::any_of(steps_.begin(), steps_.end(), explains_some))
      return;
    states_.push_back({size, ratio, above, event});
    states_.push_back({-size, ratio, below, event});
  }

  void find_states() {
    constexpr std::size_t most = 9; // the search grows with the square
    states_.push_back({});
    for (auto x = splits_.rbegin(); x != splits_.rend(); ++x)
      if (states_.size() + 4 <= most && std::abs(std::log(x->ratio)) > 0.1)
        add_states(x->ratio, series_rule::split_missed,
                   series_rule::split_false, x->at);
    add_states(100.0, series_rule::unit_block, series_rule::unit_block,
               nowhere);
    if (auto ratio = undeclared_ratio())
      add_states(*ratio, series_rule::split_undeclared,
                 series_rule::split_undeclared, nowhere);
  }

  /// A whole ratio by which bars step aside and, some bars later, back.
  std::optional<double> undeclared_ratio() const {
    constexpr std::array<double, 13> ratios{2,  3,  4,  5,  6,  7,  8,
                                            10, 15, 20, 25, 40, 50};
    auto least = std::max(std::log(1.75), 12.0 * scale_);
    auto ratio_of = [&](double step) {
      for (auto x : ratios)
        if (std::abs(std::abs(step) - std::log(x)) < 0.06)
          return x;
      return 0.0;
    };
    std::size_t first = nowhere;
    for (std::size_t k = 1; k < steps_.size(); ++k) {
      if (std::abs(steps_[k]) < least)
        continue;
      auto ratio = ratio_of(steps_[k]);
      if (first != nowhere && ratio != 0.0 && k - first >= 2
          && ratio == ratio_of(steps_[first])
          && steps_[k] * steps_[first] < 0.0 && !is_declared(ratio))
        return ratio;
      first = k;
    }
    return std::nullopt;
  }

  bool is_declared(double ratio) const {
    return std::any_of(splits_.begin(), splits_.end(), [&](const auto& x) {
      return std::abs(std::abs(std::log(x.ratio)) - std::log(ratio)) < 0.1;
    });
  }

  /// What a bar pays for being in a state: decides between equal stories.
  double anchor(const state& x, std::size_t k) const {
    if (x.offset == 0.0)
      return 0.0;
    if (x.event != nowhere)
      return k >= x.event ? 3.0 : 0.001;
    return vote(k);
  }

  /// How much a bar says about which level is right.
  double vote(std::size_t k) const {
    const auto& values = live_row(k).values;
    return values.volume > 0.0 || values.high > values.low ? vote_traded
                                                           : vote_flat;
  }

  /// What going from one state to another costs at live bar `k`.
  double passage(std::size_t from, std::size_t to, std::size_t k) const {
    constexpr double change_of_state = 6.0;
    if (from == to)
      return std::abs(steps_[k]) / scale_;
    const auto& a = states_[from];
    const auto& b = states_[to];
    auto change = b.offset - a.offset;
    const auto& off = a.offset == 0.0 ? b : a;
    auto possible = (a.offset == 0.0 || b.offset == 0.0)
                    && explains(change, steps_[k]);
    // A small ratio could be any day's step, but for those about the split.
    if (possible && off.event != nowhere
        && std::abs(off.offset) < std::log(1.7))
      possible = k + 5 >= off.event && k <= off.event + 1;
    return possible ? change_of_state + std::abs(steps_[k] - change) / scale_
                    : std::numeric_limits<double>::infinity();
  }

  void search() {
    auto count = states_.size();
    auto size = steps_.size();
    std::vector<double> cost(count);
    std::vector<double> next(count);
    std::vector<std::uint8_t> came_from(count * size);
    for (std::size_t s = 0; s < count; ++s)
      cost[s] = anchor(states_[s], 0);
    for (std::size_t k = 1; k < size; ++k) {
      for (std::size_t to = 0; to < count; ++to) {
        auto best = std::numeric_limits<double>::infinity();
        for (std::size_t from = 0; from < count; ++from) {
          auto x = cost[from] + passage(from, to, k);
          if (x < best) {
            best = x;
            came_from[k * count + to] = static_cast<std::uint8_t>(from);
          }
        }
        next[to] = best + anchor(states_[to], k);
      }
      cost.swap(next);
    }
    auto s = static_cast<std::size_t>(
      std::min_element(cost.begin(), cost.end()) - cost.begin());
    for (auto k = size; k-- > 0;) {
      states_of_[k] = s;
      if (k > 0)
        s = came_from[k * count + s];
    }
  }

  void apply() {
    for (std::size_t first = 0; first < states_of_.size();) {
      auto end = first + 1;
      while (end < states_of_.size() && states_of_[end] == states_of_[first])
        ++end;
      if (states_of_[first] != 0)
        repair(states_[states_of_[first]], first, end);
      first = end;
    }
  }

  /// Whether the adjusted closes took the step that the closes took.
  bool adjusted_followed(const state& x, std::size_t first,
                         std::size_t end) const {
    auto edge = first > 0 ? first : end;
    if (edge >= states_of_.size())
      return false;
    auto step = std::log(live_row(edge).adj_close
                         / live_row(edge - 1).adj_close);
    return std::abs(step) > 0.5 * std::abs(x.offset);
  }

  /// The live bar with which the anchors speak for these states: the declared
  /// split, or the one that gives the right level its majority.
  std::size_t decided_at(const state& x, std::size_t edge) const {
    auto last = states_of_.size() - 1;
    if (x.event != nowhere)
      return std::min(std::max(x.event, edge), last);
    double balance = 0.0;
    for (std::size_t k = 0; k <= last; ++k) {
      balance += states_of_[k] == 0 ? vote(k) : -vote(k);
      if (k >= edge && balance > 0.5 * vote_flat)
        return k;
    }
    return last;
  }

  void repair(const state& x, std::size_t first, std::size_t end) {
    const auto& live = bench_.live();
    auto ratio = x.rule == series_rule::unit_block ? 100.0 : x.ratio;
    auto by = [&](double value) {
      return x.offset * std::log(ratio) > 0.0 ? value / ratio : value * ratio;
    };
    auto last_edge = end < live.size() ? end : end - 1;
    auto edge = first > 0 ? first : last_edge;
    finding found;
    found.rule = x.rule;
    found.action = quality_action::repair;
    found.first_row = live[first];
    found.row_count = live[end - 1] - live[first] + 1;
    found.known_at = bench_.known_at(live[decided_at(x, last_edge)]);
    found.factor = by(1.0);
    found.expected = ratio;
    found.measured = std::exp(std::abs(steps_[edge]));
    found.scale = scale_;
    auto with_adjusted = adjusted_followed(x, first, end);
    auto f = bench_.add(found);
    for (auto k = first; k < end; ++k) {
      for (auto field : {series_field::open, series_field::high,
                         series_field::low, series_field::close})
        bench_.change(f, live[k], field, by(field_of(live_row(k), field)));
      if (with_adjusted)
        bench_.change(f, live[k], series_field::adj_close,
                      by(live_row(k).adj_close));
      // Fewer, dearer shares: the money traded stays.
      if (x.rule != series_rule::unit_block)
        bench_.change(f, live[k], series_field::volume,
                      live_row(k).values.volume / by(1.0));
    }
  }

  /// Steps that are left, too large for the series and not taken back.
  void note_breaks() {
    auto least = std::max(std::log(1.5), 12.0 * scale_);
    for (std::size_t k = 1; k < steps_.size(); ++k) {
      auto step = steps_[k] - states_[states_of_[k]].offset
                  + states_[states_of_[k - 1]].offset;
      auto taken_back = [&](std::size_t j) {
        return j < steps_.size() && j > 0 && steps_[j] * step < 0.0
               && std::abs(steps_[j]) > 0.5 * std::abs(step);
      };
      if (!(std::abs(step) > least) || taken_back(k + 1) || taken_back(k - 1))
        continue;
      finding x;
      x.rule = series_rule::level_break;
      x.first_row = bench_.live()[k];
      x.known_at = bench_.known_at(bench_.live()[std::min(
        k + 1, steps_.size() - 1)]);
      x.expected = 1.0;
      x.measured = std::exp(step);
      x.scale = scale_;
      bench_.add(x);
    }
  }

  workbench& bench_;
  double scale_ = 0.0; ///< the usual step, those to explain left out
  std::vector<split> splits_;
  std::vector<double> steps_;
  std::vector<state> states_;
  std::vector<std::size_t> states_of_;
};

} // namespace

void repair_blocks(workbench& bench) {
  block_search{bench}.run();
}

} // namespace banksia::repair
