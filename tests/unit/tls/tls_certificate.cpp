#define CAF_SUITE tls_certificate

#include "runtime/tls/certificate.hpp"
#include "runtime/tls/error.hpp"

#include <caf/test/unit_test.hpp>

using namespace banksia::tls;
using std::chrono::hours;

namespace {

const wall_clock::time_point now = wall_clock::from_time_t(1'760'000'000);
constexpr hours year{24 * 365};

struct issued {
  key_pair authority = make_authority(now);
  key_pair node = issue(authority, "node", usage::peer, now);

  std::string problem(const key_pair& x, hours later = hours{0},
                      hours left = renewal) const {
    return problem_of(x, authority.certificate, now + later, left);
  }
};

} // namespace

CAF_TEST(what an authority has issued is sound for nine years) {
  issued x;
  CAF_CHECK_EQUAL(x.problem(x.authority), "");
  CAF_CHECK_EQUAL(x.problem(x.node), "");
  CAF_CHECK_EQUAL(x.problem(x.node, 9 * year), "");
  CAF_CHECK_EQUAL(x.problem(x.node, 9 * year + hours{24 * 10}), "ends too soon");
  CAF_CHECK_EQUAL(x.problem(x.node, 9 * year + hours{24 * 10}, hours{0}), "");
  CAF_CHECK_EQUAL(x.problem(x.node, 10 * year + hours{24 * 10}, hours{0}),
                  "expired");
}

CAF_TEST(clocks may differ by a day and no more) {
  issued x;
  CAF_CHECK_EQUAL(x.problem(x.node, hours{-23}), "");
  CAF_CHECK_EQUAL(x.problem(x.node, hours{-25}), "not valid yet");
}

CAF_TEST(an authority that ends too soon takes with it what it issued) {
  auto old = make_authority(now - 10 * year);
  auto node = issue(old, "node", usage::peer, now);
  CAF_CHECK_EQUAL(problem_of(node, old.certificate, now, renewal),
                  "ends too soon");
}

CAF_TEST(what another authority has issued is refused) {
  issued x;
  // Of the same name, and yet not the same.
  auto other = make_authority(now);
  auto stranger = issue(other, "node", usage::peer, now);
  CAF_CHECK_EQUAL(x.problem(stranger), "not signed by its authority");
}

CAF_TEST(keys and certificates belong together) {
  issued x;
  auto other = issue(x.authority, "ml", usage::peer, now);
  CAF_CHECK_EQUAL(x.problem({other.key, x.node.certificate}),
                  "not the key of its certificate");
  CAF_CHECK(other.key != x.node.key);
}

CAF_TEST(what is missing or garbled is named) {
  issued x;
  CAF_CHECK_EQUAL(x.problem({x.node.key, ""}), "no certificate");
  CAF_CHECK_EQUAL(x.problem({"", x.node.certificate}), "no key");
  CAF_CHECK_EQUAL(x.problem({x.node.key, x.node.key}), "no certificate");
  CAF_CHECK_EQUAL(problem_of(x.node, "hello", now, renewal),
                  "its authority has no certificate");
  auto cut = x.node.certificate.substr(0, x.node.certificate.size() / 2);
  CAF_CHECK_EQUAL(x.problem({x.node.key, cut}), "no certificate");
}

CAF_TEST(an authority that is none cannot issue) {
  auto refused = false;
  try {
    issue({"", ""}, "node", usage::peer, now);
  } catch (const tls_error&) {
    refused = true;
  }
  CAF_CHECK(refused);
}
