#include "actors/feeds/news_feed.hpp"

#include "actors/store/history.hpp"
#include "actors/store/outbox.hpp"
#include "actors/tracing/work.hpp"
#include "models/news/headline_identity.hpp"
#include "runtime/http/url.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace banksia {

std::string news_address(std::string with, const std::string& symbol) {
  constexpr std::string_view place = "{symbol}";
  if (auto at = with.find(place); at != std::string::npos)
    with.replace(at, place.size(), symbol);
  return with;
}

// -- the desk -----------------------------------------------------------------------

news_desk::news_desk(sentiment::alias_table aliases,
                     std::shared_ptr<const sentiment::classifier> model,
                     std::vector<std::string> symbols)
  : aliases_(std::move(aliases)),
    rating_(std::move(model)),
    symbols_(std::move(symbols)) {}

bool news_desk::is_of_ours(const std::string& symbol) const {
  return std::find(symbols_.begin(), symbols_.end(), symbol) != symbols_.end();
}

void news_desk::recall(const std::string& symbol,
                       const std::vector<headline>& told) {
  for (const auto& x : told)
    told_[symbol].add(x.headline_id, x.title);
}

std::vector<headline> news_desk::read(const news_page& page,
                                      const std::vector<news_item>& items,
                                      const std::string& source,
                                      timestamp now) {
  std::vector<headline> result;
  for (const auto& item : items) {
    if (!seen_.add(page.symbol + "\n" + item.identity))
      continue;
    auto about = page.symbol.empty()
                   ? sentiment::symbols_in(item.title, aliases_)
                   : std::vector<std::string>{page.symbol};
    for (const auto& symbol : about) {
      if (!is_of_ours(symbol))
        continue;
      headline x;
      x.symbol = symbol;
      x.title = item.title;
      x.link = item.link;
      x.source = item.source.empty() ? source : item.source;
      x.headline_id = headline_identity(x);
      if (told_[symbol].add(x.headline_id, x.title)) {
        ++repeated_;
        continue;
      }
      x.published_at = item.published_at;
      x.received_at = now;
      x.known_at = now + news_settle;
      result.push_back(std::move(x));
    }
  }
  rating_.rate(result);
  std::sort(result.begin(), result.end(), [](const auto& a, const auto& b) {
    return a.published_at < b.published_at;
  });
  return result;
}

