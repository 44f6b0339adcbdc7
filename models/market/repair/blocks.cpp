/// Whole bars that stand aside from the series by a unit or a split: single
/// ones, runs in the middle, and at either end.

#include "models/market/repair/level_states.hpp"

#include <algorithm>

namespace banksia::repair {

namespace {

class block_search {
public:
  explicit block_search(workbench& bench) : bench_(bench) {}

  void run() {
    if (bench_.live().size() < 3)
      return;
    measure_steps();
    measure_scale();
    tick_ = smallest_change(bench_, 0, bench_.live().size());
    find_states();
    states_of_.assign(bench_.live().size(), 0);
    if (states_.size() > 1) {
      vote();
      states_of_ = cheapest_states(series_, states_);
      drop_doubtful();
    }
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
      if (auto ratio = split_of(bench_.row(i)); ratio != 1.0)
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
    series_.steps.assign(size, 0.0);
    auto basis = bench_.context().basis;
    auto before = log_level(live_row(0).values);
    for (std::size_t k = 1; k < size; ++k) {
      auto level = log_level(live_row(k).values);
      series_.steps[k] = level - before;
      before = level;
      auto yield = live_row(k).dividend / live_row(k - 1).values.close;
      if (basis != price_basis::fully_adjusted && yield > 0.0 && yield < 0.9) {
        auto rest = series_.steps[k] - std::log1p(-yield);
        if (std::abs(rest) < std::abs(series_.steps[k]))
          series_.steps[k] = rest;
      }
    }
    if (basis == price_basis::as_traded)
      for (const auto& x : splits_)
        if (x.at < size)
          series_.steps[x.at] += std::log(x.ratio);
  }

  void measure_scale() {
    std::vector<double> usual;
    for (std::size_t k = 1; k < series_.steps.size(); ++k) {
      auto size = std::abs(series_.steps[k]);
      auto is_candidate = [&](const split& x) {
        auto change = std::abs(std::log(x.ratio));
        return change > 0.25 && std::abs(size - change) < 0.25 * change;
      };
      if (std::none_of(splits_.begin(), splits_.end(), is_candidate))
        usual.push_back(size);
    }
    series_.scale = step_scale(usual);
  }

  bool explains(double change, double step) const {
    return repair::explains(change, step, series_.scale);
  }

