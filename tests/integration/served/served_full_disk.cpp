#define CAF_SUITE served_full_disk

/// The disk of the models is full, and no other.

#include "tests/integration/served/served_models.hpp"

#include <sys/mount.h>

#include <fstream>
#include <iostream>

using namespace banksia;
using namespace banksia::tree_test;

namespace {

namespace fs = std::filesystem;

/// A disk of a few megabytes in the place of a folder, with what lay in it.
class small_disk {
public:
  explicit small_disk(const fs::path& folder) : folder_(folder) {
    auto before = folder;
    before += ".before";
    fs::rename(folder, before);
    fs::create_directory(folder);
    is_there_ = ::mount("none", folder.c_str(), "tmpfs", 0, "size=6m") == 0;
    fs::copy(before, folder, fs::copy_options::recursive);
  }
  ~small_disk() {
    if (is_there_)
      ::umount2(folder_.c_str(), MNT_DETACH);
  }
  small_disk(const small_disk&) = delete;
  small_disk& operator=(const small_disk&) = delete;

  bool is_there() const noexcept { return is_there_; }

  void fill() const {
    std::ofstream out(ballast(), std::ios::binary);
    std::string page(4096, 'x');
    while (out.write(page.data(), 4096).flush())
      ;
  }

  void make_room() const { fs::remove(ballast()); }

private:
  fs::path ballast() const { return folder_ / "ballast"; }

  fs::path folder_;
  bool is_there_ = false;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(served_full_disk_tests, served_models)

CAF_TEST(what needs room is refused and reading goes on) {
  auto folder = place.folder();
  folder.add(place.trained(2), test::order(20));
  folder.shadow("model-2", test::order(21));
  small_disk disk{place.root};
  if (!disk.is_there()) {
    std::cout << "banksia-skip: no small disk can be mounted here\n";
    return;
  }
  disk.fill();
  for (auto path : {"/ml/train", "/ml/models/model-2/promote"}) {
    auto refused = post(path, "{}");
    CAF_MESSAGE(path << ": " << refused.body);
    CAF_REQUIRE_EQUAL(refused.status, 507);
    CAF_CHECK_EQUAL(text(body_of(refused), "type"),
                    "/problems/insufficient-storage");
    CAF_CHECK(text(body_of(refused), "detail").find("make room")
              != std::string::npos);
  }
  CAF_CHECK_EQUAL(text(get("/ml/models"), "champion"), "model-9");
  CAF_CHECK_EQUAL(status_of_model("model-2"), "shadow");
  CAF_CHECK(get("/ml/trainings").at("trainings").as_array().empty());
  disk.make_room();
  CAF_CHECK_EQUAL(post("/ml/models/model-2/promote").status, 200);
  CAF_CHECK_EQUAL(text(get("/ml/models"), "champion"), "model-2");
  auto ordered = post("/ml/train");
  CAF_CHECK_EQUAL(ordered.status, 202);
  auto id = text(body_of(ordered), "training_id");
  wait_for(id, "waiting");
  CAF_CHECK_EQUAL(post("/ml/trainings/" + id + "/cancel").status, 202);
  wait_for(id, "cancelled");
}

CAF_TEST_FIXTURE_SCOPE_END()
