#include "base/this_thread.h"

#include <gtest/gtest.h>
#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>

#include <array>
#include <thread>

namespace doorbuster {
namespace {

std::string name_of_this_thread() {
  std::array<char, 16> name{};
  EXPECT_EQ(pthread_getname_np(pthread_self(), name.data(), name.size()), 0);
  return name.data();
}

struct Seen {
  std::string name;
  int nice;
};

Seen begun(const std::string& name, Urgency urgency) {
  Seen seen{};
  std::thread([&] {
    begin_thread(name, urgency);
    seen = {name_of_this_thread(), getpriority(PRIO_PROCESS, 0)};
  }).join();
  return seen;
}

TEST(ThisThread, keeps_the_first_15_bytes_of_its_name) {
  EXPECT_EQ(begun("short", Urgency::kUsual).name, "short");
  EXPECT_EQ(begun("a name of more than fifteen bytes", Urgency::kWaitedFor).name, "a name of more ");
}

TEST(ThisThread, alone_is_nice_if_it_can_wait) {
  const int usual = getpriority(PRIO_PROCESS, 0);
  if (sched_getscheduler(0) != SCHED_OTHER) GTEST_SKIP() << "this process has a policy of its own";
  EXPECT_EQ(begun("webhooks", Urgency::kCanWait).nice, std::max(usual, 10));
  EXPECT_EQ(begun("reactor", Urgency::kWaitedFor).nice, usual);
  EXPECT_EQ(begun("views", Urgency::kUsual).nice, usual);
  EXPECT_EQ(getpriority(PRIO_PROCESS, 0), usual) << "others of the process stay as they were";
}

}  // namespace
}  // namespace doorbuster