  void add_states(double ratio, series_rule above, series_rule below,
                  std::size_t event) {
    auto size = std::log(ratio);
    auto explains_some = [&](double step) {
      return explains(size, step) || explains(-size, step);
    };
    if (!std::any_of(series_.steps.begin(), series_.steps.end(), explains_some))
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

  /// What a step at `k` must exceed to stand out of this series: a ratio,
  /// twelve usual steps, twelve ticks.
  double conspicuous(std::size_t k, double ratio) const {
    auto price = std::min(live_row(k).values.close,
                          live_row(k - 1).values.close);
    return std::max(
      {std::log(ratio), 12.0 * series_.scale, 12.0 * tick_ / price});
  }

  /// A whole ratio by which bars step aside and, some bars later, back.
  std::optional<double> undeclared_ratio() const {
    constexpr std::array<double, 13> ratios{2,  3,  4,  5,  6,  7,  8,
                                            10, 15, 20, 25, 40, 50};
    auto ratio_of = [&](double step) {
      for (auto x : ratios)
        if (std::abs(std::abs(step) - std::log(x)) < 0.06)
          return x;
      return 0.0;
    };
    std::size_t first = nowhere;
    for (std::size_t k = 1; k < series_.steps.size(); ++k) {
      if (!(std::abs(series_.steps[k]) > conspicuous(k, 1.75)))
        continue;
      auto ratio = ratio_of(series_.steps[k]);
      if (first != nowhere && ratio != 0.0 && k - first >= 2
          && ratio == ratio_of(series_.steps[first])
          && series_.steps[k] * series_.steps[first] < 0.0
          && !is_declared(ratio))
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

  void vote() {
    for (std::size_t k = 0; k < series_.steps.size(); ++k) {
      const auto& x = live_row(k).values;
      auto before = live_row(k > 0 ? k - 1 : 0).values.close;
      // Of the two prices the larger: the smaller may be in another unit.
      series_.ticks.push_back(tick_ / std::max(x.close, before));
      series_.votes.push_back(x.volume > 0.0 || x.high > x.low ? vote_traded
                                                               : vote_flat);
    }
  }

  template <class Visit>
  void for_each_block(Visit visit) {
    for (std::size_t first = 0; first < states_of_.size();) {
      auto end = first + 1;
      while (end < states_of_.size() && states_of_[end] == states_of_[first])
        ++end;
      if (states_of_[first] != 0)
        visit(first, end);
      first = end;
    }
  }

  /// The middle volume of up to ten bars with trade in [first, end), from
  /// `edge` on; 0 without any.
  double volume_near(std::size_t edge, std::size_t first,
                     std::size_t end) const {
    std::vector<double> volumes;
    auto take = [&](std::size_t k) {
      if (volumes.size() < 10 && live_row(k).values.volume > 0.0)
        volumes.push_back(live_row(k).values.volume);
    };
    if (edge == first)
      for (auto k = first; k < end; ++k)
        take(k);
    else
      for (auto k = end; k-- > first;)
        take(k);
    return volumes.empty() ? 0.0 : median_of(volumes);
  }

  /// A step by about 100 that is not taken back may be a consolidation that
  /// nobody declared, or a code given to another security. Volumes tell: a
  /// change of unit leaves them, a consolidation divides them. Prices as traded
  /// are repaired only when the volumes speak for a unit, others unless they
  /// speak against it.
  bool is_change_of_unit(std::size_t edge) const {
    auto before = volume_near(edge, 0, edge);
    auto after = volume_near(edge, edge, series_.steps.size());
    auto as_traded = bench_.context().basis == price_basis::as_traded;
    if (before == 0.0 || after == 0.0)
      return !as_traded;
    auto change = std::log(after / before);
    auto against = series_.steps[edge] > 0.0 ? -change : change;
    if (!as_traded)
      return against < std::log(10.0);
    return std::abs(change) < std::log(4.0)
           && std::abs(std::abs(series_.steps[edge]) - log_unit)
                < std::max(3.0 * series_.scale, 0.1);
  }

  void drop_doubtful() {
    for_each_block([&](std::size_t first, std::size_t end) {
      auto is_unit = states_[states_of_[first]].rule == series_rule::unit_block;
      auto has_one_edge = (first == 0) != (end == series_.steps.size());
      if (is_unit && has_one_edge
          && !is_change_of_unit(first > 0 ? first : end))
        std::fill(states_of_.begin() + static_cast<std::ptrdiff_t>(first),
                  states_of_.begin() + static_cast<std::ptrdiff_t>(end), 0);
    });
  }

  void apply() {
    for_each_block([&](std::size_t first, std::size_t end) {
      repair(states_[states_of_[first]], first, end);
    });
  }

  /// Whether the adjusted closes took the step that the closes took.
  bool adjusted_followed(const level_state& x, std::size_t first,
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
  std::size_t decided_at(const level_state& x, std::size_t edge) const {
    auto last = states_of_.size() - 1;
    if (x.event != nowhere)
      return std::min(std::max(x.event, edge), last);
    double balance = 0.0;
    for (std::size_t k = 0; k <= last; ++k) {
      balance += states_of_[k] == 0 ? series_.votes[k] : -series_.votes[k];
      if (k >= edge && balance > 0.5 * vote_flat)
        return k;
    }
    return last;
  }

  void repair(const level_state& x, std::size_t first, std::size_t end) {
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
    found.measured = std::exp(std::abs(series_.steps[edge]));
    found.scale = series_.scale;
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
    for (std::size_t k = 1; k < series_.steps.size(); ++k) {
      auto step = series_.steps[k] - states_[states_of_[k]].offset
                  + states_[states_of_[k - 1]].offset;
      auto taken_back = [&](std::size_t j) {
        return j < series_.steps.size() && j > 0
               && series_.steps[j] * step < 0.0
               && std::abs(series_.steps[j]) > 0.5 * std::abs(step);
      };
      if (!(std::abs(step) > conspicuous(k, 1.5)) || taken_back(k + 1)
          || taken_back(k - 1))
        continue;
      finding x;
      x.rule = series_rule::level_break;
      x.first_row = bench_.live()[k];
      x.known_at = bench_.known_at(bench_.live()[std::min(
        k + 1, series_.steps.size() - 1)]);
      x.expected = 1.0;
      x.measured = std::exp(step);
      x.scale = series_.scale;
      bench_.add(x);
    }
  }

  workbench& bench_;
  double tick_ = 0.0;
  std::vector<split> splits_;
  level_steps series_;
  std::vector<level_state> states_;
  std::vector<std::size_t> states_of_;
};

} // namespace

void repair_blocks(workbench& bench) {
  block_search{bench}.run();
}

} // namespace banksia::repair
