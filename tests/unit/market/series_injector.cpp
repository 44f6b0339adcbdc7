#include "series_injector.hpp"

#include <algorithm>

namespace banksia::test {

namespace {

constexpr std::array<std::string_view, injected_count> names{
  "unit_field",       "unit_row",          "unit_block_start",
  "unit_block_middle", "unit_block_end",   "unit_adjusted",
  "split_missed",     "split_missed_part", "split_false",
  "split_field",      "split_undeclared",  "spike",
  "spike_high",       "spike_close",       "zero_price",
  "negative_close",   "negative_volume",   "not_a_number",
  "stale_copy",       "flat_fill",         "high_low_swapped",
  "duplicate_row",    "out_of_order",      "dividend_large",
  "dividend_small",   "dividend_adjusted_small", "dividend_unadjusted",
  "dividend_phantom", "dividend_before_split", "gain_twice"};

constexpr std::array<series_field, 4> prices{
  series_field::open, series_field::high, series_field::low,
  series_field::close};

using rule = series_rule;

/// One error on its way into a series.
class spoiler {
public:
  spoiler(const std::vector<series_row>& clean, std::uint64_t seed)
    : random_(seed) {
    out_.rows = out_.truth = clean;
  }

  std::optional<spoiled_series> run(injected kind);

private:
  std::size_t size() const { return out_.rows.size(); }

  std::size_t between(std::size_t low, std::size_t high) {
    return std::uniform_int_distribution<std::size_t>{low, high}(random_);
  }

  double unit() { return between(0, 1) == 0 ? 100.0 : 0.01; }

  double split_ratio() {
    constexpr std::array<double, 9> ratios{2.0, 3.0, 4.0, 5.0,       10.0,
                                           0.5, 0.1, 0.2, 1.0 / 15.0};
    return ratios[between(0, ratios.size() - 1)];
  }

  /// A row with rows enough on both sides.
  std::size_t some_row() { return between(20, size() - 21); }

  void scale(std::size_t first, std::size_t end, double by, bool volume) {
    for (auto i = first; i < end; ++i) {
      for (auto field : prices)
        field_of(out_.rows[i], field) *= by;
      out_.rows[i].adj_close *= by;
      if (volume)
        out_.rows[i].values.volume /= by;
    }
    out_.first = first;
    out_.count = end - first;
  }

  void at_row(std::size_t i) {
    out_.first = i;
    out_.count = 1;
  }

  void declare_split(std::size_t i, double ratio) {
    out_.rows[i].split = out_.truth[i].split = ratio;
  }

  void units(injected kind);
  void splits(injected kind);
  void single_prices(injected kind);
  bool whole_rows(injected kind);
  bool dividends(injected kind);
  void change_amount(std::size_t i, double by, bool with_adjusted);

