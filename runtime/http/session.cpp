#include "runtime/http/session.hpp"

#include "runtime/http/deadline.hpp"
#include "runtime/http/problem_type.hpp"

#include <boost/asio/write.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/read.hpp>

#include <exception>

namespace banksia::http {

namespace {

/// For who has a connection open when the server drains.
constexpr std::chrono::milliseconds draining_idle{300};

/// Bodies up to this size are always read; of larger ones so many bytes at a
/// time, over all connections.
constexpr std::size_t small_body_bytes = 64 * 1024;
constexpr std::size_t body_bytes_sum_max = 64 * 1024 * 1024;

constexpr std::string_view continue_line = "HTTP/1.1 100 Continue\r\n\r\n";

/// The handle a responder holds. Owns the core, not the session.
class session_exchange final : public exchange {
public:
  session_exchange(std::weak_ptr<session> to, std::uint64_t number, core& in,
                   preferences wanted)
    : core_(in.shared_from_this()),
      session_(std::move(to)),
      number_(number),
      wanted_(std::move(wanted)) {}

  /// Digest and compression are work for the thread that answers.
  void answer(response with) override {
    auto to = session_.lock();
    if (!to)
      return;
    try {
      negotiate(with, wanted_);
    } catch (const std::exception&) {
      // Out of memory, say: the answer as it is serves as well.
    }
    to->answer(number_, std::move(with));
  }

  void open(std::shared_ptr<events> from) override {
    if (auto to = session_.lock())
      to->open(number_, std::move(from));
    else
      from->end();
  }

  void wake(std::shared_ptr<events> from) override {
    if (auto to = session_.lock())
      to->wake(std::move(from));
  }

  std::size_t queue_max() const override {
    return core_->options.events_queue_max;
  }

private:
  std::shared_ptr<core> core_; // first: outlives what session_ locks
  std::weak_ptr<session> session_;
  std::uint64_t number_;
  preferences wanted_;
};

} // namespace

session::session(asio::ip::tcp::socket socket, std::shared_ptr<const site> at,
                 core& in)
  : core_(in),
    site_(std::move(at)),
    stream_(std::move(socket), site_->tls),
    answer_timer_(stream_.get_executor()),
    heartbeat_timer_(stream_.get_executor()),
    // Room for a whole header and what was pipelined behind it.
    buffer_(2 * in.options.header_bytes_max) {
  error_code ignored;
  auto remote = stream_.socket().remote_endpoint(ignored);
  client = without_mapping(remote.address());
  remote_ = remote.address().to_string() + ":" + std::to_string(remote.port());
  auto local = stream_.socket().local_endpoint(ignored);
  local_ = {without_mapping(local.address()).to_string(), local.port()};
}

session::~session() {
  release_body();
  if (events_)
    events_->end();
  std::lock_guard lock{core_.mutex};
  core_.connections.erase(this);
  if (core_.connections.empty())
    core_.emptied.notify_all();
}

void session::run() {
  {
    std::lock_guard lock{core_.mutex};
    core_.connections.emplace(this, weak_from_this());
  }
  on_strand([self = self()] {
    if (!self->stream_.is_secure())
      return self->read();
    self->stream_.expires_after(self->core_.options.idle_timeout);
    self->stream_.async_handshake([self](error_code failed) {
      if (failed)
        self->close();
      else
        self->read();
    });
  });
}

void session::drain() {
  on_strand([self = self()] {
    if (self->phase_ == phase::reading)
      self->limit_idle();
    else if (self->phase_ == phase::streaming && self->events_->finish())
      self->pump();
  });
}

void session::cut() {
  on_strand([self = self()] { self->close(); });
}

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
  limit_reading();
  bhttp::async_read_header(stream_, buffer_, *parser_,
                           then(&session::on_header));
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
  limit_reading();
  bhttp::async_read(stream_, buffer_, *parser_, then(&session::on_request));
}

/// The stream's own limit would close it, and leave a client that was too slow
/// without a word.
void session::limit_reading() {
  stream_.expires_never();
  is_late_ = false;
  answer_timer_.expires_after(core_.options.idle_timeout);
  answer_timer_.async_wait(
    [self = self(), number = number_](error_code stopped) {
      if (stopped || self->phase_ != phase::reading
          || self->number_ != number)
        return;
      self->is_late_ = true;
      self->stream_.cancel();
    });
}

