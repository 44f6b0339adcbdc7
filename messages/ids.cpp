#include "messages/ids.hpp"

#include <openssl/sha.h>

namespace banksia {

namespace {

using digest = std::array<unsigned char, SHA256_DIGEST_LENGTH>;

digest sha256(std::string_view text) {
  digest out;
  ::SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(),
           out.data());
  return out;
}

constexpr char hex_digits[] = "0123456789abcdef";

void write_hex(char* to, std::uint64_t value) noexcept {
  for (int shift = 60; shift >= 0; shift -= 4)
    *to++ = hex_digits[(value >> shift) & 0xf];
}

/// Parts are joined with a separator that occurs in none of them.
std::string joined(std::initializer_list<std::string_view> parts) {
  std::string out;
  for (auto part : parts) {
    out += part;
    out += '\x1f';
  }
  return out;
}

std::uint64_t slot_bits(timestamp slot) {
  return static_cast<std::uint64_t>(to_micros(slot));
}

} // namespace

std::uint64_t content_hash(std::string_view text) {
  auto bytes = sha256(text);
  std::uint64_t result = 0;
  for (int i = 0; i < 8; ++i)
    result = result << 8 | bytes[static_cast<std::size_t>(i)];
  return result;
}

std::string sha256_hex(std::string_view text) {
  std::string out;
  for (auto byte : sha256(text)) {
    out += hex_digits[byte >> 4];
    out += hex_digits[byte & 0xf];
  }
  return out;
}

id_text::id_text(std::uint64_t high, std::uint64_t low) noexcept {
  write_hex(digits_.data(), high);
  write_hex(digits_.data() + 16, low);
}

std::string to_hex(std::uint64_t high, std::uint64_t low) {
  std::string out(32, '0');
  write_hex(out.data(), high);
  write_hex(out.data() + 16, low);
  return out;
}

std::optional<std::array<std::uint64_t, 2>>
parse_hex128(std::string_view text) {
  if (text.size() != 32)
    return std::nullopt;
  std::array<std::uint64_t, 2> parts{};
  for (std::size_t i = 0; i < 32; ++i) {
    auto c = text[i];
    unsigned digit = 0;
    if (c >= '0' && c <= '9')
      digit = static_cast<unsigned>(c - '0');
    else if (c >= 'a' && c <= 'f')
      digit = static_cast<unsigned>(c - 'a' + 10);
    else if (c >= 'A' && c <= 'F')
      digit = static_cast<unsigned>(c - 'A' + 10);
    else
      return std::nullopt;
    parts[i / 16] = parts[i / 16] << 4 | digit;
  }
  return parts;
}

cycle_id make_cycle_id(std::string_view run, std::string_view interval,
                       timestamp slot) {
  auto slot_text = std::to_string(to_micros(slot));
  return {slot_bits(slot), content_hash(joined({run, interval, slot_text}))};
}

prediction_id make_prediction_id(std::string_view run, std::string_view symbol,
                                 std::string_view interval, timestamp slot) {
  auto slot_text = std::to_string(to_micros(slot));
  return {slot_bits(slot),
          content_hash(joined({run, symbol, interval, slot_text}))};
}

outcome_id make_outcome_id(const prediction_id& prediction,
                           std::uint32_t horizon_minutes) {
  auto horizon = std::to_string(horizon_minutes);
  return {prediction.time_us,
          content_hash(joined({to_string(prediction), horizon}))};
}

} // namespace banksia
