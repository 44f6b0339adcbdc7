#pragma once

/// The folder of models, shared by processes:
///
///     registry.json      which models there are and which one serves
///     VERSION.model      one file a model, never changed
///     registry.lock      held by whoever changes something
///     *.new              being written, or left by a crash
///
/// Every change reads, decides and writes under the lock. Files are replaced as
/// a whole, a model's file is on disk before the registry names it and goes
/// after the registry has forgotten it: a crash in between leaves a file too
/// many, which the next `retain` removes, and never one too few.

#include "actors/registry/whole_file.hpp"
#include "models/forecast/model_file.hpp"
#include "models/forecast/registry_state.hpp"
#include "models/forecast/retention.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>

namespace banksia {

/// Why something could not be done with the folder.
enum class registry_fault : std::uint8_t {
  refused,  ///< the rules do not allow it: no such model, wrong status
  damaged,  ///< a file is not what it should be, or is gone
  unusable, ///< the operating system refuses, or somebody keeps the lock
  full,     ///< there is no room on the disk
};

/// What went wrong: where: what to do. All is as it was.
class registry_failure : public std::runtime_error {
public:
  registry_failure(registry_fault fault, const std::string& text)
    : std::runtime_error(text), fault_(fault) {}

  registry_fault fault() const noexcept { return fault_; }

private:
  registry_fault fault_;
};

/// Safe to be used by several processes and, one object each, threads. All
/// functions read the disk and may block: a changing one for seconds, while
/// somebody else changes something.
///
/// An order whose time lies before the newest change takes that one's time,
/// since clocks of several kinds write here and histories run forwards.
///
/// Changing functions return the registry as it is then.
/// @throws registry_failure, all of them
class registry_folder {
public:
  /// Touches nothing: the folder is made by the first change.
  /// @param before called before each step of a change; for tests
  explicit registry_folder(std::filesystem::path root, before_step before = {})
    : root_(std::move(root)), before_(std::move(before)) {}

  const std::filesystem::path& root() const noexcept { return root_; }

  /// Where a model's file lies, or would lie.
  std::filesystem::path file_of(const std::string& version) const;

  /// A registry that is not there is empty.
  forecast::registry_state read() const;

  /// Changes when the registry does; 0 where there is none. For polling: costs
  /// one look at the file's facts.
  std::uint64_t stamp() const noexcept;

  /// Before work whose model could not be kept: its disk must have a few
  /// megabytes free.
  void expect_room() const;

  /// Reads a model; its bytes must be those that were added.
  forecast::model_content load(const std::string& version) const;

  /// Copies a model's file in, as candidate. Again: nothing changes.
  /// @returns the version that its manifest names
  std::string add(const std::filesystem::path& file,
                  const forecast::change_order& order);

  forecast::registry_state shadow(const std::string& version,
                                  const forecast::change_order& order);
  forecast::registry_state promote(const std::string& version,
                                   const forecast::change_order& order);
  forecast::registry_state
  roll_back(const std::optional<std::string>& version,
            const forecast::change_order& order);
  forecast::registry_state demote(const forecast::change_order& order);
  forecast::registry_state archive(const std::string& version,
                                   const forecast::change_order& order);

  /// Makes it as it was before `at`, for who does again what was done from then
  /// on; models that were added since go.
  forecast::registry_state rewind(timestamp at);

  /// Archives and deletes what the rules say, and removes what a crash has
  /// left. @returns what was done
  forecast::retention_plan retain(const forecast::retention_rules& rules,
                                  timestamp now);

private:
  /// @param then done when the changed registry is on disk, under the lock
  template <class Change, class Then>
  forecast::registry_state change(forecast::change_order order, Change how,
                                  Then then);
  template <class Change>
  forecast::registry_state change(const forecast::change_order& order,
                                  Change how);

  void store(const forecast::registry_state& x) const;
  void remove_strays(const forecast::registry_state& known) const;
  void step(std::string_view name) const;

  std::filesystem::path root_;
  before_step before_;
};

} // namespace banksia
