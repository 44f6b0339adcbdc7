#pragma once

/// What becomes of a trained model: into the registry, and what the registry says
/// into the store. Blocks on files; no actor.

#include "actors/registry/registry_folder.hpp"
#include "messages/learning.hpp"

#include <boost/json/object.hpp>

#include <stdexcept>
#include <string>
#include <vector>

namespace banksia {

/// A result that names no model that could be registered.
class result_error : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// A model's manifest from its file; empty where that cannot be read.
std::string manifest_of(const registry_folder& models,
                        const std::string& version);

/// The champion's version; empty: there is none.
std::string champion_of(const forecast::registry_state& x);

struct registered_model {
  std::string version;
  bool promoted = false;
  std::string verdict; ///< why it was promoted, or was not
};

/// Adds the model of a training's result, lets it shadow, and makes it champion
/// where the result says that it has earned it.
/// @param compared_with the champion that the training measured it against; when
///        another one serves by now, it only shadows
/// @throws result_error, registry_failure; a model that was added before stays
registered_model register_model(registry_folder& models,
                                const boost::json::object& result,
                                const std::string& compared_with,
                                const forecast::change_order& order);

/// A model as the registry has it, without its manifest.
model_record record_of(const forecast::registry_entry& x);

/// What the store does not know yet of the registry: one record a model that has
/// changed. One that the registry has forgotten is "removed".
/// @throws registry_failure where the registry cannot be read
std::vector<model_record> mirror_of(const registry_folder& models,
                                    const std::vector<model_record>& stored);

} // namespace banksia
