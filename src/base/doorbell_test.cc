#include "base/doorbell.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace doorbuster {
namespace {

using std::chrono::microseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

TEST(Doorbell, lets_go_at_once_if_it_rang_before) {
  Doorbell bell;
  bell.ring();
  bell.ring();
  const auto start = steady_clock::now();
  bell.wait(seconds(10));
  EXPECT_LT(steady_clock::now() - start, seconds(5));
}

TEST(Doorbell, folds_all_rings_before_a_wait_into_one) {
  Doorbell bell;
  bell.ring();
  bell.ring();
  bell.wait(seconds(10));
  const auto start = steady_clock::now();
  bell.wait(microseconds(20'000));
  EXPECT_GE(steady_clock::now() - start, microseconds(20'000));
}

TEST(Doorbell, does_not_wait_without_a_limit_to_wait_for) {
  Doorbell bell;
  bell.wait(microseconds(0));
  bell.wait(microseconds(-5));
}

TEST(Doorbell, takes_the_longest_limit_there_is) {
  Doorbell bell;
  const auto start = steady_clock::now();
  std::thread visitor([&] {
    std::this_thread::sleep_for(microseconds(5'000));
    bell.ring();
  });
  bell.wait(microseconds::max());
  EXPECT_GE(steady_clock::now() - start, microseconds(4'000));
  visitor.join();
}

// The counter is written without synchronisation of its own wherever the bell promises it: ThreadSanitizer looks on.
TEST(Doorbell, shows_what_was_written_before_the_ring_and_loses_no_ring) {
  constexpr int kRounds = 20'000;
  Doorbell there;
  Doorbell back;
  int letter = 0;
  std::thread other([&] {
    for (int round = 1; round <= kRounds; ++round) {
      there.wait(seconds(30));
      if (letter != round) return;
      letter = -round;
      back.ring();
    }
  });
  int round = 1;
  for (; round <= kRounds; ++round) {
    letter = round;
    there.ring();
    back.wait(seconds(30));
    if (letter != -round) break;
  }
  other.join();
  EXPECT_EQ(round, kRounds + 1);
}

TEST(Doorbell, wakes_for_the_last_of_many_visitors) {
  constexpr int kVisitors = 3;
  constexpr int kVisits = 5'000;
  Doorbell bell;
  std::atomic<int> visits{0};
  std::vector<std::thread> visitors;
  for (int i = 0; i < kVisitors; ++i) {
    visitors.emplace_back([&] {
      for (int visit = 0; visit < kVisits; ++visit) {
        visits.fetch_add(1, std::memory_order_relaxed);
        bell.ring();
      }
    });
  }
  const auto start = steady_clock::now();
  while (visits.load(std::memory_order_relaxed) < kVisitors * kVisits) bell.wait(seconds(30));
  EXPECT_LT(steady_clock::now() - start, seconds(25));
  for (auto& visitor : visitors) visitor.join();
}

}  // namespace
}  // namespace doorbuster
