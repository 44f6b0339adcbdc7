#include "runtime/telemetry/metrics.hpp"

#include "runtime/telemetry/open_metrics.hpp"

#include <prometheus/collectable.h>
#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <cmath>
#include <mutex>
#include <sstream>
#include <stdexcept>
#include <utility>
#include <variant>

namespace banksia::telemetry {

namespace {

template <class T>
using family_ptr = std::unique_ptr<prometheus::Family<T>>;

/// Summaries that are set, not observed.
struct summary_family : prometheus::Collectable {
  std::string name;
  std::string help;
  std::map<labels, std::pair<std::uint64_t, double>> members;

  std::vector<prometheus::MetricFamily> Collect() const override {
    prometheus::MetricFamily result;
    result.name = name;
    result.help = help;
    result.type = prometheus::MetricType::Summary;
    for (const auto& [of, value] : members) {
      prometheus::ClientMetric metric;
      for (const auto& [label, text] : of)
        metric.label.push_back({label, text});
      metric.summary.sample_count = value.first;
      metric.summary.sample_sum = value.second;
      result.metric.push_back(std::move(metric));
    }
    return {std::move(result)};
  }
};

/// One name with its members. `bounds` is empty save for histograms.
struct family {
  std::variant<family_ptr<prometheus::Counter>, family_ptr<prometheus::Gauge>,
               family_ptr<prometheus::Histogram>>
    series;
  std::map<labels, void*> members;
  buckets bounds;
};

template <class T>
T* add_to(prometheus::Family<T>& to, const labels& of, const buckets& bounds) {
  if constexpr (std::is_same_v<T, prometheus::Histogram>)
    return &to.Add(of, bounds);
  else
    return &to.Add(of);
}

labels merged(labels of) {
  for (auto& [name, value] : of)
    value = "other";
  return of;
}

labels labels_of(const prometheus::ClientMetric& metric) {
  labels result;
  for (const auto& label : metric.label)
    result.emplace(label.name, label.value);
  return result;
}

/// Collects one family, its series sorted so that two renderings of the same
/// numbers are equal.
void collect(const prometheus::Collectable& from, const metrics::filter& wanted,
             std::vector<prometheus::MetricFamily>& into) {
  for (auto& found : from.Collect()) {
    if (wanted)
      std::erase_if(found.metric, [&](const auto& metric) {
        return !wanted(found.name, labels_of(metric));
      });
    std::sort(found.metric.begin(), found.metric.end(),
              [](const auto& a, const auto& b) { return a.label < b.label; });
    if (!found.metric.empty())
      into.push_back(std::move(found));
  }
}

} // namespace

struct metrics::state {
  mutable std::mutex mutex;
  std::map<std::string, family> families;
  std::map<std::string, summary_family> summaries;
  mutable std::mutex updates_mutex; ///< never taken while holding `mutex`
  std::vector<std::function<void()>> updates;

  /// The member of `name` with these labels; call with the mutex held.
  template <class T>
  T* member(const std::string& name, const std::string& help, const labels& of,
            const buckets& bounds = {}) {
    auto& entry = find_family<T>(name, help, bounds);
    if (auto known = entry.members.find(of); known != entry.members.end())
      return static_cast<T*>(known->second);
    auto& series = *std::get<family_ptr<T>>(entry.series);
    if (entry.members.size() < label_sets_max) {
      auto made = add_to(series, of, entry.bounds);
      entry.members.emplace(of, made);
      return made;
    }
    count_dropped(name);
    // One further member: prometheus-cpp gives the same one for equal labels.
    return add_to(series, merged(of), entry.bounds);
  }

  template <class T>
  family& find_family(const std::string& name, const std::string& help,
                      const buckets& bounds) {
    auto known = families.find(name);
    if (known == families.end()) {
      family made;
      made.series = std::make_unique<prometheus::Family<T>>(
        name, help, prometheus::Labels{});
      made.bounds = bounds;
      known = families.emplace(name, std::move(made)).first;
    }
    if (!std::holds_alternative<family_ptr<T>>(known->second.series))
      throw std::invalid_argument("metric " + name
                                  + ": the name is taken by another kind of "
                                    "metric: choose another name");
    return known->second;
  }

