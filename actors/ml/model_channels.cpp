#include "actors/ml/model_channels.hpp"

#include "models/features/recent_bars.hpp"

#include <algorithm>

namespace banksia {

std::string channel_problem(const forecast::model_shape& shape) {
  const auto& asked = shape.bar_channels;
  if (std::equal(asked.begin(), asked.end(), recent_bar_channels.begin(),
                 recent_bar_channels.end()))
    return {};
  std::string names;
  for (const auto& name : asked)
    names += (names.empty() ? "" : ", ") + name;
  return "its bars have other values than this build's (" + names
         + "): train again";
}

} // namespace banksia
