#include "platform/webhooks/sequence_ranges.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "base/prng.h"

namespace doorbuster::platform {
namespace {

using ::testing::ElementsAre;

TEST(SequenceRanges, what_touches_the_position_moves_it) {
  SequenceRanges done(10);
  done.add({12, 14});
  EXPECT_EQ(done.position(), 10U);
  EXPECT_THAT(done.above(9), ElementsAre(SequenceRange{12, 14}));
  done.add({11, 11});
  EXPECT_EQ(done.position(), 14U);
  EXPECT_EQ(done.size(), 0U);
}

TEST(SequenceRanges, what_touches_or_overlaps_becomes_one) {
  SequenceRanges done(0, {{5, 6}, {9, 9}, {20, 30}});
  done.add({7, 8});
  EXPECT_THAT(done.above(9), ElementsAre(SequenceRange{5, 9}, SequenceRange{20, 30}));
  done.add({4, 25});
  EXPECT_THAT(done.above(9), ElementsAre(SequenceRange{4, 30}));
}

TEST(SequenceRanges, are_what_a_set_of_numbers_would_be) {
  for (uint64_t seed = 1; seed <= 50; ++seed) {
    Prng prng(seed);
    SequenceRanges done(0);
    std::set<uint64_t> model;
    for (int step = 0; step < 60; ++step) {
      const uint64_t first = 1 + prng.below(100);
      const SequenceRange range{first, first + prng.below(6)};
      done.add(range);
      for (uint64_t each = range.first; each <= range.last; ++each) model.insert(each);
      for (uint64_t each = 1; each < 110; ++each) {
        ASSERT_EQ(done.contains(each), model.contains(each)) << "seed " << seed << " at " << each;
      }
      uint64_t position = 0;
      while (model.contains(position + 1)) ++position;
      ASSERT_EQ(done.position(), position) << "seed " << seed;
      const SequenceRanges again(done.position(), done.above(1'000));
      ASSERT_EQ(again.above(1'000), done.above(1'000)) << "seed " << seed;
    }
  }
}

}  // namespace
}  // namespace doorbuster::platform