  std::mt19937_64 random_;
  spoiled_series out_;
};

void spoiler::units(injected kind) {
  out_.rules = {rule::unit_block};
  switch (kind) {
    case injected::unit_field: {
      auto i = some_row();
      auto field = prices[between(0, 3)];
      field_of(out_.rows[i], field) *= unit();
      out_.rules = {rule::unit_field};
      return at_row(i);
    }
    case injected::unit_adjusted: {
      auto i = some_row();
      out_.rows[i].adj_close *= unit();
      out_.rules = {rule::unit_field};
      return at_row(i);
    }
    case injected::unit_row: {
      auto i = some_row();
      return scale(i, i + 1, unit(), false);
    }
    case injected::unit_block_start:
      return scale(0, between(2, size() * 2 / 5), unit(), false);
    case injected::unit_block_end:
      return scale(size() - between(2, size() * 2 / 5), size(), unit(), false);
    default: {
      auto first = between(10, size() / 2);
      return scale(first, first + between(2, size() / 3), unit(), false);
    }
  }
}

void spoiler::splits(injected kind) {
  auto ratio = split_ratio();
  auto event = between(size() / 2, size() - 10);
  if (kind != injected::split_undeclared)
    declare_split(event, ratio);
  out_.rules = {rule::split_missed};
  switch (kind) {
    case injected::split_missed:
      return scale(0, event, ratio, true);
    case injected::split_missed_part: {
      auto first = between(0, event / 2);
      return scale(first, first + between(1, event - first - 2), ratio, true);
    }
    case injected::split_false:
      out_.rules = {rule::split_false};
      return scale(0, event, 1.0 / ratio, true);
    case injected::split_field: {
      auto i = between(10, event - 2);
      field_of(out_.rows[i], prices[between(0, 3)]) *= ratio;
      out_.rules = {rule::split_field};
      return at_row(i);
    }
    default: {
      auto first = between(10, size() / 2);
      out_.rules = {rule::split_undeclared};
      return scale(first, first + between(3, size() / 4), ratio, true);
    }
  }
}

void spoiler::single_prices(injected kind) {
  auto i = some_row();
  at_row(i);
  auto& row = out_.rows[i];
  auto by = std::exp(0.35 + 0.001 * static_cast<double>(between(0, 1200)));
  if (between(0, 1) == 0)
    by = 1.0 / by;
  switch (kind) {
    case injected::spike:
      out_.rules = {rule::spike};
      out_.refuse = true;
      return scale(i, i + 1, by, false);
    case injected::spike_high:
      row.values.high *= std::max(by, 1.0 / by);
      out_.rules = {rule::field_spike};
      out_.approximate = true;
      return;
    case injected::spike_close:
      row.values.close *= by;
      out_.rules = {rule::field_spike};
      out_.refuse = std::isnan(row.adj_close);
      return;
    case injected::zero_price:
      field_of(row, prices[between(0, 2)]) = 0.0;
      out_.approximate = true;
      break;
    case injected::negative_close:
      row.values.close = -row.values.close;
      out_.refuse = true;
      break;
    case injected::negative_volume:
      row.values.volume = -1.0;
      out_.refuse = true;
      break;
    case injected::not_a_number:
      field_of(row, prices[between(0, 3)])
        = std::numeric_limits<double>::quiet_NaN();
      out_.refuse = true;
      break;
    default:
      std::swap(row.values.high, row.values.low);
      break;
  }
  out_.rules = {rule::row_rule};
}

bool spoiler::whole_rows(injected kind) {
  auto i = some_row();
  at_row(i);
  out_.refuse = true;
  auto& row = out_.rows[i];
  const auto& before = out_.rows[i - 1];
  switch (kind) {
    case injected::stale_copy:
      // One price and the same volume again may be all that there was.
      if (!(before.values.high > before.values.low))
        return false;
      row.values = before.values;
      out_.rules = {rule::row_rule};
      return true;
    case injected::flat_fill: {
      auto close = before.values.close;
      row.values = {close, close, close, close, 0.0};
      out_.rules = {rule::flat_fill};
      return true;
    }
    case injected::duplicate_row:
      row.at = before.at;
      out_.rules = {rule::duplicate_time};
      return true;
    default:
      row.at = out_.rows[i - between(3, 15)].at;
      out_.rules = {rule::out_of_order};
      return true;
  }
}

/// Multiplies a dividend, and the adjusted closes' step with it if wanted.
void spoiler::change_amount(std::size_t i, double by, bool with_adjusted) {
  auto close = out_.rows[i - 1].values.close;
  auto before = out_.rows[i].dividend / close;
  out_.rows[i].dividend *= by;
  if (with_adjusted)
    for (std::size_t j = 0; j < i; ++j)
      out_.rows[j].adj_close *= (1.0 - before * by) / (1.0 - before);
}

bool spoiler::dividends(injected kind) {
  std::vector<std::size_t> days;
  for (std::size_t i = 12; i + 12 < size(); ++i)
    if (out_.rows[i].dividend > 0.006 * out_.rows[i - 1].values.close)
      days.push_back(i);
  if (days.size() < 3)
    return false;
  auto i = days[between(0, days.size() - 1)];
  at_row(i);
  auto close = out_.rows[i - 1].values.close;
  auto yield = out_.rows[i].dividend / close;
  auto step = [&](std::size_t end, double by) {
    for (std::size_t j = 0; j < end; ++j)
      out_.rows[j].adj_close *= by;
  };
  out_.rules = {rule::dividend_unit};
  switch (kind) {
    case injected::dividend_large:
      change_amount(i, 100.0, between(0, 1) == 0);
      break;
    case injected::dividend_small:
      change_amount(i, 0.01, false);
      break;
    case injected::dividend_adjusted_small:
      step(i, (1.0 - yield / 100.0) / (1.0 - yield));
      out_.rules = {rule::adjustment_wrong};
      break;
    case injected::dividend_unadjusted:
      step(i, 1.0 / (1.0 - yield));
      out_.rules = {rule::dividend_unadjusted};
      break;
    case injected::dividend_phantom: {
      auto j = i + between(1, 4);
      if (out_.rows[j].dividend > 0.0)
        return false;
      out_.rows[j].dividend = out_.rows[i].dividend;
      step(j, 1.0 - out_.rows[j].dividend / out_.rows[j - 1].values.close);
      out_.rules = {rule::dividend_phantom};
      out_.count = j - i + 1;
      break;
    }
    case injected::dividend_before_split: {
      auto ratio = split_ratio();
      declare_split(i, ratio);
      out_.rows[i].dividend *= ratio;
      out_.rules = {rule::dividend_split};
      break;
    }
    default:
      // A source that counts twice does so each time.
      for (auto j : days) {
        auto paid = out_.rows[j].dividend / out_.rows[j - 1].values.close;
        out_.rows[j].capital_gain = out_.truth[j].capital_gain
          = out_.rows[j].dividend * 0.5;
        step(j, (1.0 - 1.5 * paid) / (1.0 - paid));
      }
      out_.rules = {rule::capital_gain_twice};
      out_.first = days.front();
      out_.count = days.back() - days.front() + 1;
      break;
  }
  return true;
}

std::optional<spoiled_series> spoiler::run(injected kind) {
  if (kind <= injected::unit_adjusted) {
    if (kind == injected::unit_adjusted && std::isnan(out_.rows[0].adj_close))
      return std::nullopt;
    units(kind);
  } else if (kind <= injected::split_undeclared) {
    splits(kind);
  } else if (kind <= injected::not_a_number
             || kind == injected::high_low_swapped) {
    single_prices(kind);
    const auto& x = out_.rows[out_.first].values;
    if (kind == injected::high_low_swapped && x.high == x.low)
      return std::nullopt; // nothing to swap
  } else if (kind <= injected::out_of_order) {
    if (!whole_rows(kind))
      return std::nullopt;
  } else if (!dividends(kind)) {
    return std::nullopt;
  }
  return std::move(out_);
}

} // namespace

std::string_view to_string(injected x) noexcept {
  return names[static_cast<std::size_t>(x)];
}

bool needs_dividends(injected x) noexcept {
  return x >= injected::dividend_large;
}

std::optional<spoiled_series> inject(const std::vector<series_row>& clean,
                                     injected kind, std::uint64_t seed) {
  if (clean.size() < 120)
    return std::nullopt;
  return spoiler{clean, seed ^ (static_cast<std::uint64_t>(kind) << 32)}.run(
    kind);
}

} // namespace banksia::test
