#include "runtime/http/session.hpp"

#include "runtime/http/deadline.hpp"
#include "runtime/http/problem_type.hpp"

#include <exception>

namespace banksia::http {

namespace {

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

session::session(session_socket socket, std::shared_ptr<const site> at,
                 core& in)
  : core_(in),
    site_(std::move(at)),
    stream_(std::move(socket), site_->tls),
    limit_timer_(stream_.get_executor()),
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
    self->limit_from_now(self->core_.options.idle_timeout);
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

// -- handling -----------------------------------------------------------------

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
    limit(what.deadline);
}

void session::note_for_audit(const request& what, const route& to,
                             const admitted& decided) {
  if (core_.options.audit && to.access > route_access::read)
    audit_ = pending_audit{what.path, {}, decided};
}

void start_session(session_socket socket, std::shared_ptr<const site> at,
                   core& in) {
  std::make_shared<session>(std::move(socket), std::move(at), in)->run();
}

} // namespace banksia::http
