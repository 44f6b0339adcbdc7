#include "runtime/http/client_connection.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

#include <openssl/x509v3.h>

#include <optional>

namespace banksia::http {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace wire = boost::beast::http;

using boost::system::error_code;
using tls_stream = beast::ssl_stream<beast::tcp_stream>;

namespace {

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

/// Answers "100 Continue" and alike that are skipped before the real one.
constexpr int interim_max = 5;

bool is_closed(const error_code& error) {
  return error == wire::error::end_of_stream || error == asio::error::eof
         || error == asio::error::connection_reset
         || error == asio::error::broken_pipe
         || error == asio::error::connection_aborted
         || error == asio::ssl::error::stream_truncated;
}

call_failure read_failure(const error_code& error) {
  if (error == beast::error::timeout)
    return {fetch_error::timeout, "no byte for too long"};
  if (error == asio::error::operation_aborted)
    return {fetch_error::cancelled, "cancelled"};
  if (error == wire::error::header_limit)
    return {fetch_error::too_large, "the header is too large"};
  if (error == wire::error::body_limit)
    return {fetch_error::too_large, "the body is too large"};
  if (error == wire::error::buffer_overflow)
    return {fetch_error::too_large, "a part of the answer is too large"};
  if (error == wire::error::bad_content_length
      || error == wire::error::multiple_content_length)
    return {fetch_error::bad_length, "a bad Content-Length"};
  if (error == wire::error::partial_message || is_closed(error))
    return {fetch_error::truncated, "the answer ended early"};
  return {fetch_error::protocol, "no HTTP: " + error.message()};
}

/// What OpenSSL found wrong with the other side, or with the handshake.
call_failure tls_failure(SSL* ssl, const error_code& error) {
  if (error == beast::error::timeout)
    return {fetch_error::timeout, "no TLS handshake in time"};
  if (error == asio::error::operation_aborted)
    return {fetch_error::cancelled, "cancelled"};
  auto verdict = ::SSL_get_verify_result(ssl);
  if (verdict != X509_V_OK)
    return {fetch_error::tls, std::string{"certificate: "}
                                + ::X509_verify_cert_error_string(verdict)};
  return {fetch_error::tls, "handshake: " + error.message()};
}

/// The certificate must be for this name, or this address.
bool expect_host(SSL* ssl, const fetch_url& to) {
  if (to.is_address)
    return ::X509_VERIFY_PARAM_set1_ip_asc(::SSL_get0_param(ssl),
                                           to.host.c_str())
           == 1;
  return ::SSL_set1_host(ssl, to.host.c_str()) == 1
         && ::SSL_set_tlsext_host_name(ssl, to.host.c_str()) == 1;
}

bool is_ours(std::string_view name) {
  for (auto known : {"host", "connection", "content-length",
                     "transfer-encoding", "keep-alive", "upgrade", "te"})
    if (equal_ignoring_case(name, known))
      return true;
  return false;
}

wire::request<wire::string_body> message_of(wire_request what) {
  wire::request<wire::string_body> message;
  message.version(11);
  auto verb = wire::string_to_verb(
    beast::string_view{to_string(what.method).data(),
                       to_string(what.method).size()});
  message.method(verb == wire::verb::unknown ? wire::verb::get : verb);
  message.target(what.target);
  auto is_clean = [](std::string_view text) {
    return text.find_first_of(std::string_view{"\r\n\0", 3}) == text.npos;
  };
  auto first = true; // Host, which the client itself puts there
  for (const auto& [name, value] : what.headers) {
    if (!name.empty() && is_clean(name) && is_clean(value)
        && (first || !is_ours(name)))
      message.set(name, value);
    first = false;
  }
  message.body() = std::move(what.body);
  if (!message.body().empty() || what.method == http::method::post
      || what.method == http::method::put)
    message.prepare_payload();
  return message;
}

using parser = wire::response_parser<wire::string_body>;

void set_limits(parser& answer, const fetch_limits& limits, bool is_head) {
  answer.header_limit(static_cast<std::uint32_t>(limits.header_bytes_max));
  answer.body_limit(limits.body_bytes_max);
  answer.skip(is_head);
}

call_failure take_answer(parser& answer, std::size_t left_over,
                         wire_response& out) {
  auto keep_alive = answer.keep_alive();
  auto needs_end = answer.need_eof();
  auto message = answer.release();
  auto coding = message[wire::field::transfer_encoding];
  if (!coding.empty() && !message.chunked())
    return {fetch_error::protocol, "an unknown Transfer-Encoding"};
  if (left_over > 0)
    return {fetch_error::bad_length, "bytes after the end of the answer"};
  out.status = static_cast<int>(message.result_int());
  out.headers.clear();
  for (const auto& field : message)
    out.headers.emplace_back(field.name_string(), field.value());
  out.body = std::move(message.body());
  out.keep_alive = keep_alive && !needs_end;
  return {};
}

template <class Stream>
asio::awaitable<call_failure>
exchange_on(Stream& stream, wire_request what, call_limits within,
            bool reused, wire_response& out) {
  auto& lowest = beast::get_lowest_layer(stream);
  auto is_head = what.method == http::method::head;
  auto message = message_of(std::move(what));
  lowest.expires_at(within.until(within.limits.idle));
  auto [unsent, sent] = co_await wire::async_write(stream, message, as_result);
  (void) sent;
  if (unsent) {
    auto failure = read_failure(unsent);
    failure.stale = reused && is_closed(unsent);
    co_return failure;
  }
  beast::flat_buffer buffer{within.limits.header_bytes_max + 64 * 1024};
  std::size_t received = 0;
  for (int interim = 0; interim < interim_max; ++interim) {
    parser answer;
    set_limits(answer, within.limits, is_head);
    while (!answer.is_done()) {
      lowest.expires_at(within.until(within.limits.idle));
      auto [error, count]
        = co_await wire::async_read_some(stream, buffer, answer, as_result);
      received += count + buffer.size();
      if (!error)
        continue;
      auto failure = read_failure(error);
      failure.stale = reused && received == 0 && is_closed(error);
      co_return failure;
    }
    if (answer.get().result_int() < 200 && answer.get().result_int() != 101)
      continue;
    lowest.expires_never();
    co_return take_answer(answer, buffer.size(), out);
  }
  co_return call_failure{fetch_error::protocol, "no final answer"};
}

} // namespace

struct client_connection::streams {
  streams(asio::io_context& io, asio::ssl::context& trust, const fetch_url& url)
    : to(url) {
    if (to.secure)
      secure.emplace(beast::tcp_stream{io}, trust);
    else
      plain.emplace(io);
  }

