#define CAF_SUITE forecasts_strangers

/// Whoever has no certificate of the node's own authority, or one that has
/// ended, is not spoken to; and who started the process by hand can end it.

#include "tests/integration/forecasts/served_forecasts.hpp"

#include <caf/io/middleman.hpp>
#include <caf/openssl/all.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

using namespace banksia;
using namespace banksia::forecast_test;

namespace {

/// What a connection to `port` with these credentials gives: "" where it is
/// made.
std::string connect(std::uint16_t port, const tls::credentials& mine) {
  caf::actor_system_config config;
  config.add_message_types<caf::id_block::banksia>();
  // Without the check that refuses to begin with such credentials.
  config.openssl_cafile = mine.authority.string();
  config.openssl_certificate = mine.certificate.string();
  config.openssl_key = mine.key.string();
  config.load<caf::io::middleman>();
  config.load<caf::openssl::manager>();
  caf::actor_system system{config};
  auto found = caf::openssl::remote_actor<forecaster_actor>(system,
                                                            "127.0.0.1", port);
  return found ? "" : system.render(found.error());
}

/// Whether a thread does not block SIGTERM, by /proc/…/status.
bool takes_signals(const std::filesystem::path& status) {
  std::ifstream in(status);
  for (std::string line; std::getline(in, line);)
    if (line.starts_with("SigBlk:"))
      return (std::stoull(line.substr(7), nullptr, 16) >> (SIGTERM - 1) & 1)
             == 0;
  return false;
}

struct fixture {
  test::scratch_folder folder;
  std::optional<process_test::watched_process> server;

  fixture() {
    tls::ensure_material(folder.path() / "tls", tls::wall_clock::now());
    process_test::process_spec spec;
    spec.command = {BANKSIA_BINARY_DIR "/banksia-ml", "serve", "--models",
                    (folder.path() / "models").string(), "--tls",
                    (folder.path() / "tls").string()};
    spec.ready_pipe = true;
    // As somebody does who starts it by hand: OpenBLAS has threads before it.
    spec.environment = {{"OPENBLAS_NUM_THREADS", "2"}};
    server.emplace(spec);
  }

