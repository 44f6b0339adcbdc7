#include "config/keys.hpp"

namespace banksia::config {

namespace {

using enum value_kind;
constexpr auto operation = key_effect::operation;

constexpr value_range milliseconds{1, 3'600'000};
/// Descriptors that a process of ours may have, less those for other things.
constexpr value_range connections{16, 16'000};
/// A message must fit, and no message may be a burden.
constexpr value_range header_bytes{1024, 256 * 1024};
/// At least two of the largest fit in what large bodies may take together.
constexpr value_range body_bytes{1024, 32 * 1024 * 1024};
constexpr value_range results{1, 1000};
constexpr value_range probes{1, 100};
constexpr value_range share{0, 1, true};

std::vector<key_spec> server_keys() {
  using s = settings;
  return {
    {"connections_max", integer, &s::connections_max, connections, {}, "",
     "Connections to all services at once; one more is answered with 503.",
     operation},
    {"header_bytes_max", integer, &s::header_bytes_max, header_bytes, {},
     "bytes", "A request with a longer header is answered with 431.",
     operation},
    {"body_bytes_max", integer, &s::body_bytes_max, body_bytes, {}, "bytes",
     "A request with a longer body is answered with 413.", operation},
    {"client_idle_ms", integer, &s::client_idle_ms, milliseconds, {},
     "milliseconds",
     "For a client to send a whole request, or to take an answer.", operation},
    {"read_deadline_ms", integer, &s::read_deadline_ms, milliseconds, {},
     "milliseconds",
     "A request that only reads is answered by then, else with 504.",
     operation},
    {"change_deadline_ms", integer, &s::change_deadline_ms, milliseconds, {},
     "milliseconds",
     "A request that changes something is answered by then, else with 504.",
     operation},
    {"queue_waiting_max", integer, &s::queue_waiting_max, {1, 16'000}, {}, "",
     "Requests that may wait for one service; one more is answered with 503.",
     operation},
    {"queue_target_ms", integer, &s::queue_target_ms, milliseconds, {},
     "milliseconds", "A wait for a service that nobody minds.", operation},
    {"queue_interval_ms", integer, &s::queue_interval_ms, milliseconds, {},
     "milliseconds",
     "When all have waited for longer than `queue_target_ms` for so long, new "
     "ones are answered with 503.",
     operation},
  };
}

std::vector<key_spec> breaker_keys() {
  using s = settings;
  return {
    {"part_waiting_max", integer, &s::part_waiting_max, {1, 10'000}, {}, "",
     "Requests that may wait for one part of the node at once.", operation},
    {"part_breaker_window", integer, &s::part_breaker_window, results, {}, "",
     "A part of the node is judged by so many of its newest answers.", operation},
    {"part_breaker_minimum", integer, &s::part_breaker_minimum, results, {},
     "", "A part of the node with fewer answers than this is asked in any case.",
     operation},
    {"part_breaker_share", number, &s::part_breaker_share, share, {},
     "fraction", "A part of the node is left alone when such a share of them failed.",
     operation},
    {"part_breaker_open_ms", integer, &s::part_breaker_open_ms, milliseconds,
     {}, "milliseconds", "A part of the node is left alone for so long, then tried.",
     operation},
    {"part_breaker_probes", integer, &s::part_breaker_probes, probes, {}, "",
     "A part of the node must answer so many tries before all ask it again.", operation},
    {"feed_breaker_window", integer, &s::feed_breaker_window, results, {}, "",
     "A price or news source is judged by so many of its newest answers.", operation},
    {"feed_breaker_minimum", integer, &s::feed_breaker_minimum, results, {},
     "", "A price or news source with fewer answers than this is asked in any case.",
     operation},
    {"feed_breaker_share", number, &s::feed_breaker_share, share, {},
     "fraction", "A price or news source is left alone when such a share of them failed.",
     operation},
    {"feed_breaker_open_ms", integer, &s::feed_breaker_open_ms, milliseconds,
     {}, "milliseconds", "A price or news source is left alone for so long, then tried.",
     operation},
    {"feed_breaker_probes", integer, &s::feed_breaker_probes, probes, {}, "",
     "A price or news source must answer so many tries before all ask it again.", operation},
  };
}

} // namespace

std::vector<key_spec> limit_keys() {
  auto result = server_keys();
  for (auto& key : breaker_keys())
    result.push_back(key);
  return result;
}

} // namespace banksia::config
