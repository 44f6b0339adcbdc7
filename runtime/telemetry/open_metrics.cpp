#include "runtime/telemetry/open_metrics.hpp"

#include "runtime/telemetry/metrics.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string_view>

namespace banksia::telemetry {

namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

constexpr std::string_view total = "_total";

std::string number(double x) {
  if (std::isnan(x))
    return "NaN";
  if (std::isinf(x))
    return x > 0 ? "+Inf" : "-Inf";
  char text[32];
  auto end = std::to_chars(std::begin(text), std::end(text), x).ptr;
  return {std::begin(text), end};
}

std::string escaped(std::string_view text) {
  std::string result;
  for (auto c : text) {
    if (c == '\\' || c == '"')
      result += '\\';
    if (c == '\n')
      result += "\\n";
    else
      result += c;
  }
  return result;
}

std::string_view type_name(MetricType x) {
  switch (x) {
    case MetricType::Counter:
      return "counter";
    case MetricType::Gauge:
      return "gauge";
    case MetricType::Summary:
      return "summary";
    case MetricType::Histogram:
      return "histogram";
    default:
      return "unknown";
  }
}

class writer {
public:
  void family(const MetricFamily& x) {
    name_ = x.name;
    // A counter that is not named as one is unknown by this format.
    auto type = x.type;
    if (type == MetricType::Counter) {
      if (name_.ends_with(total))
        name_.resize(name_.size() - total.size());
      else
        type = MetricType::Untyped;
    }
    text_.append("# TYPE ").append(name_).append(" ");
    text_.append(type_name(type)).append("\n");
    text_.append("# HELP ").append(name_).append(" ");
    text_.append(escaped(x.help)).append("\n");
    for (const auto& metric : x.metric)
      member(type, x.type, metric);
  }

  std::string end() && {
    text_ += "# EOF\n";
    return std::move(text_);
  }

private:
  void member(MetricType type, MetricType stored, const ClientMetric& x) {
    switch (stored) {
      case MetricType::Counter:
        return sample(type == MetricType::Counter ? total : "", x,
                      number(x.counter.value));
      case MetricType::Gauge:
        return sample("", x, number(x.gauge.value));
      case MetricType::Summary:
        for (const auto& q : x.summary.quantile)
          sample("", x, number(q.value), "quantile", number(q.quantile));
        sample("_count", x, std::to_string(x.summary.sample_count));
        return sample("_sum", x, number(x.summary.sample_sum));
      case MetricType::Histogram:
        return histogram(x);
      default:
        return sample("", x, number(x.untyped.value));
    }
  }

  void histogram(const ClientMetric& x) {
    for (const auto& bucket : x.histogram.bucket)
      sample("_bucket", x, std::to_string(bucket.cumulative_count), "le",
             number(bucket.upper_bound));
    sample("_count", x, std::to_string(x.histogram.sample_count));
    sample("_sum", x, number(x.histogram.sample_sum));
  }

  void sample(std::string_view suffix, const ClientMetric& x,
              const std::string& value, std::string_view further = {},
              const std::string& further_value = {}) {
    text_.append(name_).append(suffix);
    std::string_view before = "{";
    auto label = [&](std::string_view name, std::string_view of) {
      text_.append(before).append(name).append("=\"");
      text_.append(escaped(of)).append("\"");
      before = ",";
    };
    for (const auto& y : x.label)
      label(y.name, y.value);
    if (!further.empty())
      label(further, further_value);
    text_.append(before == "," ? "} " : " ").append(value).append("\n");
  }

  std::string name_; ///< of the family under way
  std::string text_;
};

std::string_view trimmed(std::string_view x) {
  auto is_space = [](char c) { return c == ' ' || c == '\t'; };
  while (!x.empty() && is_space(x.front()))
    x.remove_prefix(1);
  while (!x.empty() && is_space(x.back()))
    x.remove_suffix(1);
  return x;
}

/// Cuts what is before the next separator off the front.
std::string_view next_part(std::string_view& rest, char separator) {
  auto at = std::min(rest.find(separator), rest.size());
  auto result = trimmed(rest.substr(0, at));
  rest.remove_prefix(std::min(at + 1, rest.size()));
  return result;
}

/// The weight that the parameters of a media range give it.
double weight_of(std::string_view parameters) {
  while (!parameters.empty()) {
    auto x = next_part(parameters, ';');
    if (!x.starts_with("q=") && !x.starts_with("Q="))
      continue;
    double value = 0.0;
    auto digits = x.substr(2);
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
  }
  return 1.0;
}

} // namespace

std::string
open_metrics_text(const std::vector<MetricFamily>& families) {
  writer into;
  for (const auto& x : families)
    into.family(x);
  return std::move(into).end();
}

std::string_view media_type_of(text_format as) {
  return as == text_format::open_metrics
           ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
           : metrics::content_type;
}

text_format format_for(std::string_view accept) {
  double open = 0.0;
  double plain = 0.0;
  while (!accept.empty()) {
    auto range = next_part(accept, ',');
    auto type = next_part(range, ';');
    if (type == "application/openmetrics-text")
      open = std::max(open, weight_of(range));
    else if (type == "text/plain" || type == "text/*" || type == "*/*")
      plain = std::max(plain, weight_of(range));
  }
  return open > plain || (open > 0.0 && open == plain)
           ? text_format::open_metrics
           : text_format::prometheus;
}

} // namespace banksia::telemetry
