/// An open load on an HTTP server: requests begin at their times, whatever
/// became of those before, and an answer's latency counts from the time at
/// which its request should have begun. A server that stalls is so charged for
/// all who would have come meanwhile (no coordinated omission).
///
///   bench_open_load PORT RATE SECONDS CONNECTIONS < TARGETS
///
/// TARGETS are paths, one a line, asked in turn on 127.0.0.1. Prints one line:
/// requests, failures (no 2xx), and p50, p99 and largest latency in ms.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <deque>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

using clock_type = std::chrono::steady_clock;
using instant = clock_type::time_point;

/// Beyond the last request, for its answer.
constexpr std::chrono::seconds patience{30};

struct options {
  std::uint16_t port = 0;
  double rate = 0;
  double seconds = 0;
  std::size_t connections = 0;
  std::vector<std::string> targets;
};

/// One connection; it has at most one request under way.
class connection {
public:
  explicit connection(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&to), sizeof(to)) != 0)
      throw std::runtime_error("cannot connect to port " + std::to_string(port)
                               + ": " + std::strerror(errno));
    int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  }

  ~connection() { ::close(socket_); }
  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;

  int socket() const { return socket_; }
  bool is_free() const { return free_; }
  instant due() const { return due_; }

  void ask(const std::string& target, instant due) {
    auto text = "GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
    // A request fits into the socket's buffer, which is empty.
    if (::send(socket_, text.data(), text.size(), MSG_NOSIGNAL)
        != static_cast<ssize_t>(text.size()))
      throw std::runtime_error("a request was not taken");
    free_ = false;
    due_ = due;
    received_.clear();
  }

  /// Reads what has come. @returns the status of an answer that is whole, else 0
  int read() {
    char buffer[65536];
    auto count = ::recv(socket_, buffer, sizeof(buffer), MSG_DONTWAIT);
    if (count < 0 && errno == EAGAIN)
      return 0;
    if (count <= 0)
      throw std::runtime_error("the server closed a connection");
    received_.append(buffer, static_cast<std::size_t>(count));
    auto head = received_.find("\r\n\r\n");
    if (head == std::string::npos
        || received_.size() < head + 4 + length_of(head))
      return 0;
    free_ = true;
    return std::stoi(received_.substr(9, 3));
  }

private:
  std::size_t length_of(std::size_t head) const {
    constexpr std::string_view name = "content-length: ";
    std::string lower = received_.substr(0, head);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return std::tolower(c); });
    auto at = lower.find(name);
    if (at == std::string::npos)
      throw std::runtime_error("an answer without a length");
    return std::stoul(lower.substr(at + name.size()));
  }

  int socket_;
  bool free_ = true;
  instant due_;
  std::string received_;
};

struct measured {
  std::vector<double> milliseconds;
  std::size_t failures = 0;
};

/// Sends what is due on connections that are free, and takes answers.
class load {
public:
  explicit load(const options& with) : with_(with) {
    for (std::size_t i = 0; i < with.connections; ++i)
      connections_.emplace_back(with.port);
  }

  measured run() {
    auto total = static_cast<std::size_t>(with_.rate * with_.seconds);
    began_ = clock_type::now();
    auto end = time_of(total) + patience;
    while (result_.milliseconds.size() < total) {
      auto now = clock_type::now();
      if (now > end)
        throw std::runtime_error("answers did not come");
      for (auto& x : connections_)
        if (next_ < total && time_of(next_) <= now && x.is_free()) {
          x.ask(with_.targets[next_ % with_.targets.size()], time_of(next_));
          ++next_;
        }
      wait(next_ < total ? time_of(next_) : end);
    }
    return std::move(result_);
  }

private:
  instant time_of(std::size_t number) const {
    std::chrono::duration<double> after{static_cast<double>(number)
                                        / with_.rate};
    return began_ + std::chrono::duration_cast<clock_type::duration>(after);
  }

  void wait(instant until) {
    std::vector<pollfd> watched;
    std::vector<connection*> owners;
    for (auto& x : connections_)
      if (!x.is_free()) {
        watched.push_back({x.socket(), POLLIN, 0});
        owners.push_back(&x);
      }
    auto left = std::max(until - clock_type::now(), clock_type::duration{});
    // What is late already waits for a connection, hence for an answer.
    if (owners.size() == connections_.size())
      left = std::chrono::seconds{1};
    auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
    timespec limit{seconds.count(),
                   std::chrono::nanoseconds{left - seconds}.count()};
    if (::ppoll(watched.data(), watched.size(), &limit, nullptr) <= 0)
      return;
    for (std::size_t i = 0; i < watched.size(); ++i)
      if (watched[i].revents != 0)
        take(*owners[i]);
  }

  void take(connection& from) {
    auto status = from.read();
    if (status == 0)
      return;
    std::chrono::duration<double, std::milli> took = clock_type::now()
                                                     - from.due();
    result_.milliseconds.push_back(took.count());
    result_.failures += status < 200 || status > 299;
  }

  const options& with_;
  std::deque<connection> connections_;
  instant began_;
  std::size_t next_ = 0;
  measured result_;
};

template <class T>
T number(std::string_view text) {
  T result{};
  auto end = text.data() + text.size();
  auto [stop, error] = std::from_chars(text.data(), end, result);
  if (error != std::errc{} || stop != end || !(result > 0))
    throw std::runtime_error("not a number above 0: " + std::string{text});
  return result;
}

void print(measured x) {
  auto& all = x.milliseconds;
  std::sort(all.begin(), all.end());
  auto at = [&](double part) {
    auto place = static_cast<std::size_t>(part * static_cast<double>(all.size()));
    return all[std::min(place, all.size() - 1)];
  };
  std::printf("%zu %zu %.3f %.3f %.3f\n", all.size(), x.failures, at(0.5),
              at(0.99), all.back());
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fprintf(stderr, "usage: bench_open_load PORT RATE SECONDS CONNECTIONS "
                         "< TARGETS\n");
    return 2;
  }
  try {
    options with;
    with.port = number<std::uint16_t>(argv[1]);
    with.rate = number<double>(argv[2]);
    with.seconds = number<double>(argv[3]);
    with.connections = number<std::size_t>(argv[4]);
    for (std::string line; std::getline(std::cin, line);)
      if (!line.empty())
        with.targets.push_back(line);
    if (with.targets.empty() || with.rate * with.seconds < 1)
      throw std::runtime_error("nothing to ask");
    print(load{with}.run());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_open_load: %s\n", error.what());
    return 1;
  }
  return 0;
}
