#define CAF_SUITE recent_bars
#include "models/features/recent_bars.hpp"

#include "caf/test/unit_test.hpp"

#include <bit>
#include <cmath>

using namespace banksia;

namespace {

constexpr auto channels = recent_bar_channels.size();

/// Bar `i` of a series that moves.
day_bar bar_at(int i) {
  auto close = 100.0 + 3.0 * std::sin(i);
  return {close - 0.5, close + 1.0, close - 1.5, close, 1000.0 + 10.0 * i};
}

float value(const bar_window& x, std::size_t bar, std::size_t channel) {
  return values_of(x)[bar * channels + channel];
}

} // namespace

CAF_TEST(a window needs a bar to compare with) {
  recent_bars bars;
  CAF_CHECK_EQUAL(bars.window().mask, 0u);
  CAF_CHECK(is_whole(bars.window()));
  bars.add(bar_interval::d1, bar_at(0));
  CAF_CHECK_EQUAL(bars.window().mask, 0u);
  bars.add(bar_interval::d1, bar_at(1));
  CAF_CHECK_EQUAL(bars.window().mask, 0x8000'0000u);
}

CAF_TEST(values are what their names say) {
  recent_bars bars;
  for (int i = 0; i < 50; ++i)
    bars.add(bar_interval::d1, bar_at(i));
  auto window = bars.window();
  CAF_CHECK_EQUAL(window.mask, 0xffff'ffffu);
  CAF_CHECK(is_whole(window));
  double mean = 0.0;
  for (int i = 17; i < 50; ++i)
    mean += std::log1p(bar_at(i).volume) / 33.0;
  for (std::size_t t = 0; t < recent_bars_max; ++t) {
    auto x = bar_at(18 + static_cast<int>(t));
    auto before = bar_at(17 + static_cast<int>(t)).close;
    CAF_CHECK_EQUAL(value(window, t, 0),
                    static_cast<float>(std::log(x.close / before)));
    CAF_CHECK_EQUAL(value(window, t, 1),
                    static_cast<float>(std::log(x.open / before)));
    CAF_CHECK_EQUAL(value(window, t, 2),
                    static_cast<float>(std::log(x.high / x.low)));
    CAF_CHECK(std::abs(value(window, t, 3) - 0.2f) < 1e-5f);
    CAF_CHECK(std::abs(value(window, t, 4)
                       - static_cast<float>(std::log1p(x.volume) - mean))
              < 1e-6f);
  }
}

CAF_TEST(a bar without a range lies in the middle of it) {
  recent_bars bars;
  bars.add(bar_interval::d1, bar_at(0));
  bars.add(bar_interval::d1, {5, 5, 5, 5, 0});
  CAF_CHECK_EQUAL(value(bars.window(), 31, 2), 0.0f);
  CAF_CHECK_EQUAL(value(bars.window(), 31, 3), 0.0f);
}

CAF_TEST(bars within the day take the place of daily ones) {
  recent_bars bars;
  for (int i = 0; i < 10; ++i)
    bars.add(bar_interval::d1, bar_at(i));
  bars.add(bar_interval::m5, bar_at(20));
  CAF_CHECK_EQUAL(bars.window().mask, 0u);
  bars.add(bar_interval::m5, bar_at(21));
  bars.add(bar_interval::d1, bar_at(99));
  auto window = bars.window();
  CAF_CHECK_EQUAL(window.mask, 0x8000'0000u);
  CAF_CHECK_EQUAL(value(window, 31, 0),
                  static_cast<float>(
                    std::log(bar_at(21).close / bar_at(20).close)));
}

CAF_TEST(a split leaves no trace in a window) {
  recent_bars as_traded;
  recent_bars adjusted;
  basis_change half{0.5, 2.0};
  for (int i = 0; i < 20; ++i) {
    as_traded.add(bar_interval::d1, bar_at(i));
    adjusted.add(bar_interval::d1, on_new_basis(bar_at(i), half));
  }
  as_traded.rescale(half);
  for (int i = 20; i < 25; ++i) {
    as_traded.add(bar_interval::d1, on_new_basis(bar_at(i), half));
    adjusted.add(bar_interval::d1, on_new_basis(bar_at(i), half));
  }
  CAF_CHECK(as_traded.window() == adjusted.window());
}

CAF_TEST(values of another length are noticed) {
  bar_window x;
  x.values = std::string(12, 'x');
  CAF_CHECK(!is_whole(x));
  x.values.clear();
  x.mask = 1;
  CAF_CHECK(!is_whole(x));
}

CAF_TEST(a window asked for now and then has the bits of one asked for once) {
  // Through a split, and through the turn from daily bars to those within a day.
  for (int each : {1, 2, 7, 40}) {
    recent_bars often, once;
    for (int i = 0; i < 150; ++i) {
      auto interval = i < 75 ? bar_interval::d1 : bar_interval::m30;
      if (i == 50 || i == 120) {
        often.rescale({1.0 / 3.0, 3.0});
        once.rescale({1.0 / 3.0, 3.0});
      }
      often.add(interval, bar_at(i));
      once.add(interval, bar_at(i));
      if (i % each == 0) {
        auto fresh = once;
        CAF_CHECK(often.window() == fresh.window());
      }
    }
    CAF_CHECK(often == once);
    once.add(bar_interval::m30, bar_at(1));
    CAF_CHECK(!(often == once));
  }
}
