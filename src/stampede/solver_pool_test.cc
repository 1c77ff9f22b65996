#include "stampede/solver_pool.h"

#include <gtest/gtest.h>

namespace doorbuster::stampede {
namespace {

constexpr Timestamp kNow = Timestamp::from_micros(1'700'000'000'000'000);
constexpr Timestamp kLater = kNow + Duration::seconds(3'600);
constexpr auto kPlace = SolverPool::For::kPlace;
constexpr auto kUnit = SolverPool::For::kUnit;

TEST(SolverPool, works_on_as_many_challenges_at_once_as_it_has_cores) {
  SolverPool pool(2, 1'000, kLater);
  EXPECT_EQ(pool.solve(500, kPlace, kNow) - kNow, Duration::millis(500));
  EXPECT_EQ(pool.solve(2'000, kPlace, kNow) - kNow, Duration::seconds(2));
  EXPECT_EQ(pool.backlog(kNow), Duration::millis(500));
  EXPECT_EQ(pool.solve(1'000, kPlace, kNow) - kNow, Duration::millis(1'500)) << "behind the first";
  EXPECT_EQ(pool.solve(1'000, kPlace, kNow) - kNow, Duration::millis(2'500)) << "behind the third";
  EXPECT_EQ(pool.solved(), 4U);
  EXPECT_EQ(pool.worked(), Duration::millis(4'500));
}

TEST(SolverPool, has_forgotten_its_work_when_it_has_rested) {
  SolverPool pool(1, 1'000, kLater);
  (void)pool.solve(1'000, kPlace, kNow);
  EXPECT_EQ(pool.backlog(kNow + Duration::millis(400)), Duration::millis(600));
  const Timestamp later = kNow + Duration::seconds(10);
  EXPECT_EQ(pool.backlog(later), Duration());
  EXPECT_EQ(pool.solve(250, kPlace, later) - later, Duration::millis(250));
}

TEST(SolverPool, keeps_half_of_its_cores_for_those_who_reserve_once_the_sale_is_open) {
  SolverPool pool(2, 1'000, kNow + Duration::seconds(1));
  EXPECT_EQ(pool.solve(1'000, kPlace, kNow) - kNow, Duration::seconds(1));
  EXPECT_EQ(pool.solve(1'000, kPlace, kNow) - kNow, Duration::seconds(1)) << "both work until the opening";
  EXPECT_EQ(pool.solve(1'000, kPlace, kNow) - kNow, Duration::seconds(2));
  EXPECT_EQ(pool.solve(1'000, kPlace, kNow) - kNow, Duration::seconds(3)) << "behind the other place";
  EXPECT_EQ(pool.solve(1'000, kUnit, kNow) - kNow, Duration::seconds(2)) << "by the core that was kept";
  EXPECT_EQ(pool.solve(1'000, kUnit, kNow) - kNow, Duration::seconds(3));
  EXPECT_EQ(pool.solve(1'000, kUnit, kNow) - kNow, Duration::seconds(4)) << "by either";
}

}  // namespace
}  // namespace doorbuster::stampede
