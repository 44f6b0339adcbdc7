#define CAF_SUITE wire
#include "messages/wire.hpp"
#include "tests/unit/messages/wire_values.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;
using namespace banksia::wire_test;

namespace {

/// Counts the rounds of one type that went wrong, so that a failure says where.
template <class T, class Round>
std::size_t failed_rounds(std::size_t rounds, Round round) {
  std::size_t failed = 0;
  filler fill{caf::type_id<T>::value};
  for (std::size_t i = 0; i < rounds; ++i) {
    T x{};
    fill.fill(x);
    if (!round(x))
      ++failed;
  }
  if (failed > 0)
    CAF_MESSAGE(caf::type_name<T>::value << ": " << failed << " rounds failed");
  return failed;
}

/// Converts to anything: finds the number of fields of an aggregate.
struct anything {
  template <class T>
  operator T() const;
};

template <class T, class... Known>
consteval std::size_t field_count() {
  if constexpr (requires { T{Known{}..., anything{}}; })
    return field_count<T, Known..., anything>();
  else
    return sizeof...(Known);
}

/// Counts the fields that an inspect function lists.
struct counter {
  static constexpr bool reads_state = true;
  static constexpr bool writes_state = false;
  using result_type = caf::error;

  template <class... Ts>
  caf::error operator()(Ts&&...) {
    count = ((is_annotation<std::remove_cvref_t<Ts>> ? 0u : 1u) + ... + 0u);
    return caf::none;
  }

