#include "actors/registry/registry_folder.hpp"

#include "messages/ids.hpp"
#include "models/forecast/registry_text.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <utility>
#include <vector>

namespace banksia {

namespace {

using forecast::change_order;
using forecast::registry_state;

constexpr std::size_t registry_bytes_max = 64 << 20;
/// Models have up to a megabyte, and are written beside what they replace.
constexpr std::uint64_t room_min_bytes = 4 << 20;
constexpr std::string_view model_suffix = ".model";

[[noreturn]] void refuse(registry_fault fault, const std::string& text) {
  throw registry_failure(fault, text);
}

[[noreturn]] void unusable(const file_failure& error) {
  if (error.is_full())
    refuse(registry_fault::full,
           std::string{error.what()} + ": make room on its disk");
  refuse(registry_fault::unusable,
         std::string{error.what()}
           + ": make the models folder writable for this user and check the "
             "disk");
}

/// The lock of a folder, as long as it lives.
class folder_lock {
public:
  /// Others hold it for some milliseconds; who is halted keeps it for ever.
  static constexpr int tries = 500;

  explicit folder_lock(const std::filesystem::path& file)
    : fd_(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644)) {
    if (fd_ < 0)
      unusable(file_failure{"cannot write", file, errno});
    for (int i = 0; i < tries; ++i) {
      if (::flock(fd_, LOCK_EX | LOCK_NB) == 0)
        return;
      timespec pause{0, 10'000'000};
      ::nanosleep(&pause, nullptr);
    }
    ::close(fd_);
    refuse(registry_fault::unusable,
           "another process is changing the models: " + file.string()
             + ": wait for it, or end it if it is halted");
  }
  ~folder_lock() { ::close(fd_); }
  folder_lock(const folder_lock&) = delete;
  folder_lock& operator=(const folder_lock&) = delete;

private:
  int fd_;
};

/// The time of the newest change.
timestamp newest_change(const registry_state& x) {
  timestamp newest = timestamp::min();
  for (const auto& entry : x.entries())
    newest = std::max(newest, entry.since());
  return newest;
}

void check(const registry_state::problem& found) {
  if (found)
    refuse(registry_fault::refused, *found);
}

/// Puts the file between what is wrong and what to do.
std::string with_place(const std::string& text,
                       const std::filesystem::path& file) {
  auto colon = text.rfind(": ");
  return text.substr(0, colon) + ": " + file.string() + text.substr(colon);
}

/// Reads a model's bytes strictly.
forecast::model_content content_of(const std::filesystem::path& file,
                                   const std::string& bytes,
                                   std::string_view sha256) {
  try {
    return forecast::from_bytes(bytes, sha256);
  } catch (const forecast::model_file_error& error) {
    refuse(registry_fault::damaged, with_place(error.what(), file));
  }
}

std::string bytes_of(const std::filesystem::path& file) {
  try {
    if (auto bytes = read_whole(file, forecast::model_bytes_max))
      return std::move(*bytes);
  } catch (const file_failure& error) {
    refuse(registry_fault::unusable,
           std::string{error.what()} + ": check the file and its rights");
  }
  refuse(registry_fault::damaged, "no such model file: " + file.string()
                                    + ": restore it, or train again");
}

} // namespace

std::filesystem::path
registry_folder::file_of(const std::string& version) const {
  return root_ / (version + std::string{model_suffix});
}

void registry_folder::step(std::string_view name) const {
  if (before_)
    before_(name);
}

forecast::registry_state registry_folder::read() const {
  auto file = root_ / "registry.json";
  std::optional<std::string> text;
  try {
    text = read_whole(file, registry_bytes_max);
  } catch (const file_failure& error) {
    refuse(registry_fault::unusable,
           std::string{error.what()} + ": check the file and its rights");
  }
  if (!text)
    return {};
  try {
    return forecast::registry_from_text(*text);
  } catch (const forecast::registry_error& error) {
    refuse(registry_fault::damaged, with_place(error.what(), file));
  }
}

std::uint64_t registry_folder::stamp() const noexcept {
  struct stat facts {};
  if (::stat((root_ / "registry.json").c_str(), &facts) != 0)
    return 0;
  // Each replacement is a new file of another time; a history only grows, so
  // that the size tells apart what one tick of the clock does not.
  std::uint64_t mixed = 0xcbf29ce484222325;
  for (auto part : {static_cast<std::uint64_t>(facts.st_ino),
                    static_cast<std::uint64_t>(facts.st_size),
                    static_cast<std::uint64_t>(facts.st_mtim.tv_sec),
                    static_cast<std::uint64_t>(facts.st_mtim.tv_nsec)})
    mixed = (mixed ^ part) * 0x9e3779b97f4a7c15 + (mixed >> 29);
  return mixed == 0 ? 1 : mixed;
}

void registry_folder::expect_room() const {
  auto place = root_;
  std::error_code ignored;
  while (!std::filesystem::exists(place, ignored)
         && place != place.parent_path())
    place = place.parent_path();
  struct statvfs facts {};
  if (::statvfs(place.c_str(), &facts) != 0)
    return; // who writes will be told why
  auto left = facts.f_frsize * static_cast<std::uint64_t>(facts.f_bavail);
  if (left < room_min_bytes)
    refuse(registry_fault::full,
           "no room for a model: " + root_.string() + ": "
             + std::to_string(left) + " bytes are left: make room on its disk");
}

