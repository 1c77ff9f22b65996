#include "recs/views/flat_counts.h"

#include <gtest/gtest.h>

#include <map>

#include "base/prng.h"

namespace doorbuster::recs {
namespace {

TEST(FlatCounts, hold_what_a_map_holds_whatever_comes_and_goes) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    Prng random(seed);
    FlatCounts counts;
    std::map<uint32_t, uint32_t> wanted;
    for (int step = 0; step < 5'000; ++step) {
      const auto item = static_cast<uint32_t>(random.below(60) * (seed % 3 == 0 ? 1 : 1'000'003));
      const auto found = wanted.find(item);
      if (random.chance(2) && found != wanted.end()) {
        const auto some = static_cast<uint32_t>(1 + random.below(found->second));
        counts.take(item, some);
        found->second -= some;
        if (found->second == 0) wanted.erase(found);
      } else if (step < 2'500) {
        const auto some = static_cast<uint32_t>(1 + random.below(10));
        counts.add(item, some);
        wanted[item] += some;
      }
      ASSERT_EQ(counts.size(), wanted.size());
      ASSERT_EQ(counts.count_of(item), wanted.contains(item) ? wanted[item] : 0);
    }
    std::map<uint32_t, uint32_t> seen;
    counts.each([&](uint32_t item, uint32_t count) { seen.emplace(item, count); });
    EXPECT_EQ(seen, wanted);
  }
}

}  // namespace
}  // namespace doorbuster::recs
