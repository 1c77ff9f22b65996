#include "log/snapshot_codec.h"

#include <gmock/gmock.h>

#include "base/crc32c.h"
#include "base/encoding.h"
#include "log/golden_test.h"
#include "log/mark_codec.h"

namespace doorbuster::log {
namespace {

using ::testing::HasSubstr;

constexpr CellId kCell(3);

Snapshot example() {
  const Bytes state = as_bytes("a machine's whole state");
  return {.at = Sequence(1002),
          .chain = sha256(as_bytes("the last batch")),
          .time = Timestamp::from_micros(1'795'773'600'000'001),
          .state = {state.begin(), state.end()}};
}

std::vector<std::byte> encoded(const Snapshot& snapshot) {
  const SnapshotHeader header = encode_snapshot_header(kCell, snapshot);
  std::vector<std::byte> bytes(header.begin(), header.end());
  ByteWriter writer(bytes);
  writer.raw(snapshot.state);
  writer.raw(encode_snapshot_trailer(header, snapshot.state));
  return bytes;
}

void expect_example(const Snapshot& found) {
  EXPECT_EQ(found.at, example().at);
  EXPECT_EQ(found.chain, example().chain);
  EXPECT_EQ(found.time, example().time);
  EXPECT_EQ(found.state, example().state);
}

TEST(SnapshotCodec, ReadsAndWritesTheBytesOfVersion1) {
  const auto golden = read_golden("snapshot_v1.bin");
  EXPECT_EQ(to_hex(encoded(example())), to_hex(golden));
  const auto found = decode_snapshot(kCell, golden);
  ASSERT_TRUE(found.has_value()) << found.error().message;
  expect_example(*found);
}

TEST(SnapshotCodec, RefusesEveryFlippedBitAndEveryOtherLength) {
  auto bytes = encoded(example());
  for (size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    bytes[bit / 8] ^= std::byte{1} << (bit % 8);
    EXPECT_EQ(decode_snapshot(kCell, bytes).error().code, ErrorCode::kCorrupt) << "bit " << bit;
    bytes[bit / 8] ^= std::byte{1} << (bit % 8);
  }
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(decode_snapshot(kCell, Bytes(bytes).first(size)).has_value());
  }
  bytes.push_back(std::byte{0});
  EXPECT_FALSE(decode_snapshot(kCell, bytes).has_value());
}

TEST(SnapshotCodec, RefusesAnotherCellsSnapshotAndAnotherVersion) {
  auto bytes = encoded(example());
  EXPECT_THAT(decode_snapshot(CellId(4), bytes).error().message, HasSubstr("belongs to cell 3"));
  bytes[4] = std::byte{9};
  const uint32_t crc = crc32c(Bytes(bytes).first(bytes.size() - kSnapshotTrailerBytes));
  std::memcpy(bytes.data() + bytes.size() - sizeof crc, &crc, sizeof crc);
  EXPECT_EQ(decode_snapshot(kCell, bytes).error().code, ErrorCode::kInvalid);
  EXPECT_THAT(decode_snapshot(kCell, bytes).error().message, HasSubstr("format version 9"));
}

// ---- high-water marks

Mark example_mark() { return {kCell, Epoch(7), Sequence(1002), sha256(as_bytes("the last batch"))}; }

TEST(MarkCodec, ReadsAndWritesTheBytesOfVersion1) {
  const auto golden = read_golden("mark_v1.bin");
  EXPECT_EQ(to_hex(encode_mark(example_mark())), to_hex(golden));
  const auto found = decode_mark(kCell, golden);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->epoch, example_mark().epoch);
  EXPECT_EQ(found->tail, example_mark().tail);
  EXPECT_EQ(found->chain, example_mark().chain);
}

TEST(MarkCodec, TakesNothingButAWholeMarkOfItsCell) {
  auto bytes = encode_mark(example_mark());
  EXPECT_FALSE(decode_mark(CellId(4), bytes).has_value());
  for (size_t size = 0; size < bytes.size(); ++size) EXPECT_FALSE(decode_mark(kCell, Bytes(bytes).first(size)));
  for (size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    bytes[bit / 8] ^= std::byte{1} << (bit % 8);
    EXPECT_FALSE(decode_mark(kCell, bytes).has_value()) << "bit " << bit;
    bytes[bit / 8] ^= std::byte{1} << (bit % 8);
  }
}

TEST(MarkCodec, ANewerEpochIsNewerAndThenALaterTail) {
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
