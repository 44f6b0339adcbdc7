#include "runtime/telemetry/trace_context.hpp"

#include <array>
#include <charconv>
#include <random>

namespace banksia::telemetry {

namespace {

constexpr std::size_t hex_digits = 16;

void put_hex(char* to, std::uint64_t x) {
  constexpr char digits[] = "0123456789abcdef";
  for (std::size_t i = hex_digits; i-- > 0; x >>= 4)
    to[i] = digits[x & 0xf];
}

bool is_lower_hex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::uint64_t from_hex(std::string_view text) {
  std::uint64_t x = 0;
  std::from_chars(text.data(), text.data() + text.size(), x, 16);
  return x;
}

} // namespace

std::string trace_id_text(const trace_context& of) {
  std::string text(2 * hex_digits, '0');
  put_hex(text.data(), of.trace_high);
  put_hex(text.data() + hex_digits, of.trace_low);
  return text;
}

std::string span_id_text(std::uint64_t span) {
  std::string text(hex_digits, '0');
  put_hex(text.data(), span);
  return text;
}

std::string traceparent_of(const trace_context& x) {
  return "00-" + trace_id_text(x) + "-" + span_id_text(x.span)
         + (x.sampled ? "-01" : "-00");
}

std::optional<trace_context> parse_traceparent(std::string_view text) {
  // https://www.w3.org/TR/trace-context/: 00-<32 hex>-<16 hex>-<2 hex>
  constexpr std::size_t size = 55;
  if (text.size() < size || (text.size() > size && text[size] != '-')
      || text[2] != '-' || text[35] != '-' || text[52] != '-')
    return std::nullopt;
  auto version = text.substr(0, 2);
  auto trace = text.substr(3, 32);
  auto span = text.substr(36, 16);
  auto flags = text.substr(53, 2);
  if (!is_lower_hex(version) || version == "ff" || !is_lower_hex(trace)
      || !is_lower_hex(span) || !is_lower_hex(flags))
    return std::nullopt;
  if (version == "00" && text.size() != size)
    return std::nullopt;
  trace_context x{from_hex(trace.substr(0, 16)), from_hex(trace.substr(16)),
                  from_hex(span), (from_hex(flags) & 1) != 0};
  return x.is_valid() ? std::optional{x} : std::nullopt;
}

std::uint64_t random_trace_bits() {
  thread_local std::mt19937_64 random{[] {
    std::random_device source;
    std::seed_seq seed{source(), source(), source(), source()};
    return std::mt19937_64{seed};
  }()};
  for (;;)
    if (auto x = random())
      return x;
}

} // namespace banksia::telemetry
