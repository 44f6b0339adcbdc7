#include "tests/chaos/simulation/life.hpp"

#include "actors/store/history.hpp"
#include "actors/store/ledger.hpp"
#include "actors/store/queries.hpp"
#include "actors/store/schema.hpp"

#include <caf/event_based_actor.hpp>
#include <caf/scheduled_actor.hpp>
#include <caf/send.hpp>

namespace banksia::chaos {

using namespace std::chrono_literals;

namespace {

using blow_atom = caf::atom_constant<caf::atom("blow")>;

/// Elapsed time in which market time must move, whatever has happened.
constexpr std::chrono::nanoseconds standstill_max = 30min;
/// Messages in which it must.
constexpr std::uint64_t standstill_messages = 300'000;
/// Elapsed time of calm in which all that waits has had its limits: a commit's
/// 30 s twice over, the longest backoff and a parked child's minute.
constexpr std::chrono::nanoseconds calm_min = 150s;

/// A change that is left where it stands: no error, which somebody might make up
/// for.
struct cut_off {};

std::uint64_t actor_of(const caf::resumable* job) {
  auto actor = dynamic_cast<const caf::scheduled_actor*>(job);
  return actor != nullptr ? actor->id() : 0;
}

} // namespace

life::life(const scenario& of, world& in)
  : of_(of), world_(in),
    fate_(std::make_shared<fate>(of, in.numbers, in.seen, in.kept)) {
  make_system();
  world_.kept.forget_askers();
  board_->faults = fate_;
  start_tree();
  // Not earlier: a node that cannot make its schema does not start at all.
  storage::set_obstacle(
    [keep = fate_](storage::operation what) { return keep->storing(what); });
  start_blows();
}

life::~life() {
  fate_->end_process();
  storage::set_obstacle({});
  // Those who supervise first: nobody is started again.
  caf::anon_send_exit(root_, caf::exit_reason::kill);
  caf::anon_send_exit(blows_, caf::exit_reason::kill);
  board_->each([this](const probe& x) {
    if (auto actor = names_.slot(x.path)->current())
      caf::anon_send_exit(actor, caf::exit_reason::kill);
  });
  while (coordinator_->has_job())
    coordinator_->run_once();
  board_->each([this](const probe& x) { names_.slot(x.path)->clear(); });
  world_.elapsed = now();
  coordinator_->clock().cancel_all();
  root_ = nullptr;
  blows_ = nullptr;
}

void life::make_system() {
  config_.add_message_types<caf::id_block::banksia>();
  config_.set("scheduler.policy", caf::atom("testing"));
  system_ = std::make_unique<caf::actor_system>(config_);
  system_->await_actors_before_shutdown(false);
  coordinator_ = &dynamic_cast<caf::scheduler::test_coordinator&>(
    system_->scheduler());
  coordinator_->clock().current_time
    = caf::actor_clock::time_point{world_.elapsed};
  began_ = progress_at_ = world_.elapsed;
}

std::chrono::nanoseconds life::now() const {
  return coordinator_->clock().now().time_since_epoch();
}

timestamp life::wall() const {
  auto passed = std::chrono::duration<double, std::micro>{now()} * of_.speed;
  return of_.begin() + std::chrono::duration_cast<micros>(passed)
         + world_.clock_off;
}

node_setup life::setup() {
  auto db = store::open_for_writing(world_.file);
  store::ledger{db}.register_run(of_.plan->run, "live", "{}");
  store::queries ask{db};
  auto run = ask.run(of_.plan->run);
  node_setup x;
  x.plan = of_.plan;
  x.database = world_.file;
  x.clock.mode = of_.mode;
  x.clock.speed = of_.speed;
  x.clock.wall = [this] { return wall(); };
  x.clock.start = of_.mode == clock_mode::live
                    ? wall()
                    : run->market_time.value_or(of_.begin());
  if (!run->market_time)
    world_.begun = x.clock.start;
  auto market = of_.market();
  market.after = ask.watermark("simulator").value_or(timestamp{});
  x.rebuilt_until = market.after;
  x.listed = listed_ = std::make_shared<roster>(
    x.plan, listings_of(x.plan->symbols, ask.listings(end_of_time)));
  market.settings.symbols = listed_->now()->first_codes();
  for (const auto& code : market.settings.symbols)
    if (ask.bars_between(code, bar_interval::d1, std::nullopt, std::nullopt, 1)
          .empty())
      market.missing.insert(code);
  x.simulation = std::move(market);
  x.rebuild_from_store = true;
  x.readers = 1;
  x.analyses = true;
  x.trains = true;
  x.maintains = true;
  x.training = training();
  x.training_limit = 1min;
  x.retries.pause = 1s;
  // One thread for all.
  x.blocking = placement::pooled;
  x.board = board_;
  x.seed = of_.seed;
  x.report = [this](const supervision_event& seen) { report(seen); };
  return x;
}

trainer_setup life::training() {
  trainer_setup x;
  x.run = of_.plan->run;
  x.database = world_.file;
  x.models = world_.models();
  x.command = {"banksia-ml", "train"};
  // Shorter than calm lasts.
  x.limits = {20s, 5s, 1s};
  x.calendar = of_.plan->calendar;
  x.start_program = [this](const process::process_spec& spec,
                           training_program::time_point at) {
    return simulated_training(of_, spec, at, world_.numbers, world_.seen,
                              world_.trained, calm_);
  };
  x.before_registry_step
    = [this](std::string_view name) { before_registry_step(name); };
  return x;
}

void life::before_registry_step(std::string_view name) {
  if (of_.bug == planted::torn_model && name == "registry write")
    for (const auto& x : std::filesystem::directory_iterator(world_.models()))
      if (x.path().extension() == ".model")
        std::filesystem::resize_file(x, 100);
  auto chance = of_.luck.registry;
  if (calm_ || chance == 0 || !world_.numbers.chance(chance))
    return;
  world_.seen.remark("cut off before " + std::string{name}, now());
  throw cut_off{};
}

void life::start_tree() {
  auto tree = setup();
  auto options = root_options(tree);
  options.give_up = [this](const std::string&) {
    if (!ended_)
      ended_ = ending::gave_up;
  };
  root_ = start_supervisor(*system_, board_, topology(tree, names_),
                           std::move(options));
  caf::actor_cast<caf::abstract_actor*>(root_)->attach_functor(
    [this](const caf::error&) { root_ended_ = true; });
}

void life::start_blows() {
  blows_ = system_->spawn([this](caf::event_based_actor* self) -> caf::behavior {
    self->delayed_send(self, of_.luck.pause_min, blow_atom::value);
    return {[this, self](blow_atom) {
      if (!calm_)
        self->delayed_send(self, next_blow(), blow_atom::value);
    }};
  });
}

// -- running ----------------------------------------------------------------------

std::size_t life::choose(const std::vector<std::size_t>& able) {
  auto by = of_.choice;
  if (world_.numbers.chance(0.1))
    by = order::random;
  switch (by) {
    case order::first:
      return able.front();
    case order::last:
      return able.back();
    case order::unfair: {
      // Always the same one, by its place in the tree.
      auto lowest = able.front();
      for (auto i : able)
        if (actor_of(coordinator_->jobs[i])
            < actor_of(coordinator_->jobs[lowest]))
          lowest = i;
      return lowest;
    }
    case order::random:
      break;
  }
  return world_.numbers.pick(able);
}

bool life::run_one() {
  auto& jobs = coordinator_->jobs;
  able_.clear();
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    if (!frozen_.empty()) {
      auto found = frozen_.find(actor_of(jobs[i]));
      if (found != frozen_.end() && now() < found->second)
        continue;
    }
    able_.push_back(i);
  }
  if (able_.empty())
    return false;
  std::swap(jobs[0], jobs[choose(able_)]);
  coordinator_->run_once();
  ++events_;
  return true;
}

