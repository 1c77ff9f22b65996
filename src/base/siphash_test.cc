#include "base/siphash.h"

#include <gtest/gtest.h>

#include <array>

namespace doorbuster {
namespace {

std::array<std::byte, 64> counting() {
  std::array<std::byte, 64> bytes;
  for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>(i);
  return bytes;
}

// The paper's appendix A, and the reference implementation's vectors, read as little-endian numbers.
TEST(SipHash, gives_the_values_of_its_authors) {
  const auto bytes = counting();
  const SipHash hash(Bytes(bytes).first(16));
  EXPECT_EQ(hash(Bytes(bytes).first(0)), 0x726FDB47DD0E0E31U);
  EXPECT_EQ(hash(Bytes(bytes).first(1)), 0x74F839C593DC67FDU);
  EXPECT_EQ(hash(Bytes(bytes).first(2)), 0x0D6C8009D9A94F5AU);
  EXPECT_EQ(hash(Bytes(bytes).first(15)), 0xA129CA6149BE45E5U);
}

TEST(SipHash, takes_a_number_for_its_eight_bytes) {
  const auto bytes = counting();
  const SipHash hash(7, 11);
  EXPECT_EQ(hash(uint64_t{0x0706050403020100}), hash(Bytes(bytes).first(8)));
  EXPECT_NE(hash(uint64_t{1}), SipHash(7, 12)(uint64_t{1}));
}

}  // namespace
}  // namespace doorbuster
