#pragma once

/// The models that forecast: the champion and its shadows, as the registry
/// names them.

#include "actors/registry/registry_folder.hpp"
#include "messages/learning.hpp"
#include "models/forecast/forecast_model.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace banksia {

/// Not thread-safe. No actor, so that it is tested without any.
class model_shelf {
public:
  /// More shadows than these would take the memory of the champion.
  static constexpr std::size_t shadows_max = 4;

  /// A longer request is refused: 2,200 symbols are all of the exchange's.
  static constexpr std::size_t rows_max = 16'384;

  explicit model_shelf(registry_folder from);

  /// Holds what the registry names now; what it held already is not read
  /// again. A champion that cannot be used leaves the one before in its place,
  /// a registry that cannot be read leaves all as it was; `status` says why.
  void reload();

  /// A model that cannot forecast these rows says why; the others forecast.
  forecast_answer forecast(const forecast_request& x) const;

  /// All but the process's memory.
  forecaster_status status() const;

private:
  struct held_model {
    std::string version;
    std::string sha256;
    std::shared_ptr<const forecast::forecast_model> model;
  };
  using held = std::optional<held_model>;

  held find(const forecast::registry_entry& entry) const;
  held take(const forecast::registry_entry& entry);
  held take_champion(const forecast::registry_state& known);

  registry_folder folder_;
  std::string environment_;
  held champion_;
  std::vector<held_model> shadows_;
  std::vector<std::string> refused_;
};

} // namespace banksia
