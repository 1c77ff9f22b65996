#include "recs/views/ranked_counts.h"

#include <gtest/gtest.h>

#include "base/prng.h"

namespace doorbuster::recs {
namespace {

TEST(RankedCounts, are_in_order_whatever_grows_shrinks_comes_and_goes) {
  for (uint64_t seed = 0; seed < 50; ++seed) {
    Prng random(seed);
    RankedCounts counts;
    std::map<uint32_t, uint64_t> model;
    for (int step = 0; step < 400; ++step) {
      const auto item = static_cast<uint32_t>(random.below(12));
      const uint64_t by = random.below(12);
      switch (random.below(4)) {
        case 0:
          counts.remove(item);
          model.erase(item);
          break;
        case 1:
          counts.add(item);
          model.try_emplace(item, 0);
          break;
        case 2:
          counts.grow(item, by);
          model[item] += by;
          break;
        case 3:
          if (!model.contains(item)) break;
          const uint64_t less = std::min(by, model[item]);
          counts.shrink(item, less);
          model[item] -= less;
          break;
      }
      ASSERT_EQ(counts.size(), model.size());
      uint64_t before = UINT64_MAX;
      for (const uint32_t each : counts.items()) {
        ASSERT_EQ(counts.count_of(each), model.at(each)) << "seed " << seed << " step " << step;
        ASSERT_LE(counts.count_of(each), before);
        before = counts.count_of(each);
      }
    }
  }
}

}  // namespace
}  // namespace doorbuster::recs
