#pragma once

/// `api/sampler`: keeps on record, a row a minute and service, what the services
/// did. Whoever reads the rows sees by their gaps when nobody was there.

#include "actors/services/context.hpp"
#include "messages/actors.hpp"
#include "runtime/supervision/shell.hpp"

#include <cstdint>
#include <deque>

namespace banksia {

/// How often is looked whether requests are welcome (elapsed).
inline constexpr std::chrono::milliseconds sampler_tick{250};

/// Samples of one span that are not on disk yet, by number.
using sampler_actor = caf::typed_actor<
  // Look, and store when a span is over (sent by itself).
  caf::reacts_to<wire::next_atom>,
  // Store again what waits (sent by itself after a failure).
  caf::reacts_to<wire::rebuild_atom>>;

/// What the process used up to now.
struct process_use {
  double cpu_seconds = 0.0;
  std::uint64_t resident_bytes = 0;
  double processors = 1.0;
};

/// State without any actor: times come from outside.
class sampler_state {
public:
  static inline const char* name = "sampler";

  /// Spans kept while the store does not take them; older ones are dropped and
  /// read as a gap.
  static constexpr std::size_t waiting_max = 60;

  shared_context context;
  ref<store_writer_actor> writer;
  ref<forecast_gate_actor> gate;
  std::deque<service_sample_batch> waiting; ///< oldest first
  bool under_way = false; ///< the oldest one was sent

  /// Begins the first span. @param now_ns elapsed time
  void begin(std::uint64_t now_ns, const process_use& used);

  /// Adds the time since the last look.
  void look(std::uint64_t now_ns, bool is_ready);

  /// Whether the span has that length, or there will be no other one.
  bool is_over(std::chrono::seconds length, bool is_last) const;

  /// Ends the span, and begins the next one.
  /// @param time by the wall clock
  service_sample_batch end_span(timestamp time, const process_use& used);

  /// @returns false when an older one had to go
  bool keep(service_sample_batch x);

  bool ended = false; ///< the node drains, its last span is stored

private:
  std::uint64_t looked_ns_ = 0;
  double seconds_ = 0.0;
  double ready_seconds_ = 0.0;
  double cpu_seconds_ = 0.0; ///< when the span began
};

using sampler_self = shell<sampler_state, sampler_actor>;

sampler_actor::behavior_type sampler(sampler_self* self,
                                     std::shared_ptr<probe> watched,
                                     shared_context context);

} // namespace banksia
