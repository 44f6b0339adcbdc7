#pragma once

/// Random values of every wire type, made by the types' own inspectors, and an
/// image of a value that owes nothing to the serializer under test.

#include "messages/actors.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>
#include <caf/meta/annotation.hpp>

#include <algorithm>
#include <cstring>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace banksia::wire_test {

template <class T>
inline constexpr bool is_quantity = false;

template <class Tag>
inline constexpr bool is_quantity<quantity<Tag>> = true;

template <class T>
inline constexpr bool is_vector = false;

template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;

template <class T>
inline constexpr bool is_annotation
  = std::is_base_of_v<caf::meta::annotation, T>;

template <class T>
concept versioned = requires(T& x) { x.version; };

/// Calls `f` with a `std::type_identity` for each type of the block, in order.
template <class F>
void for_each_wire_type(F f) {
  constexpr auto first = caf::id_block::banksia::begin;
  constexpr auto count = caf::id_block::banksia::end - first;
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (f(std::type_identity<typename caf::type_by_id<first + I>::type>{}), ...);
  }(std::make_index_sequence<count>{});
}

// -- random values --------------------------------------------------------------

/// 64 bits, often those of a number that a careless path loses: NaN with a
/// payload, infinities, -0, subnormals.
class bit_source {
public:
  explicit bit_source(std::uint64_t seed) : random_(seed) {}

  std::uint64_t operator()() { return random_(); }

  std::uint64_t bits() {
    constexpr std::uint64_t infinity = 0x7ff0'0000'0000'0000;
    constexpr std::uint64_t sign = 0x8000'0000'0000'0000;
    constexpr std::uint64_t mantissa = 0x000f'ffff'ffff'ffff;
    auto x = random_();
    switch (random_() % 8) {
      case 0:
        return (x & sign) | infinity | std::max<std::uint64_t>(x & mantissa, 1);
      case 1:
        return (x & sign) | infinity;
      case 2:
        return x & sign;
      case 3:
        return x & (sign | mantissa);
      default:
        return x;
    }
  }

  std::size_t below(std::size_t n) { return random_() % n; }

private:
  std::mt19937_64 random_;
};

/// An inspector that fills what it inspects. Versions stay what they are.
class filler {
public:
  static constexpr bool reads_state = false;
  static constexpr bool writes_state = true;
  using result_type = caf::error;

  explicit filler(std::uint64_t seed) : source_(seed) {}

  template <class... Ts>
  caf::error operator()(Ts&&... xs) {
    caf::error failed;
    ((failed ? void() : void(failed = one(xs))), ...);
    return failed;
  }

  template <class T>
  void fill(T& x) {
    using std::begin;
    if constexpr (is_vector<T>) {
      fill_vector(x, source_.below(32) == 0 ? 40 : source_.below(4));
    } else if constexpr (std::is_same_v<T, feature_vector>) {
      x.mask = source_();
      for (auto& value : x.values)
        value = std::bit_cast<double>(source_.bits());
    } else if constexpr (is_quantity<T>) {
      x = T{std::bit_cast<double>(source_.bits())};
    } else if constexpr (std::is_same_v<T, timestamp>) {
      x = from_micros(static_cast<std::int64_t>(source_.bits()));
    } else if constexpr (std::is_same_v<T, std::string>) {
      fill_text(x);
    } else if constexpr (std::is_same_v<T, bool>) {
      x = (source_() & 1) != 0;
    } else if constexpr (std::is_enum_v<T>) {
      x = static_cast<T>(static_cast<std::underlying_type_t<T>>(source_()));
    } else if constexpr (std::is_integral_v<T>) {
      x = static_cast<T>(source_.bits());
    } else {
      fill_struct(x);
    }
  }

  template <class T>
  void fill_vector(std::vector<T>& xs, std::size_t size) {
    xs.clear();
    xs.resize(depth_ == 0 ? size : std::min<std::size_t>(size, 2));
    ++depth_;
    for (auto& x : xs)
      fill(x);
    --depth_;
  }

private:
  template <class T>
  caf::error one(T& x) {
    if constexpr (is_annotation<T>) {
      return caf::none;
    } else {
      if (static_cast<const void*>(&x) != keep_)
        fill(x);
      return caf::none;
    }
  }

  template <class T>
  void fill_struct(T& x) {
    auto outer = std::exchange(keep_, nullptr);
    if constexpr (versioned<T>)
      keep_ = &x.version;
    ++depth_;
    inspect(*this, x);
    --depth_;
    keep_ = outer;
  }

  /// Any bytes: NUL and what is not UTF-8 too; sometimes beyond one byte of
  /// length.
  void fill_text(std::string& x) {
    x.resize(source_.below(16) == 0 ? 100 + source_.below(400)
                                    : source_.below(12));
    for (auto& c : x)
      c = static_cast<char>(source_());
  }

  bit_source source_;
  const void* keep_ = nullptr;
  int depth_ = 0;
};

// -- images ---------------------------------------------------------------------

/// Writes down all bits of a value. Numbers are read as they lie in memory, not
/// through their wire form, so that a loss on the way in cannot hide.
class imager {
public:
  static constexpr bool reads_state = true;
  static constexpr bool writes_state = false;
  using result_type = caf::error;

  template <class... Ts>
  caf::error operator()(Ts&&... xs) {
    (one(xs), ...);
    return caf::none;
  }

  template <class T>
  void add(const T& x) {
    if constexpr (is_vector<T>) {
      raw(x.size());
      for (const auto& element : x)
        add(element);
    } else if constexpr (std::is_same_v<T, feature_vector>) {
      raw(x.version), raw(x.mask), raw(x.values);
    } else if constexpr (std::is_same_v<T, std::string>) {
      raw(x.size());
      text += x;
    } else if constexpr (is_quantity<T> || std::is_arithmetic_v<T>
                         || std::is_enum_v<T> || std::is_same_v<T, timestamp>) {
      raw(x);
    } else {
      inspect(*this, const_cast<T&>(x));
    }
  }

  std::string text;

private:
  template <class T>
  void one(T& x) {
    if constexpr (!is_annotation<T>)
      add(x);
  }

  template <class T>
  void raw(const T& x) {
    static_assert(std::is_trivially_copyable_v<T>);
    text.append(reinterpret_cast<const char*>(&x), sizeof(x));
  }
};

template <class T>
std::string image(const T& x) {
  imager f;
  f.add(x);
  return std::move(f.text);
}

// -- the wire -------------------------------------------------------------------

/// A system that knows the types. Its scheduler is CAF's default.
struct wire_system {
  struct config : caf::actor_system_config {
    config() { add_message_types<caf::id_block::banksia>(); }
  };

  config cfg;
  caf::actor_system system{cfg};
};

template <class T>
std::vector<char> save(caf::actor_system& system, const T& x) {
  std::vector<char> buffer;
  caf::binary_serializer sink{system, buffer};
  if (auto err = sink(const_cast<T&>(x)))
    throw std::runtime_error("cannot save: " + system.render(err));
  return buffer;
}

/// Loads all of the bytes into `x`.
template <class T>
caf::error load(caf::actor_system& system, const std::vector<char>& bytes,
                std::size_t size, T& x) {
  caf::binary_deserializer source{system, bytes.data(), size};
  if (auto err = source(x))
    return err;
  return source.remaining() == 0
           ? caf::error{}
           : caf::make_error(caf::sec::invalid_argument, "bytes left over");
}

template <class T>
caf::error load(caf::actor_system& system, const std::vector<char>& bytes,
                T& x) {
  return load(system, bytes, bytes.size(), x);
}

} // namespace banksia::wire_test
