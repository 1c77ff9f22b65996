#include "base/crc32c.h"

#include <gtest/gtest.h>

#include "base/prng.h"

namespace doorbuster {
namespace {

std::vector<std::byte> ramp(int from, int step) {
  std::vector<std::byte> bytes(32);
  for (std::byte& byte : bytes) {
    byte = static_cast<std::byte>(from);
    from += step;
  }
  return bytes;
}

// RFC 3720 appendix B.4, whose bytes on the wire are the little-endian form of these numbers.
TEST(Crc32c, gives_the_published_values) {
  EXPECT_EQ(crc32c(std::vector<std::byte>(32, std::byte{0x00})), 0x8A9136AAU);
  EXPECT_EQ(crc32c(std::vector<std::byte>(32, std::byte{0xFF})), 0x62A8AB43U);
  EXPECT_EQ(crc32c(ramp(0, 1)), 0x46DD794EU);
  EXPECT_EQ(crc32c(ramp(31, -1)), 0x113FDB5CU);
  EXPECT_EQ(crc32c(as_bytes("123456789")), 0xE3069283U);
  EXPECT_EQ(crc32c({}), 0U);
}

// The definition, a bit at a time.
uint32_t by_definition(Bytes bytes) {
  uint32_t crc = 0xFFFFFFFF;
  for (const std::byte byte : bytes) {
    crc ^= static_cast<uint32_t>(byte);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82F63B78 : 0);
  }
  return ~crc;
}

TEST(Crc32c, is_the_definition_for_every_size_and_alignment_and_can_be_continued) {
  Prng random(3720);
  std::vector<std::byte> bytes(300);
  for (std::byte& byte : bytes) byte = static_cast<std::byte>(random.below(256));
  for (int i = 0; i < 5'000; ++i) {
    const size_t begin = random.below(bytes.size());
    const Bytes part = Bytes(bytes).subspan(begin, random.below(bytes.size() - begin + 1));
    const size_t cut = random.below(part.size() + 1);
    ASSERT_EQ(crc32c(part), by_definition(part));
    ASSERT_EQ(crc32c(part.subspan(cut), crc32c(part.first(cut))), crc32c(part));
  }
}

TEST(Crc32c, sees_every_single_flipped_bit) {
  std::vector<std::byte> bytes = ramp(0, 7);
  const uint32_t before = crc32c(bytes);
  for (size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    const auto mask = static_cast<std::byte>(1U << (bit % 8));
    bytes[bit / 8] ^= mask;
    EXPECT_NE(crc32c(bytes), before) << bit;
    bytes[bit / 8] ^= mask;
  }
}

}  // namespace
}  // namespace doorbuster
