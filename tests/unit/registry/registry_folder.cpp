#define CAF_SUITE registry_folder

#include "tests/unit/registry/folder_samples.hpp"
#include "tests/unit/storage/file_size_limit.hpp"

#include <caf/test/unit_test.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <functional>
#include <thread>

using namespace banksia;
using namespace banksia::test;

namespace {

/// What a call is refused with; "" when it is not.
std::string said(registry_fault fault, const std::function<void()>& call) {
  try {
    call();
  } catch (const registry_failure& error) {
    CAF_CHECK(error.fault() == fault);
    return error.what();
  }
  return "";
}

bool has(const std::string& text, std::string_view part) {
  auto found = text.find(part) != std::string::npos;
  if (!found)
    CAF_MESSAGE("'" << text << "' lacks '" << part << "'");
  return found;
}

} // namespace

CAF_TEST(a folder that is not there is empty and reading does not make it) {
  model_place place;
  auto folder = place.folder();
  CAF_CHECK(folder.read().entries().empty());
  CAF_CHECK_EQUAL(folder.stamp(), 0u);
  CAF_CHECK(!std::filesystem::exists(place.root));
}

CAF_TEST(a model is added shadowed promoted and rolled back) {
  model_place place;
  place.crowned(1);
  place.crowned(2);
  auto folder = place.folder();
  auto state = folder.read();
  CAF_CHECK_EQUAL(status(state, "model-1"), "deprecated");
  CAF_CHECK_EQUAL(status(state, "model-2"), "champion");
  CAF_CHECK(folder.load("model-2") == numbered_model(2));
  state = folder.roll_back(std::nullopt, order(3));
  CAF_CHECK(state == folder.read());
  CAF_CHECK_EQUAL(status(state, "model-1"), "champion");
  state = folder.demote(order(4));
  CAF_CHECK(state.champion() == nullptr);
  state = folder.archive("model-1", order(5));
  CAF_CHECK_EQUAL(status(folder.read(), "model-1"), "archived");
}

CAF_TEST(what was done from a time on can be undone) {
  model_place place;
  place.crowned(1);
  auto folder = place.folder();
  auto then = folder.read();
  place.crowned(2);
  folder.demote(order(3));
  folder.add(place.trained(4), order(4));
  auto state = folder.rewind(order(2).at);
  CAF_CHECK(state == then);
  CAF_CHECK(folder.read() == then);
  CAF_CHECK(!std::filesystem::exists(folder.file_of("model-2")));
  CAF_CHECK(!std::filesystem::exists(folder.file_of("model-4")));
  CAF_CHECK(folder.load("model-1") == numbered_model(1));
  // The same once more: as if nothing had been.
  place.crowned(2);
  CAF_CHECK_EQUAL(status(folder.read(), "model-2"), "champion");
  CAF_CHECK(folder.rewind(order(1).at).entries().empty());
}

CAF_TEST(an entry says what its file says) {
  model_place place;
  auto file = place.trained(1);
  CAF_CHECK_EQUAL(place.folder().add(file, order(1)), "model-1");
  auto state = place.folder().read();
  const auto* entry = state.find("model-1");
  CAF_REQUIRE(entry != nullptr);
  auto manifest = numbered_model(1).manifest;
  CAF_CHECK_EQUAL(entry->bytes, std::filesystem::file_size(file));
  CAF_CHECK_EQUAL(entry->trials, manifest.trials);
  CAF_CHECK(entry->kind == manifest.shape.kind);
  CAF_CHECK(entry->metrics == manifest.metrics);
  CAF_CHECK_EQUAL(bytes_in(place.folder().file_of("model-1")),
                  bytes_in(file));
}

CAF_TEST(what is added twice is there once) {
  model_place place;
  place.folder().add(place.trained(1), order(1));
  auto before = place.folder().stamp();
  CAF_CHECK_EQUAL(place.folder().add(place.trained(1), order(2)), "model-1");
  CAF_CHECK_EQUAL(place.folder().stamp(), before);
  // A file that got lost comes back that way.
  std::filesystem::remove(place.folder().file_of("model-1"));
  place.folder().add(place.trained(1), order(3));
  CAF_CHECK(place.folder().load("model-1") == numbered_model(1));
}

CAF_TEST(another file under a known version is refused) {
  model_place place;
  place.folder().add(place.trained(1), order(1));
  auto other = numbered_model(1);
  other.manifest.rows += 1;
  auto file = place.scratch.path() / "other";
  write_file(file, forecast::to_bytes(other));
  auto text = said(registry_fault::refused,
                   [&] { place.folder().add(file, order(2)); });
  CAF_CHECK(has(text, "model-1 is there already"));
  CAF_CHECK(place.folder().load("model-1") == numbered_model(1));
}

