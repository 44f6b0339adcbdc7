#include "runtime/tls/certificate.hpp"

#include "runtime/tls/error.hpp"

#include <arpa/inet.h>

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cstdint>
#include <cstring>
#include <memory>

namespace banksia::tls {

namespace {

template <auto Free>
struct freed {
  template <class T>
  void operator()(T* x) const noexcept {
    Free(x);
  }
};

using bio_ptr = std::unique_ptr<BIO, freed<BIO_free>>;
using key_ptr = std::unique_ptr<EVP_PKEY, freed<EVP_PKEY_free>>;
using x509_ptr = std::unique_ptr<X509, freed<X509_free>>;
using extension_ptr = std::unique_ptr<X509_EXTENSION, freed<X509_EXTENSION_free>>;

/// @throws unless OpenSSL did it
void done(bool x) {
  if (!x)
    throw tls_error("cannot make a certificate: OpenSSL: check the system's "
                    "OpenSSL and its random numbers");
}

bio_ptr reading(const std::string& text) {
  return bio_ptr{BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))};
}

/// Never asks for a passphrase on the terminal.
int no_passphrase(char*, int, int, void*) {
  return -1;
}

key_ptr parse_key(const std::string& text) {
  return key_ptr{PEM_read_bio_PrivateKey(reading(text).get(), nullptr,
                                         no_passphrase, nullptr)};
}

x509_ptr parse_certificate(const std::string& text) {
  return x509_ptr{PEM_read_bio_X509(reading(text).get(), nullptr,
                                    no_passphrase, nullptr)};
}

template <class Write>
std::string pem(Write write) {
  bio_ptr to{BIO_new(BIO_s_mem())};
  done(to && write(to.get()) == 1);
  char* bytes = nullptr;
  auto size = BIO_get_mem_data(to.get(), &bytes);
  return {bytes, static_cast<std::size_t>(size)};
}

key_pair to_text(EVP_PKEY* key, X509* certificate) {
  return {pem([&](BIO* to) {
            return PEM_write_bio_PKCS8PrivateKey(to, key, nullptr, nullptr, 0,
                                                 nullptr, nullptr);
          }),
          pem([&](BIO* to) { return PEM_write_bio_X509(to, certificate); })};
}

void add_extension(X509* to, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, to, nullptr, nullptr, 0);
  extension_ptr made{
    X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str())};
  done(made && X509_add_ext(to, made.get(), -1) == 1);
}

void set_name(X509_NAME* to, std::string_view name) {
  auto add = [&](const char* field, std::string_view text) {
    done(X509_NAME_add_entry_by_txt(
           to, field, MBSTRING_UTF8,
           reinterpret_cast<const unsigned char*>(text.data()),
           static_cast<int>(text.size()), -1, 0)
         == 1);
  };
  add("O", "Banksia");
  add("CN", name);
}

/// All but issuer, extensions and signature.
x509_ptr draft(EVP_PKEY* key, std::string_view name,
               wall_clock::time_point now) {
  x509_ptr x{X509_new()};
  done(x && X509_set_version(x.get(), X509_VERSION_3) == 1);
  std::uint64_t serial = 0;
  done(RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial)
       == 1);
  serial >>= 1; // positive
  done(ASN1_INTEGER_set_uint64(X509_get_serialNumber(x.get()), serial) == 1);
  auto from = wall_clock::to_time_t(now - std::chrono::hours{24});
  auto to = wall_clock::to_time_t(now + validity);
  done(ASN1_TIME_set(X509_getm_notBefore(x.get()), from) != nullptr);
  done(ASN1_TIME_set(X509_getm_notAfter(x.get()), to) != nullptr);
  set_name(X509_get_subject_name(x.get()), name);
  done(X509_set_pubkey(x.get(), key) == 1);
  return x;
}

key_ptr new_key() {
  key_ptr key{EVP_EC_gen("P-256")};
  done(key != nullptr);
  return key;
}

