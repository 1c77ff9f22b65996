// Proof of work by ALTCHA's protocol (challenge format v2, deterministic mode; altcha.org, widget `altcha` 3, library
// `altcha-lib` 2), so that its own widget solves our challenges and its own library accepts them.
//
// A challenge is a nonce, a salt and the beginning of the key that scrypt (RFC 7914) derives from the nonce and a
// counter that only we know. Whoever solves it tries counters from 0 until a key begins so: as many derivations as the
// counter, where making the challenge took us one. The whole key is signed as well, so checking a solution takes two
// HMACs and no derivation. The counter is sealed in the salt under a pad that follows from the secret and the nonce, so
// whoever has the secret finds a solution by one derivation, too (ChallengeSolver): for a load of thousands of clients
// that share the server's machine.
//
// A challenge names the moment until which it is good, and is good once: its nonce is remembered for that long.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/crypto.h"
#include "base/result.h"
#include "base/time.h"
#include "guard/rate_table.h"

namespace doorbuster::guard {

// How much a solution costs: `derivations` of scrypt on average, each with so much memory (128 * 8 * cost bytes).
struct Work {
  uint32_t cost = 128;  // scrypt's N, a power of two
  uint32_t derivations = 2'000;
  bool operator==(const Work&) const = default;
};

enum class SolutionStatus : uint8_t {
  kGood,
  kMalformed,  // no solution in ALTCHA's format
  kForged,     // of a challenge that we have not made
  kExpired,
  kWrong,
  kUsed,
};

// A challenge without a moment until which it is good: what is dear to make of it. It never becomes old.
struct MintedChallenge {
  std::array<std::byte, 16> nonce, salt, key_prefix;
  std::array<std::byte, 32> key_signature;
  uint32_t cost = 0;
};

class Challenges {
 public:
  // Challenges of one server are good at another that has the same secret. Remembers up to so many used ones at a time.
  Challenges(Bytes secret, size_t used_max, Timestamp now);

  // Costs one derivation: a millisecond or less.
  [[nodiscard]] MintedChallenge mint(const Work& work) const;
  // JSON, as the widget takes it, good for that long. Costs an HMAC. Each is given once.
  [[nodiscard]] std::string give(const MintedChallenge& minted, Timestamp now, Duration life) const;
  [[nodiscard]] std::string make(const Work& work, Timestamp now, Duration life) const {
    return give(mint(work), now, life);
  }

  struct Used {
    SolutionStatus status{};
    // Of a good one: the work that was done, and until when it would have been good, which says when it was given.
    uint32_t cost = 0;
    Timestamp expires_at;
  };
  // `solution` is the widget's payload: base64 of JSON. A good one is used by that. Any thread.
  [[nodiscard]] Used use(std::string_view solution, Timestamp now);

  // As texts, which is what ALTCHA's own library takes.
  struct Secrets {
    std::string challenge;
    std::string key;
    std::string counter;
  };
  [[nodiscard]] static Secrets secrets_from(Bytes secret);

 private:
  Challenges(const Secrets& secrets, size_t used_max, Timestamp now);

  HmacSha256 challenge_signer_;
  HmacSha256 key_signer_;
  HmacSha256 counter_pad_;
  RateTable used_;
};

struct Solution {
  std::string payload = {};  // as the widget makes it
  uint32_t derivations = 0;  // that somebody without the secret needs for it,
  uint32_t cost = 0;         // each of this cost
};

// For whoever has the server's secret. From any number of threads.
class ChallengeSolver {
 public:
  explicit ChallengeSolver(Bytes secret);

  // kInvalid: that is no challenge; kNotGenuine: it was made under another secret.
  [[nodiscard]] Result<Solution> solve(std::string_view challenge) const;

 private:
  HmacSha256 counter_pad_;
};

}  // namespace doorbuster::guard
