#include "actors/scheduler/job_walk.hpp"

#include <algorithm>
#include <tuple>

namespace banksia {

namespace {

/// The first session that ends after `t`; null outside of the calendar.
const session* unfinished_after(const exchange_calendar& calendar,
                                timestamp t) {
  auto running = calendar.session_at(t);
  if (running && running->auction_ends_at > t)
    return running;
  return calendar.next_session_after(t);
}

/// That time of each so-many-th day in (after, until].
std::vector<timestamp> days_at(std::chrono::minutes time, std::uint32_t every,
                               timestamp after, timestamp until) {
  std::vector<timestamp> result;
  if (every == 0)
    return result;
  auto day = std::chrono::floor<std::chrono::days>(after);
  for (; day + time <= until; day += std::chrono::days{1})
    if (day.time_since_epoch().count() % every == 0 && day + time > after)
      result.push_back(day + time);
  return result;
}

} // namespace

job_walk::job_walk(shared_plan plan, timestamp after, bool maintained)
  : plan_(std::move(plan)), maintained_(maintained) {
  after_.fill(after);
}

void job_walk::reach(std::string_view kind, timestamp until) {
  for (std::size_t i = 0; i < kinds.size(); ++i)
    if (kinds[i] == kind)
      after_[i] = std::max(after_[i], until);
}

std::vector<job_record> job_walk::take(timestamp until) {
  std::vector<job_record> result;
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    auto after = after_[i];
    if (until <= after)
      continue;
    after_[i] = until;
    auto due = kinds[i] == training_job  ? trainings(after, until)
               : kinds[i] == morning_job ? mornings(after, until)
               : kinds[i] == evening_job ? evenings(after, until)
                                         : maintenances(after, until);
    for (auto at : due) {
      job_record job;
      job.run = plan_->run;
      job.kind = kinds[i];
      job.due_at = at;
      job.status = "owed";
      result.push_back(std::move(job));
    }
  }
  std::sort(result.begin(), result.end(), [](const auto& a, const auto& b) {
    return std::tie(a.due_at, a.kind) < std::tie(b.due_at, b.kind);
  });
  return result;
}

/// Days are counted from 1970 on, so that a restart changes nothing about which
/// of them are due.
std::vector<timestamp> job_walk::trainings(timestamp after,
                                           timestamp until) const {
  const auto& daily = plan_->daily;
  if (!daily.training_at)
    return {};
  return days_at(*daily.training_at, daily.training_days, after, until);
}

std::vector<timestamp> job_walk::maintenances(timestamp after,
                                              timestamp until) const {
  if (!maintained_)
    return {};
  return days_at(maintenance_at, 1, after, until);
}

std::vector<timestamp> job_walk::mornings(timestamp after,
                                          timestamp until) const {
  std::vector<timestamp> result;
  if (!plan_->daily.morning)
    return result;
  auto before = *plan_->daily.morning;
  const auto& calendar = plan_->calendar;
  auto next = calendar.next_session_after(after + before);
  for (; next && next->opens_at - before <= until;
       next = calendar.next_session_after(next->opens_at))
    result.push_back(next->opens_at - before);
  return result;
}

std::vector<timestamp> job_walk::evenings(timestamp after,
                                          timestamp until) const {
  std::vector<timestamp> result;
  if (!plan_->daily.evening)
    return result;
  auto behind = *plan_->daily.evening;
  const auto& calendar = plan_->calendar;
  auto next = unfinished_after(calendar, after - behind);
  for (; next && next->auction_ends_at + behind <= until;
       next = calendar.next_session_after(next->auction_ends_at))
    result.push_back(next->auction_ends_at + behind);
  return result;
}

} // namespace banksia
