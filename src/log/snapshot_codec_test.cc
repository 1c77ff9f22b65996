#include "log/snapshot_codec.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "base/crc32c.h"
#include "base/encoding.h"
#include "log/golden_test.h"
#include "log/log_test_helpers.h"
#include "log/mark_codec.h"

namespace doorbuster::log {
namespace {

using ::testing::HasSubstr;

constexpr CellId kCell(3);

constexpr std::string_view kState = "a machine's whole state";

SnapshotHead example() {
  return {.at = Sequence(1002),
          .chain = sha256(as_bytes("the last batch")),
          .time = Timestamp::from_micros(1'795'773'600'000'001),
          .kind = MachineKind("sale"),
          .version = 7};
}

std::vector<std::byte> encoded(const SnapshotHead& head, const std::vector<std::string>& parts) {
  SnapshotEncoder encoder;
  std::vector<std::byte> bytes;
  ByteWriter writer(bytes);
  writer.raw(encoder.header(kCell, head));
  for (const std::string& part : parts) writer.raw(encoder.part(as_bytes(part)));
  writer.raw(encoder.end());
  return bytes;
}
std::vector<std::byte> encoded_example() { return encoded(example(), {"a machine's ", "whole", " state"}); }

class StoredVector final : public StoredBytes {
 public:
  explicit StoredVector(Bytes bytes) : bytes_(bytes.begin(), bytes.end()) {}
  Result<size_t> read_at(uint64_t offset, std::span<std::byte> out) override {
    const Bytes left = Bytes(bytes_).subspan(std::min<uint64_t>(offset, bytes_.size()));
    const size_t count = std::min(left.size(), out.size());
    std::ranges::copy(left.first(count), out.begin());
    return count;
  }

 private:
  const std::vector<std::byte> bytes_;
};

Result<Saved> decode(Bytes bytes, CellId cell = kCell) {
  const auto reader = TRY(decode_snapshot(cell, std::make_unique<StoredVector>(bytes)));
  return read_parts(*reader);
}

void expect_example(const Result<Saved>& found) {
  ASSERT_TRUE(found.has_value()) << found.error().message;
  EXPECT_EQ(found->head.at, example().at);
  EXPECT_EQ(found->head.chain, example().chain);
  EXPECT_EQ(found->head.time, example().time);
  EXPECT_EQ(found->head.kind, MachineKind("sale"));
  EXPECT_EQ(found->state, kState);
}

TEST(SnapshotCodec, reads_and_writes_the_bytes_of_version2) {
  const auto golden = read_golden("snapshot_v2.bin");
  EXPECT_EQ(to_hex(encoded_example()), to_hex(golden));
  const auto found = decode(golden);
  expect_example(found);
  EXPECT_EQ(found->head.version, 7U);
  EXPECT_EQ(found->parts, 3U);
}

TEST(SnapshotCodec, reads_version1_which_was_the_sales_and_did_not_say_its_version) {
  const auto found = decode(read_golden("snapshot_v1.bin"));
  expect_example(found);
  EXPECT_EQ(found->head.version, 0U);
}

void expect_every_change_found(std::vector<std::byte> bytes) {
  for (size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    bytes[bit / 8] ^= std::byte{1} << (bit % 8);
    EXPECT_FALSE(decode(bytes).has_value()) << "bit " << bit;
    bytes[bit / 8] ^= std::byte{1} << (bit % 8);
  }
  for (size_t size = 0; size < bytes.size(); ++size) EXPECT_FALSE(decode(Bytes(bytes).first(size)).has_value());
  bytes.push_back(std::byte{0});
  EXPECT_FALSE(decode(bytes).has_value());
}

TEST(SnapshotCodec, finds_every_flipped_bit_and_every_other_length) {
  expect_every_change_found(encoded_example());
  expect_every_change_found(read_golden("snapshot_v1.bin"));
}

TEST(SnapshotCodec, finds_parts_that_are_missing_doubled_or_exchanged_though_each_is_whole) {
  const auto bytes = encoded(example(), {"one", "two"});
  constexpr std::ptrdiff_t kPart = 11;
  const auto first = bytes.begin() + kSnapshotHeaderBytes;
  auto missing = bytes;
  missing.erase(missing.begin() + kSnapshotHeaderBytes, missing.begin() + kSnapshotHeaderBytes + kPart);
  EXPECT_FALSE(decode(missing).has_value());
  auto doubled = bytes;
  doubled.insert(doubled.begin() + kSnapshotHeaderBytes, first, first + kPart);
  EXPECT_FALSE(decode(doubled).has_value());
  auto exchanged = bytes;
  std::rotate(exchanged.begin() + kSnapshotHeaderBytes, exchanged.begin() + kSnapshotHeaderBytes + kPart,
              exchanged.begin() + kSnapshotHeaderBytes + 2 * kPart);
  EXPECT_FALSE(decode(exchanged).has_value());
}

TEST(SnapshotCodec, gives_version1_in_parts_though_it_is_larger_than_one) {
  std::string state((size_t{1} << 20) + 5, 's');
  for (size_t i = 0; i < state.size(); i += 1000) state[i] = static_cast<char>(i);
  std::vector<std::byte> bytes;
  ByteWriter writer(bytes);
  writer.raw(Bytes(read_golden("snapshot_v1.bin")).first(60));
  writer.integer(uint64_t{state.size()});
  writer.integer(uint32_t{0});
  writer.raw(as_bytes(state));
  writer.integer(crc32c(bytes));
  const auto found = decode(bytes);
  ASSERT_TRUE(found.has_value()) << found.error().message;
  EXPECT_TRUE(found->state == state);
  EXPECT_EQ(found->parts, 5U);
}

TEST(SnapshotCodec, refuses_another_cells_snapshot_and_another_version) {
  auto bytes = encoded_example();
  EXPECT_THAT(decode(bytes, CellId(4)).error().message, HasSubstr("is of cell 3"));
  EXPECT_THAT(decode(read_golden("snapshot_v1.bin"), CellId(4)).error().message, HasSubstr("is of cell 3"));
  bytes[4] = std::byte{9};
  EXPECT_EQ(decode(bytes).error().code, ErrorCode::kInvalid);
  EXPECT_THAT(decode(bytes).error().message, HasSubstr("format version 9"));
}

TEST(MachineKind, is_a_short_word) {
  EXPECT_EQ(MachineKind("sale").word(), "sale");
  EXPECT_EQ(MachineKind("a_kind_of_16_b_x").word(), "a_kind_of_16_b_x");
  EXPECT_FALSE(MachineKind().is_said());
  for (const std::string_view word : {"", "Sale", "1sale", "a sale", "a_kind_of_17_byte"}) {
    EXPECT_FALSE(MachineKind::is_kind(word)) << word;
  }
  EXPECT_EQ(MachineKind::from_letters(MachineKind("sale").letters()), MachineKind("sale"));
  EXPECT_EQ(MachineKind::from_letters(std::string_view("sale\0\0\0x\0\0\0\0\0\0\0\0", 16)), std::nullopt);
  EXPECT_EQ(MachineKind::from_letters(MachineKind().letters()), std::nullopt);
}

// ---- high-water marks

Mark example_mark() { return {kCell, Epoch(7), Sequence(1002), sha256(as_bytes("the last batch"))}; }

TEST(MarkCodec, reads_and_writes_the_bytes_of_version1) {
  const auto golden = read_golden("mark_v1.bin");
  EXPECT_EQ(to_hex(encode_mark(example_mark())), to_hex(golden));
  const auto found = decode_mark(kCell, golden);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->epoch, example_mark().epoch);
  EXPECT_EQ(found->tail, example_mark().tail);
  EXPECT_EQ(found->chain, example_mark().chain);
}

TEST(MarkCodec, takes_nothing_but_a_whole_mark_of_its_cell) {
  auto bytes = encode_mark(example_mark());
  EXPECT_FALSE(decode_mark(CellId(4), bytes).has_value());
  for (size_t size = 0; size < bytes.size(); ++size) EXPECT_FALSE(decode_mark(kCell, Bytes(bytes).first(size)));
  for (size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    bytes[bit / 8] ^= std::byte{1} << (bit % 8);
    EXPECT_FALSE(decode_mark(kCell, bytes).has_value()) << "bit " << bit;
    bytes[bit / 8] ^= std::byte{1} << (bit % 8);
  }
}

TEST(MarkCodec, a_newer_epoch_is_newer_and_then_a_later_tail) {
  Mark later = example_mark();
  later.tail = later.tail + 1;
  EXPECT_TRUE(newer(later, example_mark()));
  EXPECT_FALSE(newer(example_mark(), example_mark()));
  Mark next_epoch = example_mark();
  next_epoch.epoch = Epoch(8);
  EXPECT_TRUE(newer(next_epoch, later));
}

}  // namespace
}  // namespace doorbuster::log
