#include "runtime/http/server.hpp"

#include "runtime/http/core.hpp"
#include "runtime/http/newcomers.hpp"
#include "runtime/http/server_tls.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>

#include <csignal>
#include <pthread.h>

#include <algorithm>
#include <future>
#include <thread>
#include <utility>
#include <vector>

namespace banksia::http {

namespace asio = boost::asio;
using boost::system::error_code;
using tcp = asio::ip::tcp;

namespace {

std::string to_text(const endpoint& where) {
  auto is_v6 = where.address.find(':') != std::string::npos;
  return (is_v6 ? "[" + where.address + "]" : where.address) + ":"
         + std::to_string(where.port);
}

std::string refusal(const endpoint& where, const error_code& why) {
  auto at = to_text(where);
  if (why == asio::error::address_in_use)
    return "address in use: " + at + ": stop what holds it or set "
           + where.port_setting;
  if (why == asio::error::access_denied)
    return "not allowed to listen: " + at + ": set " + where.port_setting
           + " to a port above 1023";
  if (why == boost::system::errc::address_not_available)
    return "no such address on this machine: " + at + ": set bind_address";
  return "cannot listen: " + at + ": " + why.message()
         + ": set bind_address or " + where.port_setting;
}

/// So many may be on their way out beyond `connections_max`.
constexpr std::size_t closing_max = 128;

/// Accepts connections at one endpoint. Lives in its own handlers.
class listener : public std::enable_shared_from_this<listener> {
public:
  listener(std::shared_ptr<const site> at, core& in)
    : site_(std::move(at)),
      core_(in),
      acceptor_(asio::make_strand(in.io)),
      retry_(acceptor_.get_executor()) {}

  error_code open(const tcp::endpoint& at) {
    error_code failed;
    acceptor_.open(at.protocol(), failed);
    if (!failed)
      // A restart must not wait for connections of the last run to expire.
      acceptor_.set_option(asio::socket_base::reuse_address{true}, failed);
    if (!failed)
      acceptor_.bind(at, failed);
    if (!failed)
      acceptor_.listen(asio::socket_base::max_listen_connections, failed);
    return failed;
  }

  std::uint16_t port() const {
    return acceptor_.local_endpoint().port();
  }

  void accept() {
    acceptor_.async_accept(
      asio::make_strand(core_.io),
      [self = shared_from_this()](error_code failed, session_socket socket) {
        self->on_accept(failed, std::move(socket));
      });
  }

  /// Takes in who has connected by now, then listens no more. Blocks until
  /// that is done, or for a second.
  void finish() {
    auto done = std::make_shared<std::promise<void>>();
    auto waiting = done->get_future();
    asio::post(acceptor_.get_executor(), [self = shared_from_this(), done] {
      self->accept_rest();
      self->close_unshared();
      done->set_value();
    });
    waiting.wait_for(std::chrono::seconds{1});
  }

  /// Listens no more: on the strand or when no thread runs any longer.
  void close_unshared() {
    error_code ignored;
    acceptor_.close(ignored);
    retry_.cancel();
  }

private:
  void on_accept(error_code failed, session_socket socket) {
    if (failed && (core_.draining || failed == asio::error::operation_aborted))
      return;
    if (failed) {
      shed_oldest();
      // Out of descriptors or memory: at once again would only burn the CPU.
      retry_.expires_after(std::chrono::milliseconds{100});
      retry_.async_wait([self = shared_from_this()](error_code stopped) {
        if (!stopped)
          self->accept();
      });
      return;
    }
    take_in(std::move(socket));
    if (!core_.draining)
      accept();
  }

  /// The client sees a connection as soon as the kernel has it: to close with
  /// some in its queue would break what they have sent already.
  void accept_rest() {
    error_code failed;
    acceptor_.cancel(failed);
    acceptor_.non_blocking(true, failed);
    refuse_newcomers(acceptor_.native_handle());
    for (int i = 0; !failed && i < asio::socket_base::max_listen_connections;
         ++i) {
      auto socket = acceptor_.accept(asio::make_strand(core_.io), failed);
      if (!failed)
        take_in(std::move(socket));
    }
  }

  /// When all places are taken, the one who has waited for longest without
  /// sending a request must go: idle clients cannot keep others out. Before
  /// that, when one client has all that it may have, one of its own.
  void take_in(session_socket socket) {
    const auto& options = core_.options;
    error_code failed;
    auto from = without_mapping(socket.remote_endpoint(failed).address());
    if (failed)
      return; // gone again
    auto own_max = options.connections_per_client;
    auto is_full = own_max > 0 && count(&from) >= own_max
                   && !is_proxy(from.to_string(), options.rules);
    if ((is_full && !has_room(own_max, &from))
        || (count(nullptr) >= options.connections_max
            && !has_room(options.connections_max, nullptr)))
      turn_away(std::move(socket));
    else
      start(std::move(socket));
  }

  /// Whether there is a place once the oldest has gone.
  bool has_room(std::size_t most, const asio::ip::address* of) {
    return shed_oldest(of) && count(of) < most + closing_max;
  }

