#pragma once

/// Counters, gauges and histograms by name, rendered for Prometheus. A thin
/// wrapper around prometheus-cpp that bounds the number of label sets.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace prometheus {
class Counter;
class Gauge;
class Histogram;
} // namespace prometheus

namespace banksia::telemetry {

/// Label names with their values, sorted by name.
using labels = std::map<std::string, std::string>;

/// Upper bounds of histogram buckets, rising; a value counts in the first
/// bucket whose bound is not below it. The bucket +Inf is always there.
using buckets = std::vector<double>;

/// Bounds in seconds from 0.1 ms to 30 s, dense where the service levels lie
/// (5 ms and 200 ms for the API, 5 ms and 100 ms for the database).
const buckets& latency_buckets_seconds();

/// A number that only grows. Cheap to copy; thread safe; valid as long as its
/// `metrics`.
class counter {
public:
  explicit counter(prometheus::Counter* impl) noexcept : impl_(impl) {}

  /// Adds `amount`; a negative or non-finite amount is ignored, since a
  /// counter that falls reads as a restart of the process.
  void add(double amount = 1.0);

  double value() const;

private:
  prometheus::Counter* impl_;
};

/// A number that goes up and down. Copy and thread safety as `counter`.
class gauge {
public:
  explicit gauge(prometheus::Gauge* impl) noexcept : impl_(impl) {}

  void set(double value);
  void add(double amount);
  double value() const;

private:
  prometheus::Gauge* impl_;
};

/// A distribution. Copy and thread safety as `counter`.
class histogram {
public:
  explicit histogram(prometheus::Histogram* impl) noexcept : impl_(impl) {}

  /// Counts one value; one that is not finite is ignored, since it would
  /// spoil the sum for ever.
  void observe(double value);

private:
  prometheus::Histogram* impl_;
};

/// How metrics are written.
enum class text_format {
  prometheus,   ///< Prometheus' text format 0.0.4
  open_metrics, ///< OpenMetrics 1.0
};

/// The media type of a format.
std::string_view media_type_of(text_format as);

/// What an `Accept` header asks for: OpenMetrics where it is named and nothing
/// else has a greater `q`, else Prometheus' own format.
text_format format_for(std::string_view accept);

/// The metrics of one process. All functions are thread safe.
///
/// A family takes at most `label_sets_max` label sets. Beyond that each new
/// set is counted in `banksia_metrics_dropped_total{family}` and shares one
/// member whose label values are all "other", so a careless label cannot
/// exhaust memory.
class metrics {
public:
  static constexpr std::size_t label_sets_max = 1'000;

  /// Tells whether a series belongs into a rendering.
  using filter
    = std::function<bool(std::string_view family, const labels& of)>;

  metrics();
  ~metrics();
  metrics(const metrics&) = delete;
  metrics& operator=(const metrics&) = delete;

  /// The counter of `family` with these labels, made on first use. `name`
  /// follows Prometheus' rules: base units, `_total` for counters.
  ///
  /// @throws std::invalid_argument where the name or a label name is not
  /// valid or the name is taken by another kind: a defect of the caller.
  counter counter_of(const std::string& name, const std::string& help,
                     const labels& of = {});

  /// As `counter_of`, for a gauge.
  gauge gauge_of(const std::string& name, const std::string& help,
                 const labels& of = {});

  /// As `counter_of`, for a histogram. The family's first call fixes its
  /// bounds; `bounds` of later calls are ignored.
  histogram histogram_of(const std::string& name, const std::string& help,
                         const labels& of = {},
                         const buckets& bounds = latency_buckets_seconds());

  /// Sets a summary without quantiles, `name`_count and `name`_sum: a total of
  /// things and of what they add up to, kept elsewhere. Both only grow.
  void set_summary(const std::string& name, const std::string& help,
                   const labels& of, std::uint64_t count, double sum);

  /// Forgets a series, say of a symbol that was removed. Handles to it must
  /// no longer be used.
  void remove(const std::string& name, const labels& of);

  /// Calls `update` at the start of each `render`, to set gauges that only
  /// matter when looked at (ages, sizes). It may use this object's functions
  /// save `render` and `before_render`.
  void before_render(std::function<void()> update);

  /// Everything `wanted` accepts (all, where it is empty), families sorted by
  /// name.
  std::string render(const filter& wanted = {},
                     text_format as = text_format::prometheus) const;

  /// The media type of `render` in Prometheus' own format.
  static constexpr std::string_view content_type
    = "text/plain; version=0.0.4; charset=utf-8";

private:
  struct state;
  std::unique_ptr<state> state_;
};

} // namespace banksia::telemetry
