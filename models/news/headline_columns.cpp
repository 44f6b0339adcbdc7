#include "models/news/headline_columns.hpp"

namespace banksia {

std::string plain_name(std::string_view name) {
  std::string result;
  for (char c : name) {
    if (c >= 'A' && c <= 'Z')
      result += static_cast<char>(c - 'A' + 'a');
    else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
      result += c;
  }
  return result;
}

const std::array<std::string_view, 14>&
names_of(headline_column x) noexcept {
  static constexpr std::array<std::array<std::string_view, 14>,
                              headline_column_count>
    names{{
      {"title", "headline", "newstitle", "newsheadline"},
      {"published", "publishedat", "publisheddate", "publishedtime",
       "publishtime", "datepublished", "pubdate", "providerpublishtime",
       "eventdate", "datetime", "date", "time", "updated", "timestamp"},
      {"fetched", "fetchedat", "seenat", "firstseen", "receivedat",
       "retrievedat", "collectedat", "crawledat", "scrapedat", "knownat"},
      {"source", "sourcename", "publisher", "provider", "site"},
      {"link", "url", "articleurl", "sourceurl"},
      {"symbol", "ticker", "symbols", "tickers", "relatedtickers"},
    }};
  return names[static_cast<std::size_t>(x)];
}

std::size_t rank_of(headline_column x, std::string_view plain) noexcept {
  const auto& names = names_of(x);
  for (std::size_t i = 0; i < names.size() && !names[i].empty(); ++i)
    if (names[i] == plain)
      return i;
  return no_rank;
}

} // namespace banksia
