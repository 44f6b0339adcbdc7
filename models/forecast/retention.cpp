#include "models/forecast/retention.hpp"

#include <algorithm>

namespace banksia::forecast {

namespace {

/// Entries of a status; those that got it last, first.
std::vector<const registry_entry*> latest_first(const registry_state& x,
                                                model_status status) {
  std::vector<const registry_entry*> out;
  for (const auto& entry : x.entries())
    if (entry.status() == status)
      out.push_back(&entry);
  std::sort(out.begin(), out.end(),
            [](const registry_entry* a, const registry_entry* b) {
              return a->since() != b->since() ? a->since() > b->since()
                                              : a->version > b->version;
            });
  return out;
}

void archive_beyond(const registry_state& x, model_status status,
                    std::size_t kept, retention_plan& plan) {
  const auto* target = x.rollback_target();
  auto found = latest_first(x, status);
  for (std::size_t i = kept; i < found.size(); ++i)
    if (found[i] != target)
      plan.archive.push_back(
        {found[i]->version, "beyond the " + std::to_string(kept) + " latest "
                              + std::string{to_string(status)} + " models"});
}

} // namespace

retention_plan plan_retention(const registry_state& x,
                              const retention_rules& rules, timestamp now) {
  retention_plan out;
  archive_beyond(x, model_status::deprecated, rules.deprecated_kept, out);
  archive_beyond(x, model_status::shadow, rules.shadows_kept, out);
  archive_beyond(x, model_status::candidate, rules.candidates_kept, out);
  auto archived = latest_first(x, model_status::archived);
  for (auto at = archived.rbegin(); at != archived.rend(); ++at)
    if (now - (*at)->since() > rules.archived_for)
      out.remove.push_back(
        {(*at)->version, "archived for more than "
                           + std::to_string(rules.archived_for.count())
                           + " days"});
  return out;
}

} // namespace banksia::forecast
