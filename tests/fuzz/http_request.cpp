/// The whole way of a request from its bytes to a handler: HTTP, target,
/// headers, admission, a JSON body. The first byte chooses how it comes in.

#include "runtime/http/admission.hpp"
#include "runtime/http/plain_target.hpp"
#include "runtime/json/text.hpp"

#include "tests/fuzz/require.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <algorithm>
#include <cstdint>

using namespace banksia;

namespace {

namespace bhttp = boost::beast::http;

const std::string secret = "operators";

http::router routes() {
  http::router result;
  auto none = [](const http::request&, const http::responder&) {};
  result.get("/livez", none)
    .get("/predictions/{id}", none)
    .post("/data/validate", none)
    .post("/ml/models/{version}/promote", none)
    .get("/files/{rest*}", none)
    .require(http::method::get, "/livez", http::route_access::open)
    .require(http::method::post, "/data/validate", http::route_access::read)
    .require(http::method::post, "/ml/models/{version}/promote",
             http::route_access::admin);
  return result;
}

/// As a session takes a message over.
http::request taken_over(bhttp::request<bhttp::string_body>& message) {
  http::request result;
  auto name = message.method_string();
  result.method = http::parse_method({name.data(), name.size()});
  result.version = message.version();
  for (const auto& field : message)
    result.headers.emplace_back(std::string{field.name_string()},
                                std::string{field.value()});
  result.body = std::move(message.body());
  result.remote = "198.51.100.9:4000";
  http::parse_traceparent(result.header("traceparent").value_or(""));
  return result;
}

void read_body(const http::request& what) {
  auto body = http::parse_json_body(what);
  if (body)
    json_text(*body);
  else
    BANKSIA_REQUIRE(body.error().status == 400);
}

void judge(http::request& what, std::string_view target) {
  static const auto table = routes();
  static http::admission door{[] {
                                http::access_rules rules;
                                rules.token = secret;
                                rules.reading_is_free = false;
                                rules.behind_proxy = true;
                                rules.trusted_proxies = {"198.51.100.9"};
                                rules.allowed_hosts = {"a.example"};
                                return rules;
                              }(),
                              {10, 10}};
  if (!http::parse_target(target, what))
    return;
  auto where = table.find(what.method, what.segments);
  static std::chrono::steady_clock::time_point now{};
  now += std::chrono::seconds{1};
  auto decided = door.judge(what, where, {"192.0.2.7", 8001}, now);
  if (decided.refusal) {
    BANKSIA_REQUIRE(decided.refusal->status >= 400
                    && decided.refusal->status < 500);
    for (const auto& [name, value] : decided.refusal->headers)
      BANKSIA_REQUIRE(value.find_first_of("\r\n") == value.npos);
    BANKSIA_REQUIRE(decided.refusal->body.find(secret) == std::string::npos
                    || target.find(secret) != target.npos);
    return;
  }
  BANKSIA_REQUIRE(where.found && http::is_plain_target(what));
  if (where.found->access != http::route_access::open) {
    auto given = http::given_secret(what);
    BANKSIA_REQUIRE(given && *given == secret);
    BANKSIA_REQUIRE(http::is_loopback_address(decided.client));
  }
  if (http::is_changing(what.method) && !what.body.empty())
    read_body(what);
}

/// As the server's limits are.
void read_request(std::string_view bytes) {
  bhttp::request_parser<bhttp::string_body> parser;
  parser.header_limit(8 * 1024);
  parser.body_limit(1024 * 1024);
  parser.eager(true);
  boost::system::error_code failed;
  while (!bytes.empty() && !parser.is_done() && !failed) {
    auto used = parser.put(boost::asio::buffer(bytes), failed);
    if (used == 0)
      break;
    bytes.remove_prefix(used);
  }
  if (failed || !parser.is_done())
    return;
  auto& message = parser.get();
  auto lengths = message.count(bhttp::field::content_length);
  BANKSIA_REQUIRE(lengths == 0
                  || message.count(bhttp::field::transfer_encoding) == 0
                  || !message.chunked());
  auto target = std::string{message.target()};
  auto what = taken_over(message);
  judge(what, target);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  if (size == 0)
    return 0;
  std::string_view text{reinterpret_cast<const char*>(data) + 1, size - 1};
  if ((data[0] & 3) == 0) {
    http::request body;
    body.body = text;
    read_body(body);
  } else if ((data[0] & 3) == 1) {
    http::request what;
    what.headers = {{"Host", "localhost"}};
    what.remote = "127.0.0.1:1";
    auto end = std::min(text.find('\n'), text.size());
    auto target = text.substr(0, end);
    what.headers.emplace_back("Authorization",
                              std::string{text.substr(end)});
    judge(what, target);
  } else {
    read_request(text);
  }
  return 0;
}
