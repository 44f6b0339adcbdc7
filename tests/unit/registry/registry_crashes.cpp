#define CAF_SUITE registry_crashes

/// A process is killed before each step of each change; the next one finds the
/// registry as it was before or after, and every model that it names.

#include "tests/unit/registry/folder_samples.hpp"

#include <caf/test/unit_test.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <functional>

using namespace banksia;
using namespace banksia::test;

namespace {

using work = std::function<void(registry_folder)>;

/// Does `change` in a process that is killed before its `n`th step.
/// @returns whether it had so many steps
bool killed_before_step(int n, const model_place& place, const work& change) {
  auto child = ::fork();
  CAF_REQUIRE(child >= 0);
  if (child == 0) {
    int seen = 0;
    change(place.folder([n, &seen](std::string_view) {
      if (seen++ == n)
        ::raise(SIGKILL);
    }));
    ::_exit(0);
  }
  int status = 0;
  CAF_REQUIRE(::waitpid(child, &status, 0) == child);
  if (WIFSIGNALED(status))
    return true;
  CAF_REQUIRE(WEXITSTATUS(status) == 0);
  return false;
}

/// Kills `change` before each of its steps; the folder is made by `prepare`.
/// @returns how many steps there were
int check_each_step(const std::function<void(const model_place&)>& prepare,
                    const work& change) {
  for (int n = 0;; ++n) {
    model_place place;
    place.trained(3);
    prepare(place);
    auto before = place.folder().read();
    auto went_on = killed_before_step(n, place, change);
    auto found = place.folder().read();
    for (const auto& entry : found.entries())
      CAF_CHECK_EQUAL(place.folder().load(entry.version).manifest.version,
                      entry.version);
    // Whoever comes next is held up by nothing, and ends where it should.
    if (found == before)
      change(place.folder());
    auto after = place.folder().read();
    CAF_CHECK(after != before);
    if (found != before)
      CAF_CHECK(found == after);
    place.folder().retain({}, day(20));
    for (const auto& file : std::filesystem::directory_iterator(place.root))
      CAF_CHECK(file.path().extension() != ".new");
    if (!went_on)
      return n;
  }
}

void two_champions(const model_place& place) {
  place.crowned(1);
  place.crowned(2);
}

} // namespace

CAF_TEST(adding) {
  // Four steps of the model's file, four of the registry.
  auto steps = check_each_step(two_champions, [](registry_folder folder) {
    folder.add(folder.root().parent_path() / "trained-3", order(3));
  });
  CAF_CHECK_EQUAL(steps, 8);
}

CAF_TEST(adding the first) {
  auto steps = check_each_step([](const model_place&) {},
                               [](registry_folder folder) {
                                 folder.add(folder.root().parent_path()
                                              / "trained-3",
                                            order(3));
                               });
  CAF_CHECK_EQUAL(steps, 8);
}

CAF_TEST(promoting and rolling back) {
  auto with_shadow = [](const model_place& place) {
    two_champions(place);
    place.folder().add(place.trained(3), order(3));
    place.folder().shadow("model-3", order(3));
  };
  CAF_CHECK_EQUAL(check_each_step(with_shadow,
                                  [](registry_folder folder) {
                                    folder.promote("model-3", order(4));
                                  }),
                  4);
  CAF_CHECK_EQUAL(check_each_step(two_champions,
                                  [](registry_folder folder) {
                                    folder.roll_back(std::nullopt, order(4));
                                  }),
                  4);
  CAF_CHECK_EQUAL(check_each_step(two_champions,
                                  [](registry_folder folder) {
                                    folder.demote(order(4));
                                  }),
                  4);
}

CAF_TEST(deleting) {
  auto with_old_one = [](const model_place& place) {
    two_champions(place);
    place.folder().add(place.trained(3), order(3));
    place.folder().archive("model-3", order(3));
  };
  auto steps = check_each_step(with_old_one, [](registry_folder folder) {
    folder.retain({}, day(200));
  });
  CAF_CHECK_EQUAL(steps, 5);
}
