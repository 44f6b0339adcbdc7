#define CAF_SUITE otp_significant
#include "tests/unit/supervision/otp.hpp"

using namespace banksia;
using namespace banksia::supervision_test;

namespace {

struct significant_fixture : otp_fixture {
  std::shared_ptr<ending> sup_end;

  void add_significant(const std::string& path, restart_type type) {
    add(path, type);
    specs.back().significant = true;
  }

  void begin_watched(auto_shutdown when,
                     strategy how = strategy::one_for_one) {
    options.when = when;
    begin(how);
    sup_end = watch(sup);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(otp_significant_tests, significant_fixture)

CAF_TEST(nonsignificant_transient) {
  add("a", restart_type::transient);
  add_significant("b", restart_type::transient);
  begin_watched(auto_shutdown::any_significant);
  end("a", ending_kind::normal);
  CAF_CHECK(!sup_end->ended);
}

CAF_TEST(nonsignificant_temporary) {
  add("a", restart_type::temporary);
  add_significant("b", restart_type::transient);
  begin_watched(auto_shutdown::any_significant);
  end("a", ending_kind::abnormal);
  CAF_CHECK(!sup_end->ended);
}

CAF_TEST(any_significant_transient) {
  add("a");
  add_significant("b", restart_type::transient);
  add_significant("c", restart_type::transient);
  begin_watched(auto_shutdown::any_significant);
  // One that is started again has not ended for good.
  end("b", ending_kind::abnormal);
  CAF_CHECK(!sup_end->ended);
  end("b", ending_kind::normal);
  CAF_CHECK(sup_end->ended);
  CAF_CHECK(sup_end->reason.find("user_shutdown") != std::string::npos);
  CAF_CHECK(sup_end->reason.find("b has ended") != std::string::npos);
  CAF_CHECK(!at("a"));
  CAF_CHECK(given_up.empty());
}

CAF_TEST(any_significant_temporary) {
  add_significant("a", restart_type::temporary);
  add("b");
  begin_watched(auto_shutdown::any_significant);
  end("a", ending_kind::abnormal);
  CAF_CHECK(sup_end->ended);
  CAF_CHECK(!at("b"));
}

CAF_TEST(all_significant_transient) {
  add_significant("a", restart_type::transient);
  add_significant("b", restart_type::transient);
  add("c");
  begin_watched(auto_shutdown::all_significant);
  end("a", ending_kind::normal);
  CAF_CHECK(!sup_end->ended);
  end("c", ending_kind::abnormal);
  CAF_CHECK(!sup_end->ended);
  end("b", ending_kind::shutdown);
  CAF_CHECK(sup_end->ended);
}

CAF_TEST(all_significant_temporary) {
  add_significant("a", restart_type::temporary);
  add_significant("b", restart_type::temporary);
  begin_watched(auto_shutdown::all_significant);
  end("b", ending_kind::abnormal);
  CAF_CHECK(!sup_end->ended);
  end("a", ending_kind::normal);
  CAF_CHECK(sup_end->ended);
}

CAF_TEST(significant_bystander) {
  // Ended by its supervisor, a significant child triggers nothing.
  add("a");
  add_significant("b", restart_type::temporary);
  add_significant("c", restart_type::transient);
  begin_watched(auto_shutdown::any_significant, strategy::one_for_all);
  end("a", ending_kind::abnormal);
  CAF_CHECK(!sup_end->ended);
  CAF_CHECK(!at("b"));
  CAF_CHECK(lives("c"));
  admin(terminate_child{"c"});
  CAF_CHECK(!sup_end->ended);
}

CAF_TEST(significant_escalation) {
  // A supervisor that is significant ends its parent when it ends.
  auto middle = options;
  middle.path = "mid";
  middle.when = auto_shutdown::any_significant;
  middle.give_up = nullptr;
  auto leaf = spec("leaf", restart_type::transient);
  leaf.significant = true;
  auto below = supervisor_child(names.slot("mid"), board, {leaf}, middle,
                                {"sup"});
  below.restart = restart_type::transient;
  below.significant = true;
  add("a");
  specs.push_back(below);
  begin_watched(auto_shutdown::any_significant);
  end("leaf", ending_kind::normal);
  CAF_CHECK(sup_end->ended);
  CAF_CHECK(!at("a"));
}

CAF_TEST_FIXTURE_SCOPE_END()
