#pragma once

/// How a handler answers: once, from any thread, at once or later; or with a
/// stream of server-sent events.

#include "runtime/http/message.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

namespace banksia::http {

class events;

/// What a connection offers the two handles below. Implementations post to
/// the connection's own thread; every function may be called from any thread.
class exchange {
public:
  virtual ~exchange() = default;

  /// Sends the one answer.
  virtual void answer(response with) = 0;

  /// Turns the connection into a stream of `from`.
  virtual void open(std::shared_ptr<events> from) = 0;

  /// Says that `from` has something to send or was closed.
  virtual void wake(std::shared_ptr<events> from) = 0;

  /// The most events that wait for one client.
  virtual std::size_t queue_max() const = 0;
};

/// A stream of server-sent events (HTML standard, section 9.2) to one client.
/// Cheap to copy; thread safe. The stream ends when the client leaves, the
/// server stops, `close` is called or the last copy is gone.
class event_stream {
public:
  /// A stream that is closed.
  event_stream() = default;

  explicit event_stream(std::shared_ptr<exchange> to);

  /// Queues an event. `data` may have several lines; line breaks in `name`
  /// and `id` end them. When the client is slow and its queue full, the oldest
  /// event is dropped and counted. False when the stream is closed.
  bool send(std::string_view name, std::string_view data,
            std::string_view id = {}) const;

  /// Sends what is queued, then ends the stream.
  void close() const;

  bool is_open() const;

  /// Events dropped because this client was slow.
  std::uint64_t dropped() const;

  /// Calls `f` once when the stream has ended, on the server's thread; at once
  /// when it has already. `f` must not block, nor hold a copy of this stream
  /// (neither would ever be freed).
  void on_closed(std::function<void()> f) const;

private:
  struct handle;
  std::shared_ptr<handle> handle_;
};

/// Answers one request. Cheap to copy; thread safe. The first call counts,
/// further ones are ignored. When the last copy goes without an answer the
/// client gets a 503 problem, so a request given to an actor that died is
/// answered all the same.
class responder {
public:
  explicit responder(std::shared_ptr<exchange> to);

  /// False when the request is already answered.
  bool operator()(response with) const;

  /// Answers with 200 and a stream of events; a closed stream when the request
  /// is already answered.
  event_stream open_events() const;

private:
  struct state;
  std::shared_ptr<state> state_;
};

} // namespace banksia::http
