// In a file of its own, which is never compiled together with others: the simulator links another source of randomness
// in its place, one that begins with the seed (tests/sim/random.cc).
#include <openssl/rand.h>

#include <limits>

#include "base/assert.h"
#include "base/crypto.h"

namespace doorbuster {

void fill_random(std::span<std::byte> out) {
  ASSERT(out.size() <= static_cast<size_t>(std::numeric_limits<int>::max()));
  ASSERT(RAND_bytes(reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(out.size())) == 1);
}

uint64_t random_number() {
  uint64_t number = 0;
  fill_random(std::as_writable_bytes(std::span(&number, 1)));
  return number;
}

}  // namespace doorbuster
