#include "runtime/http/problem_type.hpp"
#include "runtime/http/session.hpp"

#include <boost/asio/write.hpp>
#include <boost/beast/core/read_size.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>

#include <utility>

namespace banksia::http {

namespace {

/// For who has a connection open when the server drains.
constexpr std::chrono::milliseconds draining_idle{300};

/// Bodies up to this size are always read; of larger ones so many bytes at a
/// time, over all connections.
constexpr std::size_t small_body_bytes = 64 * 1024;
constexpr std::size_t body_bytes_sum_max = 64 * 1024 * 1024;

constexpr std::string_view continue_line = "HTTP/1.1 100 Continue\r\n\r\n";

} // namespace

// -- reading ------------------------------------------------------------------

void session::read() {
  phase_ = phase::reading;
  waiting_since = std::chrono::steady_clock::now().time_since_epoch().count();
  if (core_.draining)
    limit_idle();
  parser_.emplace();
  parser_->header_limit(
    static_cast<std::uint32_t>(core_.options.header_bytes_max));
  parser_->body_limit(core_.options.body_bytes_max);
  wants_body_ = false;
  limit_reading();
  parse();
}

/// Takes from the buffer until the header, or the whole request, is there;
/// reads more when that is not enough. As Beast's own reading does it, without
/// its operations within operations: they cost more than all that is parsed.
void session::parse() {
  while (buffer_.size() > 0) {
    error_code failed;
    buffer_.consume(parser_->put(buffer_.data(), failed));
    if (failed == bhttp::error::need_more)
      break;
    if (failed || (wants_body_ ? parser_->is_done()
                               : parser_->is_header_done()))
      return on_parsed(failed);
  }
  read_more();
}

void session::read_more() {
  constexpr std::size_t read_bytes_max = 64 * 1024;
  // The limit may have passed just when more came.
  if (is_late_)
    return on_parsed(asio::error::operation_aborted);
  auto size = beast::read_size(buffer_, read_bytes_max);
  if (size == 0)
    return on_parsed(bhttp::error::buffer_overflow);
  stream_.async_read_some(buffer_.prepare(size),
                          [self = self()](error_code failed, std::size_t n) {
                            self->on_bytes(failed, n);
                          });
}

void session::on_bytes(error_code failed, std::size_t count) {
  if (phase_ != phase::reading)
    return;
  buffer_.commit(count);
  if (!failed)
    return parse();
  if (failed == asio::error::eof) {
    failed = bhttp::error::end_of_stream;
    if (parser_->got_some()) {
      failed = {};
      parser_->put_eof(failed);
    }
  }
  on_parsed(failed);
}

void session::on_parsed(error_code failed) {
  if (wants_body_)
    on_request(failed);
  else
    on_header(failed);
}

/// While the server drains: who was told that the connection stays open may
/// have sent a request before it could hear otherwise.
void session::limit_idle() {
  heartbeat_timer_.expires_after(draining_idle);
  heartbeat_timer_.async_wait([self = self()](error_code stopped) {
    auto is_idle = self->phase_ == phase::reading && self->buffer_.size() == 0
                   && !(self->parser_ && self->parser_->got_some());
    if (!stopped && is_idle)
      self->close();
  });
}

/// Whether there is room for the body, however many others send one.
bool session::reserve_body() {
  auto declared = parser_->content_length();
  auto bytes = declared ? static_cast<std::size_t>(*declared)
               : parser_->chunked() ? core_.options.body_bytes_max
                                    : std::size_t{0};
  if (bytes <= small_body_bytes)
    return true;
  reserved_bytes_ = bytes;
  if ((core_.body_bytes += bytes) <= body_bytes_sum_max)
    return true;
  release_body();
  return false;
}

void session::release_body() {
  core_.body_bytes -= std::exchange(reserved_bytes_, 0);
}

void session::on_header(error_code failed) {
  if (phase_ != phase::reading)
    return;
  if (failed)
    return refuse_unreadable(failed);
  const auto& message = parser_->get();
  if (message.target().size() > core_.options.target_bytes_max)
    return refuse_unread(problems::target_too_long,
                         "the request's target is too long: shorten it");
  if (!reserve_body())
    return refuse_unread(problems::too_many_bodies,
                         "too many large bodies at a time: try again");
  if (!beast::iequals(message[bhttp::field::expect], "100-continue"))
    return read_body();
  asio::async_write(stream_, asio::buffer(continue_line),
                    [self = self()](error_code unsent, std::size_t) {
                      if (unsent)
                        self->close();
                      else
                        self->read_body();
                    });
}

void session::read_body() {
  if (phase_ != phase::reading)
    return;
  if (parser_->is_done())
    return on_request({});
  limit_reading();
  wants_body_ = true;
  parser_->eager(true);
  parse();
}

void session::limit_reading() {
  is_late_ = false;
  limit_from_now(core_.options.idle_timeout);
}

/// Whether the target outgrew its limit, once the whole header has.
bool session::is_target_too_long() const {
  // Beast may have taken the first line from the buffer already.
  auto target = parser_->get().target();
  if (!target.empty())
    return target.size() > core_.options.target_bytes_max;
  auto data = buffer_.data();
  std::string_view text{static_cast<const char*>(data.data()), data.size()};
  return text.find('\n') > core_.options.target_bytes_max
         && text.size() > core_.options.target_bytes_max;
}

void session::refuse_unreadable(error_code why) {
  if (is_late_ && parser_->got_some())
    return refuse_unread(problems::request_timeout,
                         "the request did not come to its end in time: send "
                         "it faster");
  if (why == bhttp::error::header_limit
      || why == bhttp::error::buffer_overflow) {
    if (is_target_too_long())
      return refuse_unread(problems::target_too_long,
                         "the request's target is too long: shorten it");
    return refuse_unread(problems::headers_too_long,
                         "the request's headers are too long: send less");
  }
  if (why == bhttp::error::body_limit)
    return refuse_unread(problems::body_too_long,
                         "the request's body is too long: send less");
  if (why == bhttp::error::bad_version)
    return refuse_unread(problems::http_version,
                         "this server speaks HTTP/1.1: use it");
  auto is_gone = why == bhttp::error::end_of_stream
                 || why == bhttp::error::partial_message;
  if (!is_gone && why.category() == bhttp::make_error_code(
                    bhttp::error::bad_method).category())
    return refuse_unread(problems::bad_request,
                         "this is no HTTP request: " + why.message());
  close(); // gone, too slow or cut
}

/// Answers a request that was not read to its end, then closes: what follows
/// cannot be told from a further request.
void session::refuse_unread(const problem_type& of, std::string_view detail) {
  waiting_since = 0;
  began_ = {};
  error_.clear();
  further_headers_.clear();
  route_ = "unmatched";
  trace_id_ = make_trace_id();
  trace_.clear();
  request_id_ = trace_id_;
  reading_origin_.clear();
  method_ = http::method::other;
  version_ = 11;
  keep_alive_ = false;
  write(problem(of, detail));
}

} // namespace banksia::http
