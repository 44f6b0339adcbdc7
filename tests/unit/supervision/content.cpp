#define CAF_SUITE content
#include "runtime/supervision/content.hpp"

#include "caf/test/unit_test.hpp"

#include <caf/actor_system_config.hpp>
#include <caf/make_message.hpp>

#include <unistd.h>

#include <cstdio>
#include <string>
#include <vector>

using namespace banksia;

namespace content_test {

/// Stays in its process.
struct local {
  int value = 0;
};

using locals = std::vector<local>;

} // namespace content_test

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(content_test::local)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(content_test::locals)

namespace {

using content_test::local;

struct system_fixture {
  caf::actor_system_config config;
  caf::actor_system system{config};
};

/// Puts a file in the place of stderr while it lives.
class stderr_taken {
public:
  stderr_taken() : kept_(::dup(2)) { ::dup2(::fileno(file_), 2); }
  ~stderr_taken() {
    ::dup2(kept_, 2);
    ::close(kept_);
    std::fclose(file_);
  }
  stderr_taken(const stderr_taken&) = delete;
  stderr_taken& operator=(const stderr_taken&) = delete;

  long bytes() const {
    std::fflush(stderr);
    return static_cast<long>(::lseek(::fileno(file_), 0, SEEK_END));
  }

private:
  std::FILE* file_ = std::tmpfile();
  int kept_;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(content_tests, system_fixture)

CAF_TEST(equal messages have one key and others another) {
  auto key = [&](const std::string& text) {
    return content_key(system, caf::make_message(text).content());
  };
  CAF_CHECK(key("a") != 0);
  CAF_CHECK_EQUAL(key("a"), key("a"));
  CAF_CHECK(key("a") != key("b"));
}

CAF_TEST(what stays in its process has no key and nobody complains) {
  auto one = caf::make_message(local{1});
  auto many = caf::make_message(std::string{"with"}, std::vector<local>(2));
  stderr_taken output;
  auto keys = content_key(system, one.content())
              | content_key(system, many.content());
  auto said = output.bytes();
  CAF_CHECK_EQUAL(keys, 0u);
  CAF_CHECK_EQUAL(said, 0);
}

CAF_TEST_FIXTURE_SCOPE_END()
