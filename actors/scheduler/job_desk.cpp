#include "actors/scheduler/job_desk.hpp"

#include <algorithm>
#include <set>

namespace banksia {

void job_desk::owe(job_record job) {
  job.status = "owed";
  entry x;
  x.job = std::move(job);
  jobs_.try_emplace(key_of(x.job), x);
}

void job_desk::resume(job_record job) {
  entry x;
  x.job = std::move(job);
  x.at = stage::owed;
  x.known = true;
  jobs_.try_emplace(key_of(x.job), x);
}

void job_desk::skip_older(timestamp now) {
  std::map<std::string_view, timestamp> newest;
  for (const auto& [where, x] : jobs_)
    if (x.at != stage::ended)
      newest[x.job.kind] = x.job.due_at; // they come in order of time
  for (auto& [where, x] : jobs_) {
    auto waits = (x.at == stage::owed || x.at == stage::unstored) && !x.storing;
    if (!waits || newest[x.job.kind] == x.job.due_at)
      continue;
    if (x.failures > 0)
      end(x, "failed", x.trouble, now);
    else
      end(x, "skipped", "a newer one is due", now);
  }
}

// -- storing ----------------------------------------------------------------------

std::vector<job_record> job_desk::take_unstored() {
  std::vector<job_record> result;
  std::set<std::string_view> held; // kinds with an older one that is not known
  for (auto& [where, x] : jobs_) {
    if (!x.known && !held.insert(x.job.kind).second)
      continue;
    if (x.storing || (x.at != stage::unstored && x.at != stage::ended))
      continue;
    x.storing = true;
    result.push_back(x.job);
  }
  return result;
}

void job_desk::stored(const job_record& x, bool taken) {
  auto found = jobs_.find(key_of(x));
  if (found == jobs_.end())
    return;
  auto& kept = found->second;
  kept.storing = false;
  if (!taken)
    return;
  kept.known = true;
  if (kept.at == stage::ended)
    jobs_.erase(found);
  else if (kept.at == stage::unstored)
    kept.at = stage::owed;
}

bool job_desk::owes_unstored() const {
  return std::any_of(jobs_.begin(), jobs_.end(), [](const auto& x) {
    return !x.second.known;
  });
}

// -- handing out ------------------------------------------------------------------

std::optional<std::pair<job_record, std::uint64_t>>
job_desk::begin(std::string_view kind, elapsed_time now) {
  entry* next = nullptr;
  for (auto& [where, x] : jobs_) {
    if (x.job.kind != kind)
      continue;
    if (x.at == stage::given)
      return std::nullopt;
    if (x.at == stage::owed && now >= x.not_before)
      next = &x;
  }
  if (!next)
    return std::nullopt;
  next->at = stage::given;
  next->number = next_number_++;
  next->generation = 0;
  return std::pair{next->job, next->number};
}

void job_desk::given(const job_record& x, std::uint64_t number,
                     std::uint64_t generation) {
  if (auto kept = under_way(x, number))
    kept->generation = generation;
}

void job_desk::put_back(const job_record& x, std::uint64_t number,
                        elapsed_time until) {
  if (auto kept = under_way(x, number)) {
    kept->at = stage::owed;
    kept->not_before = until;
  }
}

void job_desk::answered(const job_record& x, std::uint64_t number,
                        timestamp market_time, elapsed_time now) {
  auto kept = under_way(x, number);
  if (!kept)
    return;
  if (x.status == "done" || x.status == "skipped") {
    kept->job.result = x.result;
    end(*kept, x.status, x.reason, market_time);
    return;
  }
  if (x.status == "failed" && retries_.answers_count) {
    end(*kept, x.status, x.reason, market_time);
    return;
  }
  failed(x, number,
         x.status == "failed" ? x.reason
                              : "answered without an end: " + x.status,
         market_time, now);
}

void job_desk::failed(const job_record& x, std::uint64_t number,
                      const std::string& why, timestamp market_time,
                      elapsed_time now) {
  auto kept = under_way(x, number);
  if (!kept)
    return;
  if (kept->failures == retries_.at_most) {
    end(*kept, "failed", why, market_time);
    return;
  }
  elapsed_time pause = retries_.pause;
  for (std::uint32_t i = 0; i < kept->failures; ++i)
    pause *= 6;
  ++kept->failures;
  kept->trouble = why;
  kept->at = stage::owed;
  kept->not_before = now + pause;
}

void job_desk::lose(std::string_view kind, std::uint64_t generation,
                    timestamp market_time) {
  for (auto& [where, x] : jobs_) {
    if (x.at != stage::given || x.job.kind != kind || x.generation == 0
        || x.generation == generation)
      continue;
    if (++x.losses > losses_max)
      end(x, "failed", "whoever did it ended each time", market_time);
    else
      x.at = stage::owed;
  }
}

void job_desk::skip(const job_record& x, std::uint64_t number,
                    const std::string& why, timestamp market_time) {
  if (auto kept = under_way(x, number))
    end(*kept, "skipped", why, market_time);
}

job_desk::entry* job_desk::under_way(const job_record& x,
                                     std::uint64_t number) {
  auto found = jobs_.find(key_of(x));
  if (found == jobs_.end() || found->second.at != stage::given
      || found->second.number != number)
    return nullptr;
  return &found->second;
}

void job_desk::end(entry& x, std::string_view status, std::string reason,
                   timestamp market_time) {
  x.job.status = status;
  x.job.reason = std::move(reason);
  // A replay's clock shows the last slot, which is before the job.
  x.job.ended_at = std::max(market_time, x.job.due_at);
  x.at = stage::ended;
}

} // namespace banksia