namespace {

// -- storing ------------------------------------------------------------

/// At each try: what could not be stored was with nobody meanwhile.
void store_next(news_feed_self* self) {
  auto& state = self->state;
  if (state.steps.empty())
    return;
  for (auto& x : state.steps.front().headlines)
    x.known_at = std::max(x.known_at, state.setup.wall() + news_settle);
  send_to_store(self, state.wiring.writer, 0, state.steps.front(),
                [self](std::uint64_t) {
                  auto done = std::move(self->state.steps.front());
                  self->state.steps.pop_front();
                  self->state.out->send(self, std::move(done));
                  store_next(self);
                });
}

void keep(news_feed_self* self, std::vector<headline> headlines) {
  if (headlines.empty())
    return;
  self->state.steps.push_back({1, std::move(headlines)});
  if (self->state.steps.size() == 1)
    store_next(self);
}

// -- looking around -------------------------------------------------------------------

void tell_board(news_feed_self* self, const std::string& failure,
                std::size_t headlines) {
  auto& state = self->state;
  if (!state.setup.board)
    return;
  auto breaker = to_string(state.breaker->state(self->clock().now()));
  state.setup.board->change(state.setup.name, [&](feed_facts& x) {
    x.breaker = breaker;
    ++x.calls;
    x.accepted += headlines;
    x.trouble = state.trouble;
    if (failure.empty())
      x.last_answer = state.setup.wall();
    else
      ++x.failures[failure];
  });
}

/// The next page, or the next round after the last one.
void go_on(news_feed_self* self) {
  auto& state = self->state;
  state.attempt = 1;
  if (++state.page < state.setup.pages.size()) {
    self->send(self, wire::next_atom_v);
    return;
  }
  state.page = 0;
  self->delayed_send(self, state.setup.poll_every, wire::next_atom_v);
}

std::string host_of(const news_page& x) {
  auto url = http::parse_url(x.url);
  return url ? url->host : x.url;
}

/// The page is tried again where that may help, else it waits for its next
/// round; either way not before the time that its host asks for.
void fail(news_feed_self* self, const http::fetch_result& got,
          const std::string& what, const std::string& text) {
  auto& state = self->state;
  auto now = self->clock().now();
  state.trouble = what + ": " + text;
  state.breaker->failed(state.permit, now, state.trouble);
  tell_board(self, what, 0);
  failed_attempt attempt;
  attempt.attempt = state.attempt;
  attempt.retry_after = asked_pause(got, state.setup.wall());
  if (attempt.retry_after)
    state.setup.rate->pause(host_of(state.setup.pages[state.page]),
                            now + *attempt.retry_after);
  auto next = state.budget->failed(attempt);
  if ((!got || http::is_passing(got)) && next.again()) {
    ++state.attempt;
    self->delayed_send(self, next.pause, wire::next_atom_v);
    return;
  }
  go_on(self);
}

void succeed(news_feed_self* self, std::size_t headlines) {
  auto& state = self->state;
  state.breaker->succeeded(state.permit, self->clock().now());
  state.budget->succeeded();
  state.trouble.clear();
  tell_board(self, {}, headlines);
}

/// Reads what was told of the symbols that came, one after the other, then looks
/// around. Told again are those that may be with nobody: symbols know each once.
void recall_next(news_feed_self* self) {
  auto& state = self->state;
  if (!state.reader)
    state.to_recall.clear();
  if (state.to_recall.empty()) {
    self->say_ready();
    self->send(self, wire::next_atom_v);
    return;
  }
  auto symbol = std::move(state.to_recall.front());
  state.to_recall.pop_front();
  state.reader.ask(
    self, history_limit,
    [self, symbol](std::vector<headline>& told) {
      auto& state = self->state;
      state.desk->recall(symbol, told);
      if (state.again && !told.empty())
        state.out->send(self, headline_batch{1, std::move(told)});
      recall_next(self);
    },
    end_with_error<news_feed_self>{self}, wire::rebuild_atom_v, symbol,
    state.setup.wall() - news_recalled, end_of_time);
}

/// Takes up the symbols that came; pages of those that went give nothing.
void follow(news_feed_self* self) {
  auto& state = self->state;
  auto changed = state.out->follow();
  if (!state.out->listed() || (!changed && state.following))
    return;
  state.following = true;
  const auto& listed = *state.out->listed();
  std::vector<std::string> wanted;
  for (auto index : listed.predicted_at(end_of_time))
    wanted.push_back(listed.symbols()[index]);
  auto& setup = state.setup;
  if (!setup.page_of_symbol.empty()) {
    // A page that is being fetched keeps its place.
    for (const auto& symbol : wanted)
      if (std::none_of(setup.pages.begin(), setup.pages.end(),
                       [&](const auto& x) { return x.symbol == symbol; }))
        setup.pages.push_back({news_address(setup.page_of_symbol, symbol),
                               symbol});
    state.memories.resize(setup.pages.size());
  }
  const auto& before = state.desk->symbols();
  std::copy_if(wanted.begin(), wanted.end(),
               std::back_inserter(state.to_recall), [&](const auto& x) {
                 return std::find(before.begin(), before.end(), x)
                        == before.end();
               });
  state.desk->follow(std::move(wanted));
}

void look(news_feed_self* self) {
  auto& state = self->state;
  follow(self);
  if (!state.to_recall.empty())
    return recall_next(self);
  auto now = self->clock().now();
  // One that is left alone takes no token from others of its host.
  if (state.breaker->state(now) == breaker_state::open)
    return go_on(self);
  auto pause = state.setup.rate->take(host_of(state.setup.pages[state.page]),
                                      now);
  if (pause.count() > 0) {
    self->delayed_send(self, pause, wire::next_atom_v);
    return;
  }
  auto permit = state.breaker->allow(now);
  if (!permit)
    return go_on(self);
  state.permit = *permit;
  http::fetch_request request;
  request.url = state.setup.pages[state.page].url;
  request.headers = {{"Accept", "application/rss+xml, application/atom+xml, "
                                "application/xml, text/xml"}};
  request.if_none_match = state.memories[state.page].etag;
  request.if_modified_since = state.memories[state.page].last_modified;
  own_trace trace{self, "asks"};
  state.call = state.setup.client->fetch(
    request, state.setup.rules.limits,
    [target = caf::actor_cast<caf::actor>(self),
     page = state.page](http::fetch_result x) {
      caf::anon_send(target, fetched{page, std::make_shared<http::fetch_result>(
                                             std::move(x))});
    });
}

/// What stands behind "charset=" of the Content-Type.
std::string charset_of(const http::fetch_result& x) {
  auto type = x.header("Content-Type");
  if (!type)
    return {};
  auto at = type->find("charset=");
  if (at == std::string_view::npos)
    return {};
  auto text = type->substr(at + 8);
  text = text.substr(0, text.find(';'));
  if (text.size() > 1 && text.front() == '"')
    text = text.substr(1, text.size() - 2);
  return std::string{text};
}

void take_page(news_feed_self* self, const fetched& done) {
  auto& state = self->state;
  const auto& got = *done.result;
  if (done.number != state.page)
    return;
  if (!got)
    return fail(self, got, std::string{to_string(got.error)}, got.text);
  if (got.not_modified()) {
    succeed(self, 0);
    return go_on(self);
  }
  if (got.status != 200)
    return fail(self, got, "status " + std::to_string(got.status), got.url);
  auto now = state.setup.wall();
  auto feed = parse_news_feed(got.body, charset_of(got), now);
  if (feed.status != news_status::ok)
    return fail(self, got, std::string{to_string(feed.status)}, feed.text);
  state.memories[state.page] = {got.etag(), got.last_modified()};
  auto headlines
    = state.desk->read(state.setup.pages[state.page], feed.items,
                       feed.title.empty() ? state.setup.name : feed.title, now);
  succeed(self, headlines.size());
  keep(self, std::move(headlines));
  go_on(self);
}

component_health health_of(const news_feed_state& state) {
  component_health result;
  result.component = "feeds";
  if (!state.trouble.empty()) {
    result.state = health_state::degraded;
    result.reason = "news from " + state.setup.name + ": " + state.trouble;
  }
  return result;
}

} // namespace

