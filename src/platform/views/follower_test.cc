#include "platform/views/follower.h"

#include <gtest/gtest.h>

#include "cell/frames.h"
#include "log/memory/memory_log.h"
#include "platform/views/memory_store.h"

namespace doorbuster::platform {
namespace {

constexpr CellId kFirst{0};
constexpr CellId kSecond{7};

// An event is one byte; '?' is of an unknown kind.
class Listener final : public EventAudience {
 public:
  Result<uint64_t> hear(Bytes events, const EventPlace& first) override {
    for (size_t i = 0; i < events.size(); ++i) {
      const char event = as_text(events)[i];
      heard_.push_back(event);
      places_.push_back({first.cell, first.sequence + i});
    }
    ++calls;
    return events.size();
  }
  void on_caught_up() override { ++caught_up; }
  [[nodiscard]] std::string state_format() const override { return format; }
  [[nodiscard]] Result<void> save(StateWriter& out) const override { return out.add(as_bytes("=" + heard_)); }
  [[nodiscard]] Result<void> load(StateReader& in) override {
    std::vector<std::byte> part;
    TRY(in.next(part));
    heard_ = std::string(as_text(part).substr(1));
    const auto more = in.next(part);
    if (!more) return tl::unexpected(more.error());
    return {};
  }
  void clear() override { heard_.clear(); }

  [[nodiscard]] const std::string& heard() const { return heard_; }
  [[nodiscard]] const std::vector<std::pair<CellId, Sequence>>& places() const { return places_; }

  std::string format = "letters 1";
  int calls = 0;
  int caught_up = 0;

 private:
  std::string heard_;
  std::vector<std::pair<CellId, Sequence>> places_;
};

// A life of a server: a follower over what lies in the logs and in the store.
struct Life {
  Life(log::SimulatedDisk& disk, StateStore& store, const std::vector<CellId>& cells, uint64_t events_a_save = 1'000)
      : log(disk),
        follower(log, cells, listener,
                 {.store = &store, .events_a_save = events_a_save, .on_trouble = [this](const std::string& what) {
                    trouble += what + "\n";
                  }}) {}

  log::MemoryLog log;
  Listener listener;
  std::string trouble;
  Follower follower;
};

class FollowerTest : public ::testing::Test {
 protected:
  // One batch of one frame; the tail after it.
  static Sequence append(log::SimulatedDisk& disk, CellId cell, const std::string& events) {
    log::MemoryLog log(disk);
    log::Lease lease = log.open(cell, {.kind = log::MachineKind("test")}).value();
    std::vector<std::byte> payload;
    cell::FrameWriter frames(payload);
    frames.begin(Timestamp::from_micros(5));
    ByteWriter(payload).raw(as_bytes(events));
    frames.end(static_cast<uint32_t>(events.size()));
    EXPECT_EQ(log.append(lease, {lease.tail + 1, static_cast<uint32_t>(events.size()), {}, payload}),
              log::Appended::kDurable);
    return lease.tail;
  }
  Sequence append(const std::string& events) { return append(disk_, kFirst, events); }

  // Hears all up to there; saves at the end.
  std::unique_ptr<Life> live(Sequence tail, const std::string& format = "letters 1") {
    auto life = std::make_unique<Life>(disk_, store_, std::vector{kFirst});
    life->listener.format = format;
    life->follower.restore({tail});
    while (life->follower.turn()) {
    }
    EXPECT_TRUE(life->follower.caught_up());
    life->follower.save();
    return life;
  }