CAF_TEST(what is no sound model is not added) {
  model_place place;
  auto file = place.scratch.path() / "wrong";
  auto add = [&] { place.folder().add(file, order(1)); };
  CAF_CHECK(has(said(registry_fault::damaged, add), "no such model file"));
  write_file(file, "hello");
  CAF_CHECK(has(said(registry_fault::damaged, add),
                "not a model: " + file.string() + ": give a file"));
  auto bytes = forecast::to_bytes(numbered_model(1));
  write_file(file, bytes.substr(0, bytes.size() - 1));
  CAF_CHECK(has(said(registry_fault::damaged, add), file.string()));
  bytes[8] = 9; // the format
  write_file(file, bytes);
  CAF_CHECK(has(said(registry_fault::damaged, add), "format 9"));
  CAF_CHECK_EQUAL(place.folder().stamp(), 0u);
}

CAF_TEST(a tampered or exchanged file is not loaded) {
  model_place place;
  place.crowned(1);
  auto folder = place.folder();
  auto file = folder.file_of("model-1");
  auto load = [&] { folder.load("model-1"); };
  auto bytes = bytes_in(file);
  bytes[bytes.size() / 2] ^= 1;
  write_file(file, bytes);
  CAF_CHECK(has(said(registry_fault::damaged, load), file.string()));
  // Sealed, and yet not the one that was added.
  auto other = numbered_model(1);
  other.manifest.rows += 1;
  write_file(file, forecast::to_bytes(other));
  CAF_CHECK(has(said(registry_fault::damaged, load), file.string()));
  std::filesystem::remove(file);
  CAF_CHECK(has(said(registry_fault::damaged, load), "no such model file"));
  std::filesystem::create_directory(file);
  CAF_CHECK(has(said(registry_fault::unusable, load), "cannot read"));
}

CAF_TEST(a registry of an unknown format or a broken one is refused and kept) {
  model_place place;
  place.crowned(1);
  auto folder = place.folder();
  auto file = place.root / "registry.json";
  for (const std::string text : {"{\"format\":2,\"models\":[]}", "{", "[]", ""}) {
    write_file(file, text);
    auto told = said(registry_fault::damaged, [&] { folder.read(); });
    CAF_CHECK(has(told, file.string()));
    CAF_CHECK(has(said(registry_fault::damaged,
                       [&] { folder.add(place.trained(2), order(2)); }),
                  "the model registry cannot be used"));
    CAF_CHECK(has(said(registry_fault::damaged,
                       [&] { folder.retain({}, day(900)); }),
                  "registry"));
    CAF_CHECK_EQUAL(bytes_in(file), text);
  }
  CAF_CHECK(std::filesystem::exists(folder.file_of("model-1")));
}

CAF_TEST(what the rules do not allow is refused and changes nothing) {
  model_place place;
  place.folder().add(place.trained(1), order(1));
  auto folder = place.folder();
  auto before = folder.stamp();
  CAF_CHECK(has(said(registry_fault::refused,
                     [&] { folder.promote("model-1", order(2)); }),
                "cannot become champion"));
  CAF_CHECK(has(said(registry_fault::refused,
                     [&] { folder.shadow("model-9", order(2)); }),
                "no such model: model-9"));
  CAF_CHECK(has(said(registry_fault::refused,
                     [&] { folder.roll_back(std::nullopt, order(2)); }),
                "no former champion"));
  CAF_CHECK(has(said(registry_fault::refused, [&] { folder.demote(order(2)); }),
                "no champion"));
  CAF_CHECK(has(said(registry_fault::refused,
                     [&] { folder.archive("model-1", {day(2), "me", ""}); }),
                "no reason"));
  CAF_CHECK(has(said(registry_fault::refused, [&] { folder.load("model-9"); }),
                "no such model"));
  CAF_CHECK_EQUAL(folder.stamp(), before);
}

CAF_TEST(a clock that lags takes the newest change for its time) {
  model_place place;
  place.folder().add(place.trained(1), order(5));
  auto state = place.folder().shadow("model-1", order(2));
  CAF_CHECK(state.find("model-1")->since() == day(5));
}

CAF_TEST(each change has a stamp of its own) {
  model_place place;
  auto folder = place.folder();
  std::vector<std::uint64_t> seen{folder.stamp()};
  folder.add(place.trained(1), order(1));
  seen.push_back(folder.stamp());
  folder.shadow("model-1", order(1));
  seen.push_back(folder.stamp());
  folder.promote("model-1", order(1));
  seen.push_back(folder.stamp());
  folder.demote(order(1));
  seen.push_back(folder.stamp());
  std::sort(seen.begin(), seen.end());
  CAF_CHECK(std::adjacent_find(seen.begin(), seen.end()) == seen.end());
}

