#define CAF_SUITE forecast_model_file
#include "models/forecast/model_file.hpp"

#include "messages/ids.hpp"
#include "tests/unit/forecast/file_samples.hpp"

#include "caf/test/unit_test.hpp"

#include <bit>

using namespace banksia;
using namespace banksia::forecast;
using namespace banksia::test;

namespace {

/// The fault, or "" when the bytes are a model.
std::string fault(std::string_view bytes, std::string_view sha256 = {}) {
  try {
    from_bytes(bytes, sha256);
  } catch (const model_file_error& error) {
    CAF_CHECK(std::string_view{error.what()}.find(": ")
              != std::string_view::npos);
    return std::string{to_string(error.fault())};
  }
  return "";
}

/// As if a writer had sealed these bytes: length and seal are made to fit.
std::string sealed(std::string bytes) {
  bytes.resize(bytes.size() - 64);
  auto size = bytes.size() + 64;
  for (std::size_t i = 0; i < 8; ++i)
    bytes[12 + i] = static_cast<char>(size >> (8 * i) & 0xff);
  return bytes + sha256_hex(bytes);
}

std::string replaced(std::string bytes, std::string_view from,
                     std::string_view to) {
  auto at = bytes.find(from);
  CAF_REQUIRE(at != std::string::npos);
  return bytes.replace(at, from.size(), to);
}

} // namespace

CAF_TEST(content comes back bit for bit) {
  auto x = sample_content();
  auto bytes = to_bytes(x);
  auto read = from_bytes(bytes);
  CAF_CHECK(read == x);
  CAF_CHECK_EQUAL(std::bit_cast<std::uint64_t>(read.tensors[1].values[0]),
                  std::bit_cast<std::uint64_t>(-0.0));
  CAF_CHECK_EQUAL(to_bytes(read), bytes);
  CAF_CHECK_EQUAL(fault(bytes, sha256_hex(bytes)), "");
}

CAF_TEST(its first bytes are what the format says) {
  auto bytes = to_bytes(sample_content());
  CAF_CHECK_EQUAL(bytes.substr(0, 8), "BANKSIAM");
  CAF_CHECK_EQUAL(bytes.substr(8, 4), std::string("\1\0\0\0", 4));
  auto numbers = bytes.substr(bytes.size() - 64 - 28, 28);
  CAF_CHECK_EQUAL(numbers.substr(8, 8), std::string("\1\0\0\0\0\0\0\0", 8));
  CAF_CHECK_EQUAL(numbers.substr(20, 4), std::string("\0\0\0\x3f", 4));
}

CAF_TEST(a file cut anywhere is refused) {
  auto bytes = to_bytes(sample_content());
  for (std::size_t size = 8; size < bytes.size(); ++size)
    CAF_CHECK_EQUAL(fault(std::string_view{bytes}.substr(0, size)),
                    "truncated");
  for (std::size_t size = 0; size < 8; ++size)
    CAF_CHECK_EQUAL(fault(std::string_view{bytes}.substr(0, size)),
                    "not_a_model");
}

CAF_TEST(a bit that flips anywhere is noticed) {
  auto bytes = to_bytes(sample_content());
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    auto changed = bytes;
    changed[at] = static_cast<char>(changed[at] ^ 0x10);
    CAF_CHECK(!fault(changed).empty());
    if (at >= 20)
      CAF_CHECK_EQUAL(fault(changed), "tampered");
  }
}

CAF_TEST(bytes behind the end are noticed) {
  CAF_CHECK_EQUAL(fault(to_bytes(sample_content()) + "x"), "tampered");
}

CAF_TEST(another sealed file than the registered one is refused) {
  auto x = sample_content();
  auto registered = sha256_hex(to_bytes(x));
  x.tensors[0].values[0] = 1.0;
  auto bytes = to_bytes(x);
  CAF_CHECK_EQUAL(fault(bytes), "");
  CAF_CHECK_EQUAL(fault(bytes, registered), "tampered");
}

CAF_TEST(another format and another set of features are refused) {
  auto bytes = to_bytes(sample_content());
  bytes[8] = 2;
  CAF_CHECK_EQUAL(fault(sealed(bytes)), "other_version");
  auto x = sample_content();
  x.manifest.feature_set = feature_set_version + 1;
  CAF_CHECK_EQUAL(fault(to_bytes(x)), "other_version");
}

CAF_TEST(what is no model is refused) {
  CAF_CHECK_EQUAL(fault(""), "not_a_model");
  CAF_CHECK_EQUAL(fault(std::string(1000, 'x')), "not_a_model");
  CAF_CHECK_EQUAL(fault(std::string(model_bytes_max + 1, 'x')), "not_a_model");
}

CAF_TEST(sealed nonsense is malformed and never read beyond its end) {
  auto bytes = to_bytes(sample_content());
  auto malformed = [&bytes](std::string_view from, std::string_view to) {
    CAF_CHECK_EQUAL(fault(sealed(replaced(bytes, from, to))), "malformed");
  };
  malformed("\"shape\":[2,1]", "\"shape\":[2,2]");
  malformed("\"shape\":[2,1]", "\"shape\":[1,1]");
  malformed("\"shape\":[2,1]", "\"shape\":[-21]");
  malformed("\"width\":8", "\"width\":7");
  malformed("\"width\":8", "\"width\":0");
  malformed("\"tensors\"", "\"tensorz\"");
  malformed("{\"manifest\"", "[\"manifest\"");
  malformed("\"rows\":12345", "\"rows\":-2345");
  auto longer = bytes;
  longer[20 + 3] = 0x7f; // the header's length
  CAF_CHECK_EQUAL(fault(sealed(longer)), "malformed");
}

CAF_TEST(shapes whose product overflows are malformed) {
  for (auto dimensions : {"[4294967296,4294967296]", "[9223372036854775807,3]",
                          "[0,9223372036854775807]", "[1,1,1,1,1]"}) {
    auto x = sample_content();
    auto bytes = replaced(to_bytes(x), "[2,1]", dimensions);
    auto grown = std::string_view{dimensions}.size() - 5;
    auto header = static_cast<unsigned char>(bytes[20])
                  + 256u * static_cast<unsigned char>(bytes[21]) + grown;
    bytes[20] = static_cast<char>(header & 0xff);
    bytes[21] = static_cast<char>(header >> 8 & 0xff);
    CAF_CHECK_EQUAL(fault(sealed(bytes)), "malformed");
  }
}
