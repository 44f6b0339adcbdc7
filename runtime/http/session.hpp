#pragma once

/// One connection of the server. The only header that includes Beast; used by
/// session.cpp (what is done with a request), session_reading.cpp,
/// session_answer.cpp (answers and events) and session_limit.cpp alone.

#include "runtime/http/access.hpp"
#include "runtime/http/core.hpp"
#include "runtime/http/cross_origin.hpp"
#include "runtime/http/events.hpp"
#include "runtime/http/negotiation.hpp"
#include "runtime/http/request_trace.hpp"
#include "runtime/http/server_stream.hpp"

#include <boost/asio/dispatch.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <array>
#include <optional>
#include <utility>

namespace banksia::http {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace bhttp = boost::beast::http;
using boost::system::error_code;

/// One connection. Everything runs on its strand save where said otherwise.
class session final : public connection {
public:
  session(session_socket socket, std::shared_ptr<const site> at, core& in);
  ~session() override;

  void run();
  void drain() override;
  void cut() override;

  // -- what an exchange asks, from any thread ---------------------------------

  void answer(std::uint64_t number, response with);
  void open(std::uint64_t number, std::shared_ptr<events> from);
  void wake(std::shared_ptr<events> from);

private:
  /// Where the connection stands.
  enum class phase {
    reading,   ///< waits for a request
    answering, ///< a handler has it
    writing,   ///< the answer is on its way
    streaming, ///< events until the end
    lingering, ///< our side is closed, the client's is awaited
    closed,
  };

  // -- reading ----------------------------------------------------------------

  void read();
  void parse();
  void read_more();
  void on_bytes(error_code failed, std::size_t count);
  void on_parsed(error_code failed);
  void on_header(error_code failed);
  void read_body();
  void limit_reading();
  void on_request(error_code failed);
  void limit_idle();
  bool reserve_body();
  void release_body();
  void refuse_unreadable(error_code why);
  void refuse_unread(const problem_type& of, std::string_view detail);
  bool is_target_too_long() const;
  void take_over(request& into);
  void handle(request& what);
  void answer_by(const route& where, const request& what);

  // -- limits of time ---------------------------------------------------------

  using time_point = std::chrono::steady_clock::time_point;

  void limit(time_point until);
  void limit_from_now(std::chrono::milliseconds most);
  void lift_limit() { due_ = time_point::max(); }
  void on_alarm();
  void on_due();

  // -- writing ----------------------------------------------------------------

  void write(response with);
  void compose(response with);
  void send(void (session::*next)(error_code));
  void on_written(error_code failed);
  void observe(int status);
  void note_for_audit(const request& what, const route& to,
                      const admitted& decided);
  void audit(int status);
  void linger();
  void read_rest();
  void close();

  // -- events -----------------------------------------------------------------

  void on_stream_open(error_code failed);
  void pump();
  void write_events(std::string text);
  void watch_client();
  void beat();

  std::shared_ptr<session> self() {
    return std::static_pointer_cast<session>(shared_from_this());
  }

  /// A completion handler that keeps this alive.
  template <class F>
  auto then(F f) {
    return [self = self(), f](error_code failed, auto...) {
      ((*self).*f)(failed);
    };
  }

  template <class F>
  void on_strand(F f) {
    asio::dispatch(stream_.get_executor(), std::move(f));
  }

  core& core_;
  std::shared_ptr<const site> site_;
  server_stream stream_;
  /// For what is under way: a handshake, a request, its answer, … Seldom set:
  /// what is under way nearly always ends long before, so the timer is let run
  /// and looks at `due_` when it goes off.
  session_timer limit_timer_;
  time_point due_ = time_point::max();   ///< what is under way must be over
  time_point alarm_ = time_point::max(); ///< when the timer goes off; max: not
  session_timer heartbeat_timer_;
  local_endpoint local_;
  std::string remote_;
  phase phase_ = phase::reading;

  beast::flat_buffer buffer_;
  std::optional<bhttp::request_parser<bhttp::string_body>> parser_;
  bool wants_body_ = false; ///< the header is known already

  // The request under way.
  std::uint64_t number_ = 0; ///< tells late answers from timely ones
  http::method method_ = http::method::other;
  unsigned version_ = 11;
  bool keep_alive_ = false;
  std::string trace_id_;
  request_trace trace_;
  std::string request_id_;
  std::string reading_origin_; ///< of another page that may read the answer
  bool is_late_ = false;       ///< the request did not come in time
  std::string route_;
  std::string error_;
  name_values further_headers_; ///< of the answer, whoever gives it
  time_point began_;
  int status_ = 0; ///< of the answer
  std::string head_;
  std::string body_;

  /// What the audit will say of the request under way.
  struct pending_audit {
    std::string path;
    std::string body;
    admitted by;
  };
  std::optional<pending_audit> audit_;

  std::shared_ptr<events> events_;
  std::string events_text_;
  bool events_writing_ = false;
  std::array<char, 4096> scratch_{};
  std::size_t lingered_bytes_ = 0;
  std::size_t reserved_bytes_ = 0; ///< of `core::body_bytes`
};

} // namespace banksia::http
