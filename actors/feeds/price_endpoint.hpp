#pragma once

/// How one source of the outside world is asked, and what its answer means.
/// Pure: no socket, no actor; the call between the two is somebody else's.

#include "messages/protocol.hpp"
#include "runtime/http/client.hpp"

#include <functional>
#include <string>

namespace banksia {

/// One source of prices.
struct price_endpoint {
  std::string name; ///< "yahoo"; the last part of its actor's path
  std::string host; ///< what its rate is limited by
  std::function<http::fetch_request(const price_request&)> request;
  /// @param now the wall clock, which sources speak of
  std::function<price_answer(const price_request&, const http::fetch_result&,
                             timestamp now)>
    read;
};

/// Yahoo's chart below `base_url` ("https://query1.finance.yahoo.com").
price_endpoint yahoo_endpoint(std::string base_url);

/// AlphaVantage below `base_url` ("https://www.alphavantage.co").
/// @param key never appears in a text
price_endpoint alpha_vantage_endpoint(std::string base_url, std::string key);

/// Whether an answer with that status says something about prices.
bool is_answered(const price_answer& x) noexcept;

} // namespace banksia
