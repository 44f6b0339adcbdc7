#include "actors/analyst/analysis.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <cstdio>
#include <sstream>

namespace banksia::analysis {

namespace {

namespace json = boost::json;

template <class... Ts>
std::string format(const char* how, Ts... values) {
  char text[160];
  std::snprintf(text, sizeof(text), how, values...);
  return text;
}

std::string text_of(const json::value& x) {
  return std::string{std::string_view{x.as_string()}};
}

double number(const json::value& x) {
  return x.to_number<double>();
}

std::uint64_t count(const json::object& from, std::string_view field) {
  return from.at(field).to_number<std::uint64_t>();
}

/// "3 rows" or "1 row".
std::string plural(std::uint64_t n, const std::string& noun) {
  return std::to_string(n) + " " + noun + (n == 1 ? "" : "s");
}

std::string signed_percent(const json::value& x, const char* absent = "–") {
  return x.is_null() ? absent : format("%+.2f %%", number(x) * 100);
}

/// "a 3, b 1"; empty without any.
std::string counts_text(const json::value& x) {
  std::string result;
  for (const auto& [name, n] : x.as_object())
    result += (result.empty() ? "" : ", ") + std::string{name} + " "
              + std::to_string(n.to_number<std::uint64_t>());
  return result;
}

std::string in_brackets(const std::string& text) {
  return text.empty() ? "" : " (" + text + ")";
}

void put_head(std::ostream& out, const json::object& x, const char* what) {
  const auto& session = x.at("session").as_object();
  out << what << " of " << text_of(session.at("date"))
      << (session.at("half_day").as_bool() ? ", a half-day" : "")
      << ", as of " << text_of(x.at("as_of")) << '\n';
}

// -- the morning ------------------------------------------------------------------

void put_market(std::ostream& out, const json::object& x) {
  out << "market      " << text_of(x.at("trend"));
  if (x.at("flagged").as_bool())
    out << " (assumed: no usable index data)\n";
  else
    out << format(" (index %+.2f %% over 5 sessions, volatility %.1f %% a "
                  "year)\n",
                  number(x.at("trend_return")) * 100,
                  number(x.at("volatility")) * 100);
}

void put_watch(std::ostream& out, const json::array& watch) {
  if (watch.empty()) {
    out << "watch       nothing stands out\n";
    return;
  }
  const char* lead = "watch       ";
  for (const auto& entry : watch)
    for (const auto& reason : entry.at("reasons").as_array()) {
      out << lead
          << format("%-8s", text_of(entry.at("symbol")).c_str()) << ' '
          << text_of(reason.at("text")) << '\n';
      lead = "            ";
    }
}

void put_news(std::ostream& out, const json::object& x) {
  const auto& news = x.at("news").as_object();
  for (const auto& h : news.at("headlines").as_array())
    out << "    "
        << (h.at("score").is_null() ? std::string{"     "}
                                    : format("%+.2f", number(h.at("score"))))
        << "  " << text_of(h.at("title")) << " ("
        << text_of(h.at("source")) << ")\n";
}

std::string morning_text(const json::object& x) {
  std::ostringstream out;
  put_head(out, x, "morning");
  out << "session     " << text_of(x.at("session").at("opens_at")) << " to "
      << text_of(x.at("session").at("closes_at")) << '\n';
  put_market(out, x.at("market").as_object());
  out << "model       "
      << (x.at("model").is_null() ? "none: the rules predict"
                                  : text_of(x.at("model")))
      << '\n';
  put_watch(out, x.at("watch").as_array());
  out << "symbols     last move, sentiment, news since "
      << text_of(x.at("news_since")) << '\n';
  for (const auto& entry : x.at("symbols").as_array()) {
    const auto& s = entry.as_object();
    out << format("  %-8s", text_of(s.at("symbol")).c_str())
        << format("  %9s", signed_percent(s.at("last_move"), "-").c_str())
        << "  "
        << (s.at("sentiment").is_null()
              ? std::string{"    -"}
              : format("%+.2f", number(s.at("sentiment"))))
        << "  " << plural(count(s.at("news").as_object(), "count"), "headline")
        << (text_of(s.at("state")) == "halted" ? "  halted" : "")
        << (s.at("stale").as_bool() ? "  stale" : "") << '\n';
    put_news(out, s);
  }
  return out.str();
}

// -- the evening ------------------------------------------------------------------

void put_outcomes(std::ostream& out, const json::object& x) {
  out << "outcomes    " << count(x, "finished") << " final, "
      << count(x, "void") << " of them void\n";
  if (x.at("success_rate").is_null())
    return;
  out << format("            right %.1f %% of %llu; always %s would have been "
                "right %.1f %%: %+.1f points\n",
                number(x.at("success_rate")) * 100,
                static_cast<unsigned long long>(count(x, "samples")),
                text_of(x.at("best_constant")).c_str(),
                number(x.at("best_constant_rate")) * 100,
                number(x.at("difference")) * 100);
}

void put_extremes(std::ostream& out, const char* lead, const json::array& x) {
  for (const auto& o : x) {
    out << lead << format("%-8s", text_of(o.at("symbol")).c_str()) << " "
        << format("%-4s", text_of(o.at("action")).c_str())
        << format(" at confidence %.2f, then ", number(o.at("confidence")))
        << signed_percent(o.at("actual_return")) << "  ("
        << text_of(o.at("timestamp")) << ")\n";
    lead = "            ";
  }
}

void put_data(std::ostream& out, const json::object& x) {
  out << "data        " << plural(count(x, "bars"), "bar") << ", "
      << count(x, "quarantined") << " refused"
      << in_brackets(counts_text(x.at("quarantined_by_reason"))) << ", "
      << count(x, "repaired") << " repaired"
      << in_brackets(counts_text(x.at("repaired_by_reason"))) << ", "
      << count(x, "revised") << " revised\n";
}

void put_learning(std::ostream& out, const json::object& x) {
  out << "model       "
      << (x.at("model").is_null()
            ? "none: the rules predict"
            : text_of(x.at("model").at("model_version")))
      << "\ntraining    ";
  if (x.at("training").is_null()) {
    out << "none yet\n";
    return;
  }
  const auto& t = x.at("training").as_object();
  out << text_of(t.at("status")) << " at " << text_of(t.at("ended_at"));
  if (!text_of(t.at("model_version")).empty())
    out << ": " << text_of(t.at("model_version"))
        << (t.at("promoted").as_bool() ? ", promoted" : ", not promoted");
  if (!text_of(t.at("reason")).empty())
    out << ": " << text_of(t.at("reason"));
  out << '\n';
}

void put_supervision(std::ostream& out, const json::object& x) {
  out << "supervision " << plural(count(x, "restarts"), "restart");
  std::string who;
  for (const auto& child : x.at("by_child").as_array())
    who += (who.empty() ? "" : ", ") + text_of(child.at("child")) + " "
           + std::to_string(child.at("restarts").to_number<std::uint64_t>());
  out << in_brackets(who) << ", "
      << plural(count(x, "escalations"), "escalation") << '\n';
}

std::string evening_text(const json::object& x) {
  std::ostringstream out;
  put_head(out, x, "evening");
  const auto& cycles = x.at("cycles").as_object();
  out << "cycles      " << count(cycles, "completed") << " in time, "
      << count(cycles, "late") << " late, " << count(cycles, "missed")
      << " missed"
      << in_brackets(counts_text(cycles.at("missed_by_reason"))) << ", "
      << count(cycles, "owed") << " owed\n";
  const auto& made = x.at("predictions").as_object();
  out << "predictions " << count(made, "made")
      << in_brackets(counts_text(made.at("by_action"))) << ", "
      << plural(count(made, "abstained"), "abstention")
      << in_brackets(counts_text(made.at("abstained_by_reason"))) << '\n';
  put_outcomes(out, x.at("outcomes").as_object());
  put_extremes(out, "hits        ", x.at("hits").as_array());
  put_extremes(out, "misses      ", x.at("misses").as_array());
  put_data(out, x.at("data").as_object());
  put_learning(out, x);
  put_supervision(out, x.at("supervision").as_object());
  return out.str();
}

} // namespace

std::string to_text(const json::object& x) {
  return x.at("kind").as_string() == "morning" ? morning_text(x)
                                               : evening_text(x);
}

} // namespace banksia::analysis
