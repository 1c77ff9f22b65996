#include "auth/ed25519.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include "base/crypto.h"
#include "base/encoding.h"

namespace doorbuster::auth {
namespace {

struct ContextFree {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

// One per thread: creating it costs more than what it is used for.
EVP_MD_CTX* fresh_context() {
  thread_local const std::unique_ptr<EVP_MD_CTX, ContextFree> context(EVP_MD_CTX_new());
  ASSERT(context != nullptr);
  EVP_MD_CTX_reset(context.get());
  return context.get();
}

const unsigned char* raw(Bytes bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }

Ed25519Bytes public_bytes(const EVP_PKEY* key) {
  Ed25519Bytes bytes;
  size_t size = bytes.size();
  ASSERT(EVP_PKEY_get_raw_public_key(key, reinterpret_cast<unsigned char*>(bytes.data()), &size) == 1 &&
         size == bytes.size());
  return bytes;
}

struct BioFree {
  void operator()(BIO* bio) const { BIO_free(bio); }
};

EvpKey read_pem(std::string_view text) {
  const std::unique_ptr<BIO, BioFree> bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  EvpKey key(PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr));
  ERR_clear_error();
  return key;
}

}  // namespace

Ed25519PublicKey::Ed25519PublicKey(const Ed25519Bytes& bytes)
    : bytes_(bytes), key_(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, raw(bytes), bytes.size())) {
  ASSERT(key_ != nullptr);
}

Result<Ed25519PublicKey> Ed25519PublicKey::parse(std::string_view text) {
  if (text.size() > 1'024) return fail(ErrorCode::kInvalid, "a public key has at most 1,024 characters");
  Ed25519Bytes bytes;
  if (text.size() == 43 && from_base64url(text, bytes) == bytes.size()) return Ed25519PublicKey(bytes);
  const EvpKey key = read_pem(text);
  if (key == nullptr || EVP_PKEY_get_id(key.get()) != EVP_PKEY_ED25519) {
    return fail(ErrorCode::kInvalid,
                "this is not an Ed25519 public key: give PEM (openssl pkey -pubout) or its 32 bytes in base64url (the "
                "x of a JWK)");
  }
  return Ed25519PublicKey(public_bytes(key.get()));
}

bool Ed25519PublicKey::verify(Bytes message, Bytes signature) const {
  if (signature.size() != kEd25519SignatureBytes) return false;
  EVP_MD_CTX* context = fresh_context();
  ASSERT(EVP_DigestVerifyInit(context, nullptr, nullptr, nullptr, key_.get()) == 1);
  const bool good = EVP_DigestVerify(context, raw(signature), signature.size(), raw(message), message.size()) == 1;
  if (!good) ERR_clear_error();
  return good;
}

Ed25519PrivateKey::Ed25519PrivateKey(const Ed25519Bytes& seed)
    : key_(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, raw(seed), seed.size())) {
  ASSERT(key_ != nullptr);
}

Ed25519PrivateKey Ed25519PrivateKey::generate() {
  Ed25519Bytes seed;
  fill_random(seed);
  return Ed25519PrivateKey(seed);
}

Ed25519Signature Ed25519PrivateKey::sign(Bytes message) const {
  EVP_MD_CTX* context = fresh_context();
  Ed25519Signature signature;
  size_t size = signature.size();
  ASSERT(EVP_DigestSignInit(context, nullptr, nullptr, nullptr, key_.get()) == 1);
  ASSERT(EVP_DigestSign(context, reinterpret_cast<unsigned char*>(signature.data()), &size, raw(message),
                        message.size()) == 1);
  ASSERT(size == signature.size());
  return signature;
}

Ed25519PublicKey Ed25519PrivateKey::public_key() const { return Ed25519PublicKey(public_bytes(key_.get())); }

}  // namespace doorbuster::auth
