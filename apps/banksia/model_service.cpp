#include "apps/banksia/model_service.hpp"

#include "apps/common/command.hpp"
#include "runtime/tls/error.hpp"

#include <unistd.h>

namespace banksia {

model_service model_service_of(const config::settings& x,
                               const std::filesystem::path& data_dir,
                               const std::filesystem::path& program) {
  model_service result;
  if (x.ml == config::model_service::off)
    return result;
  if (::access(program.c_str(), X_OK) != 0) {
    result.missing = "no program " + program.string()
                     + ": install it beside banksia, or set ml=off";
    return result;
  }
  auto folder = std::filesystem::absolute(data_dir / "tls");
  auto models = std::filesystem::absolute(data_dir / x.models_folder);
  try {
    tls::ensure_material(folder, tls::wall_clock::now());
  } catch (const tls::tls_error& error) {
    throw commands::command_error(commands::exit_failed, error.what());
  }
  result.network = tls::credentials_of(folder, "node");
  result.setup.emplace();
  result.setup->command = {program.string(), "serve", "--models",
                           models.string(), "--tls", folder.string()};
  if (!x.tracing_endpoint.empty()) {
    auto& command = result.setup->command;
    command.insert(command.end(),
                   {"--tracing-endpoint", x.tracing_endpoint,
                    "--tracing-delay-ms", std::to_string(x.tracing_delay_ms)});
    if (!x.extra_ca_file.empty())
      command.insert(command.end(),
                     {"--tracing-ca",
                      std::filesystem::absolute(data_dir / x.extra_ca_file)
                        .string()});
  }
  result.setup->models = models;
  result.setup->deadline = std::chrono::milliseconds{x.forecast_deadline_ms};
  return result;
}

} // namespace banksia
