#include "runtime/http/client.hpp"

#include "runtime/http/client_connection.hpp"
#include "runtime/http/client_flight.hpp"
#include "runtime/http/client_text.hpp"
#include "runtime/http/fetch_span.hpp"
#include "runtime/http/url.hpp"
#include "runtime/telemetry/active_span.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <atomic>
#include <deque>
#include <stdexcept>
#include <thread>
#include <unordered_map>

namespace banksia::http {

namespace asio = boost::asio;

using asio::ip::tcp;

namespace {

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

} // namespace

// -- the client ---------------------------------------------------------------

struct client::impl {
  explicit impl(client_options with);

  void start(const flight_ptr& call);
  void finish(const flight_ptr& call, fetch_result result);
  void fail(const flight_ptr& call, fetch_error error, std::string text);
  void stop();

  asio::awaitable<void> run(flight_ptr call);
  asio::awaitable<call_failure> find(flight_ptr call, fetch_url to,
                                     client_connection::endpoints& out);
  asio::awaitable<call_failure> connect(flight_ptr call, fetch_url to);
  asio::awaitable<call_failure> one_exchange(flight_ptr call, fetch_url to,
                                             bool same_origin,
                                             wire_response& out);
  call_failure check_inside(flight& call, std::string_view address) const;
  call_failure follow(flight& call, const wire_response& got,
                      fetch_url& to) const;
  void complete(const flight_ptr& call, wire_response got);

  connection_ptr take_idle(const std::string& origin);
  void keep(connection_ptr connection);
  void forget_old();

  struct idle_connection {
    connection_ptr connection;
    elapsed_clock::time_point since;
  };