news_feed_actor::behavior_type
news_feed_watcher(news_feed_self* self, std::shared_ptr<probe> watched,
                  shared_plan plan, feed_wiring wiring, news_setup setup,
                  ref<store_reader_actor> reader) {
  auto generation = watched ? watched->generation.load() : 1;
  prepare(self, std::move(watched));
  auto& state = self->state;
  state.wiring = std::move(wiring);
  state.reader = std::move(reader);
  state.again = generation > 1;
  state.to_recall = {plan->symbols.begin(), plan->symbols.end()};
  state.desk = std::make_unique<news_desk>(setup.aliases, setup.model,
                                           plan->symbols);
  state.breaker = std::make_unique<circuit_breaker>(setup.rules.breaker);
  state.budget
    = std::make_unique<retry_budget>(setup.rules.retry, setup.rules.seed);
  if (!setup.rate)
    setup.rate = std::make_shared<shared_rate_limiter>(setup.rules.rate);
  state.memories.resize(setup.pages.size());
  state.out.emplace(std::move(plan), state.wiring, setup.name);
  state.setup = std::move(setup);
  if (!state.setup.pages.empty()) {
    self->hold_ready();
    recall_next(self);
  }
  return {
    [self](wire::next_atom) { look(self); },
    [self](wire::rebuild_atom, std::uint64_t) { store_next(self); },
    [self](const fetched& done) { take_page(self, done); },
    [self](wire::health_atom) { return health_of(self->state); },
  };
}

} // namespace banksia
