// Counts of clicks of servers that end at any moment.
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <map>
#include <set>

#include "cell/frames.h"
#include "links/views/click_counts.h"
#include "links/views/click_counts_test_helpers.h"
#include "links/views/rocksdb/rocksdb_count_store.h"
#include "log/memory/memory_log.h"
#include "platform/views/memory_store.h"

namespace doorbuster::links {
namespace {

constexpr size_t kPlentyOfBytes = size_t{16} << 20;

// What lies on disk and in the log, and servers that live with it one after another.
class ClickCountsLives : public ::testing::Test {
 protected:
  struct Life {
    Life(ClickCountsLives& test, size_t recent_bytes_max)
        : log(test.disk_),
          counts(std::make_unique<RocksdbCountStore>(RocksdbCountStore::Options{.folder = test.folder_}),
                 recent_bytes_max),
          follower(log, {kCell}, counts, {.store = &test.states_, .on_trouble = [&test](const std::string& trouble) {
                                            test.trouble_ += trouble + "\n";
                                          }}) {}
    log::MemoryLog log;
    ClickCounts counts;
    platform::Follower follower;
  };
  static constexpr CellId kCell{5};

  ~ClickCountsLives() override {
    life_.reset();
    std::filesystem::remove_all(folder_);
  }

  // A batch of two frames, of clicks and once in a while of a link that goes; noted in the model as well.
  void append(Prng& random) {
    std::vector<std::byte> payload;
    cell::FrameWriter frames(payload);
    uint32_t events = 0;
    for (int frame = 0; frame < 2; ++frame) {
      const Timestamp at = kFirstClickAt + Duration::seconds(static_cast<int64_t>(tail_.value()) * 100);
      EventSink sink{payload};
      frames.begin(at);
      RecordClicks clicks;
      for (uint64_t left = 1 + random.below(10); left > 0; --left) {
        clicks.clicks.push_back(any_click(random, random.below(kLinks), 100));
        if (gone_.contains(clicks.clicks.back().link)) continue;
        model_[clicks.clicks.back().link].note(clicks.clicks.back(), at);
      }
      model_total_ += clicks.clicks.size();
      (void)machine_.decide(clicks, at, sink);
      if (random.chance(30)) {
        const uint64_t link = random.below(kLinks);
        (void)machine_.decide(ForgetVisits{.link = link}, at, sink);
        model_.erase(link);
        gone_.insert(link);
      }
      frames.end(sink.count);
      events += sink.count;
    }
    log::MemoryLog log(disk_);
    log::Lease lease = log.open(kCell, {.kind = log::MachineKind("links")}).value();
    const log::Batch batch{.first = lease.tail + 1, .count = events, .at = {}, .payload = payload};
    ASSERT_EQ(log.append(lease, batch), log::Appended::kDurable);
    tail_ = lease.tail;
  }
  void be_born(size_t recent_bytes_max = 4'096) {
    life_.reset();
    life_ = std::make_unique<Life>(*this, recent_bytes_max);
    ASSERT_TRUE(life_->counts.open(tail_).has_value());
    life_->follower.restore({tail_});
  }
  void hear() {
    life_->follower.note_durable(kCell, tail_);
    while (life_->follower.turn()) {
    }
    ASSERT_EQ(life_->follower.position(kCell), tail_) << trouble_;
  }
  void expect_the_model(const std::string& when) {
    uint64_t wrong = 0;
    for (uint64_t link = 0; link < kLinks; ++link) {
      const auto counted = life_->counts.of(link).value();
      const auto expected = model_.find(link);
      const bool is_right = expected == model_.end() ? gone_.contains(link) || !counted
                                                     : counted && in_order(*counted) == in_order(expected->second);
      wrong += is_right ? 0 : 1;
    }
    EXPECT_EQ(wrong, 0U) << when << trouble_;
    EXPECT_EQ(life_->counts.total().all(), model_total_) << when;
  }

