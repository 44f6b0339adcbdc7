#pragma once

/// The daily work of a run in time order.

#include "actors/run_plan.hpp"

#include <array>
#include <string_view>
#include <vector>

namespace banksia {

/// Kinds of jobs, as stored.
inline constexpr std::string_view training_job = "training";
inline constexpr std::string_view morning_job = "morning";
inline constexpr std::string_view evening_job = "evening";
inline constexpr std::string_view maintenance_job = "maintenance";

inline constexpr std::array job_kinds{training_job, morning_job, evening_job,
                                      maintenance_job};

/// When the database is cared for: at 3 or 4 in the morning in Sydney, between
/// two sessions the whole year.
inline constexpr std::chrono::hours maintenance_at{17};

/// Walks the jobs after a point in time: a cursor over the calendar for each
/// kind, since each kind is stored by itself.
class job_walk {
public:
  /// The first jobs given are the first ones due after `after`.
  /// @param maintained there is a database to care for on each day
  job_walk(shared_plan plan, timestamp after, bool maintained = false);

  /// Those of that kind due by `until` are known already; one of another build's
  /// kind changes nothing.
  void reach(std::string_view kind, timestamp until);

  /// Moves on. @returns what is owed since the last call, due by `until`, oldest
  /// first
  std::vector<job_record> take(timestamp until);

private:
  std::vector<timestamp> trainings(timestamp after, timestamp until) const;
  std::vector<timestamp> mornings(timestamp after, timestamp until) const;
  std::vector<timestamp> evenings(timestamp after, timestamp until) const;

  std::vector<timestamp> maintenances(timestamp after, timestamp until) const;

  static constexpr auto kinds = job_kinds;

  shared_plan plan_;
  bool maintained_;
  std::array<timestamp, kinds.size()> after_;
};

} // namespace banksia
