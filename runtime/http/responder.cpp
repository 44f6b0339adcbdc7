#include "runtime/http/responder.hpp"

#include "runtime/http/events.hpp"
#include "runtime/http/problem_type.hpp"

#include <algorithm>
#include <atomic>
#include <utility>

namespace banksia::http {

namespace {

/// Up to the first line break, which would end the field.
std::string_view one_line(std::string_view text) {
  return text.substr(0, std::min(text.find_first_of("\r\n"), text.size()));
}

/// An event in the form of the HTML standard, section 9.2.6.
std::string to_wire(std::string_view name, std::string_view data,
                    std::string_view id) {
  std::string result;
  if (!id.empty())
    result.append("id: ").append(one_line(id)).append("\n");
  if (!name.empty())
    result.append("event: ").append(one_line(name)).append("\n");
  for (;;) {
    auto line = one_line(data);
    result.append("data: ").append(line).append("\n");
    if (line.size() == data.size())
      break;
    auto is_pair = data.substr(line.size()).starts_with("\r\n");
    data.remove_prefix(line.size() + (is_pair ? 2 : 1));
  }
  return result + "\n";
}

} // namespace

// -- events -------------------------------------------------------------------

events::next events::push(std::string wire) {
  std::lock_guard lock{mutex_};
  if (finished_ || ended_)
    return next::closed;
  if (queue_.size() >= queue_max_) {
    queue_.pop_front();
    ++dropped_;
  }
  queue_.push_back(std::move(wire));
  return std::exchange(awake_, true) ? next::nothing : next::wake;
}

bool events::finish() {
  std::lock_guard lock{mutex_};
  if (finished_ || ended_)
    return false;
  finished_ = true;
  return !std::exchange(awake_, true);
}

std::string events::take() {
  std::lock_guard lock{mutex_};
  std::string result;
  for (const auto& wire : queue_)
    result += wire;
  queue_.clear();
  awake_ = !result.empty();
  return result;
}

bool events::is_done() const {
  std::lock_guard lock{mutex_};
  return ended_ || (finished_ && queue_.empty());
}

void events::end() {
  std::vector<std::function<void()>> listeners;
  {
    std::lock_guard lock{mutex_};
    if (std::exchange(ended_, true))
      return;
    queue_.clear();
    listeners.swap(listeners_);
  }
  for (const auto& listener : listeners)
    listener();
}

bool events::is_open() const {
  std::lock_guard lock{mutex_};
  return !finished_ && !ended_;
}

std::uint64_t events::dropped() const {
  std::lock_guard lock{mutex_};
  return dropped_;
}

void events::on_closed(std::function<void()> f) {
  {
    std::lock_guard lock{mutex_};
    if (!ended_) {
      listeners_.push_back(std::move(f));
      return;
    }
  }
  f();
}

// -- event_stream -------------------------------------------------------------

struct event_stream::handle {
  explicit handle(std::shared_ptr<exchange> x)
    : to(std::move(x)), queue(std::make_shared<events>(to->queue_max())) {}

  handle(const handle&) = delete;
  handle& operator=(const handle&) = delete;

  ~handle() {
    finish();
  }

  void finish() {
    if (queue->finish())
      to->wake(queue);
  }

  std::shared_ptr<exchange> to;
  std::shared_ptr<events> queue;
};

event_stream::event_stream(std::shared_ptr<exchange> to)
  : handle_(std::make_shared<handle>(std::move(to))) {
  handle_->to->open(handle_->queue);
}

bool event_stream::send(std::string_view name, std::string_view data,
                        std::string_view id) const {
  if (!handle_)
    return false;
  auto next = handle_->queue->push(to_wire(name, data, id));
  if (next == events::next::wake)
    handle_->to->wake(handle_->queue);
  return next != events::next::closed;
}

void event_stream::close() const {
  if (handle_)
    handle_->finish();
}

bool event_stream::is_open() const {
  return handle_ && handle_->queue->is_open();
}

std::uint64_t event_stream::dropped() const {
  return handle_ ? handle_->queue->dropped() : 0;
}

void event_stream::on_closed(std::function<void()> f) const {
  if (handle_)
    handle_->queue->on_closed(std::move(f));
  else
    f();
}

// -- responder ----------------------------------------------------------------

struct responder::state {
  explicit state(std::shared_ptr<exchange> x) : to(std::move(x)) {}

  state(const state&) = delete;
  state& operator=(const state&) = delete;

  ~state() {
    if (!answered)
      to->answer(problem(problems::no_answer,
                         "the part that answers this gave none, it may be "
                         "restarting: try again"));
  }

  std::shared_ptr<exchange> to;
  std::atomic<bool> answered{false};
};

responder::responder(std::shared_ptr<exchange> to)
  : state_(std::make_shared<state>(std::move(to))) {}

bool responder::operator()(response with) const {
  if (state_->answered.exchange(true))
    return false;
  state_->to->answer(std::move(with));
  return true;
}

event_stream responder::open_events() const {
  if (state_->answered.exchange(true))
    return {};
  return event_stream{state_->to};
}

} // namespace banksia::http
