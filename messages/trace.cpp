#include "messages/trace.hpp"

#include "messages/wire.hpp"

#include <caf/type_erased_tuple.hpp>

#include <optional>

namespace banksia {

namespace {

template <class T, class Get>
bool read(const caf::type_erased_tuple& content, Get get, std::string& into) {
  if (content.size() == 0 || !content.match_element<T>(0))
    return false;
  if (auto id = get(*static_cast<const T*>(content.get(0))))
    into = to_string(*id);
  return true;
}

} // namespace

std::string trace_of(const caf::type_erased_tuple& content) {
  std::string trace;
  using id = std::optional<cycle_id>;
  auto of_slot = [](const auto& x) -> id { return x.slot.id; };
  auto of_first = [](const auto& list) -> id {
    return list.empty() ? id{} : id{list.front().id};
  };
  read<cycle_due>(content, of_slot, trace)
    || read<predict_request>(content, of_slot, trace)
    || read<cycle_record>(content, of_slot, trace)
    || read<cycle_result>(content, of_slot, trace)
    || read<prediction_draft>(
      content, [](const auto& x) -> id { return x.content.cycle; }, trace)
    || read<cycle_slot>(
      content, [](const auto& x) -> id { return x.id; }, trace)
    || read<std::vector<cycle_slot>>(content, of_first, trace);
  return trace;
}

} // namespace banksia
