#include "runtime/http/answer_head.hpp"
#include "runtime/http/session.hpp"

#include <boost/asio/write.hpp>

#include <utility>

namespace banksia::http {

namespace {

constexpr std::string_view heartbeat_line = ":\n\n";

/// Bytes of an unread request that are taken in before closing.
constexpr std::size_t lingering_bytes_max = 8 * 1024 * 1024;

bool has_no_body(int status) {
  return status == 204 || status == 304 || status < 200;
}

/// Puts `trace_id` where `problem` left it empty. No text value can hold
/// these quotes unescaped, and the member comes before any of the caller's.
void add_trace_id(response& to, const std::string& trace_id) {
  static constexpr std::string_view empty = R"("trace_id":"")";
  if (to.content_type != "application/problem+json")
    return;
  if (auto at = to.body.find(empty); at != std::string::npos)
    to.body.insert(at + empty.size() - 1, trace_id);
}

} // namespace

// -- writing ------------------------------------------------------------------

void session::answer(std::uint64_t number, response with) {
  on_strand([self = self(), number, with = std::move(with)]() mutable {
    if (self->phase_ == phase::answering && self->number_ == number)
      self->write(std::move(with));
  });
}

void session::write(response with) {
  audit(with.status);
  phase_ = phase::writing;
  keep_alive_ = keep_alive_ && !core_.draining;
  compose(std::move(with));
  limit_from_now(core_.options.idle_timeout);
  send(&session::on_written);
}

void session::send(void (session::*next)(error_code)) {
  std::array buffers{asio::buffer(std::as_const(head_)),
                     asio::buffer(std::as_const(body_))};
  asio::async_write(stream_, buffers, then(next));
}

/// Makes the texts that are sent.
void session::compose(response with) {
  ++number_;
  add_trace_id(with, trace_id_);
  if (!reading_origin_.empty())
    for (auto& header : cross_origin_headers(reading_origin_))
      with.headers.push_back(std::move(header));
  head_facts facts;
  facts.version = version_;
  facts.keep_alive = keep_alive_;
  facts.is_secure = stream_.is_secure() || core_.options.rules.behind_proxy;
  facts.trace_id = trace_id_;
  facts.request_id = request_id_;
  facts.further = &further_headers_;
  auto has_body = !has_no_body(with.status) && !events_;
  if (has_body)
    facts.content_length = with.body.size();
  status_ = with.status;
  head_ = answer_head(with, facts);
  body_.clear();
  if (has_body && method_ != http::method::head)
    body_ = std::move(with.body);
}

void session::on_written(error_code failed) {
  if (phase_ != phase::writing)
    return;
  observe(status_);
  if (failed)
    return close();
  if (!keep_alive_)
    return linger();
  read();
}

void session::observe(int status) {
  auto is_traced = trace_.to() != nullptr;
  trace_.end(route_, status, error_);
  if (!core_.options.observer)
    return;
  served what;
  what.service = site_->where.service;
  what.route = route_;
  what.method = method_;
  what.status = status;
  if (began_ != std::chrono::steady_clock::time_point{})
    what.took = std::chrono::steady_clock::now() - began_;
  what.trace_id = trace_id_;
  what.remote = remote_;
  what.error = error_;
  what.is_traced = is_traced;
  core_.options.observer(what);
}

/// Writes down the request under way, once, if it is to be.
void session::audit(int status) {
  auto noted = std::exchange(audit_, std::nullopt);
  if (!noted)
    return;
  audited what;
  what.service = site_->where.service;
  what.route = route_;
  what.method = method_;
  what.path = noted->path;
  what.body = noted->body;
  what.client = noted->by.client;
  what.caller = noted->by.caller;
  what.scope = noted->by.scope;
  what.status = status;
  what.trace_id = trace_id_;
  core_.options.audit(what);
}

/// Closes our side and takes in what the client still sends. Closing at once
/// would make the kernel reset the connection, and the client might lose the
/// answer to a request it has not finished sending.
void session::linger() {
  if (phase_ == phase::closed)
    return;
  phase_ = phase::lingering;
  limit_from_now(std::chrono::milliseconds{core_.draining ? 200 : 2'000});
  if (stream_.is_secure())
    return stream_.async_shutdown([self = self()](error_code) {
      self->close();
    });
  error_code ignored;
  stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  lingered_bytes_ = 0;
  read_rest();
}

void session::read_rest() {
  stream_.async_read_some(
    asio::buffer(scratch_),
    [self = self()](error_code failed, std::size_t count) {
      self->lingered_bytes_ += count;
      if (failed || self->lingered_bytes_ > lingering_bytes_max)
        self->close();
      else
        self->read_rest();
    });
}

void session::close() {
  audit(0);
  phase_ = phase::closed;
  lift_limit();
  limit_timer_.cancel();
  heartbeat_timer_.cancel();
  stream_.close();
  if (events_)
    events_->end();
}

// -- events -------------------------------------------------------------------

void session::open(std::uint64_t number, std::shared_ptr<events> from) {
  on_strand([self = self(), number, from = std::move(from)]() mutable {
    if (self->phase_ != phase::answering || self->number_ != number)
      return from->end();
    self->phase_ = phase::writing;
    self->keep_alive_ = false; // the stream ends with the connection
    self->events_ = std::move(from);
    // Proxies that buffer would hold events back.
    self->compose({200, "text/event-stream", "",
                   {{"Cache-Control", "no-cache"},
                    {"X-Accel-Buffering", "no"}}});
    self->limit_from_now(self->core_.options.idle_timeout);
    self->send(&session::on_stream_open);
  });
}

void session::on_stream_open(error_code failed) {
  if (phase_ != phase::writing)
    return;
  observe(200);
  if (failed)
    return close();
  if (method_ == http::method::head) {
    events_->end();
    return linger();
  }
  phase_ = phase::streaming;
  lift_limit();
  watch_client();
  beat();
  if (core_.draining)
    events_->finish();
  pump();
}

void session::wake(std::shared_ptr<events> from) {
  on_strand([self = self(), from = std::move(from)] {
    if (self->phase_ == phase::streaming && self->events_ == from)
      self->pump();
  });
}

void session::pump() {
  if (events_writing_)
    return; // comes here again when written
  auto text = events_->take();
  if (!text.empty())
    return write_events(std::move(text));
  if (events_->is_done()) {
    // The client's side is being read already: that read sees its end.
    phase_ = phase::lingering;
    heartbeat_timer_.cancel();
    events_->end();
    error_code ignored;
    stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    heartbeat_timer_.expires_after(
      std::chrono::milliseconds{core_.draining ? 200 : 2'000});
    heartbeat_timer_.async_wait([self = self()](error_code stopped) {
      if (!stopped)
        self->close();
    });
  }
}

void session::write_events(std::string text) {
  events_writing_ = true;
  events_text_ = std::move(text);
  limit_from_now(core_.options.idle_timeout);
  asio::async_write(stream_, asio::buffer(events_text_),
                    [self = self()](error_code failed, std::size_t) {
                      self->events_writing_ = false;
                      self->lift_limit();
                      if (self->phase_ != phase::streaming)
                        return;
                      if (failed)
                        self->close();
                      else
                        self->pump();
                    });
}

/// Reads to notice that the client has left; what it sends is thrown away.
void session::watch_client() {
  stream_.async_read_some(
    asio::buffer(scratch_), [self = self()](error_code failed, std::size_t) {
      if (failed)
        self->close();
      else
        self->watch_client();
    });
}

void session::beat() {
  heartbeat_timer_.expires_after(core_.options.heartbeat_interval);
  heartbeat_timer_.async_wait([self = self()](error_code stopped) {
    if (stopped || self->phase_ != phase::streaming)
      return;
    if (!self->events_writing_)
      self->write_events(std::string{heartbeat_line});
    self->beat();
  });
}

} // namespace banksia::http