  static constexpr uint64_t kLinks = 60;
  const std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() /
      ("lives-" + std::to_string(getpid()) + "-" + ::testing::UnitTest::GetInstance()->current_test_info()->name());
  log::SimulatedDisk disk_;
  platform::MemoryStore states_;
  LinksMachine machine_;
  std::map<uint64_t, LinkCounts> model_;
  std::set<uint64_t> gone_;
  uint64_t model_total_ = 0;
  Sequence tail_;
  std::string trouble_;
  std::unique_ptr<Life> life_;
};

// Ends at any moment: having heard any part of the log, with or without a state saved, whatever was written by then.
TEST_F(ClickCountsLives, count_each_click_once_wherever_they_end) {
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    Prng random(seed);
    for (uint64_t left = random.below(6); left > 0; --left) append(random);
    be_born(random.below(3) == 0 ? kPlentyOfBytes : 2'048 << random.below(4));
    hear();
    for (uint64_t left = random.below(4); left > 0; --left) {
      append(random);
      if (random.below(3) != 0) hear();
      if (random.below(4) == 0) life_->follower.save();
    }
    hear();
    expect_the_model("life " + std::to_string(seed) + ": ");
  }
  EXPECT_EQ(trouble_, "");
}

TEST_F(ClickCountsLives, are_counted_again_where_the_saved_state_is_lost) {
  Prng random(3);
  for (int i = 0; i < 20; ++i) append(random);
  be_born();
  hear();
  life_->follower.save();
  life_.reset();
  states_.lose_all();
  be_born();
  hear();
  expect_the_model("without a state: ");
}

TEST_F(ClickCountsLives, are_counted_again_where_the_disk_has_older_ones) {
  Prng random(4);
  append(random);
  be_born();
  hear();
  life_->follower.save();
  life_.reset();
  const std::filesystem::path backup = folder_.string() + ".backup";
  std::filesystem::copy(folder_, backup, std::filesystem::copy_options::recursive);
  for (int i = 0; i < 20; ++i) append(random);
  be_born();
  hear();
  life_->follower.save();
  life_.reset();
  std::filesystem::remove_all(folder_);
  std::filesystem::rename(backup, folder_);
  be_born();
  hear();
  EXPECT_NE(trouble_.find("the newest are missing"), std::string::npos) << trouble_;
  trouble_.clear();
  expect_the_model("with older counts: ");
}

TEST_F(ClickCountsLives, are_counted_again_where_the_log_is_an_older_one) {
  Prng random(5);
  append(random);
  be_born();
  hear();
  life_->follower.save();
  const Sequence short_tail = tail_;
  const auto short_model = model_;
  const auto short_total = model_total_;
  for (int i = 0; i < 20; ++i) append(random);
  hear();
  life_.reset();  // what was written since is ahead of the state, and now of the log
  tail_ = short_tail;
  model_ = short_model;
  model_total_ = short_total;
  gone_.clear();
  be_born();
  hear();
  EXPECT_NE(trouble_.find("know of more than the log"), std::string::npos) << trouble_;
  trouble_.clear();
  expect_the_model("with an older log: ");
}

// What was saved by the release before: it is set aside, and all clicks are read again.
TEST_F(ClickCountsLives, are_counted_again_from_a_folder_of_an_older_release) {
  Prng random(6);
  for (int i = 0; i < 5; ++i) append(random);
  be_born();
  hear();
  life_->follower.save();
  life_.reset();
  std::filesystem::remove_all(folder_);
  auto& head = states_.states()["views"][0];
  const std::string old_format = "links-clicks-3";
  ASSERT_EQ(as_text(Bytes(head).subspan(4, old_format.size())), "links-clicks-4");
  std::memcpy(head.data() + 4, old_format.data(), old_format.size());
  be_born();
  hear();
  EXPECT_NE(trouble_.find("links-clicks-3"), std::string::npos) << trouble_;
  expect_the_model("after an older release: ");
}

}  // namespace
}  // namespace doorbuster::links
