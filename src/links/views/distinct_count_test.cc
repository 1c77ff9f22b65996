#include "links/views/distinct_count.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/siphash.h"

namespace doorbuster::links {
namespace {

const SipHash kHash(1, 2);

DistinctCount of_values(uint64_t from, uint64_t count) {
  DistinctCount values;
  for (uint64_t i = from; i < from + count; ++i) values.add(kHash(i));
  return values;
}

TEST(DistinctCount, is_exact_while_values_are_few) {
  DistinctCount values;
  EXPECT_EQ(values.estimate(), 0U);
  for (uint64_t i = 0; i < DistinctCount::kExactMax; ++i) {
    values.add(kHash(i));
    values.add(kHash(i / 2));  // once more
    EXPECT_EQ(values.estimate(), i + 1);
    EXPECT_EQ(values.error(), 0.0);
  }
  values.add(kHash(1'000));
  EXPECT_EQ(values.estimate(), DistinctCount::kExactMax + 1);
  EXPECT_GT(values.error(), 0.0);
}

TEST(DistinctCount, counts_hundreds_to_one_while_its_form_is_sparse) {
  DistinctCount values;
  for (uint64_t i = 0; i < DistinctCount::kSparseMax; ++i) {
    values.add(kHash(i));
    values.add(kHash(i));
    EXPECT_NEAR(static_cast<double>(values.estimate()), static_cast<double>(i + 1), 1.0);
  }
  EXPECT_LT(values.error(), 0.0001);
}

// Fixed values: each lies within three standard errors of the truth, and the root of the mean square of 40 sketches is
// the standard error that is stated.
TEST(DistinctCount, is_as_near_to_the_truth_as_it_says) {
  for (uint64_t truth = 1'000; truth <= 1'000'000; truth *= 10) {
    const DistinctCount values = of_values(truth << 32, truth);
    const double off = static_cast<double>(values.estimate()) / static_cast<double>(truth) - 1;
    EXPECT_LT(std::abs(off), 3 * values.error()) << truth;
    EXPECT_DOUBLE_EQ(values.error(), 0.01625);
  }
  constexpr uint64_t kTruth = 20'000;
  constexpr int kSketches = 40;
  double squares = 0;
  for (uint64_t i = 0; i < kSketches; ++i) {
    const auto seen = static_cast<double>(of_values(i << 32, kTruth).estimate());
    squares += (seen / kTruth - 1) * (seen / kTruth - 1);
  }
  const double error = std::sqrt(squares / kSketches);
  RecordProperty("measured_error", std::to_string(error));
  EXPECT_LT(error, 1.25 * 0.01625);
  EXPECT_GT(error, 0.75 * 0.01625);
}

TEST(DistinctCount, is_the_same_whatever_forms_it_went_through) {
  // The dense form of all, but from another order: the sparse form's entries become what the hashes would have been.
  DistinctCount upwards;
  DistinctCount downwards;
  for (uint64_t i = 0; i < 2'000; ++i) {
    upwards.add(kHash(i));
    downwards.add(kHash(1'999 - i));
  }
  EXPECT_EQ(upwards, downwards);
  // Hashes whose 14 bits behind the register's number are empty: the rank is what comes behind those.
  DistinctCount early;
  DistinctCount late;
  for (uint64_t i = 0; i < 100; ++i) early.add(i << 52 | uint64_t{1} << (i % 38));
  for (uint64_t i = 0; i < 2'000; ++i) early.add(kHash(i));
  for (uint64_t i = 0; i < 2'000; ++i) late.add(kHash(i));
  for (uint64_t i = 0; i < 100; ++i) late.add(i << 52 | uint64_t{1} << (i % 38));
  EXPECT_EQ(early, late);
}

TEST(DistinctCount, is_read_as_it_was_written_and_damage_is_seen) {
  for (const uint64_t count : {0U, 10U, 300U, 5'000U}) {
    const DistinctCount values = of_values(0, count);
    std::vector<std::byte> bytes;
    ByteWriter writer(bytes);
    values.write(writer);
    ByteReader reader(bytes);
    DistinctCount loaded;
    EXPECT_TRUE(loaded.read(reader) && reader.finished());
    EXPECT_EQ(loaded, values);
    bytes[0] = std::byte{3};
    ByteReader damaged(bytes);
    EXPECT_FALSE(loaded.read(damaged));
  }
  std::vector<std::byte> unsorted;
  ByteWriter writer(unsorted);
  writer.integer(uint8_t{0});
  writer.integer(uint8_t{2});
  writer.integer(uint64_t{9});
  writer.integer(uint64_t{9});
  ByteReader reader(unsorted);
  EXPECT_FALSE(DistinctCount().read(reader));
}

TEST(DistinctCount, is_the_same_whether_values_were_added_one_by_one_or_as_sums) {
  for (const uint64_t one : {0, 10, 64, 65, 700, 769, 5'000}) {
    for (const uint64_t other : {0, 10, 64, 65, 700, 769, 5'000}) {
      for (const uint64_t overlap : {0, 5}) {
        DistinctCount sum = of_values(0, one);
        const uint64_t from = one > overlap ? one - overlap : 0;
        sum += of_values(from, other);
        EXPECT_EQ(sum, of_values(0, std::max(one, other > 0 ? from + other : 0))) << one << " and " << other;
      }
    }
  }
}

}  // namespace
}  // namespace doorbuster::links