forecast::model_content
registry_folder::load(const std::string& version) const {
  auto known = read();
  const auto* entry = known.find(version);
  if (entry == nullptr)
    refuse(registry_fault::refused,
           "no such model: " + version + ": banksia models list shows them");
  auto file = file_of(version);
  auto out = content_of(file, bytes_of(file), entry->sha256);
  if (out.manifest.version != version)
    refuse(registry_fault::damaged,
           "the file is of model " + out.manifest.version + ": "
             + file.string() + ": restore the file, or train again");
  return out;
}

void registry_folder::store(const registry_state& x) const {
  auto within = [this](std::string_view name) {
    step("registry " + std::string{name});
  };
  replace_whole(root_ / "registry.json", forecast::to_text(x), within);
}

template <class Change, class Then>
registry_state registry_folder::change(change_order order, Change how,
                                       Then then) {
  try {
    std::error_code error;
    std::filesystem::create_directories(root_, error);
    if (error)
      throw file_failure("cannot make the folder", root_, error.value());
    folder_lock held{root_ / "registry.lock"};
    auto before = read();
    order.at = std::max(order.at, newest_change(before));
    auto after = before;
    how(after, order);
    if (after != before)
      store(after);
    then(after);
    return after;
  } catch (const file_failure& error) {
    unusable(error);
  } catch (const std::filesystem::filesystem_error& error) {
    unusable(file_failure{"cannot write", error.path1(),
                          error.code().value()});
  }
}

template <class Change>
registry_state registry_folder::change(const change_order& order, Change how) {
  return change(order, std::move(how), [](const registry_state&) {});
}

std::string registry_folder::add(const std::filesystem::path& file,
                                 const change_order& order) {
  auto bytes = bytes_of(file);
  auto manifest = content_of(file, bytes, {}).manifest;
  change(order, [&](registry_state& x, const change_order& at) {
    forecast::registry_entry entry;
    entry.version = manifest.version;
    entry.sha256 = sha256_hex(bytes);
    entry.bytes = bytes.size();
    entry.kind = manifest.shape.kind;
    entry.trials = manifest.trials;
    entry.metrics = manifest.metrics;
    auto known = x.find(entry.version) != nullptr;
    check(x.add(std::move(entry), at));
    // Known with the same bytes: they are there, or lost and here again.
    auto place = file_of(manifest.version);
    if (known && std::filesystem::exists(place))
      return;
    replace_whole(place, bytes, [this](std::string_view name) {
      step("model " + std::string{name});
    });
  });
  return manifest.version;
}

registry_state registry_folder::shadow(const std::string& version,
                                       const change_order& order) {
  return change(order, [&](registry_state& x, const change_order& at) {
    check(x.shadow(version, at));
  });
}

registry_state registry_folder::promote(const std::string& version,
                                        const change_order& order) {
  return change(order, [&](registry_state& x, const change_order& at) {
    check(x.promote(version, at));
  });
}

registry_state
registry_folder::roll_back(const std::optional<std::string>& version,
                           const change_order& order) {
  return change(order, [&](registry_state& x, const change_order& at) {
    check(x.roll_back(version, at));
  });
}

registry_state registry_folder::demote(const change_order& order) {
  return change(order, [](registry_state& x, const change_order& at) {
    check(x.demote(at));
  });
}

registry_state registry_folder::archive(const std::string& version,
                                        const change_order& order) {
  return change(order, [&](registry_state& x, const change_order& at) {
    check(x.archive(version, at));
  });
}

void registry_folder::remove_strays(const registry_state& known) const {
  // Without a registry nobody knows which models are strays.
  auto lost = stamp() == 0;
  std::vector<std::filesystem::path> strays;
  for (const auto& file : std::filesystem::directory_iterator(root_)) {
    const auto& path = file.path();
    auto left_over = path.extension() == ".new";
    auto forgotten = !lost && path.extension() == model_suffix
                     && known.find(path.stem().string()) == nullptr;
    if (left_over || forgotten)
      strays.push_back(path);
  }
  for (const auto& stray : strays) {
    step("remove");
    std::error_code error;
    std::filesystem::remove(stray, error);
    if (error)
      throw file_failure("cannot remove", stray, error.value());
  }
  if (!strays.empty())
    sync_folder(root_);
}

registry_state registry_folder::rewind(timestamp at) {
  return change(
    {at, {}, {}},
    [at](registry_state& x, const change_order&) { x = x.before(at); },
    [this](const registry_state& x) { remove_strays(x); });
}

forecast::retention_plan
registry_folder::retain(const forecast::retention_rules& rules,
                        timestamp now) {
  forecast::retention_plan plan;
  change_order order{now, "retention", ""};
  auto carry_out = [&](registry_state& x, const change_order& at) {
    plan = forecast::plan_retention(x, rules, at.at);
    for (const auto& y : plan.archive)
      check(x.archive(y.version, {at.at, at.by, y.reason}));
    for (const auto& y : plan.remove)
      check(x.remove(y.version));
  };
  // Forgotten first, deleted then.
  change(order, carry_out,
         [this](const registry_state& x) { remove_strays(x); });
  return plan;
}

} // namespace banksia
