#define CAF_SUITE wire_interfaces
#include "messages/actors.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;

namespace {

template <class T>
constexpr bool is_atom = caf::is_atom_constant<T>::value;

/// A type without an id compiles and arrives as an empty message. Handles of
/// event sinks have theirs in `messages/cluster.hpp`.
template <class T>
constexpr bool may_be_sent = is_atom<T> || caf::has_type_id<T>::value
                             || std::is_same_v<T, event_sink_actor>;

template <class T>
std::size_t count_one() {
  if constexpr (!std::is_void_v<T>)
    static_assert(may_be_sent<T>, "a message type without an id");
  return 1;
}

template <class... In, class... Out>
std::size_t count_message(
  caf::typed_mpi<caf::detail::type_list<In...>, caf::output_tuple<Out...>>) {
  return ((count_one<In>() + ... + 0) + (count_one<Out>() + ... + 0));
}

template <class... Messages>
std::size_t count_types(caf::typed_actor<Messages...>*) {
  return (count_message(Messages{}) + ...);
}

} // namespace

CAF_TEST(every message of every interface has a type id) {
  // The static assertions do the work; the counts prove that they saw all.
  CAF_CHECK_EQUAL(count_types(static_cast<store_writer_actor*>(nullptr)), 38u);
  CAF_CHECK_EQUAL(count_types(static_cast<store_reader_actor*>(nullptr)), 37u);
  CAF_CHECK_GREATER(count_types(static_cast<price_feed_actor*>(nullptr)), 0u);
  CAF_CHECK_GREATER(count_types(static_cast<price_source_actor*>(nullptr)), 0u);
  CAF_CHECK_GREATER(count_types(static_cast<listings_actor*>(nullptr)), 0u);
  CAF_CHECK_GREATER(count_types(static_cast<symbol_actor*>(nullptr)), 0u);
  CAF_CHECK_GREATER(count_types(static_cast<cycle_actor*>(nullptr)), 0u);
  CAF_CHECK_GREATER(count_types(static_cast<evaluator_actor*>(nullptr)), 0u);
  CAF_CHECK_GREATER(count_types(static_cast<forecaster_actor*>(nullptr)), 0u);
  CAF_CHECK_EQUAL(
    count_types(static_cast<traced_forecaster_actor*>(nullptr)),
    count_types(static_cast<forecaster_actor*>(nullptr)) + 3u);
  CAF_CHECK_GREATER(count_types(static_cast<forecast_gate_actor*>(nullptr)), 0u);
  CAF_CHECK_GREATER(count_types(static_cast<trainer_actor*>(nullptr)), 0u);
  CAF_CHECK_GREATER(count_types(static_cast<analyst_actor*>(nullptr)), 0u);
  CAF_CHECK_GREATER(count_types(static_cast<scheduler_actor*>(nullptr)), 0u);
  CAF_CHECK_GREATER(count_types(static_cast<event_sink_actor*>(nullptr)), 0u);
  CAF_CHECK_GREATER(count_types(static_cast<event_bus_actor*>(nullptr)), 0u);
  CAF_CHECK_GREATER(count_types(static_cast<health_actor*>(nullptr)), 0u);
}
