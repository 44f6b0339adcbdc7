// What Beast and CAF alone can do: a server with nothing but the answer. `/livez`
// is a constant, every other target asks one actor a request and sends the bytes
// of a file. bench/http.sh compares the node with it, so CAF's workers are set as
// the node's are: as they come, they answer a fifth less.
//
//   bench_bare_http CONSTANT_FILE BODY_FILE THREADS
//
// Prints its port, then serves until standard input ends.

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/atom.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace bare {

/// Called on the actor with what to send.
struct question {
  std::function<void(const std::string&)> answer;
};

} // namespace bare

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bare::question)

namespace bare {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;

struct site {
  std::string constant;
  caf::actor answers;
};

class session : public std::enable_shared_from_this<session> {
public:
  session(tcp::socket socket, const site& at)
    : stream_(std::move(socket)), site_(at) {}

  void read() {
    request_ = {};
    http::async_read(stream_, buffer_, request_,
                     [self = shared_from_this()](auto failed, std::size_t) {
                       if (!failed)
                         self->answer();
                     });
  }

private:
  void answer() {
    if (request_.target() == "/livez")
      return write(site_.constant);
    auto reply = [self = shared_from_this()](const std::string& body) {
      asio::post(self->stream_.get_executor(),
                 [self, body] { self->write(body); });
    };
    caf::anon_send(site_.answers, question{std::move(reply)});
  }

  void write(const std::string& body) {
    response_ = {http::status::ok, request_.version(), body};
    response_.set(http::field::content_type, "application/json");
    response_.keep_alive(request_.keep_alive());
    response_.prepare_payload();
    http::async_write(stream_, response_,
                      [self = shared_from_this()](auto failed, std::size_t) {
                        if (!failed && self->response_.keep_alive())
                          self->read();
                      });
  }

  beast::tcp_stream stream_;
  const site& site_;
  beast::flat_buffer buffer_;
  http::request<http::string_body> request_;
  http::response<http::string_body> response_;
};

void accept(tcp::acceptor& from, asio::io_context& io, const site& at) {
  from.async_accept(asio::make_strand(io), [&](auto failed, tcp::socket socket) {
    if (!failed)
      std::make_shared<session>(std::move(socket), at)->read();
    accept(from, io, at);
  });
}

std::string content_of(const char* file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

} // namespace bare

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "bench_bare_http CONSTANT_FILE BODY_FILE THREADS\n";
    return 2;
  }
  caf::actor_system_config config;
  config.set("scheduler.policy", caf::atom("sharing"));
  config.set("scheduler.max-threads",
             std::max<std::size_t>(std::thread::hardware_concurrency(), 1));
  config.set("scheduler.max-throughput", std::size_t{100});
  caf::actor_system system{config};
  bare::site at;
  at.constant = bare::content_of(argv[1]);
  at.answers = system.spawn(
    [body = bare::content_of(argv[2])](caf::event_based_actor*) -> caf::behavior {
      return {[body](const bare::question& x) { x.answer(body); }};
    });
  boost::asio::io_context io;
  bare::tcp::acceptor acceptor{
    io, {boost::asio::ip::address_v4::loopback(), std::uint16_t{0}}};
  bare::accept(acceptor, io, at);
  std::cout << acceptor.local_endpoint().port() << std::endl;
  std::vector<std::thread> threads;
  for (int i = 0; i < std::atoi(argv[3]); ++i)
    threads.emplace_back([&] { io.run(); });
  std::cin.get();
  io.stop();
  for (auto& x : threads)
    x.join();
  caf::anon_send_exit(at.answers, caf::exit_reason::user_shutdown);
}