  log::SimulatedDisk disk_;
  MemoryStore store_;
};

TEST_F(FollowerTest, tells_every_event_once_with_its_place) {
  append("ab");
  const auto life = live(append("c?d"));
  EXPECT_EQ(life->listener.heard(), "abc?d");
  EXPECT_EQ(life->listener.places().back(), std::pair(kFirst, Sequence(5)));
  EXPECT_EQ(life->follower.position(kFirst), Sequence(5));
  EXPECT_EQ(life->listener.caught_up, 1);
  EXPECT_EQ(life->trouble, "");
}

TEST_F(FollowerTest, hears_after_a_start_only_what_came_since_it_was_saved) {
  append("ab");
  live(append("c"));
  const auto second = live(append("de"));
  EXPECT_EQ(second->listener.heard(), "abcde");
  EXPECT_EQ(second->listener.calls, 1);
  const auto third = live(Sequence(5));
  EXPECT_EQ(third->listener.heard(), "abcde");
  EXPECT_EQ(third->listener.calls, 0);
  EXPECT_EQ(third->trouble, "");
}

TEST_F(FollowerTest, follows_several_cells_from_one_saved_state) {
  append(disk_, kFirst, "a");
  append(disk_, kSecond, "b");
  Life first(disk_, store_, {kFirst, kSecond});
  first.follower.restore({Sequence(1), Sequence(1)});
  first.follower.turn();
  first.follower.save();
  EXPECT_EQ(first.listener.heard(), "ab");
  append(disk_, kSecond, "cd");
  Life second(disk_, store_, {kFirst, kSecond});
  second.follower.restore({Sequence(1), Sequence(3)});
  EXPECT_FALSE(second.follower.caught_up());
  second.follower.turn();
  EXPECT_EQ(second.listener.heard(), "abcd");
  EXPECT_EQ(second.listener.places().back(), std::pair(kSecond, Sequence(3)));
  EXPECT_TRUE(second.follower.caught_up());
}

TEST_F(FollowerTest, says_of_which_cell_it_has_heard_once_a_turn) {
  append(disk_, kFirst, "a");
  append(disk_, kFirst, "b");
  append(disk_, kSecond, "c");
  Life life(disk_, store_, {kFirst, kSecond});
  std::string told;
  life.follower.on_heard(kFirst, [&] { told += "first "; });
  life.follower.on_heard(kSecond, [&] { told += "second "; });
  life.follower.restore({Sequence(2), Sequence(1)});
  life.follower.turn();
  life.follower.turn();
  EXPECT_EQ(told, "first second ");
  append(disk_, kSecond, "d");
  life.follower.note_durable(kSecond, Sequence(2));
  life.follower.turn();
  EXPECT_EQ(told, "first second second ");
  life.follower.on_heard(kSecond, {});
  append(disk_, kSecond, "e");
  life.follower.note_durable(kSecond, Sequence(3));
  life.follower.turn();
  EXPECT_EQ(told, "first second second ");
}

TEST_F(FollowerTest, saves_by_itself_after_so_many_events) {
  Life life(disk_, store_, {kFirst}, 3);
  life.follower.restore({append("ab")});
  life.follower.turn();
  EXPECT_TRUE(store_.states().empty());
  life.follower.note_durable(kFirst, append("c"));
  life.follower.turn();
  EXPECT_EQ(store_.states().count("views"), 1U);
}

TEST_F(FollowerTest, saves_when_its_thread_is_stopped) {
  {
    Life life(disk_, store_, {kFirst});
    life.follower.start({append("abc")});
    while (!life.follower.caught_up()) std::this_thread::yield();
    life.follower.stop();
  }
  EXPECT_EQ(live(Sequence(3))->listener.calls, 0);
}

TEST_F(FollowerTest, goes_on_when_it_cannot_save) {
  store_.refuse_writes(true);
  const auto life = live(append("abc"));
  EXPECT_EQ(life->listener.heard(), "abc");
  EXPECT_EQ(life->trouble, "the views could not be saved: there is no space left\n");
}

class UselessState : public FollowerTest {
 protected:
  // What is of no use is set aside, said in one line, and all is heard again.
  void expect_heard_again(Sequence tail, const std::string& heard, const std::string& format = "letters 1") {
    const auto life = live(tail, format);
    EXPECT_EQ(life->listener.heard(), heard);
    EXPECT_NE(life->trouble.find("made anew from the log"), std::string::npos) << life->trouble;
    EXPECT_EQ(std::ranges::count(life->trouble, '\n'), 1);
    EXPECT_EQ(store_.states().count("views.set-aside"), 1U);
    EXPECT_EQ(live(tail, format)->trouble, "") << "it was replaced by one that is of use";
  }
};

TEST_F(UselessState, in_another_format_is_made_anew) {
  live(append("ab"));
  expect_heard_again(Sequence(2), "ab", "letters 2");
}

TEST_F(UselessState, from_beyond_the_end_of_the_log_is_made_anew) {
  append("ab");
  live(append("c"));
  expect_heard_again(Sequence(2), "ab");
}

TEST_F(UselessState, of_another_log_is_made_anew) {
  live(append("ab"));
  log::SimulatedDisk other;
  append(other, kFirst, "xy");
  Life life(other, store_, {kFirst});
  life.follower.restore({Sequence(2)});
  life.follower.turn();
  EXPECT_EQ(life.listener.heard(), "xy");
  EXPECT_NE(life.trouble.find("another log"), std::string::npos) << life.trouble;
}

TEST_F(UselessState, that_is_damaged_is_made_anew) {
  live(append("ab"));
  store_.states()["views"].front().resize(5);
  expect_heard_again(Sequence(2), "ab");
}

TEST_F(UselessState, of_other_cells_is_made_anew) {
  live(append("ab"));
  append(disk_, kSecond, "c");
  Life life(disk_, store_, {kFirst, kSecond});
  life.follower.restore({Sequence(2), Sequence(1)});
  life.follower.turn();
  EXPECT_EQ(life.listener.heard(), "abc");
}

}  // namespace
}  // namespace doorbuster::platform
