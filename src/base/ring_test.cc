#include "base/ring.h"

#include <gtest/gtest.h>

#include <memory>
#include <thread>
#include <vector>

#include "base/prng.h"

namespace doorbuster {
namespace {

std::vector<int> drained(Ring<int>& ring, size_t limit = 1'000) {
  std::vector<int> values;
  ring.drain(limit, [&](int&& value) { values.push_back(value); });
  return values;
}

TEST(Ring, rounds_its_capacity_up_to_a_power_of_two) {
  EXPECT_EQ(Ring<int>(1).capacity(), 1U);
  EXPECT_EQ(Ring<int>(5).capacity(), 8U);
  EXPECT_EQ(Ring<int>(8).capacity(), 8U);
}

TEST(Ring, gives_values_in_the_order_in_which_they_came) {
  Ring<int> ring(4);
  for (int i = 1; i <= 3; ++i) EXPECT_TRUE(ring.try_push(int{i}));
  EXPECT_EQ(ring.size(), 3U);
  EXPECT_EQ(drained(ring), (std::vector<int>{1, 2, 3}));
  EXPECT_TRUE(drained(ring).empty());
}

TEST(Ring, refuses_when_full_and_keeps_what_it_refused_with_the_caller) {
  Ring<std::unique_ptr<int>> ring(1);
  EXPECT_TRUE(ring.try_push(std::make_unique<int>(1)));
  auto second = std::make_unique<int>(2);
  EXPECT_FALSE(ring.try_push(std::move(second)));
  ASSERT_NE(second, nullptr);
  EXPECT_EQ(*second, 2);
}

TEST(Ring, takes_again_after_a_drain) {
  Ring<int> ring(2);
  for (int round = 0; round < 100; ++round) {
    EXPECT_TRUE(ring.try_push(2 * round));
    EXPECT_TRUE(ring.try_push(2 * round + 1));
    EXPECT_FALSE(ring.try_push(-1));
    EXPECT_EQ(drained(ring), (std::vector<int>{2 * round, 2 * round + 1}));
  }
}

TEST(Ring, drains_no_more_than_its_limit) {
  Ring<int> ring(8);
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(ring.try_push(int{i}));
  EXPECT_EQ(drained(ring, 2), (std::vector<int>{0, 1}));
  EXPECT_EQ(drained(ring, 0), (std::vector<int>{}));
  EXPECT_EQ(drained(ring, 9), (std::vector<int>{2, 3, 4}));
}

TEST(Ring, lets_go_of_what_it_held_when_it_ends) {
  const auto witness = std::make_shared<int>(0);
  {
    Ring<std::shared_ptr<int>> ring(4);
    EXPECT_TRUE(ring.try_push(std::shared_ptr<int>(witness)));
    EXPECT_EQ(witness.use_count(), 2);
  }
  EXPECT_EQ(witness.use_count(), 1);
}

// What crosses owns memory, so that a value seen too early or twice is seen by the sanitizers as well.
TEST(Ring, carries_every_value_once_and_in_order_between_two_threads) {
  constexpr uint64_t kValues = 200'000;
  Ring<std::unique_ptr<uint64_t>> ring(64);
  std::thread producer([&] {
    for (uint64_t i = 0; i < kValues;) {
      if (ring.try_push(std::make_unique<uint64_t>(i))) {
        ++i;
      } else {
        std::this_thread::yield();
      }
    }
  });
  Prng random(7);
  uint64_t expected = 0;
  uint64_t wrong = 0;
  while (expected < kValues) {
    const size_t count = ring.drain(1 + random.below(100), [&](std::unique_ptr<uint64_t>&& value) {
      if (*value != expected++) ++wrong;
    });
    if (count == 0) std::this_thread::yield();
  }
  producer.join();
  EXPECT_EQ(wrong, 0U);
  EXPECT_EQ(ring.size(), 0U);
}

}  // namespace
}  // namespace doorbuster
