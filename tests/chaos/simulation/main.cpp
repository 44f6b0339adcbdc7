/// The whole tree on one thread in virtual time, with faults drawn from a seed.
///
///   simulation --seeds N [--from S] [--plant BUG]
///   simulation --seed N [--plant BUG]
///
/// Exit 0: all invariants hold. 1: one is broken; its seed, the invariant and
/// the last events are on stderr. 2: usage.

#include "runtime/logging/log.hpp"
#include "tests/chaos/simulation/invariants.hpp"
#include "tests/scratch_folder.hpp"

#include <charconv>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <string>
#include <unistd.h>

namespace banksia::chaos {

namespace {

namespace fs = std::filesystem;

/// In memory where the machine has that: the disk is not what is simulated.
fs::path base_folder() {
  return access("/dev/shm", W_OK) == 0 ? fs::path{"/dev/shm"}
                                       : fs::temp_directory_path();
}

/// More lives than any bad luck of ours ends.
constexpr int lives_max = 200;

/// @param last the events of the life before
void check_after(const scenario& of, world& in,
                 const std::string& last) {
  try {
    check_sound(of, in);
  } catch (const std::exception& error) {
    throw broken(std::string{error.what()} + "\nthe last events:\n" + last
                 + "end of them");
  }
}

/// Lives one life after the other until the end of the market.
void live(const scenario& of, world& in) {
  std::string last; // events of the life before
  for (int i = 0; i < lives_max; ++i) {
    // The one before may have been killed in the middle of anything.
    if (i > 0)
      check_after(of, in, last);
    life one{of, in};
    try {
      auto how = one.run();
      if (how == ending::reached) {
        one.check_whole();
        one.stop();
      } else if (how == ending::stopped) {
        one.stop();
      }
      if (how != ending::crashed)
        check_sound(of, in);
      if (how == ending::reached) {
        check_complete(of, in);
        return;
      }
      last = in.seen.last(one.system());
    } catch (const std::exception& error) {
      throw broken(std::string{error.what()} + "\nthe last events:\n"
                   + in.seen.last(one.system()) + "end of them");
    }
  }
  throw broken("it never comes to its end");
}

struct options {
  std::uint64_t from = 1;
  std::uint64_t count = 1;
  bool one = false;
  planted bug = planted::nothing;
  std::string bug_name;
};

/// @returns whether the invariants hold
bool simulate(std::uint64_t seed, const options& with) {
  test::scratch_folder folder{base_folder()};
  auto of = scenario_of(seed, with.bug);
  world in{seed};
  in.file = folder.file("banksia.db");
  try {
    live(of, in);
  } catch (const std::exception& error) {
    std::cerr << "simulate: seed " << seed
              << (with.bug_name.empty() ? "" : " with " + with.bug_name)
              << ": " << error.what() << "\nagain: tests/chaos/simulate --seed "
              << seed << "\n";
    return false;
  }
  if (with.one) {
    char hash[17];
    std::snprintf(hash, sizeof hash, "%016llx",
                  static_cast<unsigned long long>(in.seen.hash()));
    std::cout << in.seen.count() << " events\nseed " << seed << " hash " << hash
              << "\n";
  }
  return true;
}

int usage(const std::string& why) {
  std::cerr << "simulate: " << why
            << ": give --seeds N or --seed N, with --from N and --plant "
               "lost-ack | forget-obligations | double-outcome | "
               "restart-loses-cycle | skip-slot | lost-training | "
               "unearned-champion | torn-model as you like\n";
  return 2;
}

int run(int argc, char** argv) {
  // What happens is on record; what is said of it would hide what is found.
  logging::set_level(logging::level::fatal);
  options with;
  bool given = false;
  for (int i = 1; i < argc; ++i) {
    std::string key = argv[i];
    if (i + 1 == argc)
      return usage(key + " lacks its value");
    std::string_view value = argv[++i];
    if (key == "--plant") {
      auto bug = parse_planted(value);
      if (!bug)
        return usage("no such bug: " + std::string{value});
      with.bug = *bug;
      with.bug_name = value;
      continue;
    }
    std::uint64_t number = 0;
    auto end = value.data() + value.size();
    auto [at, error] = std::from_chars(value.data(), end, number);
    if (error != std::errc{} || at != end || number == 0)
      return usage("no number from 1 on: " + std::string{value});
    if (key == "--seeds") {
      with.count = number;
    } else if (key == "--seed") {
      with.one = true;
      with.from = number;
    } else if (key == "--from") {
      with.from = number;
    } else {
      return usage("no such option: " + key);
    }
    given = given || key != "--from";
  }
  if (!given)
    return usage("how many seeds?");
  for (std::uint64_t i = 0; i < with.count; ++i)
    if (!simulate(with.from + i, with)) {
      std::cout << "seed " << with.from + i << "\n";
      return 1;
    }
  if (!with.one)
    std::cout << with.count << " seeds hold\n";
  return 0;
}

} // namespace

} // namespace banksia::chaos

int main(int argc, char** argv) {
  return banksia::chaos::run(argc, argv);
}