  void count_dropped(const std::string& name) {
    member<prometheus::Counter>("banksia_metrics_dropped_total",
                                "Label sets merged into \"other\" because a "
                                "family had too many.",
                                {{"family", name}})
      ->Increment();
  }
};

const buckets& latency_buckets_seconds() {
  static const buckets bounds{0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005,
                              0.01,   0.025,   0.05,   0.1,   0.2,    0.5,
                              1.0,    2.5,     5.0,    10.0,  30.0};
  return bounds;
}

void counter::add(double amount) {
  if (std::isfinite(amount) && amount > 0.0)
    impl_->Increment(amount);
}

double counter::value() const {
  return impl_->Value();
}

void gauge::set(double value) {
  impl_->Set(value);
}

void gauge::add(double amount) {
  impl_->Increment(amount);
}

double gauge::value() const {
  return impl_->Value();
}

void histogram::observe(double value) {
  if (std::isfinite(value))
    impl_->Observe(value);
}

metrics::metrics() : state_(std::make_unique<state>()) {}

metrics::~metrics() = default;

counter metrics::counter_of(const std::string& name, const std::string& help,
                            const labels& of) {
  std::lock_guard lock{state_->mutex};
  return counter{state_->member<prometheus::Counter>(name, help, of)};
}

gauge metrics::gauge_of(const std::string& name, const std::string& help,
                        const labels& of) {
  std::lock_guard lock{state_->mutex};
  return gauge{state_->member<prometheus::Gauge>(name, help, of)};
}

histogram metrics::histogram_of(const std::string& name,
                                const std::string& help, const labels& of,
                                const buckets& bounds) {
  if (bounds.empty() || !std::is_sorted(bounds.begin(), bounds.end()))
    throw std::invalid_argument("metric " + name
                                + ": bucket bounds must rise: sort them");
  std::lock_guard lock{state_->mutex};
  return histogram{
    state_->member<prometheus::Histogram>(name, help, of, bounds)};
}

void metrics::set_summary(const std::string& name, const std::string& help,
                          const labels& of, std::uint64_t count, double sum) {
  std::lock_guard lock{state_->mutex};
  if (state_->families.contains(name))
    throw std::invalid_argument("metric " + name
                                + ": the name is taken by another kind of "
                                  "metric: choose another name");
  auto& into = state_->summaries[name];
  into.name = name;
  into.help = help;
  if (!into.members.contains(of) && into.members.size() >= label_sets_max) {
    state_->count_dropped(name);
    return;
  }
  into.members[of] = {count, sum};
}

void metrics::remove(const std::string& name, const labels& of) {
  std::lock_guard lock{state_->mutex};
  auto entry = state_->families.find(name);
  if (entry == state_->families.end())
    return;
  auto known = entry->second.members.find(of);
  if (known == entry->second.members.end())
    return;
  std::visit(
    [&](auto& series) {
      using family_type = std::remove_reference_t<decltype(*series)>;
      auto drop = [&]<class T>(prometheus::Family<T>& from) {
        from.Remove(static_cast<T*>(known->second));
      };
      drop(static_cast<family_type&>(*series));
    },
    entry->second.series);
  entry->second.members.erase(known);
}

void metrics::before_render(std::function<void()> update) {
  std::lock_guard lock{state_->updates_mutex};
  state_->updates.push_back(std::move(update));
}

std::string metrics::render(const filter& wanted, text_format as) const {
  {
    std::lock_guard lock{state_->updates_mutex};
    for (const auto& update : state_->updates)
      update();
  }
  std::vector<prometheus::MetricFamily> collected;
  {
    std::lock_guard lock{state_->mutex};
    for (const auto& [name, entry] : state_->families)
      std::visit(
        [&](const auto& series) { collect(*series, wanted, collected); },
        entry.series);
    for (const auto& [name, entry] : state_->summaries)
      collect(entry, wanted, collected);
  }
  std::sort(collected.begin(), collected.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  if (as == text_format::open_metrics)
    return open_metrics_text(collected);
  std::ostringstream out;
  prometheus::TextSerializer{}.Serialize(out, collected);
  return std::move(out).str();
}

} // namespace banksia::telemetry
