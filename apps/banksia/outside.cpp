#include "apps/banksia/outside.hpp"

#include "apps/banksia/limits.hpp"
#include "apps/common/command.hpp"
#include "apps/common/version.hpp"
#include "runtime/http/url.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace banksia {

namespace {

using commands::command_error;

[[noreturn]] void refuse(const std::string& text) {
  throw command_error(commands::exit_bad_config, text);
}

/// AlphaVantage allows 25 calls a day without a contract.
constexpr double free_calls_per_second = 25.0 / 86'400.0;

std::string alpha_vantage_key(const config::settings& x,
                              const std::filesystem::path& data_dir) {
  if (const char* key = std::getenv("ALPHAVANTAGE_API_KEY"); key && *key)
    return key;
  if (x.alphavantage_key_file.empty())
    refuse("no key for AlphaVantage: configuration, key "
           "alphavantage_key_file: name a file, or set ALPHAVANTAGE_API_KEY");
  auto file = data_dir / x.alphavantage_key_file;
  std::ifstream in{file};
  std::string key;
  if (!(in >> key))
    refuse("no key for AlphaVantage: " + file.string()
           + ": write the key alone into it");
  return key;
}

std::vector<std::string> names_of(const std::string& list) {
  std::vector<std::string> result;
  std::istringstream in{list};
  for (std::string name; std::getline(in, name, ',');) {
    auto begin = name.find_first_not_of(' ');
    auto end = name.find_last_not_of(' ');
    if (begin != std::string::npos)
      result.push_back(name.substr(begin, end - begin + 1));
  }
  return result;
}

/// One feed for each address, its pages for each symbol.
std::vector<news_setup> news_of(const config::settings& x) {
  std::vector<news_setup> result;
  std::istringstream in{x.news_feeds};
  for (std::string address; in >> address;) {
    constexpr std::string_view place = "{symbol}";
    auto at = address.find(place);
    auto sample = address;
    if (at != std::string::npos)
      sample.replace(at, place.size(), "X");
    auto url = http::parse_url(sample);
    if (!url)
      refuse("no news address \"" + http::masked(address) + "\": "
             + url.error()
             + ": configuration, key news_feeds: use http or https addresses");
    news_setup made;
    made.name = url->host;
    auto same = std::count_if(result.begin(), result.end(), [&](auto& y) {
      return y.name == made.name || y.name.starts_with(made.name + "-");
    });
    if (same > 0)
      made.name += "-" + std::to_string(same + 1);
    if (at == std::string::npos) {
      made.pages.push_back({address, {}});
    } else {
      made.page_of_symbol = address;
      for (const auto& symbol : x.symbols)
        made.pages.push_back({news_address(address, symbol), symbol});
    }
    made.poll_every = std::chrono::minutes{x.news_poll_minutes};
    made.aliases = sentiment::bank_aliases();
    result.push_back(std::move(made));
  }
  return result;
}

/// One feed for each series. They ask the source that prices come from; where
/// those come from others alone, one of their own.
void add_context(outside_world& to, const config::settings& x,
                 const source_setup& yahoo) {
  for (auto series : parse_context_names(x.context_series).series) {
    context_setup made;
    made.series = series;
    made.source = yahoo.endpoint.name;
    made.wall = yahoo.wall;
    made.board = yahoo.board;
    to.context.push_back(std::move(made));
  }
  auto asked = std::any_of(
    to.sources.begin(), to.sources.end(),
    [&](const auto& y) { return name_of(y) == yahoo.endpoint.name; });
  if (!to.context.empty() && !asked)
    to.context_source = yahoo;
}

} // namespace

outside_world outside_of(const config::settings& x,
                         const std::filesystem::path& data_dir,
                         std::function<timestamp()> wall,
                         std::shared_ptr<feed_board> board) {
  http::client_options with;
  with.user_agent = "banksia/" + std::string{version_number()};
  with.sends_traceparent = x.tracing_sources == "on";
  if (!x.extra_ca_file.empty())
    with.ca_file = (data_dir / x.extra_ca_file).string();
  outside_world result;
  result.board = board;
  std::shared_ptr<http::client> client;
  try {
    client = std::make_shared<http::client>(with);
  } catch (const std::runtime_error& error) {
    refuse(std::string{error.what()} + ": configuration, key extra_ca_file");
  }
  source_setup plain;
  plain.rules.breaker = feed_breaker(x);
  plain.client = client;
  plain.wall = wall;
  plain.board = board;
  for (const auto& name : names_of(x.price_feeds)) {
    if (name == "folder") {
      folder_setup folder;
      folder.folder = data_dir / x.price_folder;
      folder.wall = wall;
      folder.board = board;
      result.sources.push_back(std::move(folder));
      continue;
    }
    auto source = plain;
    if (name == "yahoo") {
      source.endpoint = yahoo_endpoint(x.yahoo_url);
    } else if (name == "alphavantage") {
      source.endpoint = alpha_vantage_endpoint(x.alphavantage_url,
                                               alpha_vantage_key(x, data_dir));
      source.rules.rate.per_second = free_calls_per_second;
      source.rules.rate.burst = 5;
    } else {
      refuse("no price source \"" + name
             + "\": configuration, key price_feeds: use yahoo, "
               "alphavantage, folder");
    }
    result.sources.push_back(std::move(source));
  }
  plain.endpoint = yahoo_endpoint(x.yahoo_url);
  add_context(result, x, plain);
  result.news = news_of(x);
  // Several addresses may lie on one host.
  auto rate = std::make_shared<shared_rate_limiter>();
  for (auto& news : result.news) {
    news.rate = rate;
    news.rules.breaker = feed_breaker(x);
    news.client = client;
    news.wall = wall;
    news.board = board;
  }
  if (result.sources.empty())
    refuse("no price source: configuration, key price_feeds: use yahoo, "
           "alphavantage, folder");
  return result;
}

} // namespace banksia
