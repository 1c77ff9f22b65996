#include "base/bytes.h"

#include <gtest/gtest.h>

#include "base/prng.h"

namespace doorbuster {
namespace {

TEST(ByteWriter, is_little_endian) {
  std::vector<std::byte> out;
  ByteWriter writer(out);
  writer.integer(uint32_t{0x01020304});
  writer.integer(int16_t{-2});
  EXPECT_EQ(as_text(out), std::string_view("\x04\x03\x02\x01\xFE\xFF"));
}

TEST(ByteWriter, appends_to_what_is_there) {
  std::vector<std::byte> out(3);
  ByteWriter(out).text("ab");
  EXPECT_EQ(as_text(Bytes(out).subspan(3)), std::string_view("\x02\0\0\0ab", 6));
}

TEST(ByteReader, reads_what_was_written) {
  std::vector<std::byte> out;
  ByteWriter writer(out);
  writer.integer(uint8_t{7});
  writer.text("");
  writer.text("drop");
  writer.integer(int64_t{-1});

  ByteReader reader(out);
  EXPECT_EQ(reader.integer<uint8_t>(), 7);
  EXPECT_EQ(reader.text(), "");
  EXPECT_EQ(reader.text(), "drop");
  EXPECT_FALSE(reader.finished());
  EXPECT_EQ(reader.left(), 8U);
  EXPECT_EQ(reader.integer<int64_t>(), -1);
  EXPECT_TRUE(reader.finished());
}

TEST(ByteReader, is_finished_at_once_when_there_is_nothing) {
  ByteReader reader({});
  EXPECT_TRUE(reader.finished());
  EXPECT_EQ(reader.integer<uint32_t>(), 0U);
  EXPECT_FALSE(reader.ok());
}

TEST(ByteReader, stays_broken_after_the_first_impossible_read) {
  std::vector<std::byte> out;
  ByteWriter(out).integer(uint32_t{0x11223344});
  ByteReader reader(out);
  EXPECT_EQ(reader.integer<uint64_t>(), 0U);
  EXPECT_EQ(reader.integer<uint8_t>(), 0) << "the bytes are there, but the reader has lost its place";
  EXPECT_TRUE(reader.raw(0).empty());
  EXPECT_EQ(reader.text(), "");
  EXPECT_FALSE(reader.ok());
  EXPECT_FALSE(reader.finished());
}

TEST(ByteReader, does_not_believe_a_length_that_is_larger_than_what_is_left) {
  for (const uint32_t length : {4U, 0xFFFFFFFFU}) {
    std::vector<std::byte> out;
    ByteWriter writer(out);
    writer.integer(length);
    writer.raw(as_bytes("abc"));
    ByteReader reader(out);
    EXPECT_EQ(reader.text(), "");
    EXPECT_FALSE(reader.ok());
  }
}

// A record of random fields, written and read, whole and cut at every byte.
class RandomRecord {
 public:
  explicit RandomRecord(Prng& random) : number_(random.next()), name_(random.below(40), 'x'), flag_(random.next() % 2) {
    for (char& c : name_) c = static_cast<char>(random.below(256));
  }
  void write(ByteWriter writer) const {
    writer.integer(number_);
    writer.text(name_);
    writer.integer(flag_);
  }
  [[nodiscard]] bool reads_back_from(ByteReader reader) const {
    const bool same =
        reader.integer<uint64_t>() == number_ && reader.text() == name_ && reader.integer<uint8_t>() == flag_;
    return same && reader.finished();
  }

 private:
  uint64_t number_;
  std::string name_;
  uint8_t flag_;
};

TEST(ByteReader, random_records_read_back_whole_and_never_when_cut) {
  Prng random(42);
  for (int i = 0; i < 500; ++i) {
    const RandomRecord record(random);
    std::vector<std::byte> out;
    record.write(ByteWriter(out));
    EXPECT_TRUE(record.reads_back_from(ByteReader(out)));
    for (size_t size = 0; size < out.size(); ++size) {
      const std::vector<std::byte> cut(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(size));
      ASSERT_FALSE(record.reads_back_from(ByteReader(cut)));
    }
  }
}

}  // namespace
}  // namespace doorbuster
