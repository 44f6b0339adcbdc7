#ifndef BANKSIA_MESSAGES_INSPECT_HPP
#define BANKSIA_MESSAGES_INSPECT_HPP

/// The ground of the wire form (`messages/wire.hpp`): versions, numbers, ids,
/// and the market.

#include "messages/protocol.hpp"

#include <caf/error.hpp>
#include <caf/meta/load_callback.hpp>
#include <caf/meta/type_name.hpp>
#include <caf/sec.hpp>

#include <bit>
#include <string>
#include <type_traits>

namespace banksia {

namespace wire {

/// Little-endian image of the feature values: one block is ten times faster
/// than 53 scalars.
std::string pack(const std::array<double, feature_count>& values);
caf::error unpack(const std::string& block,
                  std::array<double, feature_count>& values);

/// Loads refuse a version this build does not know.
inline caf::error check(std::uint16_t found, std::uint16_t known) {
  if (found == known)
    return caf::none;
  return caf::make_error(caf::sec::malformed_basp_message,
                         "unknown version of a wire struct");
}

/// A field that later versions of a struct have at their end: what is read of an
/// earlier one leaves it as it is.
template <class T>
struct since {
  std::uint8_t first;
  const std::uint8_t& found;
  T& field;
};

template <class T>
since(std::uint8_t, const std::uint8_t&, T&) -> since<T>;

template <class Inspector, class T>
auto inspect(Inspector& f, since<T>& x) {
  using result = typename Inspector::result_type;
  if (x.found < x.first)
    return result();
  return f(x.field);
}

/// Inspects a struct of which builds before this one wrote earlier versions.
template <class Inspector, class T, class... Fields>
auto grown(Inspector& f, const char* name, T& x, Fields&&... fields) {
  const auto known = T{}.version;
  auto load = [&x, known]() -> caf::error {
    auto found = x.version;
    x.version = known;
    return check(found == 0 || found > known ? found : known, known);
  };
  return f(caf::meta::type_name(name), x.version, fields...,
           caf::meta::load_callback(load));
}

/// Inspects a versioned struct.
template <class Inspector, class T, class... Fields>
auto versioned(Inspector& f, const char* name, T& x, Fields&... fields) {
  const auto known = T{}.version;
  auto load = [&x, known]() -> caf::error { return check(x.version, known); };
  return f(caf::meta::type_name(name), x.version, fields...,
           caf::meta::load_callback(load));
}

} // namespace wire

template <class Inspector, class Tag>
auto inspect(Inspector& f, quantity<Tag>& x) {
  auto bits = std::bit_cast<std::uint64_t>(x.value());
  auto load = [&]() -> caf::error {
    x = quantity<Tag>{std::bit_cast<double>(bits)};
    return caf::none;
  };
  return f(bits, caf::meta::load_callback(load));
}

template <class Inspector, class Tag>
auto inspect(Inspector& f, content_id<Tag>& x) {
  return f(x.time_us, x.hash);
}

template <class Inspector>
auto inspect(Inspector& f, feature_vector& x) {
  auto block = wire::pack(x.values);
  auto load = [&]() -> caf::error {
    // An older set has fewer features in it, and is as good to read.
    auto known = x.version > 0 && x.version <= feature_set_version;
    if (auto err = wire::check(known ? feature_set_version : x.version,
                               feature_set_version))
      return err;
    return wire::unpack(block, x.values);
  };
  return f(caf::meta::type_name("feature_vector"), x.version, x.mask, block,
           caf::meta::load_callback(load));
}

template <class Inspector>
auto inspect(Inspector& f, bar& x) {
  return wire::versioned(f, "bar", x, x.symbol, x.interval, x.opened_at,
                         x.known_at, x.received_at, x.open, x.high, x.low,
                         x.close, x.volume, x.source, x.verdict);
}

template <class Inspector>
auto inspect(Inspector& f, bar_repair& x) {
  return wire::versioned(f, "bar_repair", x, x.symbol, x.interval, x.opened_at,
                         x.field, x.original, x.repaired, x.reason);
}

template <class Inspector>
auto inspect(Inspector& f, bar_revision& x) {
  return wire::versioned(f, "bar_revision", x, x.content, x.withdrawn,
                         x.reason);
}

template <class Inspector>
auto inspect(Inspector& f, corporate_action& x) {
  return wire::versioned(f, "corporate_action", x, x.symbol, x.kind,
                         x.effective_at, x.known_at, x.received_at, x.value,
                         x.source);
}

template <class Inspector>
auto inspect(Inspector& f, listing_change& x) {
  return wire::versioned(f, "listing_change", x, x.symbol, x.event,
                         x.effective_at, x.known_at, x.received_at,
                         x.successor, x.reason, x.source);
}

template <class Inspector>
auto inspect(Inspector& f, headline& x) {
  return wire::versioned(f, "headline", x, x.headline_id, x.symbol, x.title,
                         x.source, x.link, x.published_at, x.known_at,
                         x.received_at, x.score, x.scored);
}

} // namespace banksia

#endif // BANKSIA_MESSAGES_INSPECT_HPP
