#pragma once

/// The deterministic scheduler with the real names of a node, and stand-ins
/// for the actors behind them.

#include "messages/actors.hpp"
#include "runtime/supervision/directory.hpp"
#include "tests/unit/actors/samples.hpp"

#include "caf/test/dsl.hpp"

#include <caf/all.hpp>

#include <functional>
#include <optional>

namespace banksia::actors_test {

/// Stands behind a name: keeps what it is sent, and answers a request at once
/// by its `reply`, or when the test says so.
class peer {
public:
  using answer = std::function<void(caf::response_promise&)>;

  /// Gives the answer to a request at once; a null one leaves it open.
  std::function<answer(const caf::message&)> reply;

  explicit peer(caf::actor_system& system) {
    handle = system.spawn([this](caf::event_based_actor* self) {
      self->set_default_handler(
        [this](caf::scheduled_actor* me, caf::message_view& view) {
          return take(static_cast<caf::event_based_actor*>(me), view);
        });
      self->set_error_handler([](caf::error&) {});
      return caf::behavior{[this](answer_atom, std::uint64_t index) {
        auto& x = letters_.at(index);
        x.given(x.promise);
      }};
    });
  }

  /// All messages of that content, in order. Two or more types: by the first.
  template <class T, class... Ts>
  std::vector<T> all() const {
    std::vector<T> result;
    for (const auto& x : letters_)
      if (x.content.match_elements<T, Ts...>())
        result.push_back(x.content.get_as<T>(0));
    return result;
  }

  template <class... Ts>
  std::size_t count() const {
    std::size_t result = 0;
    for (const auto& x : letters_)
      result += x.content.match_elements<Ts...>();
    return result;
  }

  /// The positions of all messages of that content, for `give`.
  template <class... Ts>
  std::vector<std::size_t> positions() const {
    std::vector<std::size_t> result;
    for (std::size_t i = 0; i < letters_.size(); ++i)
      if (letters_[i].content.match_elements<Ts...>())
        result.push_back(i);
    return result;
  }

  const caf::message& content(std::size_t position) const {
    return letters_.at(position).content;
  }

  std::size_t received() const { return letters_.size(); }

  caf::actor_addr sender(std::size_t position) const {
    return letters_.at(position).sender;
  }

  /// Answers the request at that position, when things run.
  template <class... Ts>
  void give(std::size_t position, Ts... xs) {
    letters_.at(position).given = [=](caf::response_promise& to) {
      to.deliver(xs...);
    };
    caf::anon_send(handle, answer_atom::value,
                   static_cast<std::uint64_t>(position));
  }

  void fail(std::size_t position) {
    give(position, caf::make_error(caf::sec::runtime_error, "as the test asks"));
  }

  void forget() { letters_.clear(); }

  caf::actor handle;

private:
  using answer_atom = caf::atom_constant<caf::atom("letanswer")>;

  struct letter {
    caf::message content;
    caf::response_promise promise;
    answer given;
    caf::actor_addr sender;
  };

  caf::result<caf::message> take(caf::event_based_actor* me,
                                 caf::message_view& view) {
    auto content = view.move_content_to_message();
    auto asked = me->current_mailbox_element()->mid.is_request();
    // First: the promise takes the sender away.
    auto sender = caf::actor_cast<caf::actor_addr>(me->current_sender());
    auto promise = me->make_response_promise();
    letters_.push_back({content, promise, {}, sender});
    if (asked && reply)
      if (auto now = reply(content))
        now(promise);
    return promise;
  }

  std::vector<letter> letters_;
};

/// Gives a value as the answer to each message of that content.
template <class... Ts, class T>
auto always(T value) {
  return [value](const caf::message& x) -> peer::answer {
    if (!x.match_elements<Ts...>())
      return nullptr;
    return [value](caf::response_promise& to) { to.deliver(value); };
  };
}

struct banksia_config : caf::actor_system_config {
  banksia_config() { add_message_types<caf::id_block::banksia>(); }
};

struct actors_fixture : test_coordinator_fixture<banksia_config> {
  directory names;

  ~actors_fixture() override { end_all(); }

  /// A new stand-in behind the name, as after a restart.
  std::shared_ptr<peer> stand_in(const std::string& path) {
    auto result = std::make_shared<peer>(sys);
    peers_.push_back(result);
    names.slot(path)->publish(result->handle);
    sched.run();
    return result;
  }

  /// The actor under test, behind its name; ended with the fixture.
  template <class Handle>
  Handle publish(const std::string& path, Handle actor) {
    auto plain = caf::actor_cast<caf::actor>(actor);
    actors_.push_back(plain);
    names.slot(path)->publish(plain);
    return actor;
  }

  /// Ends an actor as a crash does.
  template <class Handle>
  void kill(const Handle& actor) {
    caf::anon_send_exit(caf::actor_cast<caf::actor>(actor),
                        caf::exit_reason::kill);
    sched.run();
  }

  template <class Handle, class... Ts>
  void tell(const Handle& actor, Ts... xs) {
    caf::anon_send(actor, std::move(xs)...);
    sched.run();
  }

  /// Lets elapsed time pass, and what it brings happen.
  void pass(std::chrono::milliseconds time) {
    advance_time(time);
    sched.run();
  }

  /// What an actor answers; nothing while it does not, nor after an error.
  template <class Answer, class Handle, class... Ts>
  std::shared_ptr<std::optional<Answer>> ask(const Handle& actor, Ts... xs) {
    auto result = std::make_shared<std::optional<Answer>>();
    auto failed = failures;
    sys.spawn([=](caf::event_based_actor* asker) {
      asker->request(actor, std::chrono::seconds{36000}, xs...)
        .then([=](const Answer& x) { *result = x; },
              [=](caf::error& x) { failed->push_back(std::move(x)); });
    });
    sched.run();
    return result;
  }

  /// How an actor ends comes into the returned value.
  template <class Handle>
  std::shared_ptr<std::optional<std::string>> watch(const Handle& actor) {
    auto result = std::make_shared<std::optional<std::string>>();
    auto* system = &sys;
    caf::actor_cast<caf::abstract_actor*>(actor)->attach_functor(
      [=](const caf::error& reason) { *result = system->render(reason); });
    return result;
  }

  /// The errors that `ask` was answered with.
  std::shared_ptr<std::vector<caf::error>> failures
    = std::make_shared<std::vector<caf::error>>();

private:
  void end_all() {
    for (auto& x : actors_)
      self->send_exit(x, caf::exit_reason::kill);
    sched.run();
    for (auto& x : peers_) {
      x->forget(); // promises keep those who asked alive
      self->send_exit(x->handle, caf::exit_reason::kill);
      x->handle = nullptr;
    }
    sched.run();
  }

  std::vector<std::shared_ptr<peer>> peers_;
  std::vector<caf::actor> actors_;
};

} // namespace banksia::actors_test
