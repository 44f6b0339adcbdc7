#include "runtime/storage/query_timer.hpp"

#include <memory>
#include <mutex>
#include <utility>

namespace banksia::storage {

namespace {

std::mutex observer_mutex;
std::shared_ptr<const query_observer> observer;

std::shared_ptr<const query_observer> current() {
  std::lock_guard guard{observer_mutex};
  return observer;
}

} // namespace

void set_query_observer(query_observer x) {
  auto next = x ? std::make_shared<const query_observer>(std::move(x)) : nullptr;
  std::lock_guard guard{observer_mutex};
  observer = std::move(next);
}

query_span::query_span(std::string_view query) {
  const auto* here = telemetry::current_trace();
  if (here == nullptr)
    return;
  std::string name{query};
  span_.emplace(*here->to, here->context, "sqlite " + name,
                telemetry::span_kind::client);
  // https://opentelemetry.io/docs/specs/semconv/database/sqlite/
  telemetry::note_here("db.system.name", "sqlite");
  telemetry::note_here("db.query.summary", std::move(name));
}

query_timer::~query_timer() {
  if (auto told = current())
    (*told)(query_, std::chrono::steady_clock::now() - began_);
}

} // namespace banksia::storage