void life::go_on() {
  if (!broken_.empty())
    throw broken(broken_);
  if (blow_after_ && !calm_ && events_ >= *blow_after_) {
    blow_after_.reset();
    blow();
  }
  if (now() >= outage_until_)
    fate_->fail_commits(std::nullopt);
  if (run_one() || coordinator_->trigger_timeout())
    return;
  if (frozen_.empty())
    throw broken("nothing is left to do: the tree is dead");
  frozen_.clear();
}

void life::guard_progress() {
  auto at = fate_->market_time();
  if (at != progress_) {
    progress_ = at;
    progress_at_ = now();
    progress_events_ = events_;
    return;
  }
  // A wall clock that was set back is waited for.
  auto limit = standstill_max
               + std::chrono::nanoseconds{
                 std::max<std::int64_t>(0, (at - wall()).count()) * 1000};
  if (of_.mode != clock_mode::live)
    limit = standstill_max;
  if (now() - progress_at_ > limit
      || events_ - progress_events_ > standstill_messages)
    throw broken("market time stands still at " + to_rfc3339(at));
}

ending life::run() {
  while (!ended_) {
    go_on();
    guard_progress();
    auto at = fate_->market_time();
    if (!calm_ && at >= of_.calm_from) {
      calm_ = true;
      calm_at_ = now();
      fate_->allow(false);
      fate_->fail_commits(std::nullopt);
      outage_until_ = {};
      frozen_.clear();
      world_.seen.remark("no more faults", now());
    }
    if (calm_ && at >= of_.end && now() - calm_at_ >= calm_min)
      return ending::reached;
  }
  return *ended_;
}

