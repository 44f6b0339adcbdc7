#include "apps/banksia/supervision_log.hpp"

#include "apps/common/signals.hpp"
#include "messages/actors.hpp"
#include "runtime/json/text.hpp"
#include "runtime/logging/log.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <caf/send.hpp>

namespace banksia {

namespace {

boost::json::object document_of(const supervision_event& x, timestamp time,
                                const std::string& node) {
  boost::json::array ancestors;
  for (const auto& path : x.ancestors)
    ancestors.emplace_back(path);
  return {{"time", to_rfc3339(time)},
          {"node", node},
          {"supervisor", x.supervisor},
          {"child", x.child},
          {"generation", x.generation},
          {"event", x.event},
          {"reason", x.reason},
          {"strategy", x.strategy},
          {"restarts_in_period", x.restarts_in_period},
          {"pause_ms", x.pause.count()},
          {"last_message", x.last_message},
          {"trace_id", x.trace},
          {"mailbox", x.mailbox},
          {"ancestors", std::move(ancestors)}};
}

supervision_report record_of(const supervision_event& x, timestamp time) {
  supervision_report record;
  record.time = time;
  record.supervisor = x.supervisor;
  record.child = x.child;
  record.generation = x.generation;
  record.event = x.event;
  record.reason = x.reason;
  record.strategy = x.strategy;
  record.restarts_in_period = x.restarts_in_period;
  return record;
}

/// A first start is no news; all else is somebody's business.
bool is_news(const supervision_event& x) {
  return x.event != "progress";
}

void publish(node& in, const supervision_event& x, const std::string& line) {
  auto bus = in.names().name<event_bus_actor>("event_bus").get();
  if (!bus)
    return;
  event told;
  told.kind = "supervision";
  told.subject = x.child;
  told.payload = line;
  caf::anon_send(bus, std::move(told));
}

void keep(node& in, const supervision_event& x, timestamp time) {
  auto writer = in.names().name<store_writer_actor>("store/writer").get();
  if (writer)
    caf::anon_send(writer, record_of(x, time));
}

} // namespace

std::string readable(const supervision_event& x) {
  std::string line;
  for (auto i = x.ancestors.rbegin(); i != x.ancestors.rend(); ++i)
    line += *i + " > ";
  line += x.child + ": " + x.event;
  if (x.event == "restarted" || x.event == "progress")
    line += " (generation " + std::to_string(x.generation) + ")";
  if (x.event == "backoff")
    line += " for " + std::to_string(x.pause.count()) + " ms";
  if (!x.reason.empty())
    line += ": " + x.reason;
  return line;
}

void report(node& in, const supervision_event& x) {
  auto time = wall_time();
  auto line = json_text(document_of(x, time, in.name()));
  logging::log_supervision(line);
  if (!is_news(x)) {
    logging::log_debug("supervisor", readable(x));
    return;
  }
  // A stop that was asked for is no warning.
  auto severity = x.event == "shutdown" && x.reason.empty()
                    ? logging::level::info
                    : logging::level::warn;
  std::vector<logging::field> with;
  if (!x.last_message.empty())
    with.push_back({"last_message", x.last_message});
  if (!x.trace.empty())
    with.push_back({"trace_id", x.trace});
  if (x.restarts_in_period > 0)
    with.push_back({"restarts_in_period", x.restarts_in_period});
  logging::log(severity, "supervisor", readable(x), with);
  publish(in, x, line);
  keep(in, x, time);
}

} // namespace banksia
