#define CAF_SUITE tree_away
#include "actors/store/journal.hpp"
#include "actors/store/writer.hpp"
#include "tests/integration/tree/live_run.hpp"
#include "tests/unit/storage/file_size_limit.hpp"

using namespace banksia;
using namespace banksia::tree_test;

namespace {

/// Holds the lock of the database while it lives, as another program would.
class held_database {
public:
  explicit held_database(const std::filesystem::path& file)
    : db_(file, storage::open_mode::read_write) {
    db_.execute("BEGIN EXCLUSIVE");
  }

private:
  storage::database db_;
};

/// So many cycles more are told.
void pass(running_tree& tree, std::uint64_t cycles) {
  tree.seen.expect("cycle", tree.seen.count("cycle") + cycles);
}

bool is_journaled(const std::filesystem::path& file) {
  return std::filesystem::exists(store::journal_file(file));
}

/// Cycles pass until the journal is in the database.
void pass_until_moved(running_tree& tree, const std::filesystem::path& file) {
  auto deadline = std::chrono::steady_clock::now() + patience;
  while (is_journaled(file)) {
    CAF_REQUIRE(std::chrono::steady_clock::now() < deadline);
    pass(tree, 1);
  }
}

/// What the writer says of itself.
component_health database_health(running_tree& tree) {
  component_health result;
  caf::scoped_actor self{tree.system()};
  self->request(tree.names.name<store_writer_actor>("store/writer").get(),
                patience, wire::health_atom_v)
    .receive([&](const component_health& x) { result = x; },
             [](const caf::error&) { CAF_FAIL("the writer is silent"); });
  return result;
}

} // namespace

CAF_TEST(cycles go on while another program holds the database) {
  check_equal_to_undisturbed(run_node([](running_tree& tree,
                                         const auto& file) {
    pass(tree, 3);
    CAF_CHECK(!is_journaled(file));
    {
      held_database held{file};
      pass(tree, 20);
      CAF_CHECK(is_journaled(file));
      CAF_CHECK(database_health(tree).state == health_state::degraded);
    }
    pass_until_moved(tree, file);
    CAF_CHECK(database_health(tree).state == health_state::healthy);
  }));
}

CAF_TEST(who restarts while the database is away knows what was promised) {
  check_equal_to_undisturbed(run_node([](running_tree& tree,
                                         const auto& file) {
    pass(tree, 3);
    {
      held_database held{file};
      pass(tree, 20);
      for (auto path : {"store/writer", "evaluator", "symbol/CBA.AX", "cycle",
                        "feed/prices/simulator", "store/reader/2",
                        "scheduler"}) {
        tree.kill(path);
        pass(tree, 5);
      }
      CAF_CHECK(is_journaled(file));
    }
    pass_until_moved(tree, file);
  }));
}

CAF_TEST(a node that is stopped meanwhile finds all of it at its next start) {
  scratch_folder folder;
  auto file = folder.path() / "banksia.db";
  auto setup = simulated_node(file);
  std::uint64_t told = 0;
  {
    held_database held{file};
    running_tree tree{setup};
    pass(tree, 5);
    CAF_CHECK(tree.stop());
    told = tree.seen.count("cycle");
  }
  CAF_CHECK(is_journaled(file));
  store_writer_state writer;
  writer.open(file, setup.provenance, {});
  CAF_CHECK(!is_journaled(file));
  auto db = store::open_for_reading(file);
  CAF_CHECK_GREATER_OR_EQUAL(store::queries{db}.totals("live").cycles, told);
}

CAF_TEST(a full disk stops the cycles and nothing is lost) {
  check_equal_to_undisturbed(run_node([](running_tree& tree,
                                         const auto& file) {
    pass(tree, 3);
    {
      storage_test::file_size_limit full{0};
      auto deadline = std::chrono::steady_clock::now() + patience;
      while (database_health(tree).state != health_state::unhealthy)
        CAF_REQUIRE(std::chrono::steady_clock::now() < deadline);
    }
    pass(tree, 3);
    pass_until_moved(tree, file);
    CAF_CHECK(database_health(tree).state == health_state::healthy);
  }));
}
