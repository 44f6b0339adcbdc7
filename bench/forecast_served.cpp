/// Forecasts of an exchange from end to end: a question to the node's gate, over
/// TLS to `banksia-ml` and back. Driven by forecast_served.sh.
///
///   bench_forecast_served KIND ROWS ROUNDS FOLDER BANKSIA_ML
///
/// One figure a line, `NAME VALUE`.

#include "actors/ml/gate.hpp"
#include "actors/registry/registry_folder.hpp"
#include "messages/actors.hpp"
#include "models/features/recent_bars.hpp"
#include "models/forecast/model_file.hpp"
#include "models/forecast/train.hpp"
#include "models/scoring/random.hpp"
#include "runtime/supervision/process_actor.hpp"
#include "runtime/tls/network.hpp"

#include <caf/all.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

using namespace banksia;
using namespace banksia::forecast;
using seconds = std::chrono::duration<double>;
using watch = std::chrono::steady_clock;

constexpr std::chrono::seconds patience{60};

double uniform(splitmix64& random) {
  return static_cast<double>(random.next() >> 11) * 0x1p-53;
}

std::string ticker(std::size_t i) {
  return "S" + std::to_string(i) + ".AX";
}

feature_vector noise_features(splitmix64& random) {
  feature_vector x;
  for (std::size_t i = 0; i < feature_count; ++i)
    if (random.below(10) != 0)
      x.set(i, uniform(random));
  return x;
}

training_set noise(std::size_t rows, std::size_t symbols, int first_day) {
  using namespace std::chrono;
  splitmix64 random{static_cast<std::uint64_t>(first_day) + 1};
  training_set out;
  out.inputs.bar_channels = recent_bar_channels.size();
  timestamp slot = sys_days{year{2020} / 1 / 1} + days{first_day};
  std::vector<float> window(window_bars * recent_bar_channels.size());
  for (std::size_t row = 0; row < rows; ++row, slot += std::chrono::seconds{1}) {
    for (auto& value : window)
      value = static_cast<float>(uniform(random));
    out.inputs.add(noise_features(random), window, ~std::uint32_t{0},
                   static_cast<std::uint32_t>(random.below(symbols)));
    out.labels.push_back(static_cast<direction_class>(random.below(3)));
    out.returns.push_back((uniform(random) - 0.5) * 0.04);
    out.slots.push_back(slot);
    out.label_ends.push_back(slot);
  }
  return out;
}

/// In a process of its own, so that its memory is not in the node's figure.
void make_model(const std::string& kind, std::size_t symbols,
                const std::filesystem::path& folder) {
  training_options options;
  options.shape.kind = parse_model_kind(kind).value();
  for (std::size_t i = 0; i < symbols; ++i)
    options.shape.symbols.push_back(ticker(i));
  for (auto name : recent_bar_channels)
    options.shape.bar_channels.emplace_back(name);
  options.epochs = 1;
  auto result = train(options, noise(512, symbols, 0), noise(64, symbols, 1000));
  if (!result.model)
    throw std::runtime_error("no model: " + result.reason);
  model_content content;
  content.manifest.version = "bench-" + kind;
  content.manifest.shape = result.model->shape();
  content.tensors = result.model->tensors();
  auto file = folder / "trained";
  std::ofstream{file, std::ios::binary} << to_bytes(content);
  registry_folder models{folder / "models"};
  change_order order{timestamp{}, "bench", "to be measured"};
  auto version = models.add(file, order);
  models.shadow(version, order);
  models.promote(version, order);
}

std::vector<forecast_row> rows_of(std::size_t count) {
  splitmix64 random{3};
  std::vector<forecast_row> rows(count);
  for (std::size_t i = 0; i < count; ++i) {
    rows[i].symbol = ticker(i);
    rows[i].features = noise_features(random);
    std::vector<float> values(window_bars * recent_bar_channels.size());
    for (auto& value : values)
      value = static_cast<float>(uniform(random));
    rows[i].window.mask = ~std::uint32_t{0};
    rows[i].window.values.resize(values.size() * sizeof(float));
    std::memcpy(rows[i].window.values.data(), values.data(),
                rows[i].window.values.size());
  }
  return rows;
}

