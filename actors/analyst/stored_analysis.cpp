#include "actors/analyst/stored_analysis.hpp"

#include "messages/json.hpp"

#include <boost/json/parse.hpp>

namespace banksia::analysis {

namespace {

namespace json = boost::json;

/// More than the calendar has sessions.
constexpr std::int64_t jobs_max = 20'000;
/// Of the newest, so many may have come to nothing.
constexpr std::int64_t newest_looked_at = 50;

bool is_of(const json::object& analysis, std::optional<trading_date> date) {
  if (!date)
    return true;
  auto session = analysis.if_contains("session");
  auto fields = session ? session->if_object() : nullptr;
  auto found = fields ? fields->if_contains("date") : nullptr;
  return found && found->is_string()
         && found->get_string() == to_string(*date);
}

json::object summary_of(const job_record& x) {
  return {{"due_at", json_time(x.due_at)},
          {"status", x.status},
          {"reason", x.reason}};
}

} // namespace

json::value stored(store::queries& ask, std::string_view run,
                   std::string_view kind, std::optional<trading_date> date) {
  json::value newer = nullptr;
  for (const auto& job :
       ask.jobs(run, kind, date ? jobs_max : newest_looked_at)) {
    json::error_code code;
    auto document = job.status == "done" ? json::parse(job.result, code)
                                         : json::value(nullptr);
    auto analysis = code ? nullptr : document.if_object();
    if (!analysis) {
      if (!date && newer.is_null())
        newer = summary_of(job);
      continue;
    }
    if (!is_of(*analysis, date))
      continue;
    auto result = summary_of(job);
    result["ended_at"] = json_time(job.ended_at);
    result["newer"] = std::move(newer);
    result["analysis"] = std::move(*analysis);
    return result;
  }
  return nullptr;
}

} // namespace banksia::analysis