  client_options options;
  std::atomic<std::uint64_t> calls{0}, opened{0}, reused{0}, stale{0};
  std::atomic<std::size_t> in_flight{0};
  bool stopping = false;
  asio::ssl::context trust{asio::ssl::context::tls_client};
  asio::io_context io{1};
  // After the context, so that they go first.
  std::unordered_map<flight*, flight_ptr> flights;
  std::unordered_map<std::string, std::deque<idle_connection>> idle;
  asio::executor_work_guard<asio::io_context::executor_type> work{
    io.get_executor()};
  std::thread thread;
};

client::impl::impl(client_options with) : options(std::move(with)) {
  if (!options.is_private)
    options.is_private = is_private_address;
  trust.set_options(asio::ssl::context::default_workarounds
                    | asio::ssl::context::no_tlsv1
                    | asio::ssl::context::no_tlsv1_1);
  trust.set_verify_mode(asio::ssl::verify_peer);
  boost::system::error_code failure;
  trust.set_default_verify_paths(failure);
  if (!options.ca_file.empty()) {
    trust.load_verify_file(options.ca_file, failure);
    if (failure)
      throw std::runtime_error{"certificates cannot be read: " + options.ca_file
                               + ": " + failure.message()};
  }
  thread = std::thread{[this] { io.run(); }};
}

void client::impl::start(const flight_ptr& call) {
  if (stopping)
    return fail(call, fetch_error::cancelled, "the client is stopping");
  flights.emplace(call.get(), call);
  call->timer.expires_at(call->within.deadline);
  call->timer.async_wait([this, call](boost::system::error_code cancelled) {
    if (!cancelled)
      fail(call, fetch_error::timeout,
           "no complete answer within "
             + std::to_string(call->within.limits.total.count()) + " ms");
  });
  asio::co_spawn(io, run(call), [this, call](std::exception_ptr thrown) {
    if (call->finished())
      return;
    std::string text = "no answer";
    try {
      if (thrown)
        std::rethrow_exception(thrown);
    } catch (const std::exception& error) {
      text = error.what();
    }
    fail(call, fetch_error::protocol, text);
  });
}

void client::impl::finish(const flight_ptr& call, fetch_result result) {
  if (call->finished())
    return;
  call->timer.cancel();
  call->names.cancel();
  if (result.error != fetch_error::none && call->at)
    call->at->close();
  call->at = nullptr;
  flights.erase(call.get());
  --in_flight;
  result.url = call->url;
  result.redirects = call->redirects;
  result.reused = call->reused;
  result.took = elapsed_clock::now() - call->started;
  // Whoever is told goes on in the call's span.
  telemetry::trace_scope within{call->span.to(), call->span.context()};
  end_fetch_span(call->span, result);
  std::exchange(call->done, nullptr)(std::move(result));
}

void client::impl::fail(const flight_ptr& call, fetch_error error,
                        std::string text) {
  fetch_result result;
  result.error = error;
  result.text = (call->url.empty() ? std::string{} : call->url + ": ")
                + masked(text);
  finish(call, std::move(result));
}

void client::impl::stop() {
  stopping = true;
  while (!flights.empty()) {
    auto call = flights.begin()->second; // `fail` erases it there
    fail(call, fetch_error::cancelled, "the client is stopping");
  }
  idle.clear();
  work.reset();
}

// -- connections kept open ----------------------------------------------------

void client::impl::forget_old() {
  auto oldest = elapsed_clock::now() - options.idle_lifetime;
  for (auto i = idle.begin(); i != idle.end();) {
    while (!i->second.empty() && i->second.front().since <= oldest)
      i->second.pop_front();
    i = i->second.empty() ? idle.erase(i) : std::next(i);
  }
}

connection_ptr client::impl::take_idle(const std::string& origin) {
  forget_old();
  auto found = idle.find(origin);
  if (found == idle.end())
    return nullptr;
  auto result = std::move(found->second.back().connection);
  found->second.pop_back();
  if (found->second.empty())
    idle.erase(found);
  return result;
}

void client::impl::keep(connection_ptr connection) {
  forget_old();
  auto& here = idle[connection->origin()];
  here.push_back({std::move(connection), elapsed_clock::now()});
  if (here.size() > options.idle_per_host_max)
    here.pop_front();
  if (here.empty())
    std::erase_if(idle, [](const auto& x) { return x.second.empty(); });
}

// -- a call -------------------------------------------------------------------

/// A redirect may not lead into our own network, unless the call began there.
call_failure client::impl::check_inside(flight& call,
                                        std::string_view address) const {
  auto inside = options.is_private(address);
  if (call.redirects == 0)
    call.from_inside = inside;
  else if (inside && !call.from_inside)
    return {fetch_error::redirect, "a redirect into a private network"};
  return {};
}

asio::awaitable<call_failure>
client::impl::find(flight_ptr call, fetch_url to,
                   client_connection::endpoints& out) {
  auto known = options.hosts.find(to.host);
  const auto& name = known == options.hosts.end() ? to.host : known->second;
  boost::system::error_code failure;
  auto address = asio::ip::make_address(name, failure);
  if (!failure) {
    out.emplace_back(address, to.port);
  } else if (known == options.hosts.end()) {
    call->names.cancel();
    auto [error, found] = co_await call->names.async_resolve(
      name, std::to_string(to.port), tcp::resolver::numeric_service,
      as_result);
    if (error)
      co_return call_failure{fetch_error::resolve, error.message()};
    for (const auto& entry : found)
      out.push_back(entry.endpoint());
  }
  if (out.empty())
    co_return call_failure{fetch_error::resolve, "no address"};
  for (const auto& endpoint : out)
    if (auto wrong = check_inside(*call, endpoint.address().to_string()))
      co_return wrong;
  co_return call_failure{};
}

/// A new connection, as `call->at`.
asio::awaitable<call_failure> client::impl::connect(flight_ptr call,
                                                    fetch_url to) {
  client_connection::endpoints at;
  auto failure = co_await find(call, to, at);
  if (failure || call->finished())
    co_return failure;
  call->at = std::make_shared<client_connection>(io, trust, to);
  ++opened;
  // Kept here, since the flight lets go of it when it is over.
  auto connection = call->at;
  failure = co_await connection->open(std::move(at), call->within);
  co_return failure;
}

/// One request and its answer, on an open connection or a new one.
asio::awaitable<call_failure>
client::impl::one_exchange(flight_ptr call, fetch_url to, bool same_origin,
                           wire_response& out) {
  auto message = request_for(call->what, to, options.user_agent, same_origin);
  call_failure failure;
  call->reused = false;
  if (auto open = take_idle(to.origin())) {
    failure = check_inside(*call, open->remote());
    if (failure)
      co_return failure;
    call->at = open;
    call->reused = true;
    failure = co_await open->exchange(message, call->within, out);
    ++(failure.stale ? stale : reused);
    if (!failure.stale || call->finished()
        || !is_idempotent(call->what.method))
      co_return failure;
    call->reused = false;
  }
  failure = co_await connect(call, to);
  if (failure || call->finished())
    co_return failure;
  auto connection = call->at;
  failure = co_await connection->exchange(std::move(message), call->within,
                                          out);
  co_return failure;
}

/// Where a redirect leads to.
call_failure client::impl::follow(flight& call, const wire_response& got,
                                  fetch_url& to) const {
  const auto* location = find_header(got.headers, "Location");
  if (location == nullptr)
    return {fetch_error::redirect, "a redirect without Location"};
  if (call.redirects >= call.within.limits.redirects_max)
    return {fetch_error::redirect, "too many redirects"};
  auto next = resolve_url(to, *location);
  if (!next)
    return {fetch_error::redirect, "a redirect to " + next.error()};
  if (to.secure && !next->secure)
    return {fetch_error::redirect, "a redirect from https to http"};
  to = std::move(*next);
  ++call.redirects;
  call.url = masked(to.text());
  return {};
}

void client::impl::complete(const flight_ptr& call, wire_response got) {
  fetch_result result;
  auto failure = decode(got, call->within.limits, result.body);
  if (!failure)
    failure = check_type(call->what, got);
  if (failure)
    return fail(call, failure.error, std::move(failure.text));
  result.status = got.status;
  result.headers = std::move(got.headers);
  finish(call, std::move(result));
}

asio::awaitable<void> client::impl::run(flight_ptr call) {
  auto first = parse_url(call->what.url);
  if (!first) {
    fail(call, fetch_error::bad_address, first.error());
    co_return;
  }
  auto to = *first;
  auto origin = to.origin();
  call->url = masked(to.text());
  auto may_follow = call->what.method == http::method::get
                    || call->what.method == http::method::head;
  for (;;) {
    wire_response got;
    auto failure = co_await one_exchange(call, to, to.origin() == origin, got);
    if (call->finished())
      co_return;
    if (!failure && got.keep_alive)
      keep(std::exchange(call->at, nullptr));
    if (!failure && !(is_redirect(got.status) && may_follow)) {
      complete(call, std::move(got));
      co_return;
    }
    if (!failure)
      failure = follow(*call, got, to);
    if (failure) {
      fail(call, failure.error, std::move(failure.text));
      co_return;
    }
  }
}

// -- from other threads -------------------------------------------------------

client::client(client_options with)
  : impl_(std::make_unique<impl>(std::move(with))) {}

client::~client() {
  asio::post(impl_->io, [this] { impl_->stop(); });
  impl_->thread.join();
}

fetch_handle client::fetch(fetch_request what, const fetch_limits& limits,
                           callback done) {
  auto& in = *impl_;
  ++in.calls;
  auto span = begin_fetch_span(what, in.options.sends_traceparent);
  auto call = std::make_shared<flight>(in.io, std::move(what), limits,
                                       std::move(done));
  call->span = std::move(span);
  auto too_many = ++in.in_flight > in.options.flights_max;
  asio::post(in.io, [&in, call, too_many] {
    if (too_many)
      in.fail(call, fetch_error::busy, "too many calls at a time");
    else
      in.start(call);
  });
  std::weak_ptr<flight> weak = call;
  return fetch_handle{[&in, weak] {
    if (auto alive = weak.lock())
      asio::post(in.io, [&in, alive] {
        in.fail(alive, fetch_error::cancelled, "cancelled");
      });
  }};
}

client_counts client::counts() const {
  return {impl_->calls, impl_->opened, impl_->reused, impl_->stale};
}

} // namespace banksia::http