  std::uint16_t port() {
    std::string line;
    CAF_REQUIRE(process_test::eventually(
      [&] {
        auto lines = server->record.lines(process::stream::ready);
        if (!lines.empty())
          line = lines[0];
        return !lines.empty();
      },
      start_max));
    CAF_REQUIRE(line.starts_with("ready "));
    return static_cast<std::uint16_t>(std::stoi(line.substr(6)));
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(forecasts_strangers_tests, fixture)

CAF_TEST(the node and the console are let in and strangers are not) {
  auto at = port();
  auto own = folder.path() / "tls";
  CAF_CHECK_EQUAL(connect(at, tls::credentials_of(own, "node")), "");
  CAF_CHECK_EQUAL(connect(at, tls::credentials_of(own, "console")), "");
  // Another authority's, of the same names.
  auto other = folder.path() / "other";
  tls::ensure_material(other, tls::wall_clock::now());
  CAF_CHECK(!connect(at, tls::credentials_of(other, "node")).empty());
  // One that trusts us and shows something else.
  auto mixed = tls::credentials_of(other, "node");
  mixed.authority = own / "ca.pem";
  CAF_CHECK(!connect(at, mixed).empty());
  // Nothing at all.
  CAF_CHECK(!connect(at, {}).empty());
  // Nobody has been harmed.
  CAF_CHECK_EQUAL(connect(at, tls::credentials_of(own, "node")), "");
}

CAF_TEST(it ends in order whichever thread takes the signal) {
  port();
  // Threads that block nothing are what this is about.
  auto tasks = std::filesystem::path{"/proc"}
               / std::to_string(server->watch.pid()) / "task";
  auto open = 0;
  for (const auto& task : std::filesystem::directory_iterator{tasks})
    open += takes_signals(task.path() / "status");
  if (std::thread::hardware_concurrency() > 1)
    CAF_REQUIRE_GREATER(open, 0);
  server->watch.request_stop(start_max);
  auto end = server->record.exit(start_max);
  CAF_REQUIRE(end.has_value());
  CAF_CHECK_EQUAL(end->code, 0);
}

CAF_TEST(a certificate that has ended is refused) {
  auto at = port();
  auto own = folder.path() / "tls";
  auto text = [&](const char* name) {
    std::ifstream in(own / name);
    return std::string{std::istreambuf_iterator<char>{in}, {}};
  };
  auto expired
    = tls::issue({text("ca.key"), text("ca.pem")}, "node", tls::usage::peer,
                 tls::wall_clock::now() - tls::validity
                   - std::chrono::hours{24});
  tls::credentials mine{own / "ca.pem", folder.path() / "old.pem",
                        folder.path() / "old.key"};
  std::ofstream{mine.certificate} << expired.certificate;
  std::ofstream{mine.key} << expired.key;
  CAF_CHECK(!connect(at, mine).empty());
  CAF_CHECK_EQUAL(connect(at, tls::credentials_of(own, "node")), "");
}

CAF_TEST(without TLS nobody is let in) {
  auto at = port();
  caf::actor_system_config config;
  config.add_message_types<caf::id_block::banksia>();
  config.load<caf::io::middleman>();
  caf::actor_system system{config};
  auto found
    = system.middleman().remote_actor<forecaster_actor>("127.0.0.1", at);
  CAF_CHECK(!found);
}

CAF_TEST(asked to end it ends well) {
  port();
  server->watch.request_stop(std::chrono::seconds{10});
  auto exit = server->record.exit();
  CAF_REQUIRE(exit.has_value());
  CAF_CHECK(*exit == process_test::process_exit{0});
}

CAF_TEST(who connects and says nothing is cut and others are not) {
  auto at = port();
  auto own = folder.path() / "tls";
  namespace asio = boost::asio;
  asio::io_context io;
  asio::ip::tcp::socket silent{io};
  silent.connect({asio::ip::address_v4::loopback(), at});
  // Somebody who is spoken to meanwhile, and for longer than that.
  caf::actor_system_config config;
  config.add_message_types<caf::id_block::banksia>();
  tls::load_network(config, tls::credentials_of(own, "node"),
                    tls::wall_clock::now());
  caf::actor_system system{config};
  auto served = caf::openssl::remote_actor<forecaster_actor>(system,
                                                             "127.0.0.1", at);
  CAF_REQUIRE(served);
  boost::system::error_code end;
  char byte;
  silent.read_some(asio::buffer(&byte, 1), end); // waits for it
  CAF_CHECK(end == asio::error::eof);
  caf::scoped_actor self{system};
  auto answered = false;
  self->request(*served, caf::duration{start_max}, wire::status_atom_v)
    .receive([&](const forecaster_status&) { answered = true; },
             [](const caf::error&) {});
  CAF_CHECK(answered);
}

CAF_TEST(who connects and says nothing holds no end up) {
  auto at = port();
  namespace asio = boost::asio;
  asio::io_context io;
  std::vector<asio::ip::tcp::socket> silent;
  for (int i = 0; i < 3; ++i) {
    silent.emplace_back(io);
    silent.back().connect({asio::ip::address_v4::loopback(), at});
  }
  // It has taken them all: whoever comes later is spoken to.
  CAF_CHECK_EQUAL(connect(at, tls::credentials_of(folder.path() / "tls",
                                                  "node")),
                  "");
  auto asked = std::chrono::steady_clock::now();
  server->watch.request_stop(std::chrono::seconds{20});
  auto exit = server->record.exit();
  CAF_REQUIRE(exit.has_value());
  CAF_CHECK(*exit == process_test::process_exit{0});
  CAF_CHECK(std::chrono::steady_clock::now() - asked
            < std::chrono::seconds{5});
}

CAF_TEST_FIXTURE_SCOPE_END()
