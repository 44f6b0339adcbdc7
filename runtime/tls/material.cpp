#include "runtime/tls/material.hpp"

#include "runtime/tls/error.hpp"
#include "runtime/tls/private_file.hpp"

#include <array>

namespace banksia::tls {

namespace {

struct party {
  std::string_view name;
  usage use;
};

constexpr std::array<party, 3> parties{
  {{"node", usage::peer}, {"ml", usage::peer}, {"console", usage::client}}};

std::filesystem::path in(const std::filesystem::path& folder,
                         std::string_view name, const char* suffix) {
  return folder / (std::string{name} + suffix);
}

key_pair read_pair(const std::filesystem::path& folder, std::string_view name) {
  return {read_private(in(folder, name, ".key")).value_or(""),
          read_private(in(folder, name, ".pem")).value_or("")};
}

/// The key first: a certificate whose key is not there yet is unsound, and made
/// again.
void write_pair(const std::filesystem::path& folder, std::string_view name,
                const key_pair& x) {
  write_private(in(folder, name, ".key"), x.key);
  write_private(in(folder, name, ".pem"), x.certificate);
}

void protect(const std::filesystem::path& folder, std::string_view name) {
  for (auto suffix : {".key", ".pem"})
    if (std::filesystem::exists(in(folder, name, suffix)))
      make_private(in(folder, name, suffix));
}

} // namespace

credentials credentials_of(const std::filesystem::path& folder,
                           std::string_view name) {
  return {folder / "ca.pem", in(folder, name, ".pem"), in(folder, name, ".key")};
}

void ensure_material(const std::filesystem::path& folder,
                     wall_clock::time_point now) {
  make_private_folder(folder);
  auto authority = read_pair(folder, "ca");
  auto foreign = authority.key.empty() && !authority.certificate.empty();
  if (!foreign
      && !problem_of(authority, authority.certificate, now, renewal).empty()) {
    authority = make_authority(now);
    write_pair(folder, "ca", authority);
  }
  protect(folder, "ca");
  for (const auto& x : parties) {
    if (foreign)
      check_credentials(credentials_of(folder, x.name), now);
    else if (!problem_of(read_pair(folder, x.name), authority.certificate, now,
                         renewal)
                .empty())
      write_pair(folder, x.name, issue(authority, x.name, x.use, now));
    protect(folder, x.name);
  }
}

credentials make_service_credentials(const std::filesystem::path& folder,
                                     const std::vector<std::string>& hosts,
                                     wall_clock::time_point now) {
  auto authority = read_pair(folder, "ca");
  if (authority.key.empty())
    throw tls_error("no key of the authority to sign with: "
                    + in(folder, "ca", ".key").string()
                    + ": set tls_certificate_file and tls_key_file");
  write_pair(folder, "http", issue(authority, "http", usage::peer, now, hosts));
  return credentials_of(folder, "http");
}

void check_credentials(const credentials& x, wall_clock::time_point now) {
  key_pair pair{read_private(x.key).value_or(""),
                read_private(x.certificate).value_or("")};
  auto problem = problem_of(pair, read_private(x.authority).value_or(""), now,
                            std::chrono::hours{0});
  if (!problem.empty())
    throw tls_error("cannot use the certificate: " + x.certificate.string()
                    + ": " + problem
                    + ": give what its authority signed, or remove the folder "
                      "and let the node make its own");
}

} // namespace banksia::tls