  beast::tcp_stream& lowest() {
    return secure ? secure->next_layer() : *plain;
  }

  fetch_url to;
  std::optional<tls_stream> secure;
  std::optional<beast::tcp_stream> plain;
};

client_connection::client_connection(asio::io_context& io,
                                     asio::ssl::context& trust,
                                     const fetch_url& to)
  : streams_(std::make_unique<streams>(io, trust, to)), origin_(to.origin()) {}

client_connection::~client_connection() = default;

void client_connection::close() {
  streams_->lowest().close();
}

asio::awaitable<call_failure> client_connection::open(endpoints at,
                                                      call_limits within) {
  auto& lowest = streams_->lowest();
  lowest.expires_at(within.until(within.limits.connect));
  auto [error, endpoint] = co_await lowest.async_connect(at, as_result);
  if (error == beast::error::timeout)
    co_return call_failure{fetch_error::timeout, "no connection in time"};
  if (error == asio::error::operation_aborted)
    co_return call_failure{fetch_error::cancelled, "cancelled"};
  if (error)
    co_return call_failure{fetch_error::connect, error.message()};
  remote_ = endpoint.address().to_string();
  error_code ignored;
  lowest.socket().set_option(asio::ip::tcp::no_delay{true}, ignored);
  if (!streams_->secure)
    co_return call_failure{};
  auto& secure = *streams_->secure;
  auto* ssl = secure.native_handle();
  if (!expect_host(ssl, streams_->to))
    co_return call_failure{fetch_error::tls, "the host name cannot be checked"};
  lowest.expires_at(within.until(within.limits.handshake));
  auto [refused]
    = co_await secure.async_handshake(asio::ssl::stream_base::client, as_result);
  if (refused)
    co_return tls_failure(ssl, refused);
  co_return call_failure{};
}

asio::awaitable<call_failure>
client_connection::exchange(wire_request what, call_limits within,
                            wire_response& out) {
  auto reused = exchanges_++ > 0;
  if (streams_->secure)
    co_return co_await exchange_on(*streams_->secure, std::move(what), within,
                                   reused, out);
  co_return co_await exchange_on(*streams_->plain, std::move(what), within,
                                 reused, out);
}

} // namespace banksia::http