  std::size_t count = 0;
};

template <class T>
void check_fields() {
  T x{};
  counter f;
  inspect(f, x);
  CAF_MESSAGE(typeid(T).name());
  CAF_CHECK_EQUAL(f.count, field_count<T>());
}

/// The version of the first versioned struct in a value, or null.
template <class T>
void* raise_version(T& x) {
  if constexpr (is_vector<T>) {
    return x.empty() ? nullptr : raise_version(x.front());
  } else if constexpr (versioned<T>) {
    ++x.version;
    return &x.version;
  } else {
    return nullptr;
  }
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(wire_tests, wire_system)

CAF_TEST(random values of every type come back bit for bit) {
  for_each_wire_type([&]<class T>(std::type_identity<T>) {
    auto failed = failed_rounds<T>(300, [&](const T& x) {
      T y{};
      auto bytes = save(system, x);
      return !load(system, bytes, y) && image(x) == image(y)
             && save(system, y) == bytes;
    });
    CAF_CHECK_EQUAL(failed, 0u);
  });
}

CAF_TEST(every type travels inside a message as itself) {
  for_each_wire_type([&]<class T>(std::type_identity<T>) {
    auto failed = failed_rounds<T>(30, [&](const T& x) {
      auto sent = caf::make_message(x);
      caf::message received;
      if (load(system, save(system, sent), received))
        return false;
      return !received.empty() && received.size() == 1
             && received.type_token() == sent.type_token()
             && received.template match_elements<T>()
             && image(received.template get_as<T>(0)) == image(x);
    });
    CAF_CHECK_EQUAL(failed, 0u);
  });
}

CAF_TEST(atoms and values travel together) {
  auto sent = caf::make_message(wire::rebuild_atom_v, std::string{"CBA.AX"},
                                bar_interval::m30, from_micros(-1));
  caf::message received;
  CAF_REQUIRE(!load(system, save(system, sent), received));
  CAF_REQUIRE((received.match_elements<wire::rebuild_atom, std::string,
                                       bar_interval, timestamp>()));
  CAF_CHECK(received.get_as<bar_interval>(2) == bar_interval::m30);
  CAF_CHECK(received.get_as<timestamp>(3) == from_micros(-1));
}

CAF_TEST(long vectors come back bit for bit) {
  for_each_wire_type([&]<class T>(std::type_identity<T>) {
    if constexpr (is_vector<T>) {
      T x;
      filler fill{7};
      fill.fill_vector(x, 1000);
      T y;
      CAF_CHECK(!load(system, save(system, x), y));
      CAF_CHECK_EQUAL(y.size(), 1000u);
      CAF_CHECK(image(x) == image(y));
    }
  });
}

CAF_TEST(truncated bytes are an error at every length) {
  for_each_wire_type([&]<class T>(std::type_identity<T>) {
    auto failed = failed_rounds<T>(4, [&](const T& x) {
      auto bytes = save(system, x);
      // Long values: all of the first part, then in strides.
      for (std::size_t n = 0; n < bytes.size(); n += n < 3000 ? 1 : 61) {
        T y{};
        if (!load(system, bytes, n, y))
          return false;
      }
      return true;
    });
    CAF_CHECK_EQUAL(failed, 0u);
  });
}

// CAF itself reports no error where a message is cut between two of its parts,
// but what it then has is empty: nobody's handler.
CAF_TEST(truncated messages never arrive as a value) {
  for_each_wire_type([&]<class T>(std::type_identity<T>) {
    T x{};
    filler fill{11};
    fill.fill(x);
    auto bytes = save(system, caf::make_message(x));
    std::size_t accepted = 0;
    for (std::size_t n = 0; n < bytes.size(); n += n < 3000 ? 1 : 61) {
      caf::message y;
      auto err = load(system, bytes, n, y);
      accepted += err || y.empty() ? 0 : 1;
    }
    CAF_CHECK_EQUAL(accepted, 0u);
  });
}

CAF_TEST(changed bytes give an error or a value and never more than was sent) {
  for_each_wire_type([&]<class T>(std::type_identity<T>) {
    bit_source random{caf::type_id<T>::value};
    auto failed = failed_rounds<T>(100, [&](const T& x) {
      auto bytes = save(system, x);
      for (int i = 0; i < 3; ++i)
        bytes[random.below(bytes.size())] = static_cast<char>(random());
      T y{};
      // What was loaded before an error was met came out of these bytes: a
      // length that lies must not make room for what never follows.
      (void) load(system, bytes, y);
      return image(y).size() <= 16 * bytes.size() + sizeof(T) + 1024;
    });
    CAF_CHECK_EQUAL(failed, 0u);
  });
}

CAF_TEST(a length of four billion elements is an error) {
  // CAF writes lengths as up to five groups of seven bits.
  const std::vector<char> lie{'\xff', '\xff', '\xff', '\xff', '\x0f'};
  std::size_t vectors = 0;
  for_each_wire_type([&]<class T>(std::type_identity<T>) {
    if constexpr (is_vector<T>) {
      T x;
      CAF_CHECK(load(system, lie, x));
      CAF_CHECK_LESS(x.capacity(), 16u);
      ++vectors;
    }
  });
  CAF_CHECK_GREATER(vectors, 30u);
  std::string text;
  CAF_CHECK(load(system, lie, text));
  CAF_CHECK_LESS(text.capacity(), 64u);
}

// In a message CAF drops the error together with the content: what arrives is
// empty, nobody's handler, and is counted and answered with an error.
CAF_TEST(an unknown version is refused alone in a vector and in a message) {
  std::size_t tried = 0;
  for_each_wire_type([&]<class T>(std::type_identity<T>) {
    T x{};
    filler fill{3};
    if constexpr (is_vector<T>)
      fill.fill_vector(x, 2);
    else
      fill.fill(x);
    if (raise_version(x) == nullptr)
      return;
    ++tried;
    T y{};
    auto err = load(system, save(system, x), y);
    CAF_CHECK(err == caf::sec::malformed_basp_message);
    caf::message received;
    err = load(system, save(system, caf::make_message(x)), received);
    CAF_CHECK(err || received.empty());
  });
  CAF_CHECK_EQUAL(tried, 2u * 48u);
}

CAF_TEST(an unknown version inside a struct is refused) {
  prediction x;
  ++x.trace.version;
  prediction y;
  CAF_CHECK(load(system, save(system, x), y)
            == caf::sec::malformed_basp_message);
  cycle_record record;
  record.predictions.emplace_back();
  ++record.predictions[0].features.version;
  cycle_record loaded;
  CAF_CHECK(load(system, save(system, record), loaded)
            == caf::sec::malformed_basp_message);
}

CAF_TEST(features of an older set are read and of none refused) {
  for (std::uint16_t version = 0; version <= feature_set_version; ++version) {
    feature_vector x;
    x.version = version;
    x.set(5, 55.5);
    feature_vector y;
    auto err = load(system, save(system, x), y);
    if (version == 0)
      CAF_CHECK(err == caf::sec::malformed_basp_message);
    else
      CAF_CHECK(!err && x == y);
  }
}

CAF_TEST(a feature block of another length is refused) {
  std::array<double, feature_count> values{};
  CAF_CHECK(!wire::unpack(std::string(feature_count * 8, 'x'), values));
  CAF_CHECK(wire::unpack(std::string(feature_count * 8 - 1, 'x'), values)
            == caf::sec::malformed_basp_message);
  CAF_CHECK(wire::unpack(std::string(feature_count * 8 + 8, 'x'), values)
            == caf::sec::malformed_basp_message);
  CAF_CHECK(wire::unpack("", values) == caf::sec::malformed_basp_message);
}

CAF_TEST(every field of every struct crosses) {
  // A field that an inspect function forgets would arrive as its default.
  for_each_wire_type([&]<class T>(std::type_identity<T>) {
    if constexpr (std::is_aggregate_v<T>)
      check_fields<T>();
  });
  check_fields<rule_inputs>();
  check_fields<side_scores>();
  check_fields<bar_window>();
  check_fields<forecast_row>();
  check_fields<model_forecasts>();
  check_fields<series_lag>();
}

CAF_TEST_FIXTURE_SCOPE_END()
