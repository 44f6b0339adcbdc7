#include "messages/trace.hpp"

#include "messages/wire.hpp"

#include <caf/type_erased_tuple.hpp>

#include <optional>

namespace banksia {

namespace {

using id = std::optional<cycle_id>;

template <class T, class Get>
bool read(const caf::type_erased_tuple& content, Get get, id& into) {
  if (!content.match_element<T>(0))
    return false;
  into = get(*static_cast<const T*>(content.get(0)));
  return true;
}

} // namespace

std::optional<cycle_id> cycle_of(const caf::type_erased_tuple& content) {
  id cycle;
  if (content.size() == 0)
    return cycle;
  auto of_slot = [](const auto& x) -> id { return x.slot.id; };
  auto of_first = [](const auto& list) -> id {
    return list.empty() ? id{} : id{list.front().id};
  };
  read<cycle_due>(content, of_slot, cycle)
    || read<predict_request>(content, of_slot, cycle)
    || read<cycle_record>(content, of_slot, cycle)
    || read<cycle_result>(content, of_slot, cycle)
    || read<prediction_draft>(
      content, [](const auto& x) -> id { return x.content.cycle; }, cycle)
    || read<cycle_slot>(
      content, [](const auto& x) -> id { return x.id; }, cycle)
    || read<std::vector<cycle_slot>>(content, of_first, cycle);
  return cycle;
}

std::string trace_of(const caf::type_erased_tuple& content) {
  auto cycle = cycle_of(content);
  return cycle ? to_string(*cycle) : std::string{};
}

} // namespace banksia
