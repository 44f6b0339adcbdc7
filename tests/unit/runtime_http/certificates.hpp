#pragma once

/// An authority and certificates of its own, made when a test asks for them.

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>

namespace banksia::http_test {

using key_ptr = std::shared_ptr<EVP_PKEY>;
using certificate_ptr = std::shared_ptr<X509>;

/// A certificate with its key.
struct identity {
  key_ptr key;
  certificate_ptr certificate;
};

struct certificate_wish {
  std::string name;      ///< common name
  std::string alternate; ///< "DNS:feed.example,IP:127.0.0.1"; empty: an
                         ///< authority
  long begins_s = -3600; ///< from now
  long ends_s = 3600;    ///< from now
};

/// Signed by `issuer`, or by itself.
inline identity make_certificate(const certificate_wish& wish,
                                 const identity* issuer = nullptr) {
  auto must = [](bool well) {
    if (!well)
      throw std::runtime_error{"a certificate cannot be made"};
  };
  identity result{key_ptr{EVP_EC_gen("P-256"), &EVP_PKEY_free},
                  certificate_ptr{X509_new(), &X509_free}};
  auto* x = result.certificate.get();
  must(result.key && x);
  static long serial = 1;
  ASN1_INTEGER_set(X509_get_serialNumber(x), ++serial);
  X509_set_version(x, X509_VERSION_3);
  X509_gmtime_adj(X509_getm_notBefore(x), wish.begins_s);
  X509_gmtime_adj(X509_getm_notAfter(x), wish.ends_s);
  X509_set_pubkey(x, result.key.get());
  X509_NAME_add_entry_by_txt(
    X509_get_subject_name(x), "CN", MBSTRING_UTF8,
    reinterpret_cast<const unsigned char*>(wish.name.c_str()), -1, -1, 0);
  auto* signer = issuer ? issuer->certificate.get() : x;
  X509_set_issuer_name(x, X509_get_subject_name(signer));
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, signer, x, nullptr, nullptr, 0);
  auto add = [&](int kind, const std::string& value) {
    auto* extension = X509V3_EXT_conf_nid(nullptr, &context, kind,
                                          value.c_str());
    must(extension != nullptr);
    X509_add_ext(x, extension, -1);
    X509_EXTENSION_free(extension);
  };
  if (wish.alternate.empty()) {
    add(NID_basic_constraints, "critical,CA:TRUE");
    add(NID_key_usage, "critical,keyCertSign,cRLSign");
  } else {
    add(NID_subject_alt_name, wish.alternate);
  }
  auto* key = issuer ? issuer->key.get() : result.key.get();
  must(X509_sign(x, key, EVP_sha256()) > 0);
  return result;
}

inline void write_pem(const identity& of, const std::string& path) {
  auto* file = std::fopen(path.c_str(), "w");
  if (file == nullptr || PEM_write_X509(file, of.certificate.get()) != 1)
    throw std::runtime_error{"cannot write " + path};
  std::fclose(file);
}

} // namespace banksia::http_test