CAF_TEST(retention archives deletes and clears away what crashes left) {
  model_place place;
  for (int i = 1; i <= 3; ++i)
    place.folder().add(place.trained(i), order(i));
  write_file(place.root / "model-7.model", "an orphan");
  write_file(place.root / "registry.json.new", "half");
  write_file(place.root / "notes.txt", "a person's");
  forecast::retention_rules rules;
  rules.candidates_kept = 1;
  auto folder = place.folder();
  auto done = folder.retain(rules, day(10));
  CAF_CHECK_EQUAL(done.archive.size(), 2u);
  CAF_CHECK_EQUAL(status(folder.read(), "model-1"), "archived");
  CAF_CHECK(std::filesystem::exists(folder.file_of("model-1")));
  CAF_CHECK(!std::filesystem::exists(place.root / "model-7.model"));
  CAF_CHECK(!std::filesystem::exists(place.root / "registry.json.new"));
  CAF_CHECK(std::filesystem::exists(place.root / "notes.txt"));
  done = folder.retain(rules, day(101));
  CAF_CHECK_EQUAL(done.remove.size(), 2u);
  CAF_CHECK(!std::filesystem::exists(folder.file_of("model-1")));
  CAF_CHECK(folder.load("model-3") == numbered_model(3));
}

CAF_TEST(without a registry no model counts as left over) {
  model_place place;
  place.crowned(1);
  std::filesystem::remove(place.root / "registry.json");
  place.folder().retain({}, day(900));
  CAF_CHECK(std::filesystem::exists(place.folder().file_of("model-1")));
}

CAF_TEST(a second writer waits and nothing is lost) {
  model_place place;
  constexpr int each = 12;
  for (int i = 1; i <= 2 * each; ++i)
    place.trained(i);
  auto writes = [&place](int from) {
    auto folder = place.folder();
    for (int i = from; i < from + each; ++i)
      folder.add(place.scratch.path() / ("trained-" + std::to_string(i)),
                 order(1));
  };
  std::jthread other{writes, 1};
  writes(each + 1);
  other.join();
  CAF_CHECK_EQUAL(place.folder().read().entries().size(), 2u * each);
}

CAF_TEST(a lock that is never let go is named) {
  model_place place;
  place.crowned(1);
  auto held = ::open((place.root / "registry.lock").c_str(), O_RDWR);
  CAF_REQUIRE(::flock(held, LOCK_EX) == 0);
  CAF_CHECK(has(said(registry_fault::unusable,
                     [&] { place.folder().demote(order(2)); }),
                "another process is changing the models"));
  // Readers need no lock.
  CAF_CHECK(place.folder().read().champion() != nullptr);
  ::close(held);
  CAF_CHECK(place.folder().demote(order(2)).champion() == nullptr);
}

CAF_TEST(a folder that cannot be written is named and stays as it was) {
  model_place place;
  place.crowned(1);
  auto stamp = place.folder().stamp();
  namespace fs = std::filesystem;
  fs::permissions(place.scratch.path(), fs::perms{0755});
  fs::permissions(place.root, fs::perms{0555});
  auto is_root = ::geteuid() == 0; // who is bound by no permissions
  if (is_root)
    CAF_REQUIRE(::seteuid(65534) == 0);
  auto text = said(registry_fault::unusable,
                   [&] { place.folder().demote(order(2)); });
  auto champion = place.folder().load("model-1");
  if (is_root)
    CAF_REQUIRE(::seteuid(0) == 0);
  fs::permissions(place.root, fs::perms{0755});
  CAF_CHECK(has(text, place.root.string()));
  CAF_CHECK(has(text, "writable"));
  CAF_CHECK(champion == numbered_model(1));
  CAF_CHECK_EQUAL(place.folder().stamp(), stamp);
}

CAF_TEST(a full disk is named and all stays as it was) {
  model_place place;
  place.crowned(1);
  auto second = place.trained(2);
  auto stamp = place.folder().stamp();
  {
    storage_test::file_size_limit full{100};
    CAF_CHECK(has(said(registry_fault::full,
                       [&] { place.folder().demote(order(2)); }),
                  "registry.json.new"));
    CAF_CHECK(has(said(registry_fault::full,
                       [&] { place.folder().add(second, order(2)); }),
                  "make room on its disk"));
  }
  CAF_CHECK_EQUAL(place.folder().stamp(), stamp);
  CAF_CHECK(place.folder().load("model-1") == numbered_model(1));
  // With room again it goes on; what was begun is in nobody's way.
  place.folder().add(second, order(2));
  CAF_CHECK(place.folder().load("model-2") == numbered_model(2));
}

CAF_TEST(a disk with room is no reason to wait) {
  model_place place;
  // The folder is made by the first change.
  CAF_CHECK(!std::filesystem::exists(place.root));
  CAF_CHECK_EQUAL(said(registry_fault::full,
                       [&] { place.folder().expect_room(); }),
                  "");
}

CAF_TEST(a file in the place of the folder is named) {
  model_place place;
  write_file(place.root, "");
  CAF_CHECK(has(said(registry_fault::unusable,
                     [&] { place.folder().add(place.trained(1), order(1)); }),
                place.root.string()));
}
