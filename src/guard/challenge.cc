#include "guard/challenge.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <span>

#include "base/assert.h"
#include "base/base64.h"
#include "base/encoding.h"
#include "base/json.h"
#include "base/json_writer.h"

namespace doorbuster::guard {
namespace {

constexpr std::string_view kAlgorithm = "SCRYPT";
constexpr uint32_t kBlockSize = 8;                    // scrypt's r
constexpr uint32_t kLanes = 1;                        // scrypt's p
constexpr uint64_t kMemoryMax = uint64_t{256} << 20;  // of the greatest cost that a policy may name: 64 MiB
constexpr uint32_t kCostMax = 65'536;                 // that a policy may name
constexpr size_t kSaltBytes = 16;
constexpr size_t kKeyBytes = 32;
constexpr size_t kPrefixBytes = 16;
constexpr size_t kSolutionBytesMax = 2'048;
constexpr size_t kHexOfDigest = 64;

// A challenge's parameters, in the alphabetical order in which they are signed.
struct Parameters {
  std::string_view algorithm = kAlgorithm;
  int64_t cost = 0;
  int64_t expires_at = 0;  // seconds since 1970
  int64_t key_length = kKeyBytes;
  std::string_view key_prefix;
  std::string_view key_signature;
  int64_t memory_cost = kBlockSize;
  std::string_view nonce;
  int64_t parallelism = kLanes;
  std::string_view salt;
};

std::string as_json(const Parameters& of) {
  std::string json;
  JsonWriter(json)
      .begin_object()
      .member("algorithm", of.algorithm)
      .member("cost", of.cost)
      .member("expiresAt", of.expires_at)
      .member("keyLength", of.key_length)
      .member("keyPrefix", of.key_prefix)
      .member("keySignature", of.key_signature)
      .member("memoryCost", of.memory_cost)
      .member("nonce", of.nonce)
      .member("parallelism", of.parallelism)
      .member("salt", of.salt)
      .end_object();
  return json;
}

Parameters read_parameters(const JsonObject& object) {
  const StringRule hex{.min_bytes = 1, .max_bytes = kHexOfDigest};
  return {.algorithm = object.required("algorithm").string(hex),
          .cost = object.required("cost").integer(),
          .expires_at = object.required("expiresAt").integer(),
          .key_length = object.required("keyLength").integer(),
          .key_prefix = object.required("keyPrefix").string(hex),
          .key_signature = object.required("keySignature").string(hex),
          .memory_cost = object.required("memoryCost").integer(),
          .nonce = object.required("nonce").string(hex),
          .parallelism = object.required("parallelism").integer(),
          .salt = object.required("salt").string(hex)};
}

// What is derived from: the nonce, and the counter behind it as a 32-bit number, the greater end first.
Digest derive(Bytes salt, Bytes nonce, uint32_t counter, uint32_t cost) {
  std::array<char, kSaltBytes + sizeof counter> password;
  ASSERT(nonce.size() == kSaltBytes);
  std::memcpy(password.data(), nonce.data(), nonce.size());
  const uint32_t swapped = __builtin_bswap32(counter);
  std::memcpy(password.data() + nonce.size(), &swapped, sizeof swapped);
  Digest key;
  const int derived =
      EVP_PBE_scrypt(password.data(), password.size(), reinterpret_cast<const unsigned char*>(salt.data()), salt.size(),
                     cost, kBlockSize, kLanes, kMemoryMax, reinterpret_cast<unsigned char*>(key.data()), key.size());
  ASSERT(derived == 1);
  return key;
}

// What the counter is sealed under, at the end of the salt. A nonce comes once, and so does its pad.
using CounterBytes = std::array<std::byte, sizeof(uint32_t)>;

CounterBytes padded(const HmacSha256& pad, Bytes nonce, const CounterBytes& counter) {
  const Digest stream = pad.sign(nonce);
  CounterBytes sealed;
  for (size_t i = 0; i < sealed.size(); ++i) sealed[i] = counter[i] ^ stream[i];
  return sealed;
}

void seal_counter(const HmacSha256& pad, Bytes nonce, uint32_t counter, std::span<std::byte, kSaltBytes> salt) {
  const CounterBytes sealed = padded(pad, nonce, std::bit_cast<CounterBytes>(counter));
  std::ranges::copy(sealed, salt.last<sizeof(CounterBytes)>().begin());
}

uint32_t open_counter(const HmacSha256& pad, Bytes nonce, std::span<const std::byte, kSaltBytes> salt) {
  CounterBytes sealed;
  std::ranges::copy(salt.last<sizeof(CounterBytes)>(), sealed.begin());
  return std::bit_cast<uint32_t>(padded(pad, nonce, sealed));
}

bool is_signature(std::string_view hex, const Digest& expected) {
  Digest given;
  return from_hex(hex, given) && equal_in_constant_time(given, expected);
}

}  // namespace

Challenges::Secrets Challenges::secrets_from(Bytes secret) {
  return {.challenge = to_hex(derive_key(secret, "doorbuster guard challenge v1")),
          .key = to_hex(derive_key(secret, "doorbuster guard challenge key v1")),
          .counter = to_hex(derive_key(secret, "doorbuster guard challenge counter v1"))};
}

Challenges::Challenges(Bytes secret, size_t used_max, Timestamp now)
    : Challenges(secrets_from(secret), used_max, now) {}

Challenges::Challenges(const Secrets& secrets, size_t used_max, Timestamp now)
    : challenge_signer_(as_bytes(secrets.challenge)),
      key_signer_(as_bytes(secrets.key)),
      counter_pad_(as_bytes(secrets.counter)),
      used_(used_max, now) {}

// The counter is drawn evenly from nothing to twice the work: were there fewer that it can be, whoever knows the policy
// would begin with the least of them, and be spared the work of all below.
MintedChallenge Challenges::mint(const Work& work) const {
  ASSERT(work.derivations > 0 && work.cost > 1);
  MintedChallenge minted{.cost = work.cost};
  fill_random(minted.salt);
  fill_random(minted.nonce);
  const auto counter = static_cast<uint32_t>(random_number() % (uint64_t{work.derivations} * 2));
  seal_counter(counter_pad_, minted.nonce, counter, minted.salt);
  const Digest key = derive(minted.salt, minted.nonce, counter, work.cost);
  std::ranges::copy(Bytes(key).first(kPrefixBytes), minted.key_prefix.begin());
  std::ranges::copy(key_signer_.sign(key), minted.key_signature.begin());
  return minted;
}

std::string Challenges::give(const MintedChallenge& minted, Timestamp now, Duration life) const {
  const std::string prefix = to_hex(minted.key_prefix);
  const std::string key_signature = to_hex(minted.key_signature);
  const std::string nonce_text = to_hex(minted.nonce), salt_text = to_hex(minted.salt);
  const std::string parameters = as_json({.cost = minted.cost,
                                          .expires_at = (now + life).micros() / 1'000'000,
                                          .key_prefix = prefix,
                                          .key_signature = key_signature,
                                          .nonce = nonce_text,
                                          .salt = salt_text});
  std::string json;
  JsonWriter(json)
      .begin_object()
      .key("parameters")
      .raw(parameters)
      .member("signature", to_hex(challenge_signer_.sign(as_bytes(parameters))))
      .end_object();
  return json;
}

Challenges::Used Challenges::use(std::string_view solution, Timestamp now) {
  std::array<std::byte, kSolutionBytesMax> buffer;
  const auto size = from_base64(solution, buffer);
  if (!size) return {.status = SolutionStatus::kMalformed};
  JsonDocument document(as_text(Bytes(buffer).first(*size)), {.max_bytes = kSolutionBytesMax, .max_depth = 4});
  const JsonObject challenge = document.root().required("challenge").object();
  const Parameters parameters = read_parameters(challenge.required("parameters").object());
  const std::string_view signature = challenge.required("signature").string({.max_bytes = kHexOfDigest});
  const JsonObject solved = document.root().required("solution").object();
  const std::string_view key_text = solved.required("derivedKey").string({.max_bytes = kHexOfDigest});
  (void)solved.required("counter").integer();
  if (!document.finish(JsonUnknown::kAllowed)) return {.status = SolutionStatus::kMalformed};
  if (!is_signature(signature, challenge_signer_.sign(as_bytes(as_json(parameters)))))
    return {.status = SolutionStatus::kForged};
  const Timestamp expires_at = Timestamp::from_micros(parameters.expires_at * 1'000'000);
  if (now >= expires_at) return {.status = SolutionStatus::kExpired};
  Digest key;
  if (!from_hex(key_text, key) || !is_signature(parameters.key_signature, key_signer_.sign(key)))
    return {.status = SolutionStatus::kWrong};
  uint64_t nonce = 0;
  if (!from_hex(parameters.nonce.substr(0, 2 * sizeof nonce), std::as_writable_bytes(std::span(&nonce, 1))))
    return {.status = SolutionStatus::kMalformed};
  if (!used_.claim(nonce, expires_at, now)) return {.status = SolutionStatus::kUsed};
  return {.status = SolutionStatus::kGood, .cost = static_cast<uint32_t>(parameters.cost), .expires_at = expires_at};
}

ChallengeSolver::ChallengeSolver(Bytes secret) : counter_pad_(as_bytes(Challenges::secrets_from(secret).counter)) {}

Result<Solution> ChallengeSolver::solve(std::string_view challenge) const {
  JsonDocument document(challenge);
  const Parameters parameters = read_parameters(document.root().required("parameters").object());
  TRY(document.finish(JsonUnknown::kAllowed));
  std::array<std::byte, kSaltBytes> salt, nonce;
  const auto cost = static_cast<uint32_t>(std::clamp<int64_t>(parameters.cost, 0, kCostMax));
  if (!from_hex(parameters.salt, salt) || !from_hex(parameters.nonce, nonce) || !std::has_single_bit(cost) || cost < 2)
    return fail(ErrorCode::kInvalid, "that is not a challenge of this server's format");
  const uint32_t counter = open_counter(counter_pad_, nonce, salt);
  const std::string key = to_hex(derive(salt, nonce, counter, cost));
  if (!key.starts_with(parameters.key_prefix))
    return fail(ErrorCode::kNotGenuine, "the challenge was made under another secret");
  std::string json;
  JsonWriter writer(json);
  writer.begin_object().key("challenge").raw(challenge).key("solution").begin_object();
  writer.member("counter", counter).member("derivedKey", key).end_object().end_object();
  return Solution{.payload = to_base64(as_bytes(json)), .derivations = counter + 1, .cost = cost};
}

}  // namespace doorbuster::guard
