/// Forecasts in fixed batches, and one row again, bit for bit.
#define CAF_SUITE forecast_batches
#include "tests/unit/forecast/planted.hpp"

#include "caf/test/unit_test.hpp"

#include <cmath>

using namespace banksia;
using namespace banksia::forecast;
using namespace banksia::test;

namespace {

struct fixture {
  forecast_model model
    = trained([] {
        auto options = small_options(model_kind::ensemble);
        options.epochs = 2;
        return options;
      }(),
              plant(signal::features, 400, 1),
              plant_later(signal::features, 100, 2));
  forecast_inputs rows = plant_later(signal::features, 300, 3).set.inputs;

  template <class Call>
  std::string failure_of(Call call) const {
    try {
      call();
    } catch (const forecast_error& error) {
      return error.what();
    }
    return "";
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(batch_tests, fixture)

CAF_TEST(each forecast says where it lay) {
  auto found = model.forecast(rows, 128);
  CAF_REQUIRE_EQUAL(found.size(), 300u);
  for (std::size_t row = 0; row < found.size(); ++row) {
    CAF_CHECK_EQUAL(found[row].batch_rows, 128u);
    CAF_CHECK_EQUAL(found[row].slot, row % 128);
    CAF_CHECK(std::abs(found[row].probabilities[0]
                       + found[row].probabilities[1]
                       + found[row].probabilities[2] - 1.0) < 1e-12);
    CAF_CHECK(found[row].magnitude > 0.0);
  }
}

CAF_TEST(one row in its slot gives the same bits without its neighbours) {
  auto found = model.forecast(rows);
  for (std::size_t row : {0u, 1u, 100u, 255u, 256u, 299u})
    CAF_CHECK(model.forecast_at(rows, row, found[row].batch_rows,
                                found[row].slot)
              == found[row]);
}

CAF_TEST(other neighbours leave the bits alone) {
  auto found = model.forecast(rows);
  auto others = plant_later(signal::features, 300, 4).set.inputs;
  auto from = rows.feature_row(17);
  std::copy(from.begin(), from.end(),
            others.features.begin() + 17 * feature_count);
  auto width = window_bars * planted_channels;
  std::copy_n(rows.bars.begin() + static_cast<std::ptrdiff_t>(17 * width),
              width,
              others.bars.begin() + static_cast<std::ptrdiff_t>(17 * width));
  others.symbols[17] = rows.symbols[17];
  auto again = model.forecast(others);
  CAF_CHECK(again[17] == found[17]);
  CAF_CHECK(!(again[18] == found[18]));
}

CAF_TEST(another batch gives the same numbers but for rounding) {
  auto found = model.forecast(rows);
  auto alone = model.forecast(rows, 1);
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    CAF_CHECK_EQUAL(alone[row].batch_rows, 1u);
    for (std::size_t i = 0; i < class_count; ++i)
      CAF_CHECK(std::abs(alone[row].probabilities[i]
                         - found[row].probabilities[i]) < 1e-5);
  }
}

CAF_TEST(no rows are no forecasts) {
  forecast_inputs none;
  none.bar_channels = planted_channels;
  CAF_CHECK(model.forecast(none).empty());
}

CAF_TEST(a temperature flattens and keeps the logits) {
  auto before = model.forecast(rows)[0];
  model.set_temperature(1e6);
  auto after = model.forecast(rows)[0];
  CAF_CHECK(after.logits == before.logits);
  for (auto p : after.probabilities)
    CAF_CHECK(std::abs(p - 1.0 / 3.0) < 1e-4);
  for (auto wrong : {0.0, -1.0, std::nan(""), HUGE_VAL})
    CAF_CHECK_EQUAL(failure_of([&] { model.set_temperature(wrong); }),
                    "not a temperature: give a number above 0");
  CAF_CHECK_EQUAL(model.temperature(), 1e6);
}

CAF_TEST(a symbol nobody knows is forecast too) {
  CAF_CHECK_EQUAL(model.symbol_index("WBC.AX"), 1u);
  CAF_CHECK_EQUAL(model.symbol_index("BHP.AX"), unknown_symbol);
  rows.symbols.assign(rows.rows(), unknown_symbol);
  for (const auto& x : model.forecast(rows))
    CAF_CHECK(std::isfinite(x.logits[0]));
  rows.symbols[4] = 2;
  CAF_CHECK_EQUAL(failure_of([&] { model.forecast(rows); }),
                  "no such symbol: index 2: row 4: use the model's table, or "
                  "unknown_symbol");
}

CAF_TEST(impossible batches and rows are refused) {
  CAF_CHECK_EQUAL(failure_of([&] { model.forecast(rows, 0); }),
                  "a batch of 0 rows: use 1 to 65536");
  CAF_CHECK_EQUAL(failure_of([&] { model.forecast_at(rows, 0, 8, 8); }),
                  "no slot 8 in a batch of 8");
  CAF_CHECK_EQUAL(failure_of([&] { model.forecast_at(rows, 300, 8, 0); }),
                  "no such row: 300 of 300");
  CAF_CHECK_EQUAL(failure_of([&] { model.attribute(rows, 300); }),
                  "no such row: 300 of 300");
  rows.features[0] = std::nan("");
  CAF_CHECK(failure_of([&] { model.forecast(rows); })
              .starts_with("not finite: sentiment_score: row 0"));
  rows.bar_channels = 3;
  CAF_CHECK(failure_of([&] { model.forecast(rows); })
              .starts_with("bars of 3 values: this model's have 2"));
}

CAF_TEST_FIXTURE_SCOPE_END()
