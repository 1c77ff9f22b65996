#include "counter/machine/counter_machine.h"

#include <gtest/gtest.h>

namespace doorbuster::counter {
namespace {

class CounterMachineTest : public ::testing::Test {
 protected:
  CounterMachine::Reply add(const std::string& name, uint64_t amount, uint64_t limit = 100) {
    EventSink sink{log_};
    const auto reply = machine_.decide({name, amount, limit}, {}, sink);
    events_ += sink.count;
    return reply;
  }

  CounterMachine machine_;
  std::vector<std::byte> log_;
  uint32_t events_ = 0;
};

TEST_F(CounterMachineTest, adds_up_to_the_limit_and_not_beyond) {
  EXPECT_EQ(add("a", 60).total, 60U);
  EXPECT_FALSE(add("a", 41).is_added);
  EXPECT_EQ(add("a", 40).total, 100U);
  EXPECT_FALSE(add("a", UINT64_MAX).is_added);
  EXPECT_FALSE(add("a", 1, 99).is_added);
  EXPECT_EQ(events_, 2U);
}

TEST_F(CounterMachineTest, records_nothing_for_who_only_asks_and_for_refusals) {
  EXPECT_TRUE(add("a", 0).is_added);
  EXPECT_FALSE(add("a", 101).is_added);
  EXPECT_EQ(events_, 0U);
}

TEST_F(CounterMachineTest, comes_back_from_its_events_and_from_a_snapshot_that_later_events_are_not_in) {
  add("a", 1);
  add("b", 2);
  machine_.begin_snapshot();
  add("a", 5);
  std::vector<std::byte> part;
  CounterMachine loaded;
  while (machine_.save_part(part)) {
    ASSERT_TRUE(loaded.load_part(part));
    part.clear();
  }
  CounterMachine replayed;
  ASSERT_TRUE(replayed.apply(log_, {}));
  std::vector<std::byte> ignored;
  EventSink sink{ignored};
  EXPECT_EQ(replayed.decide({"a", 0, 100}, {}, sink).total, 6U);
  EXPECT_EQ(loaded.decide({"a", 0, 100}, {}, sink).total, 1U);
  EXPECT_EQ(loaded.decide({"b", 0, 100}, {}, sink).total, 2U);
}

TEST_F(CounterMachineTest, refuses_what_is_not_its_own) {
  add("a", 1);
  log_.pop_back();
  EXPECT_FALSE(CounterMachine().apply(log_, {}));
}

}  // namespace
}  // namespace doorbuster::counter
