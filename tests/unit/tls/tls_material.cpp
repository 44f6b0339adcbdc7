#define CAF_SUITE tls_material

#include "runtime/tls/error.hpp"
#include "runtime/tls/material.hpp"
#include "tests/scratch_folder.hpp"

#include <caf/test/unit_test.hpp>

#include <sys/stat.h>

#include <fstream>
#include <iterator>
#include <map>

using namespace banksia::tls;
using std::chrono::hours;

namespace {

const wall_clock::time_point now = wall_clock::from_time_t(1'760'000'000);
constexpr hours year{24 * 365};

struct fixture {
  banksia::test::scratch_folder scratch;
  std::filesystem::path folder = scratch.path() / "node" / "tls";

  void ensure(hours later = hours{0}) { ensure_material(folder, now + later); }

  std::string text(const std::string& name) const {
    std::ifstream in(folder / name, std::ios::binary);
    return {std::istreambuf_iterator<char>{in}, {}};
  }

  void put(const std::string& name, const std::string& bytes) const {
    std::ofstream{folder / name, std::ios::binary} << bytes;
  }

  std::map<std::string, std::string> all() const {
    std::map<std::string, std::string> result;
    for (const auto& file : std::filesystem::directory_iterator(folder))
      result[file.path().filename()] = text(file.path().filename());
    return result;
  }

  int mode(const std::filesystem::path& file) const {
    struct stat facts {};
    return ::stat(file.c_str(), &facts) == 0
             ? static_cast<int>(facts.st_mode & 07777)
             : -1;
  }

  /// Why the credentials cannot be used; "" when they can.
  std::string said(const std::string& party, hours later = hours{0}) const {
    try {
      check_credentials(credentials_of(folder, party), now + later);
    } catch (const tls_error& error) {
      return error.what();
    }
    return "";
  }
};

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(tls_material_tests, fixture)

CAF_TEST(the first start makes all and shows it to nobody else) {
  ensure();
  auto files = all();
  CAF_CHECK_EQUAL(files.size(), 8u);
  CAF_CHECK_EQUAL(mode(folder), 0700);
  for (const auto& [name, bytes] : files)
    CAF_CHECK_EQUAL(mode(folder / name), 0600);
  for (auto party : {"node", "ml", "console"})
    CAF_CHECK_EQUAL(said(party), "");
}

CAF_TEST(later starts change nothing) {
  ensure();
  auto before = all();
  ensure(9 * year);
  CAF_CHECK(all() == before);
}

CAF_TEST(within its last year all is made anew) {
  ensure();
  auto before = all();
  ensure(9 * year + hours{24 * 10});
  for (const auto& [name, bytes] : all())
    CAF_CHECK(bytes != before[name]);
  CAF_CHECK_EQUAL(said("node", 18 * year), "");
}

CAF_TEST(what a crash or a person has spoilt is made anew and nothing else) {
  ensure();
  auto before = all();
  // As if it had ended between a key and its certificate.
  put("ml.key", text("node.key"));
  std::filesystem::remove(folder / "console.pem");
  put("node.pem.new", "half");
  ensure();
  CAF_CHECK_EQUAL(said("ml"), "");
  CAF_CHECK_EQUAL(said("console"), "");
  CAF_CHECK_EQUAL(text("node.pem"), before["node.pem"]);
  CAF_CHECK_EQUAL(text("ca.pem"), before["ca.pem"]);
  // Without a sound authority nothing that it signed is worth anything.
  put("ca.key", "garbage");
  ensure();
  CAF_CHECK(text("ca.pem") != before["ca.pem"]);
  for (auto party : {"node", "ml", "console"})
    CAF_CHECK_EQUAL(said(party), "");
}

CAF_TEST(rights that were given to others are taken back) {
  ensure();
  ::chmod(folder.c_str(), 0755);
  ::chmod((folder / "node.key").c_str(), 0644);
  ensure();
  CAF_CHECK_EQUAL(mode(folder), 0700);
  CAF_CHECK_EQUAL(mode(folder / "node.key"), 0600);
}

CAF_TEST(an authority without its key is somebody elses) {
  ensure();
  std::filesystem::remove(folder / "ca.key");
  auto before = all();
  ensure(9 * year + hours{24 * 10}); // its renewal is not our business
  CAF_CHECK(all() == before);
  std::filesystem::remove(folder / "ml.pem");
  try {
    ensure();
    CAF_FAIL("a certificate came from nowhere");
  } catch (const tls_error& error) {
    CAF_CHECK(has(error.what(), "ml.pem"));
    CAF_CHECK(has(error.what(), "no certificate"));
  }
}

CAF_TEST(credentials that cannot work are named) {
  CAF_CHECK(has(said("node"), "no certificate"));
  ensure();
  CAF_CHECK_EQUAL(said("node", 9 * year + hours{24 * 10}), "");
  CAF_CHECK(has(said("node", 11 * year), "expired"));
  CAF_CHECK(has(said("node", -year), "not valid yet"));
}

CAF_TEST(a folder that cannot be made is named) {
  std::ofstream{scratch.path() / "node"} << "a file";
  try {
    ensure();
    CAF_FAIL("made in the place of a file");
  } catch (const tls_error& error) {
    CAF_CHECK(has(error.what(), folder.string()));
  }
}

CAF_TEST_FIXTURE_SCOPE_END()
