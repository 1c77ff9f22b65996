#include "links/store/link_writer.h"

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <mutex>

#include "links/store/memory/memory_link_store.h"

namespace doorbuster::links {
namespace {

// A store that can be held up, and that can fail.
class SlowStore final : public MemoryLinkStore {
 public:
  [[nodiscard]] Result<void> change(std::span<Change> changes) override {
    std::unique_lock lock(mutex_);
    ++rounds_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return !is_held_; });
    if (fails_) return fail(ErrorCode::kIo, "the disk is gone");
    return MemoryLinkStore::change(changes);
  }
  [[nodiscard]] Result<void> change_together(Together& together) override {
    if (fails_) return fail(ErrorCode::kIo, "the disk is gone");
    return MemoryLinkStore::change_together(together);
  }

  void hold() { set(is_held_, true); }
  void let_go() { set(is_held_, false); }
  void break_down() { set(fails_, true); }
  void await_round(int number) {
    std::unique_lock lock(mutex_);
    ASSERT_TRUE(changed_.wait_for(lock, std::chrono::seconds(5), [&] { return rounds_ >= number; }));
  }
  int rounds() {
    const std::lock_guard lock(mutex_);
    return rounds_;
  }

 private:
  void set(bool& what, bool value) {
    const std::lock_guard lock(mutex_);
    what = value;
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_held_ = false;
  bool fails_ = false;
  int rounds_ = 0;
};

class LinkWriterTest : public ::testing::Test {
 protected:
  LinkWriterTest()
      : writer_(store_, [this](const std::string& trouble) { troubles_.push_back(trouble); }),
        line_(writer_, 64, [this] { bell_.ring(); }) {
    writer_.start();
  }
  ~LinkWriterTest() override {
    store_.let_go();
    writer_.stop();  // before its lines end
  }

  void claim(uint64_t number, const std::string& code) {
    ASSERT_TRUE(line_.submit(number, {.link = {.number = number, .code = code}}));
  }
  // So many answers.
  std::vector<LinkWriter::Answer> answers(size_t count) {
    std::vector<LinkWriter::Answer> found;
    for (int i = 0; i < 500 && found.size() < count; ++i) {
      line_.drain([&](LinkWriter::Answer&& answer) { found.push_back(std::move(answer)); });
      if (found.size() < count) bell_.wait(std::chrono::milliseconds(10));
    }
    EXPECT_EQ(found.size(), count);
    return found;
  }

  SlowStore store_;
  std::vector<std::string> troubles_;  // the writer's thread writes; read once it has ended
  Doorbell bell_;
  LinkWriter writer_;
  LinkWriter::Line line_;
};

TEST_F(LinkWriterTest, makes_what_came_meanwhile_durable_together) {
  store_.hold();
  claim(1, "first");
  line_.flush();
  store_.await_round(1);
  for (uint64_t number = 2; number <= 40; ++number) claim(number, "code-" + std::to_string(number));
  line_.flush();
  store_.let_go();
  for (const LinkWriter::Answer& answer : answers(40)) {
    EXPECT_TRUE(answer.is_known);
    EXPECT_EQ(answer.change.outcome, Change::Outcome::kDone);
    EXPECT_EQ(answer.ticket, answer.change.link.number);
  }
  EXPECT_EQ(store_.rounds(), 2);
}

TEST_F(LinkWriterTest, says_before_it_answers_that_what_was_read_may_be_old) {
  claim(1, "a");
  line_.flush();
  (void)answers(1);
  EXPECT_EQ(writer_.arrivals(), 1U);
  EXPECT_EQ(writer_.changes(), 0U);
  ASSERT_TRUE(line_.submit(2, {.kind = Change::Kind::kReplace, .link = {.number = 1, .code = "a", .version = 2}}));
  line_.flush();
  (void)answers(1);
  EXPECT_EQ(writer_.changes(), 1U);
  claim(3, "a");
  line_.flush();
  EXPECT_EQ(answers(1).front().change.outcome, Change::Outcome::kTaken);
  EXPECT_EQ(writer_.arrivals(), 1U) << "nothing has come";
}

TEST_F(LinkWriterTest, takes_no_more_than_there_is_room_for) {
  store_.hold();
  uint64_t taken = 0;
  while (taken < 1'000 && line_.submit(taken, {.link = {.number = taken, .code = "c" + std::to_string(taken)}}))
    ++taken;
  EXPECT_EQ(taken, 64U);
  line_.flush();
  store_.let_go();
  (void)answers(64);
  EXPECT_TRUE(line_.submit(64, {.link = {.number = 64, .code = "c64"}}));
}

TEST_F(LinkWriterTest, does_nothing_further_once_the_store_has_failed) {
  store_.break_down();
  for (uint64_t number = 1; number <= 3; ++number) {
    claim(number, "code-" + std::to_string(number));
    line_.flush();
    EXPECT_FALSE(answers(1).front().is_known);
    EXPECT_TRUE(writer_.has_failed());
  }
  writer_.stop();
  EXPECT_EQ(store_.rounds(), 1);
  ASSERT_EQ(troubles_.size(), 1U) << "said once";
  EXPECT_NE(troubles_.front().find("the disk is gone"), std::string::npos);
}

TEST_F(LinkWriterTest, does_what_was_asked_before_it_ends) {
  for (uint64_t number = 1; number <= 5; ++number) claim(number, "code-" + std::to_string(number));
  writer_.stop();
  EXPECT_EQ(store_.size(), 5U);
  (void)answers(5);
}

}  // namespace
}  // namespace doorbuster::links