void session::on_request(error_code failed) {
  release_body();
  if (phase_ != phase::reading)
    return;
  if (failed)
    return refuse_unreadable(failed);
  if (waiting_since.exchange(0) == 0)
    return close(); // its place was given away
  began_ = std::chrono::steady_clock::now();
  error_.clear();
  further_headers_.clear();
  route_ = "unmatched";
  request what;
  take_over(what);
  auto target = parser_->get().target();
  if (!parse_target({target.data(), target.size()}, what))
    return write(problem(problems::bad_request,
                         "the request's target is not valid: encode what is "
                         "not allowed in a URL"));
  trace_.note_path(what.path);
  handle(what);
}

/// Moves the parsed message into `into` and notes what the answer needs.
void session::take_over(request& into) {
  auto& message = parser_->get();
  auto name = message.method_string();
  into.method = parse_method({name.data(), name.size()});
  into.version = message.version();
  for (const auto& field : message)
    into.headers.emplace_back(std::string{field.name_string()},
                              std::string{field.value()});
  into.body = std::move(message.body());
  into.remote = remote_;
  into.trace_id = trace_.begin(core_.options.spans.get(), into,
                               site_->where.service);
  trace_id_ = into.trace_id;
  auto called = into.header("X-Request-Id");
  into.request_id = called && is_request_id(*called) ? std::string{*called}
                                                     : into.trace_id;
  request_id_ = into.request_id;
  method_ = into.method;
  version_ = into.version;
  keep_alive_ = message.keep_alive();
}

void session::handle(request& what) {
  auto where = site_->routes.find(what.method, what.segments);
  if (where.found)
    route_ = where.found->name;
  reading_origin_ = reading_origin(what, core_.options.rules);
  auto decided = core_.door.judge(what, where, local_, began_);
  further_headers_ = std::move(decided.headers);
  auto refused = std::exchange(decided.refusal, std::nullopt);
  if (where.found && !decided.is_flood)
    note_for_audit(what, *where.found, decided);
  if (refused)
    return write(std::move(*refused));
  if (what.method == http::method::options)
    return write(options_answer(what, where.allow, reading_origin_));
  if (audit_)
    audit_->body = what.body.substr(0, core_.options.audited_body_bytes_max);
  what.params = std::move(where.params);
  if (auto refused = check_request(what, where.found->description,
                                   site_->routes.book()))
    return write(std::move(*refused));
  auto allowed = time_for(what, core_.options.longest(where.found->access));
  if (!allowed)
    return write(std::move(allowed.error()));
  what.deadline = began_ + *allowed;
  answer_by(*where.found, what);
}

void session::answer_by(const route& where, const request& what) {
  phase_ = phase::answering;
  telemetry::trace_scope within{trace_.to(), trace_.context()};
  responder reply{std::make_shared<session_exchange>(
    self(), number_, core_,
    preferences_of(what, !where.description.is_volatile))};
  try {
    where.handler(what, reply);
  } catch (const std::exception& e) {
    // Its text may tell strangers too much: it goes to the observer alone.
    error_ = e.what();
    reply(problem(problems::internal_error,
                  "an error in this server: see its log for this trace_id"));
  }
  if (phase_ == phase::answering)
    limit_answer(what.deadline);
}

void session::note_for_audit(const request& what, const route& to,
                             const admitted& decided) {
  if (core_.options.audit && to.access > route_access::read)
    audit_ = pending_audit{what.path, {}, decided};
}

void session::limit_answer(std::chrono::steady_clock::time_point until) {
  answer_timer_.expires_at(until);
  answer_timer_.async_wait(
    [self = self(), number = number_](error_code stopped) {
      if (!stopped)
        self->answer(number,
                     problem(problems::deadline_passed,
                             "no answer within the time that this request was "
                             "given: try again later"));
    });
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
  stream_.expires_never();
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

void start_session(asio::ip::tcp::socket socket, std::shared_ptr<const site> at,
                   core& in) {
  std::make_shared<session>(std::move(socket), std::move(at), in)->run();
}

} // namespace banksia::http
