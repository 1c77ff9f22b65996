#include "base/flat_index.h"

#include <gtest/gtest.h>

#include <map>

#include "base/prng.h"

namespace doorbuster {
namespace {

TEST(FlatIndex, finds_what_was_put_in_and_nothing_else) {
  FlatIndex index(4);
  index.insert(7, 100);
  index.insert(7, 101);  // another key with the same hash
  EXPECT_EQ(index.find(7, [](uint32_t slot) { return slot == 101; }), 101U);
  EXPECT_EQ(index.find(7, [](uint32_t slot) { return slot == 102; }), std::nullopt);
  EXPECT_EQ(index.find(8, [](uint32_t) { return true; }), std::nullopt);
  EXPECT_EQ(index.size(), 2U);
}

TEST(FlatIndex, points_an_entry_elsewhere) {
  FlatIndex index(4);
  index.insert(7, 100);
  index.replace(7, 100, 200);
  EXPECT_EQ(index.find(7, [](uint32_t) { return true; }), 200U);
  EXPECT_EQ(index.size(), 1U);
}

TEST(FlatIndex, keeps_keys_reachable_that_wrapped_round_the_end_of_the_table) {
  FlatIndex index(4);  // eight buckets
  const uint64_t last_bucket = 7;
  for (uint32_t slot = 0; slot < 4; ++slot) index.insert(last_bucket + 8 * slot, slot);
  index.erase(last_bucket, 0);
  for (uint32_t slot = 1; slot < 4; ++slot) {
    EXPECT_EQ(index.find(last_bucket + 8 * slot, [&](uint32_t found) { return found == slot; }), slot);
  }
}

// Keys are their own slots here. A hash of few values makes clusters, long ones across the end of the table too.
void compare_with_a_map(uint64_t seed, uint64_t hashes) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  constexpr uint32_t kLimit = 48;
  Prng random(seed);
  FlatIndex index(kLimit);
  std::map<uint32_t, uint64_t> model;
  for (int step = 0; step < 1'000; ++step) {
    const auto key = static_cast<uint32_t>(random.below(200));
    if (model.contains(key)) {
      index.erase(model[key], key);
      model.erase(key);
    } else if (model.size() < kLimit) {
      model[key] = ~uint64_t{0} - random.below(hashes);
      index.insert(model[key], key);
    }
    ASSERT_EQ(index.size(), model.size());
    for (const auto& [known, hash] : model) {
      const uint32_t wanted = known;
      ASSERT_EQ(index.find(hash, [&](uint32_t slot) { return slot == wanted; }), wanted);
    }
  }
}

TEST(FlatIndex, does_what_a_map_would_do) {
  for (uint64_t seed = 1; seed <= 10; ++seed) compare_with_a_map(seed, 100);
  for (uint64_t seed = 11; seed <= 20; ++seed) compare_with_a_map(seed, 3);
  for (uint64_t seed = 21; seed <= 30; ++seed) compare_with_a_map(seed, uint64_t{1} << 40);
}

TEST(FlatIndex, grows_from_small_to_large_and_loses_nothing_on_the_way) {
  constexpr uint32_t kKeys = 20'000;
  const auto hash_of = [](uint32_t key) {
    uint64_t state = key;
    return splitmix64(state);
  };
  FlatIndex index(kKeys);
  Prng random(1);
  std::map<uint32_t, uint64_t> model;
  for (uint32_t key = 0; key < kKeys; ++key) {
    model[key] = hash_of(key);
    index.insert(model[key], key);
    if (random.chance(4)) {  // also while buckets are being moved
      const auto victim = model.lower_bound(static_cast<uint32_t>(random.below(key + 1)));
      if (victim == model.end()) continue;
      index.erase(victim->second, victim->first);
      model.erase(victim);
    }
    if (random.chance(4) && model.contains(key / 2)) {
      index.replace(model[key / 2], key / 2, key / 2 + kKeys);
      index.replace(model[key / 2], key / 2 + kKeys, key / 2);
    }
  }
  ASSERT_EQ(index.size(), model.size());
  for (uint32_t key = 0; key < kKeys; ++key) {
    const auto found = index.find(hash_of(key), [&](uint32_t slot) { return slot == key; });
    EXPECT_EQ(found.has_value(), model.contains(key)) << key;
  }
}

TEST(FlatIndexDeathTest, refuses_to_hold_more_than_its_limit) {
  FlatIndex index(1);
  index.insert(1, 1);
  EXPECT_DEATH(index.insert(2, 2), "size_ < limit_");
}

}  // namespace
}  // namespace doorbuster
