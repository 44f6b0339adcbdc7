#include "apps/banksia/exposure.hpp"

#include "apps/banksia/role_process.hpp"
#include "apps/common/command.hpp"
#include "config/exposure.hpp"
#include "config/token_entry.hpp"
#include "runtime/logging/audit_log.hpp"
#include "runtime/logging/log.hpp"
#include "runtime/tls/error.hpp"
#include "runtime/tls/material.hpp"

#include <sys/resource.h>

namespace banksia {

namespace {

http::route_access scope_of(const std::string& name) {
  return name == "admin"     ? http::route_access::admin
         : name == "operate" ? http::route_access::operate
                             : http::route_access::read;
}

/// Names and addresses without ports.
std::vector<std::string> hosts_of(const config::settings& x) {
  std::vector<std::string> result;
  for (const auto& host : x.allowed_hosts)
    result.push_back(host.substr(0, host.find(':')));
  result.push_back(x.bind_address);
  return result;
}

http::tls_files tls_of(const config::settings& x,
                       const std::filesystem::path& data_dir) {
  if (!x.tls_certificate_file.empty())
    return {(data_dir / x.tls_certificate_file).string(),
            (data_dir / x.tls_key_file).string()};
  auto now = tls::wall_clock::now();
  try {
    tls::ensure_material(data_dir / "tls", now);
    auto made = tls::make_service_credentials(data_dir / "tls", hosts_of(x),
                                              now);
    return {made.certificate.string(), made.key.string()};
  } catch (const tls::tls_error& error) {
    throw commands::command_error(commands::exit_bad_config, error.what());
  }
}

} // namespace

void expose(service_setup& to, const config::settings& x,
            const std::filesystem::path& data_dir) {
  for (const auto& text : x.api_tokens) {
    auto entry = config::parse_token_entry(text);
    to.access.tokens.push_back(
      {entry->name, scope_of(entry->scope), entry->sha256});
  }
  to.access.allowed_hosts = x.allowed_hosts;
  to.access.allowed_origins = x.allowed_origins;
  to.access.reading_is_free = config::is_reading_free(x);
  to.access.behind_proxy = x.behind_proxy == "on";
  to.access.trusted_proxies = x.trusted_proxies;
  to.limits.reads_per_minute = x.reads_per_minute;
  to.limits.changes_per_minute = x.changes_per_minute;
  to.connections_per_client = x.connections_per_client;
  if (x.tls == "on")
    to.tls = tls_of(x, data_dir);
  logging::audit_options with;
  // Each process renames its own file.
  with.file = data_dir / "logs" / ("audit" + log_suffix(to.roles) + ".jsonl");
  auto log = std::make_shared<logging::audit_log>(with);
  to.audit = [log, where = with.file.string()](const std::string& line) {
    if (!log->append(line))
      logging::log_error("audit", "a line is lost: " + where
                                    + ": see its disk and permissions");
  };
}

void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0)
    return;
  // Some programs go through all that are possible: not a million of them.
  limit.rlim_cur = std::max(limit.rlim_cur,
                            std::min<rlim_t>(limit.rlim_max, 16'384));
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

} // namespace banksia
