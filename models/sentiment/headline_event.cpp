#include "models/sentiment/headline_event.hpp"

#include "models/sentiment/words.hpp"

#include <array>
#include <span>
#include <string>

namespace banksia::sentiment {

namespace {

/// Words and phrases of an event, in order of precedence.
struct event_words {
  headline_event event;
  std::string_view words; ///< parted by "|"
};

constexpr std::array<event_words, 7> known = {{
  {headline_event::merger,
   "merger|merge|mergers|merging|takeover|acquisition|acquire|acquires|"
   "acquired|buys|bid for|bid|divest|divests|divestment|sells its|sale of|"
   "stake|joint venture|deal to buy|to buy|spin off|demerger"},
  {headline_event::capital_raising,
   "capital raising|raise capital|raises capital|placement|rights issue|"
   "entitlement offer|share purchase plan|capital notes|hybrid|bond issue|"
   "bonds|bond|notes|buyback|buy back|share issue|tier 1|tier 2|issue of|"
   "securitisation"},
  {headline_event::leadership,
   "ceo|cfo|chief executive|chief financial officer|chair|chairman|chairwoman|"
   "director|board|appoints|appointed|appointment|names|resigns|resignation|"
   "steps down|retires|successor|executive|executives|head of"},
  {headline_event::regulation,
   "apra|asic|accc|austrac|rba|regulator|regulators|regulatory|court|"
   "lawsuit|class action|fine|fined|penalty|probe|inquiry|investigation|"
   "royal commission|sues|sued|compliance|money laundering|breach|settles|"
   "settlement|fraud|enforceable undertaking|watchdog"},
  {headline_event::dividend,
   "dividend|dividends|payout|franked|franking|ex dividend|distribution|"
   "distributions|drp"},
  {headline_event::outlook,
   "outlook|guidance|forecast|forecasts|expects|expectations|upgrade|upgraded|"
   "upgrades|downgrade|downgraded|downgrades|price target|target price|"
   "target|rating|broker|brokers|analyst|analysts|warns|warning|"
   "profit warning|overweight|underweight"},
  {headline_event::earnings,
   "profit|profits|earnings|results|result|half year|full year|quarter|"
   "quarterly|revenue|loss|losses|net income|margin|margins|eps|cash earnings|"
   "first half|second half|trading update|impairments|npat"},
}};

constexpr std::size_t phrase_words_max = 4;

bool is_listed(std::string_view list, std::string_view phrase) {
  for (auto at = list.find(phrase); at != std::string_view::npos;
       at = list.find(phrase, at + 1)) {
    auto end = at + phrase.size();
    if ((at == 0 || list[at - 1] == '|')
        && (end == list.size() || list[end] == '|'))
      return true;
  }
  return false;
}

/// How many words and phrases of `list` occur in `words`.
std::size_t votes(std::span<const word> words, std::string_view list) {
  std::size_t result = 0;
  std::string phrase;
  for (std::size_t i = 0; i < words.size(); ++i) {
    phrase.clear();
    for (std::size_t n = 0; n < phrase_words_max && i + n < words.size(); ++n) {
      if (words[i + n].kind == word_kind::stop)
        break;
      if (n > 0)
        phrase += ' ';
      phrase += words[i + n].text;
      if (is_listed(list, phrase))
        ++result;
    }
  }
  return result;
}

} // namespace

std::string_view to_string(headline_event x) noexcept {
  switch (x) {
    case headline_event::other:
      return "other";
    case headline_event::dividend:
      return "dividend";
    case headline_event::earnings:
      return "earnings";
    case headline_event::regulation:
      return "regulation";
    case headline_event::merger:
      return "merger";
    case headline_event::leadership:
      return "leadership";
    case headline_event::capital_raising:
      return "capital_raising";
    case headline_event::outlook:
      return "outlook";
  }
  return "";
}

headline_event event_of(std::string_view title) {
  text_words words{title};
  auto best = headline_event::other;
  std::size_t most = 0;
  for (const auto& x : known) {
    auto found = votes(words.all(), x.words);
    if (found > most) {
      most = found;
      best = x.event;
    }
  }
  return best;
}

} // namespace banksia::sentiment
