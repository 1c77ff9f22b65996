#include "base/signal_wait.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <thread>

namespace doorbuster {
namespace {

TEST(SignalWait, HearsWhatCameBeforeAndNothingElse) {
  const SignalWait signals({SIGUSR1, SIGUSR2});
  ASSERT_EQ(kill(getpid(), SIGUSR2), 0);
  EXPECT_EQ(signals.wait(), SIGUSR2);
  ASSERT_EQ(kill(getpid(), SIGUSR1), 0);
  EXPECT_EQ(signals.wait(), SIGUSR1);
}

TEST(SignalWait, ThreadsThatStartLaterDoNotHearThem) {
  const SignalWait signals({SIGUSR1});
  std::thread([] { pthread_kill(pthread_self(), SIGUSR1); }).join();  // would end the process
  ASSERT_EQ(kill(getpid(), SIGUSR1), 0);
  EXPECT_EQ(signals.wait(), SIGUSR1);
}

TEST(SignalWait, APeerThatHasGoneDoesNotEndTheProcess) {
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
