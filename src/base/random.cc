// In a file of its own, which is never compiled together with others: the simulator links another source of randomness
// in its place, one that begins with the seed (tests/sim/random.cc).
#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <limits>

#include "base/assert.h"
#include "base/crypto.h"

namespace doorbuster {
namespace {

// What is no longer is an id; keys are asked for one by one.
constexpr size_t kIdBytesMax = 16;

void ask_openssl(std::span<std::byte> out) {
  ASSERT(out.size() <= static_cast<size_t>(std::numeric_limits<int>::max()));
  ASSERT(RAND_bytes(reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(out.size())) == 1);
}

// Asked for 16 bytes, OpenSSL's generator spends most of its time on finding itself; so a thread asks for many at once.
// Each is handed out once and wiped. A process that forks and does not exec must not use it in both.
class RandomStock {
 public:
  ~RandomStock() { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }

  void take(std::span<std::byte> out) {
    if (left_ < out.size()) {
      ask_openssl(bytes_);
      left_ = bytes_.size();
    }
    left_ -= out.size();
    const auto taken = std::span(bytes_).subspan(left_, out.size());
    std::ranges::copy(taken, out.begin());
    OPENSSL_cleanse(taken.data(), taken.size());
  }

 private:
  std::array<std::byte, 1'024> bytes_{};
  size_t left_ = 0;
};

thread_local RandomStock random_stock;

}  // namespace

void fill_random(std::span<std::byte> out) { out.size() <= kIdBytesMax ? random_stock.take(out) : ask_openssl(out); }

uint64_t random_number() {
  uint64_t number = 0;
  fill_random(std::as_writable_bytes(std::span(&number, 1)));
  return number;
}

}  // namespace doorbuster
