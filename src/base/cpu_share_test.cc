#include "base/cpu_share.h"

#include <gtest/gtest.h>

namespace doorbuster {
namespace {

constexpr Duration ms(int64_t count) { return Duration::millis(count); }

TEST(CpuShare, rests_until_it_has_had_its_share_while_others_want_the_core) {
  CpuShare share(0.1, 1);
  EXPECT_EQ(share.rest_after({.wall = ms(20), .process = ms(20), .own = ms(5)}), ms(30));
}

TEST(CpuShare, does_not_rest_where_it_has_had_less) {
  CpuShare share(0.1, 1);
  EXPECT_EQ(share.rest_after({.wall = ms(20), .process = ms(20), .own = ms(1)}), Duration());
}

TEST(CpuShare, does_not_rest_where_others_leave_half_of_the_cores_free) {
  CpuShare one(0.1, 1), two(0.1, 2);
  EXPECT_EQ(one.rest_after({.wall = ms(20), .process = ms(19), .own = ms(10)}), Duration()) << "9 of 20 ms";
  EXPECT_EQ(two.rest_after({.wall = ms(20), .process = ms(29), .own = ms(10)}), Duration()) << "19 of 40 ms";
  EXPECT_EQ(two.rest_after({.wall = ms(40), .process = ms(69), .own = ms(20)}), ms(80)) << "21 of 40 ms";
}

TEST(CpuShare, looks_at_what_came_since_it_was_last_asked_and_not_too_often) {
  CpuShare share(0.5, 1);
  EXPECT_EQ(share.rest_after({.wall = ms(9), .process = ms(9), .own = ms(8)}), Duration()) << "too soon";
  EXPECT_EQ(share.rest_after({.wall = ms(20), .process = ms(40), .own = ms(20)}), ms(20));
  EXPECT_EQ(share.rest_after({.wall = ms(60), .process = ms(80), .own = ms(22)}), Duration()) << "2 of 40 ms since";
}

TEST(CpuShare, rests_again_for_what_was_done_meanwhile) {
  CpuShare share(0.1, 1);
  EXPECT_EQ(share.rest_after({.wall = ms(20), .process = ms(20), .own = ms(6)}), ms(40));
  EXPECT_EQ(share.rest_after({.wall = ms(60), .process = ms(60), .own = ms(8)}), ms(20)) << "8 ms are due 80";
  EXPECT_EQ(share.rest_after({.wall = ms(80), .process = ms(80), .own = ms(8)}), Duration());
}

TEST(CpuShare, owes_nothing_for_what_it_did_while_nobody_else_wanted_the_cores) {
  CpuShare share(0.1, 1);
  EXPECT_EQ(share.rest_after({.wall = ms(20), .process = ms(20), .own = ms(10)}), ms(80));
  EXPECT_EQ(share.rest_after({.wall = ms(40), .process = ms(30), .own = ms(20)}), Duration());
  EXPECT_EQ(share.rest_after({.wall = ms(60), .process = ms(50), .own = ms(22)}), Duration());
}

TEST(CpuShare, never_rests_for_long) {
  CpuShare share(0.01, 1);
  EXPECT_EQ(share.rest_after({.wall = ms(100), .process = ms(160), .own = ms(80)}), ms(200));
}

TEST(CpuShare, counts_this_thread_and_the_process) {
  const Duration process = cpu_time_of_process(), thread = cpu_time_of_this_thread();
  while (cpu_time_of_this_thread() - thread < ms(5)) {
  }
  EXPECT_GE(cpu_time_of_process() - process, ms(4)) << "they are read one after the other, and rounded";
  EXPECT_GE(usable_cores(), 1U);
}

}  // namespace
}  // namespace doorbuster
