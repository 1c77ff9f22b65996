#include "stampede/solver_pool.h"

#include <gtest/gtest.h>

namespace doorbuster::stampede {
namespace {

constexpr Timestamp kNow = Timestamp::from_micros(1'700'000'000'000'000);

TEST(SolverPool, works_on_as_many_challenges_at_once_as_it_has_cores) {
  SolverPool pool(2, 1'000);
  EXPECT_EQ(pool.solve(500, kNow) - kNow, Duration::millis(500));
  EXPECT_EQ(pool.solve(2'000, kNow) - kNow, Duration::seconds(2));
  EXPECT_EQ(pool.backlog(kNow), Duration::millis(500));
  EXPECT_EQ(pool.solve(1'000, kNow) - kNow, Duration::millis(1'500)) << "behind the first";
  EXPECT_EQ(pool.solve(1'000, kNow) - kNow, Duration::millis(2'500)) << "behind the third";
  EXPECT_EQ(pool.solved(), 4U);
  EXPECT_EQ(pool.worked(), Duration::millis(4'500));
}

TEST(SolverPool, has_forgotten_its_work_when_it_has_rested) {
  SolverPool pool(1, 1'000);
  (void)pool.solve(1'000, kNow);
  EXPECT_EQ(pool.backlog(kNow + Duration::millis(400)), Duration::millis(600));
  const Timestamp later = kNow + Duration::seconds(10);
  EXPECT_EQ(pool.backlog(later), Duration());
  EXPECT_EQ(pool.solve(250, later) - later, Duration::millis(250));
}

}  // namespace
}  // namespace doorbuster::stampede
