#include "apps/banksia/role_process.hpp"

#include "actors/store/schema.hpp"
#include "actors/tracing/crossing.hpp"
#include "apps/banksia/supervision_log.hpp"
#include "apps/common/command.hpp"
#include "apps/common/data_folder.hpp"
#include "apps/common/settings_plan.hpp"
#include "config/core_address.hpp"
#include "runtime/tls/error.hpp"

namespace banksia {

namespace {

core_place nowhere(std::string why) {
  core_place x;
  x.trouble = std::move(why);
  return x;
}

/// What the configuration says, else the data folder.
core_place find_core(const std::string& configured,
                     const std::filesystem::path& data_dir) {
  auto address = configured;
  if (address.empty())
    address = announced_address(data_dir, "node");
  auto file = (data_dir / "run" / "node.json").string();
  if (address.empty())
    return nowhere(std::filesystem::exists(data_dir / "run" / "node.json")
                     ? "the node that runs there has no port for others: "
                         + file + ": run it with --roles core,…"
                     : "no core runs on this data folder: " + file
                         + ": start banksia run --roles core, or set "
                           "core_address");
  auto found = config::parse_core_address(address);
  if (!found)
    return nowhere("no HOST:PORT: " + address + ": " + file);
  core_place result;
  result.host = found->host;
  result.port = found->port;
  return result;
}

} // namespace

std::string process_name(role_set roles) {
  return roles.has(node_role::core) ? "node" : to_string(roles, "-");
}

std::string log_suffix(role_set roles) {
  return roles.has(node_role::core) ? "" : "-" + to_string(roles, "-");
}

std::vector<part_lock> held_roles(const data_folder& folder, role_set roles) {
  std::vector<part_lock> result;
  for (auto role : {node_role::core, node_role::prediction,
                    node_role::evaluation, node_role::ml, node_role::data,
                    node_role::dashboard})
    if (roles.has(role))
      result.emplace_back(folder, std::string{to_string(role)});
  return result;
}

tls::credentials node_credentials(const std::filesystem::path& data_dir) {
  auto folder = std::filesystem::absolute(data_dir / "tls");
  try {
    tls::ensure_material(folder, tls::wall_clock::now());
  } catch (const tls::tls_error& error) {
    throw commands::command_error(commands::exit_failed, error.what());
  }
  return tls::credentials_of(folder, "node");
}

core_hello hello_of(const config::settings& x, role_set roles) {
  core_hello result;
  result.application = "banksia";
  result.schema = static_cast<std::uint32_t>(store::newest_schema());
  result.configuration = provenance_from(x).configuration_hash;
  result.roles = to_string(roles);
  return result;
}

core_door_setup door_of(node& in, const config::settings& x,
                        std::shared_ptr<feed_board> feeds) {
  core_door_setup result;
  result.system = &in.system();
  result.board = in.shared_probes();
  result.gate.names = &in.names();
  result.gate.expected = hello_of(x, {node_role::core});
  result.gate.before_others = [](const caf::actor& x) { return from_far(x); };
  result.gate.feeds = std::move(feeds);
  result.address = x.bind_address;
  result.port = x.node_port;
  result.report = [&in](const supervision_event& seen) { report(in, seen); };
  result.give_up = [&in](const std::string& why) {
    in.give_up("cluster: " + why);
  };
  return result;
}

core_link_setup link_of(const node_setup& tree, const config::settings& x,
                        const std::filesystem::path& data_dir, role_set roles,
                        std::shared_ptr<core_view> view,
                        std::shared_ptr<feed_board> feeds) {
  core_link_setup result;
  result.place = [configured = x.core_address, data_dir] {
    return find_core(configured, data_dir);
  };
  result.hello = hello_of(x, roles);
  result.view = std::move(view);
  result.listed = tree.listed;
  // As configured: `tree.listed` has grown since.
  result.configured = tree.plan->symbols;
  result.network = tls_network;
  result.from_here = [](const caf::actor& x) { return to_far(x); };
  result.feeds = std::move(feeds);
  return result;
}

} // namespace banksia
