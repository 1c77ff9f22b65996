#include "ops/metrics/counter.h"

#include <gtest/gtest.h>

#include <thread>

namespace doorbuster::ops {
namespace {

TEST(Counter, grows_by_what_is_added) {
  Counter holds;
  holds.add();
  holds.add(41);
  EXPECT_EQ(holds.value(), 42U);
}

TEST(Counter, never_falls_for_a_thread_that_reads_while_another_counts) {
  constexpr uint64_t kTimes = 100'000;
  Counter counter;
  std::thread writer([&] {
    for (uint64_t i = 0; i < kTimes; ++i) counter.add();
  });
  uint64_t last = 0;
  while (last < kTimes) {
    const uint64_t now = counter.value();
    ASSERT_GE(now, last);
    last = now;
  }
  writer.join();
  EXPECT_EQ(counter.value(), kTimes);
}

TEST(Gauge, rises_and_falls_and_is_set) {
  Gauge open;
  open.add(3);
  open.subtract(1);
  EXPECT_EQ(open.value(), 2);
  open.subtract(5);
  EXPECT_EQ(open.value(), -3);
  open.set(7);
  EXPECT_EQ(open.value(), 7);
}

}  // namespace
}  // namespace doorbuster::ops