// -- ending -----------------------------------------------------------------------

namespace {

/// What every actor says about itself; asked in a simulation's own way, since
/// nothing may block.
struct answers {
  std::size_t awaited = 0;
  std::string wrong;
};

bool tells_health(std::string_view path) {
  return path.starts_with("store/") || path.starts_with("feed/")
         || path == "cycle" || path == "evaluator" || path == "scheduler"
         || path == "analyst" || path == "ml/trainer";
}

} // namespace

void life::check_whole() {
  auto heard = std::make_shared<answers>();
  std::map<std::string, caf::actor> all;
  auto listed = listed_->now();
  std::set<std::string> gone; // those that nobody needs are stopped
  for (const auto& symbol : listed->symbols())
    gone.insert("symbol/" + symbol);
  for (auto index : listed->predicted_at(end_of_time))
    gone.erase("symbol/" + listed->symbols()[index]);
  board_->each([&](const probe& x) {
    if (x.path != "root" && !supervisors_.contains(x.path)
        && !gone.contains(x.path))
      all[x.path] = names_.slot(x.path)->current();
  });
  heard->awaited = all.size();
  system_->spawn([all, heard](caf::event_based_actor* self) {
    auto wrong = [heard](const std::string& path, const std::string& what) {
      --heard->awaited;
      if (heard->wrong.empty())
        heard->wrong = path + " " + what;
    };
    for (const auto& [path, actor] : all) {
      auto name = path;
      auto failed = [=](const caf::error& x) {
        wrong(name, "does not answer: " + self->system().render(x));
      };
      if (tells_health(path))
        self->request(actor, 60s, wire::health_atom_v)
          .then(
            [=](const component_health& x) {
              if (x.state == health_state::healthy)
                --heard->awaited;
              else
                wrong(name, "is not healthy: " + x.reason);
            },
            failed);
      else
        self->request(actor, 60s, ready_atom::value)
          .then([=](bool) { --heard->awaited; }, failed);
    }
  });
  auto until = now() + 120s;
  while (heard->awaited > 0 && now() < until)
    go_on();
  if (!heard->wrong.empty())
    throw broken("the tree is not whole: " + heard->wrong);
  if (heard->awaited > 0)
    throw broken("the tree is not whole: some do not answer");
}

void life::stop() {
  caf::anon_send_exit(root_, caf::exit_reason::user_shutdown);
  auto until = now() + 10min;
  while (!root_ended_ && now() < until)
    go_on();
  if (!root_ended_)
    throw broken("the tree does not stop");
}

} // namespace banksia::chaos