/// The node's side alone: gate and process.
class side {
public:
  side(const std::filesystem::path& folder, const std::string& program) {
    auto tls = folder / "tls";
    tls::ensure_material(tls, tls::wall_clock::now());
    config_.add_message_types<caf::id_block::banksia>();
    config_.set("scheduler.policy", caf::atom("sharing"));
    config_.set("scheduler.max-threads", std::size_t{2});
    tls::load_network(config_, tls::credentials_of(tls, "node"),
                      tls::wall_clock::now());
    system_ = std::make_unique<caf::actor_system>(config_);
    auto service = std::make_shared<service_port>();
    gate_setup setup;
    setup.service = service;
    setup.deadline = patience;
    setup.network = tls_network;
    gate_ = spawn_at(*system_, placement::detached, forecast_gate,
                     std::make_shared<probe>("ml/gate"), setup);
    process_child_options options;
    options.program.command = {program, "serve", "--models",
                               (folder / "models").string(), "--tls",
                               tls.string()};
    options.program.environment = {{"OPENBLAS_NUM_THREADS", "1"},
                                   {"OMP_NUM_THREADS", "1"},
                                   {"MALLOC_ARENA_MAX", "2"}};
    options.ready = readiness::by_pipe;
    options.on_ready = [service, gate = gate_](std::uint16_t port) {
      service->set(port);
      caf::anon_send(gate, wire::next_atom_v);
    };
    process_ = process_child(options)(*system_,
                                      std::make_shared<probe>("ml/process"));
  }

  ~side() {
    caf::anon_send_exit(process_, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(gate_, caf::exit_reason::user_shutdown);
    process_ = nullptr;
    gate_ = nullptr;
  }

  template <class Answer, class... Ts>
  Answer ask(Ts... xs) {
    caf::scoped_actor self{*system_};
    Answer result;
    self->request(gate_, patience, std::move(xs)...)
      .receive([&](Answer& x) { result = std::move(x); },
               [&](caf::error& error) {
                 throw std::runtime_error(system_->render(error));
               });
    return result;
  }

  void wait_until_reachable() {
    auto until = watch::now() + patience;
    while (ask<forecaster_status>(wire::status_atom_v).champion.empty()) {
      if (watch::now() > until)
        throw std::runtime_error("banksia-ml does not come");
      std::this_thread::yield();
    }
  }

private:
  caf::actor_system_config config_;
  std::unique_ptr<caf::actor_system> system_;
  forecast_gate_actor gate_;
  caf::actor process_;
};

void run(const std::filesystem::path& folder, const std::string& program,
         std::size_t rows, std::size_t rounds) {
  side node{folder, program};
  node.wait_until_reachable();
  forecast_request request;
  request.rows = rows_of(rows);
  std::vector<double> times;
  for (std::size_t i = 0; i <= rounds; ++i) {
    request.number = i;
    auto begin = watch::now();
    auto answer = node.ask<forecast_answer>(request);
    auto passed = seconds{watch::now() - begin}.count() * 1e3;
    if (answer.models.size() != 1 || answer.models[0].rows.size() != rows)
      throw std::runtime_error("not a forecast for each row: "
                               + answer.failure);
    if (i == 0)
      std::printf("first_ms %.3f\n", passed);
    else
      times.push_back(passed);
  }
  std::sort(times.begin(), times.end());
  auto status = node.ask<forecaster_status>(wire::reload_atom_v);
  std::printf("forecast_ms %.3f\nslowest_ms %.3f\nresident_mb %.1f\n",
              times[times.size() / 2], times.back(),
              static_cast<double>(status.resident_bytes) / 1e6);
}

} // namespace

int main(int argc, char** argv) try {
  std::vector<std::string> args{argv + 1, argv + argc};
  if (args.size() != 5)
    throw std::runtime_error(
      "usage: KIND ROWS ROUNDS FOLDER BANKSIA_ML, see forecast_served.sh");
  auto rows = std::stoul(args[1]);
  auto child = ::fork();
  if (child == 0) {
    make_model(args[0], rows, args[3]);
    ::_exit(0);
  }
  int status = 0;
  if (::waitpid(child, &status, 0) != child || status != 0)
    throw std::runtime_error("no model was made");
  run(args[3], args[4], rows, std::stoul(args[2]));
  return 0;
} catch (const std::exception& error) {
  std::cerr << "bench_forecast_served: " << error.what() << '\n';
  return 1;
}
