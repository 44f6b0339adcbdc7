#include "models/market/simulator_headlines.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <string_view>

namespace banksia::simulation {

namespace {

constexpr std::size_t titles_per_mood = 8;
using title_list = std::array<std::string_view, titles_per_mood>;

// From the worst mood to the best. A security's name is put before each.
constexpr std::array<title_list, 5> titles = {{
  {"shares plunge after a severe profit warning",
   "slashes its dividend as losses mount",
   "faces a fraud investigation by the regulator",
   "suffers a massive outage, customers are furious",
   "hit with a record fine over failed controls",
   "cuts guidance sharply, blames bad debts",
   "downgraded to sell amid fears of a capital shortfall",
   "loses a class action, expects heavy charges"},
  {"slips as margins come under pressure",
   "warns of weaker lending growth",
   "broker lowers its price target",
   "costs rise faster than expected",
   "arrears edge higher in the quarter",
   "loses market share to smaller rivals",
   "delays its technology programme",
   "flags a softer outlook for the half"},
  {"to hold its annual meeting next month",
   "names a new head of operations",
   "trades in line with the sector",
   "publishes its quarterly disclosure",
   "changes its share registry",
   "completes the move of its head office",
   "analysts leave estimates unchanged",
   "lodges notice of a routine issue"},
  {"gains as margins improve",
   "broker raises its price target",
   "reports steady growth in deposits",
   "costs fall ahead of plan",
   "wins new business customers",
   "arrears ease in the quarter",
   "upgrades its digital service on time",
   "sees a better outlook for the half"},
  {"shares surge on a record profit",
   "raises its dividend after strong results",
   "announces a large buyback, shares jump",
   "beats forecasts by a wide margin",
   "upgraded to buy on excellent growth",
   "lifts guidance on booming demand",
   "wins a landmark contract, analysts cheer",
   "delivers outstanding results in every division"},
}};

std::size_t mood_of(double score) {
  constexpr std::array<double, 4> bounds = {-0.5, -0.15, 0.15, 0.5};
  std::size_t mood = 0;
  while (mood < bounds.size() && score >= bounds[mood])
    ++mood;
  return mood;
}

micros part_of(micros whole, double share) {
  return micros{
    static_cast<micros::rep>(static_cast<double>(whole.count()) * share)};
}

/// Whole seconds, as feeds have them.
timestamp to_seconds(timestamp t) {
  return std::chrono::floor<std::chrono::seconds>(t);
}

} // namespace

std::vector<headline> written_headlines(const symbol_profile& about,
                                        const headline_window& window,
                                        const headline_mood& mood,
                                        const keyed_stream& stream) {
  constexpr auto before_open = std::chrono::hours{3};
  // Counter 0 is the number of headlines; each headline owns 16 counters.
  auto count = 2 + stream.bits(0) % 4;
  auto from = window.opens_at - before_open;
  std::vector<timestamp> times;
  for (std::uint64_t n = 0; n < count; ++n)
    times.push_back(to_seconds(
      from
      + part_of(window.closes_at - from, stream.uniform(16 * (n + 1)))));
  std::sort(times.begin(), times.end());
  std::vector<headline> result;
  for (std::uint64_t n = 0; n < count; ++n) {
    auto base = 16 * (n + 1);
    auto at = times[n];
    auto past = at < window.opens_at ? mood.last_own : mood.gap_own;
    auto noise = stream.normal(base / 2 + 2);
    auto score
      = std::tanh(0.6 * (0.6 * mood.tone + 0.3 * past + 0.7 * noise));
    const auto& list = titles[mood_of(score)];
    headline h;
    h.symbol = about.symbol;
    h.source = "simulator";
    h.title = about.name + " "
              + std::string{list[stream.bits(base + 1) % list.size()]}
              + " [simulated " + banksia::to_string(window.date) + "/"
              + std::to_string(n + 1) + "]";
    h.headline_id = sha256_hex(h.source + "\n" + h.link + "\n" + h.title);
    h.published_at = at;
    h.known_at = std::min(
      to_seconds(at + part_of(std::chrono::seconds{90},
                              stream.uniform(base + 2))),
      window.closes_at);
    h.received_at = h.known_at;
    h.score = real{score};
    h.scored = true;
    result.push_back(std::move(h));
  }
  return result;
}

} // namespace banksia::simulation
