#include "sim/random.h"

#include "base/crypto.h"
#include "base/prng.h"

namespace doorbuster {
namespace {

Prng& source() {
  static Prng prng(0);
  return prng;
}

}  // namespace

// Linked in the place of those of src/base/random.cc.
void fill_random(std::span<std::byte> out) {
  for (std::byte& each : out) each = static_cast<std::byte>(source().below(256));
}

uint64_t random_number() { return source().next(); }

void sim::seed_random(uint64_t seed) { source() = Prng(seed); }

}  // namespace doorbuster
