#include "base/varint.h"

#include <gtest/gtest.h>

namespace doorbuster {
namespace {

TEST(Varint, takes_as_few_bytes_as_a_number_needs) {
  const std::pair<uint64_t, size_t> cases[] = {
      {0, 1}, {127, 1}, {128, 2}, {16'383, 2}, {16'384, 3}, {UINT32_MAX, 5}, {UINT64_MAX >> 8, 8}, {UINT64_MAX, 10}};
  for (const auto& [value, bytes] : cases) {
    std::vector<std::byte> out;
    write_varint(out, value);
    EXPECT_EQ(out.size(), bytes) << value;
    ByteReader reader(out);
    EXPECT_EQ(read_varint(reader), value);
    EXPECT_TRUE(reader.finished());
  }
}

TEST(Varint, takes_small_numbers_of_either_sign) {
  const std::pair<int64_t, size_t> cases[] = {{0, 1}, {-1, 1}, {-64, 1}, {64, 2}, {INT64_MIN, 10}, {INT64_MAX, 10}};
  for (const auto& [value, bytes] : cases) {
    std::vector<std::byte> out;
    ByteWriter writer(out);
    write_signed_varint(writer, value);
    EXPECT_EQ(out.size(), bytes) << value;
    ByteReader reader(out);
    EXPECT_EQ(read_signed_varint(reader), value);
  }
}

TEST(Varint, says_so_when_the_bytes_end_in_the_middle) {
  std::vector<std::byte> out;
  write_text(out, std::string(200, 'x'));
  ByteReader whole(out);
  EXPECT_EQ(read_text(whole).size(), 200U);
  for (const size_t size : {0, 1, 201}) {
    ByteReader cut(Bytes(out).first(size));
    (void)read_text(cut);
    EXPECT_FALSE(cut.ok()) << size;
  }
  const std::vector<std::byte> endless(20, std::byte{0xFF});
  ByteReader reader(endless);
  (void)read_varint(reader);
  EXPECT_EQ(reader.left(), 10U) << "ten bytes at most";
}

}  // namespace
}  // namespace doorbuster
