#include "models/forecast/options.hpp"

#include "models/forecast/inputs.hpp"

#include <array>
#include <cmath>
#include <set>

namespace banksia::forecast {

namespace {

constexpr std::array<std::string_view, 4> kind_names{"logistic", "mlp",
                                                     "recurrent", "ensemble"};

std::optional<std::string> width_problem(std::string_view name,
                                         std::uint32_t found,
                                         std::uint32_t most) {
  if (found >= 1 && found <= most)
    return std::nullopt;
  return std::string{name} + ": set 1 to " + std::to_string(most);
}

std::optional<std::string> name_problem(std::string_view what,
                                        const std::vector<std::string>& names,
                                        std::size_t most) {
  if (names.size() > most)
    return std::string{what} + ": give at most " + std::to_string(most);
  std::set<std::string_view> seen;
  for (const auto& name : names)
    if (name.empty() || !seen.insert(name).second)
      return std::string{what} + ": empty or twice: '" + name
             + "': give each a name of its own";
  return std::nullopt;
}

} // namespace

std::string_view to_string(model_kind x) noexcept {
  auto index = static_cast<std::size_t>(x);
  return index < kind_names.size() ? kind_names[index] : "?";
}

std::optional<model_kind> parse_model_kind(std::string_view text) noexcept {
  for (std::size_t i = 0; i < kind_names.size(); ++i)
    if (kind_names[i] == text)
      return static_cast<model_kind>(i);
  return std::nullopt;
}

std::optional<std::string> problem_of(const model_shape& x) {
  if (static_cast<std::size_t>(x.kind) >= kind_names.size())
    return "kind: set logistic, mlp, recurrent or ensemble";
  if (auto problem = name_problem("symbols", x.symbols, 100'000))
    return problem;
  if (auto problem
      = name_problem("bar_channels", x.bar_channels, bar_channels_max))
    return problem;
  auto needs_bars
    = x.kind == model_kind::recurrent || x.kind == model_kind::ensemble;
  if (needs_bars && x.bar_channels.empty())
    return "bar_channels: a recurrent net needs at least one";
  if (auto problem = width_problem("embedding", x.embedding, 64))
    return problem;
  if (auto problem = width_problem("hidden", x.hidden, 1024))
    return problem;
  if (auto problem = width_problem("recurrent", x.recurrent, 256))
    return problem;
  return width_problem("trunk", x.trunk, 256);
}

std::optional<std::string> problem_of(const training_options& x) {
  if (auto problem = problem_of(x.shape))
    return problem;
  if (auto problem = width_problem("epochs", x.epochs, 10'000))
    return problem;
  if (auto problem = width_problem("patience", x.patience, 10'000))
    return problem;
  if (auto problem = width_problem("batch", x.batch, 65'536))
    return problem;
  if (!(std::isfinite(x.rate) && x.rate > 0.0))
    return "rate: set a number above 0";
  if (!(x.weight_decay >= 0.0 && x.weight_decay <= 1.0))
    return "weight_decay: set a number from 0 to 1";
  if (!(std::isfinite(x.gradient_limit) && x.gradient_limit > 0.0))
    return "gradient_limit: set a number above 0";
  if (!(x.class_balance >= 0.0 && x.class_balance <= 1.0))
    return "class_balance: set a number from 0 to 1";
  if (!(std::isfinite(x.magnitude_weight) && x.magnitude_weight >= 0.0))
    return "magnitude_weight: set 0 or more";
  if (x.rows_min < class_count)
    return "rows_min: set at least " + std::to_string(class_count);
  if (x.validation_rows_min < 1)
    return "validation_rows_min: set at least 1";
  return std::nullopt;
}

} // namespace banksia::forecast
