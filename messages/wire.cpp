#include "messages/wire.hpp"

#include <cstring>
#include <tuple>
#include <utility>

namespace banksia {

namespace {

/// Walks the fields of a wire type at compile time and refuses a raw double,
/// float or long double wherever it hides: CAF itself would take it and lose
/// its bits, or hang the peer.
struct raw_float_check {
  static constexpr bool reads_state = true;
  static constexpr bool writes_state = false;
  using result_type = caf::error;

  template <class T>
  static constexpr void check() {
    using type = std::remove_cvref_t<T>;
    static_assert(!std::is_floating_point_v<type>,
                  "a raw floating point number in a wire type: use a quantity");
    if constexpr (requires { typename type::value_type; }
                  && !std::is_same_v<type, std::string>)
      check<typename type::value_type>();
    else if constexpr (requires { typename type::type; }
                       && !std::is_enum_v<type>) // caf::optional
      check<typename type::type>();
    else if constexpr (requires { std::tuple_size<type>::value; })
      check_each<type>(std::make_index_sequence<std::tuple_size_v<type>>{});
    else if constexpr (requires { typename type::rep; })
      check<typename type::rep>();
    else if constexpr (requires(raw_float_check f, type& x) { inspect(f, x); })
      static_assert(
        std::is_same_v<decltype(inspect(std::declval<raw_float_check&>(),
                                        std::declval<type&>())),
                       caf::error>);
  }

  /// The parts of a pair (also in a map) or of a tuple.
  template <class T, std::size_t... I>
  static constexpr void check_each(std::index_sequence<I...>) {
    (check<std::tuple_element_t<I, T>>(), ...);
  }

  template <class... Ts>
  caf::error operator()(Ts&&...) {
    (check<Ts>(), ...);
    return caf::none;
  }
};

template <caf::type_id_t Id>
consteval bool check_types() {
  if constexpr (Id < caf::id_block::banksia::end) {
    using type = typename caf::type_by_id<Id>::type;
    raw_float_check::check<type>();
    return check_types<static_cast<caf::type_id_t>(Id + 1)>();
  }
  return true;
}

static_assert(check_types<caf::id_block::banksia::begin>());
static_assert(std::endian::native == std::endian::little,
              "pack() copies the values as they lie in memory");

} // namespace

namespace wire {

std::string pack(const std::array<double, feature_count>& values) {
  std::string block(sizeof(values), '\0');
  std::memcpy(block.data(), values.data(), sizeof(values));
  return block;
}

caf::error unpack(const std::string& block,
                  std::array<double, feature_count>& values) {
  if (block.size() != sizeof(values))
    return caf::make_error(caf::sec::malformed_basp_message,
                           "a feature block of the wrong length");
  std::memcpy(values.data(), block.data(), sizeof(values));
  return caf::none;
}

} // namespace wire

} // namespace banksia
