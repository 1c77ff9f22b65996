#include "ops/metric_cells.h"

#include <gtest/gtest.h>

#include <memory>
#include <thread>
#include <vector>

namespace doorbuster::ops {
namespace {

TEST(MetricCells, SumsOverThreadsAreExactOnceTheyEnded) {
  MetricCells cells(8);
  const size_t cell = cells.reserve(1);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int count = 0; count < 50'000; ++count) cells.add(cell, 1);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(cells.sum(cell), 200'000U);
}

TEST(MetricCells, SumsNeverFallWhileThreadsCountComeAndGo) {
  MetricCells cells(8);
  const size_t cell = cells.reserve(1);
  std::atomic<bool> done{false};
  std::thread counting([&] {
    for (int i = 0; i < 200; ++i) std::thread([&] { cells.add(cell, 1); }).join();
    done = true;
  });
  uint64_t last = 0;
  while (!done) {
    const uint64_t now = cells.sum(cell);
    EXPECT_GE(now, last);
    last = now;
  }
  counting.join();
  EXPECT_EQ(cells.sum(cell), 200U);
}

TEST(MetricCells, ThreadsThatFollowEachOtherShareOneArray) {
  MetricCells cells(8);
  const size_t cell = cells.reserve(1);
  for (int i = 0; i < 10; ++i) std::thread([&] { cells.add(cell, 1); }).join();
  EXPECT_EQ(cells.threads(), 1U);
  EXPECT_EQ(cells.sum(cell), 10U);
}

TEST(MetricCells, MayEndBeforeTheThreadsThatCounted) {
  auto first = std::make_unique<MetricCells>(4);
  const size_t cell = first->reserve(1);
  first->add(cell, 5);
  first.reset();
  MetricCells second(4);
  const size_t other = second.reserve(1);
  second.add(other, 1);
  EXPECT_EQ(second.sum(other), 1U);
}

TEST(MetricCells, TwoInOneThreadDoNotMixTheirCounts) {
  MetricCells first(4);
  MetricCells second(4);
  const size_t a = first.reserve(1);
  const size_t b = second.reserve(1);
  for (int i = 0; i < 3; ++i) {
    first.add(a, 1);
    second.add(b, 10);
  }
  EXPECT_EQ(first.sum(a), 3U);
  EXPECT_EQ(second.sum(b), 30U);
}

TEST(MetricCells, CellsReservedWhileOthersCountAreCountedToo) {
  MetricCells cells(4);
  cells.add(cells.reserve(1), 1);
  const size_t later = cells.reserve(2) + 1;
  cells.add(later, 7);
  EXPECT_EQ(cells.sum(later), 7U);
}

}  // namespace
}  // namespace doorbuster::ops