/// As OpenSSL's configuration has it; empty for what is no host's name, which
/// could say something else there.
std::string alternative_name(const std::string& host) {
  unsigned char bytes[16];
  if (::inet_pton(AF_INET, host.c_str(), bytes) == 1
      || ::inet_pton(AF_INET6, host.c_str(), bytes) == 1)
    return ",IP:" + host;
  constexpr std::string_view allowed
    = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";
  if (host.empty() || host.find_first_not_of(allowed) != std::string::npos)
    return {};
  return ",DNS:" + host;
}

} // namespace

key_pair make_authority(wall_clock::time_point now) {
  auto key = new_key();
  auto x = draft(key.get(), "authority of one data folder", now);
  done(X509_set_issuer_name(x.get(), X509_get_subject_name(x.get())) == 1);
  add_extension(x.get(), x.get(), NID_basic_constraints,
                "critical,CA:TRUE,pathlen:0");
  add_extension(x.get(), x.get(), NID_key_usage,
                "critical,keyCertSign,cRLSign");
  add_extension(x.get(), x.get(), NID_subject_key_identifier, "hash");
  done(X509_sign(x.get(), key.get(), EVP_sha256()) > 0);
  return to_text(key.get(), x.get());
}

key_pair issue(const key_pair& authority, std::string_view name, usage use,
               wall_clock::time_point now,
               const std::vector<std::string>& hosts) {
  std::string names = "DNS:localhost,IP:127.0.0.1,IP:::1";
  for (const auto& host : hosts)
    names += alternative_name(host);
  auto signing = parse_key(authority.key);
  auto issuer = parse_certificate(authority.certificate);
  done(signing && issuer);
  auto key = new_key();
  auto x = draft(key.get(), name, now);
  done(X509_set_issuer_name(x.get(), X509_get_subject_name(issuer.get())) == 1);
  add_extension(x.get(), issuer.get(), NID_basic_constraints,
                "critical,CA:FALSE");
  add_extension(x.get(), issuer.get(), NID_key_usage,
                "critical,digitalSignature");
  add_extension(x.get(), issuer.get(), NID_ext_key_usage,
                use == usage::peer ? "serverAuth,clientAuth" : "clientAuth");
  add_extension(x.get(), issuer.get(), NID_subject_alt_name,
                names.c_str());
  add_extension(x.get(), issuer.get(), NID_subject_key_identifier, "hash");
  add_extension(x.get(), issuer.get(), NID_authority_key_identifier,
                "keyid:always");
  done(X509_sign(x.get(), signing.get(), EVP_sha256()) > 0);
  return to_text(key.get(), x.get());
}

std::string problem_of(const key_pair& x, const std::string& authority,
                       wall_clock::time_point now, std::chrono::hours left) {
  auto certificate = parse_certificate(x.certificate);
  if (!certificate)
    return "no certificate";
  auto issuer = parse_certificate(authority);
  if (!issuer)
    return "its authority has no certificate";
  if (X509_check_issued(issuer.get(), certificate.get()) != X509_V_OK
      || X509_verify(certificate.get(), X509_get0_pubkey(issuer.get())) != 1)
    return "not signed by its authority";
  auto key = parse_key(x.key);
  if (!key)
    return "no key";
  if (X509_check_private_key(certificate.get(), key.get()) != 1)
    return "not the key of its certificate";
  auto ends = [&](const x509_ptr& y) {
    return ASN1_TIME_cmp_time_t(X509_get0_notAfter(y.get()),
                                wall_clock::to_time_t(now + left))
           < 0;
  };
  if (ASN1_TIME_cmp_time_t(X509_get0_notBefore(certificate.get()),
                           wall_clock::to_time_t(now))
      > 0)
    return "not valid yet";
  if (ends(certificate) || ends(issuer))
    return left.count() == 0 ? "expired" : "ends too soon";
  return {};
}

} // namespace banksia::tls
