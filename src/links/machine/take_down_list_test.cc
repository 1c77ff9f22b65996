#include "links/machine/take_down_list.h"

#include <gtest/gtest.h>

#include "links/machine/links_machine.h"

namespace doorbuster::links {
namespace {

constexpr Timestamp kNow = Timestamp::from_micros(1'800'000'000'000'000);

class TakeDownsOfMachineTest : public ::testing::Test {
 protected:
  LinksMachine::Reply decide(const LinksMachine::Command& command) {
    EventSink sink{log_};
    return machine_.decide(command, kNow, sink);
  }
  LinksMachine::Reply take_down(const std::string& target, TakeDownOf of = TakeDownOf::kDomain) {
    return decide(TakeDownTarget{
        .wanted = {.of = of, .target = target, .reason = "phishing", .notice = "by order", .by = "key-1"}});
  }
  // What a machine publishes that has all of it.
  static std::vector<TakeDown> published_by(LinksMachine& machine) {
    std::optional<std::vector<TakeDown>> all;
    machine.go_live(kNow);
    machine.take_publications([&](LinksMachine::Publication&& news) { all = std::move(news.take_downs); });
    return all.value();
  }

  LinksMachine machine_;
  std::vector<std::byte> log_;
};

TEST_F(TakeDownsOfMachineTest, are_made_once_and_undone_by_their_ids) {
  const auto first = take_down("bad.example");
  EXPECT_EQ(first.take_down, TakeDownOutcome::kDone);
  EXPECT_EQ(first.take_down_at, kNow);
  EXPECT_EQ(take_down("bad.example").take_down, TakeDownOutcome::kAlready);
  EXPECT_EQ(take_down("bad.example", TakeDownOf::kLink).take_down, TakeDownOutcome::kDone) << "a code is no domain";
  EXPECT_EQ(decide(RestoreTarget{.take_down = 99}).take_down, TakeDownOutcome::kMissing);
  EXPECT_EQ(decide(RestoreTarget{.take_down = first.take_down_id}).take_down, TakeDownOutcome::kDone);
  EXPECT_EQ(decide(RestoreTarget{.take_down = first.take_down_id}).take_down, TakeDownOutcome::kMissing);
  EXPECT_GT(take_down("bad.example").take_down_id, first.take_down_id + 1) << "no id comes again";
}

TEST_F(TakeDownsOfMachineTest, are_published_when_they_change_and_not_otherwise) {
  (void)published_by(machine_);
  int published = 0;
  const auto look = [&] {
    machine_.take_publications([&](LinksMachine::Publication&& news) { published += news.take_downs ? 1 : 0; });
    return published;
  };
  decide(ReserveNumbers{.count = 1});
  EXPECT_EQ(look(), 0);
  take_down("bad.example");
  EXPECT_EQ(look(), 1);
  take_down("bad.example");
  EXPECT_EQ(look(), 1);
}

TEST_F(TakeDownsOfMachineTest, have_a_bound) {
  for (size_t i = 0; i < kTakeDownsMax; ++i) take_down("bad" + std::to_string(i) + ".example");
  EXPECT_EQ(take_down("more.example").take_down, TakeDownOutcome::kFull);
  decide(RestoreTarget{.take_down = 1});
  EXPECT_EQ(take_down("more.example").take_down, TakeDownOutcome::kDone);
}

TEST_F(TakeDownsOfMachineTest, are_the_same_after_the_log_and_after_a_snapshot_in_parts) {
  for (int i = 0; i < 2'000; ++i) {
    decide(TakeDownTarget{.wanted = {.of = TakeDownOf::kDomain,
                                     .target = "bad" + std::to_string(i) + ".example",
                                     .reason = std::string(kTakeDownReasonBytesMax, 'r'),
                                     .notice = "n",
                                     .by = "key-1"}});
  }
  decide(RestoreTarget{.take_down = 2'000});
  const auto wanted = published_by(machine_);
  EXPECT_EQ(wanted.size(), 1'999U);
  LinksMachine replayed;
  ASSERT_TRUE(replayed.apply(log_, kNow).has_value());
  EXPECT_EQ(published_by(replayed), wanted);
  LinksMachine loaded;
  machine_.begin_snapshot();
  int parts = 0;
  for (std::vector<std::byte> part; machine_.save_part(part); part.clear(), ++parts)
    ASSERT_TRUE(loaded.load_part(part).has_value());
  EXPECT_GT(parts, 3);
  EXPECT_EQ(published_by(loaded), wanted);
  EventSink sink{log_};
  EXPECT_EQ(loaded.decide(TakeDownTarget{.wanted = {.target = "x", .reason = {}, .notice = {}, .by = {}}}, kNow, sink)
                .take_down_id,
            2'001U)
      << "the id of what was restored is not given again";
}

TEST_F(TakeDownsOfMachineTest, are_no_part_of_a_snapshot_while_there_was_none) {
  machine_.begin_snapshot();
  std::vector<std::byte> part;
  EXPECT_TRUE(machine_.save_part(part));
  EXPECT_EQ(part.size(), sizeof(uint64_t));
  EXPECT_FALSE(machine_.save_part(part));
}

}  // namespace
}  // namespace doorbuster::links