  /// @param of only those of that client; null: all
  std::size_t count(const asio::ip::address* of) {
    std::lock_guard lock{core_.mutex};
    if (!of)
      return core_.connections.size();
    std::size_t result = 0;
    for (const auto& [one, weak] : core_.connections)
      result += one->client == *of;
    return result;
  }

  /// False when all are busy.
  bool shed_oldest(const asio::ip::address* of = nullptr) {
    std::shared_ptr<connection> found;
    {
      std::lock_guard lock{core_.mutex};
      connection* oldest = nullptr;
      std::int64_t since = 0;
      for (const auto& [one, weak] : core_.connections) {
        if (of && one->client != *of)
          continue;
        auto x = one->waiting_since.load(std::memory_order_relaxed);
        if (x != 0 && (!oldest || x < since)) {
          oldest = one;
          since = x;
        }
      }
      // It may have got its request this moment.
      if (!oldest || !oldest->waiting_since.compare_exchange_strong(since, 0))
        return false;
      found = core_.connections.at(oldest).lock();
    }
    if (!found)
      return true; // on its way out
    ++core_.refused;
    found->cut();
    return true;
  }

  void start(session_socket socket) {
    error_code ignored;
    socket.set_option(tcp::no_delay{true}, ignored);
    ++core_.accepted;
    start_session(std::move(socket), site_, core_);
  }

  /// Says why as far as the socket takes it without waiting.
  void turn_away(session_socket socket) {
    static constexpr std::string_view answer
      = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\n"
        "Content-Length: 0\r\nConnection: close\r\n\r\n";
    ++core_.refused;
    error_code ignored;
    socket.non_blocking(true, ignored);
    socket.write_some(asio::buffer(answer), ignored);
  }

  std::shared_ptr<const site> site_;
  core& core_;
  tcp::acceptor acceptor_;
  asio::steady_timer retry_;
};

/// Signals of the process go to the threads that wait for them, never to
/// these.
void run_without_signals(asio::io_context& io) {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, nullptr);
  io.run();
}

} // namespace

struct server::impl {
  explicit impl(server_options with)
    : shared(std::make_shared<core>(std::move(with))),
      work(shared->io.get_executor()) {}

  void for_each_connection(void (connection::*f)()) {
    // Not under the lock: the last reference may go in this loop, and a
    // session's end takes the lock.
    std::vector<std::shared_ptr<connection>> open;
    {
      std::lock_guard lock{shared->mutex};
      for (const auto& [raw, weak] : shared->connections)
        if (auto found = weak.lock())
          open.push_back(std::move(found));
    }
    for (const auto& one : open)
      (one.get()->*f)();
  }

  bool wait_until_empty(std::chrono::milliseconds limit) {
    std::unique_lock lock{shared->mutex};
    return shared->emptied.wait_for(
      lock, limit, [this] { return shared->connections.empty(); });
  }

  std::shared_ptr<core> shared;
  std::shared_ptr<asio::ssl::context> tls;
  asio::executor_work_guard<asio::io_context::executor_type> work;
  std::vector<std::shared_ptr<listener>> listeners;
  std::vector<std::thread> threads;
};

server::server(server_options with) {
  with.threads = std::max(with.threads, 1u);
  impl_ = std::make_unique<impl>(std::move(with));
}

server::~server() {
  stop(std::chrono::milliseconds{500});
}

boost::system::result<std::uint16_t, std::string>
server::start(const endpoint& where, router routes) {
  auto& shared = *impl_->shared;
  if (shared.draining)
    return "the server is stopped: " + to_text(where) + ": make another one";
  error_code failed;
  auto address = asio::ip::make_address(where.address, failed);
  if (failed)
    return "not an IP address: " + where.address
           + ": set bind_address to one, say 127.0.0.1";
  if (shared.options.tls && !impl_->tls) {
    auto tls = make_server_tls(*shared.options.tls);
    if (!tls)
      return tls.error();
    impl_->tls = *tls;
  }
  auto made = std::make_shared<listener>(
    std::make_shared<const site>(site{where, std::move(routes), impl_->tls}),
    shared);
  failed = made->open(tcp::endpoint{address, where.port});
  if (failed)
    return refusal(where, failed);
  auto port = made->port();
  impl_->listeners.push_back(made);
  made->accept();
  while (impl_->threads.size() < shared.options.threads)
    impl_->threads.emplace_back([&io = shared.io] { run_without_signals(io); });
  return port;
}

void server::stop(std::chrono::milliseconds grace) {
  auto& shared = *impl_->shared;
  if (shared.draining.exchange(true))
    return;
  for (const auto& one : impl_->listeners)
    one->finish();
  impl_->for_each_connection(&connection::drain);
  if (!impl_->wait_until_empty(grace)) {
    impl_->for_each_connection(&connection::cut);
    impl_->wait_until_empty(std::chrono::seconds{1});
  }
  impl_->work.reset();
  shared.io.stop();
  for (auto& thread : impl_->threads)
    thread.join();
  // The posted close may not have run: the ports must be free by now.
  for (const auto& one : impl_->listeners)
    one->close_unshared();
}

server_counts server::counts() const {
  auto& shared = *impl_->shared;
  std::lock_guard lock{shared.mutex};
  return {shared.connections.size(), shared.accepted, shared.refused};
}

} // namespace banksia::http
