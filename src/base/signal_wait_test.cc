#include "base/signal_wait.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <thread>

namespace doorbuster {
namespace {

TEST(SignalWait, hears_what_came_before_and_nothing_else) {
  const SignalWait signals({SIGUSR1, SIGUSR2});
  ASSERT_EQ(kill(getpid(), SIGUSR2), 0);
  EXPECT_EQ(signals.wait(), SIGUSR2);
  ASSERT_EQ(kill(getpid(), SIGUSR1), 0);
  EXPECT_EQ(signals.wait(), SIGUSR1);
}

TEST(SignalWait, threads_that_start_later_do_not_hear_them) {
  const SignalWait signals({SIGUSR1});
  std::thread([] { pthread_kill(pthread_self(), SIGUSR1); }).join();  // would end the process
  ASSERT_EQ(kill(getpid(), SIGUSR1), 0);
  EXPECT_EQ(signals.wait(), SIGUSR1);
}

TEST(SignalWait, a_peer_that_has_gone_does_not_end_the_process) {
  const SignalWait signals;
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe(ends.data()), 0);
  close(ends[0]);
  EXPECT_EQ(write(ends[1], "x", 1), -1);
  EXPECT_EQ(errno, EPIPE);
  close(ends[1]);
}

}  // namespace
}  // namespace doorbuster
