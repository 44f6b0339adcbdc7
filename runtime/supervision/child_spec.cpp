#include "runtime/supervision/child_spec.hpp"

#include <set>

namespace banksia {

std::string_view to_string(restart_type x) noexcept {
  switch (x) {
    case restart_type::permanent: return "permanent";
    case restart_type::transient: return "transient";
    case restart_type::temporary: return "temporary";
  }
  return "?";
}

std::string_view to_string(strategy x) noexcept {
  switch (x) {
    case strategy::one_for_one: return "one_for_one";
    case strategy::one_for_all: return "one_for_all";
    case strategy::rest_for_one: return "rest_for_one";
    case strategy::dynamic: return "dynamic";
  }
  return "?";
}

namespace {

std::optional<std::string> problem_of_child(const supervisor_options& options,
                                            const child_spec& x) {
  if (!x.slot || x.path().empty())
    return "a child without a name";
  auto of = [&](const std::string& what) { return x.path() + ": " + what; };
  if (!x.start)
    return of("no start function");
  if (x.significant && x.restart == restart_type::permanent)
    return of("a permanent child cannot be significant: it never ends for "
              "good");
  if (x.significant && options.when == auto_shutdown::never)
    return of("significant, but the supervisor has no auto_shutdown");
  if (x.shutdown.how == shutdown_rule::kind::timeout
      && x.shutdown.limit.count() < 0)
    return of("a negative shutdown limit");
  if (x.backoff.base.count() < 0 || x.backoff.cap < x.backoff.base)
    return of("a backoff whose cap lies below its base");
  if (x.ready_limit.count() <= 0)
    return of("no time to become ready");
  return std::nullopt;
}

} // namespace

std::optional<std::string> problem_of(const supervisor_options& options,
                                      std::span<const child_spec> children) {
  if (options.path.empty())
    return "a supervisor without a name";
  if (options.period.count() <= 0)
    return options.path + ": a restart period that is not positive";
  std::set<std::string_view> names;
  for (const auto& x : children) {
    if (auto problem = problem_of_child(options, x))
      return options.path + ": " + *problem;
    if (!names.insert(x.path()).second)
      return options.path + ": two children named " + x.path();
  }
  return std::nullopt;
}

} // namespace banksia
