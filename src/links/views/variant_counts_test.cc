// What is counted of clicks that were led to variants.
#include "links/views/click_counts_test_helpers.h"

namespace doorbuster::links {
namespace {

TEST(VariantCounts, are_kept_by_variant_for_people_and_programs) {
  LinkCounts counts;
  for (const uint32_t variant : {9, 3, 9, 0}) counts.note({.referrer = {}, .variant = variant}, kFirstClickAt);
  counts.note({.visitor = Visitor::kBot, .referrer = {}, .variant = 3}, kFirstClickAt);
  ASSERT_EQ(counts.by_variant.size(), 2U);
  EXPECT_EQ(counts.by_variant[0].key, 3U);
  EXPECT_EQ(counts.by_variant[0].clicks.by_visitor, (std::array<uint64_t, 2>{1, 1}));
  EXPECT_EQ(counts.by_variant[1].clicks.by_visitor, (std::array<uint64_t, 2>{2, 0}));
  expect_sums(counts);
}

TEST(VariantCounts, are_kept_together_beyond_a_bound) {
  LinkCounts counts;
  for (uint32_t variant = 1; variant <= 100; ++variant)
    counts.note({.referrer = {}, .variant = variant}, kFirstClickAt);
  ASSERT_EQ(counts.by_variant.size(), LinkCounts::kVariantsCountedMax + 1);
  EXPECT_EQ(counts.by_variant.back().key, kOtherVariants);
  EXPECT_EQ(counts.by_variant.back().clicks.all(), 100 - LinkCounts::kVariantsCountedMax);
}

}  // namespace
}  // namespace doorbuster::links
