#include "log/batch_codec.h"

#include <gmock/gmock.h>

#include "base/crc32c.h"
#include "base/encoding.h"
#include "log/golden_test.h"

namespace doorbuster::log {
namespace {

using ::testing::HasSubstr;

StoredBatch example() {
  return {.cell = CellId(3),
          .epoch = Epoch(7),
          .previous = sha256(as_bytes("the batch before")),
          .kind = MachineKind("links"),
          .batch = {.first = Sequence(1001),
                    .count = 2,
                    .at = Timestamp::from_micros(1'795'773'600'000'000),
                    .payload = as_bytes("one event, then another")}};
}

std::vector<std::byte> encoded(const StoredBatch& stored) {
  std::vector<std::byte> bytes;
  encode_batch(stored, bytes);
  return bytes;
}

void expect_example(const StoredBatch& found) {
  const StoredBatch expected = example();
  EXPECT_EQ(found.cell, expected.cell);
  EXPECT_EQ(found.epoch, expected.epoch);
  EXPECT_EQ(found.previous, expected.previous);
  EXPECT_EQ(found.batch.first, expected.batch.first);
  EXPECT_EQ(found.batch.count, expected.batch.count);
  EXPECT_EQ(found.batch.at, expected.batch.at);
  EXPECT_EQ(as_text(found.batch.payload), as_text(expected.batch.payload));
}

TEST(BatchCodec, decodes_what_it_encodes) {
  const auto bytes = encoded(example());
  const auto found = decode_batch(bytes);
  ASSERT_TRUE(found.has_value()) << found.error().message;
  expect_example(*found);
}

TEST(BatchCodec, still_reads_the_bytes_of_version1_which_was_the_sales) {
  const auto golden = read_golden("batch_v1.bin");
  const auto found = decode_batch(golden);
  ASSERT_TRUE(found.has_value()) << found.error().message;
  expect_example(*found);
  EXPECT_EQ(found->kind, MachineKind("sale"));
  EXPECT_EQ(to_hex(chain_after(found->previous, golden)),
            "0470875ba93b855464500e91e054f13da5e67cfbc10e6c21e5a3950abde89c0f");
}

TEST(BatchCodec, reads_and_writes_the_bytes_of_version2) {
  const auto golden = read_golden("batch_v2.bin");
  EXPECT_EQ(to_hex(encoded(example())), to_hex(golden));
  const auto found = decode_batch(golden);
  ASSERT_TRUE(found.has_value()) << found.error().message;
  expect_example(*found);
  EXPECT_EQ(found->kind, MachineKind("links"));
}

TEST(BatchCodec, refuses_every_flipped_bit) {
  auto bytes = encoded(example());
  for (size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    bytes[bit / 8] ^= std::byte{1} << (bit % 8);
    const auto found = decode_batch(bytes);
    ASSERT_FALSE(found.has_value()) << "bit " << bit;
    EXPECT_EQ(found.error().code, ErrorCode::kCorrupt);
    bytes[bit / 8] ^= std::byte{1} << (bit % 8);
  }
}

TEST(BatchCodec, refuses_every_other_length) {
  auto bytes = encoded(example());
  for (size_t size = 0; size < bytes.size(); ++size) EXPECT_FALSE(decode_batch(Bytes(bytes).first(size)).has_value());
  bytes.push_back(std::byte{0});
  EXPECT_FALSE(decode_batch(bytes).has_value());
}

// Bytes that somebody put together on purpose: the checksum is right, a field is not.
std::vector<std::byte> forged(size_t at, std::string_view hex) {
  auto bytes = encoded(example());
  EXPECT_TRUE(from_hex(hex, std::span(bytes).subspan(at, hex.size() / 2)));
  const uint32_t crc = crc32c(Bytes(bytes).first(bytes.size() - kBatchTrailerBytes));
  std::memcpy(bytes.data() + bytes.size() - kBatchTrailerBytes, &crc, sizeof crc);
  return bytes;
}

TEST(BatchCodec, refuses_impossible_fields_under_a_right_checksum) {
  EXPECT_THAT(decode_batch(forged(0, "00")).error().message, HasSubstr("does not begin"));
  EXPECT_THAT(decode_batch(forged(6, "01")).error().message, HasSubstr("reserved"));
  EXPECT_THAT(decode_batch(forged(12, "00000000")).error().message, HasSubstr("no event"));
  EXPECT_THAT(decode_batch(forged(16, "0000000000000000")).error().message, HasSubstr("impossible"));
  EXPECT_THAT(decode_batch(forged(16, "ffffffffffffffff")).error().message, HasSubstr("impossible"));
  EXPECT_THAT(decode_batch(forged(24, "0000000000000000")).error().message, HasSubstr("no epoch"));
  EXPECT_THAT(decode_batch(forged(72, "4c")).error().message, HasSubstr("kind"));
  EXPECT_THAT(decode_batch(forged(72, "00")).error().message, HasSubstr("kind"));
  EXPECT_THAT(decode_batch(forged(88, "ffffffff")).error().message, HasSubstr("length"));
}

TEST(BatchCodec, says_of_another_version_that_it_is_one) {
  const auto found = decode_batch(forged(4, "0300"));
  EXPECT_EQ(found.error().code, ErrorCode::kInvalid);
  EXPECT_THAT(found.error().message, HasSubstr("format version 3, this program reads up to 2"));
}

}  // namespace
}  // namespace doorbuster::log
