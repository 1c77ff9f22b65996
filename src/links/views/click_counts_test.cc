#include "links/views/click_counts.h"

#include <unistd.h>

#include <filesystem>
#include <map>
#include <set>

#include "cell/frames.h"
#include "links/views/click_counts_test_helpers.h"
#include "links/views/memory/memory_count_store.h"
#include "links/views/rocksdb/rocksdb_count_store.h"
#include "log/memory/memory_log.h"
#include "platform/views/memory_store.h"

namespace doorbuster::links {
namespace {

constexpr size_t kPlenty = size_t{16} << 20;

class ClickCountsTest : public ::testing::Test {
 protected:
  ClickCountsTest() { EXPECT_TRUE(counts_.open(Sequence()).has_value()); }

  void decide(const LinksMachine::Command& command, Timestamp at = kFirstClickAt) {
    std::vector<std::byte> log;
    EventSink sink{log};
    (void)machine_.decide(command, at, sink);
    ASSERT_EQ(counts_.hear(log, {.cell = {}, .sequence = heard_ + 1, .at = at, .traces = traces_}), sink.count);
    heard_ = heard_ + sink.count;
    counts_.tidy();
  }
  void click(const Click& click, Timestamp at = kFirstClickAt) { decide(RecordClicks{.clicks = {click}}, at); }
  LinkCounts of(uint64_t link) { return counts_.of(link).value().value(); }

  platform::TraceIndex traces_{16};
  LinksMachine machine_;
  ClickCounts counts_{std::make_unique<MemoryCountStore>(), kPlenty};
  Sequence heard_;
};

TEST_F(ClickCountsTest, count_by_all_that_a_click_says) {
  click({.link = 7,
         .device = DeviceClass::kPhone,
         .country = {'D', 'E'},
         .referrer = "news.example",
         .browser = Browser::kSafari,
         .system = System::kIos});
  click({.link = 7, .visitor = Visitor::kBot, .country = {'D', 'E'}, .referrer = {}, .browser = Browser::kProgram});
  click({.link = 7, .country = {'F', 'R'}, .referrer = "news.example"}, kFirstClickAt + Duration::seconds(86'400));
  click({.link = 8, .referrer = {}});
  const LinkCounts counts = of(7);
  EXPECT_EQ(counts.total.by_visitor, (std::array<uint64_t, 2>{2, 1}));
  ASSERT_EQ(counts.by_time.days().size(), 2U);
  EXPECT_EQ(counts.by_time.days()[0].day, *day_named("2026-11-27"));
  EXPECT_EQ(counts.by_time.days()[0].clicks.all(), 2U);
  EXPECT_EQ(counts.by_time.days()[1].clicks.all(), 1U);
  EXPECT_EQ(counts.by_country.at({'D', 'E'}), 2U);
  EXPECT_EQ(counts.by_browser[static_cast<size_t>(Browser::kSafari)], 1U);
  EXPECT_EQ(counts.by_system[static_cast<size_t>(System::kIos)], 1U);
  EXPECT_EQ(counts.by_system[static_cast<size_t>(System::kUnknown)], 2U);
  EXPECT_EQ(counts.by_device[static_cast<size_t>(DeviceClass::kPhone)], 1U);
  EXPECT_EQ(counts.referrers.counters()[0], (SpaceSaving::Counter{.text = "news.example", .count = 2}));
  EXPECT_EQ(counts.without_referrer, 1U);
  EXPECT_EQ(counts.first_at, kFirstClickAt);
  expect_sums(counts);
  EXPECT_EQ(counts_.of(9).value(), std::nullopt);
  EXPECT_EQ(counts_.total().all(), 4U);
  const std::vector<uint64_t> links = {8, 9, 7};
  const auto totals = counts_.totals_of(links).value();
  EXPECT_EQ(totals[0].total.all(), 1U);
  EXPECT_EQ(totals[1].total.all(), 0U);
  EXPECT_EQ(totals[2].total, counts.total);
  EXPECT_EQ(totals[2].last_at, counts.last_at);
}

TEST_F(ClickCountsTest, count_each_person_once_a_day_and_programs_never) {
  for (const uint64_t hash : {11, 12, 11, 11}) click({.link = 7, .referrer = {}, .visitor_hash = hash});
  click({.link = 7, .visitor = Visitor::kBot, .referrer = {}, .visitor_hash = 13});
  click({.link = 7, .referrer = {}});
  const LinkCounts counts = of(7);
  EXPECT_EQ(counts.visitors.estimate(), 2U);
  EXPECT_EQ(counts.without_visitor_hash, 1U) << "who asked not to be known again";
  expect_sums(counts);
}

TEST_F(ClickCountsTest, have_clicks_of_before_under_their_day_or_none) {
  const Day day = *day_named("2019-08-24");
  const auto come = [&](ImportedClicks clicks) { decide(RecordImports{.links = {std::move(clicks)}}); };
  come({.link = 7, .days = {{.day = day, .by_visitor = {5, 2}}, {.by_visitor = {3, 0}}, {.day = day}}});
  come({.link = 7, .days = {{.day = day, .by_visitor = {1, 0}}}});
  EXPECT_FALSE(of(7).was_followed_here());
  click({.link = 7, .country = {'D', 'E'}, .referrer = "news.example", .visitor_hash = 5});
  const LinkCounts counts = of(7);
  EXPECT_EQ(counts.total, (Tally{.by_visitor = {10, 2}}));
  EXPECT_EQ(counts.imported, (Tally{.by_visitor = {9, 2}}));
  EXPECT_EQ(counts.imported_without_day, (Tally{.by_visitor = {3, 0}}));
  EXPECT_EQ(counts.by_time.days().front(), (DayTally{.day = day, .clicks = {.by_visitor = {6, 2}}}));
  EXPECT_EQ(counts.without_visitor_hash, 9U);
  EXPECT_EQ(counts.visitors.estimate(), 1U);
  EXPECT_EQ(counts.first_at, kFirstClickAt);
  EXPECT_EQ(counts_.total(), counts.total);
  expect_sums(counts);
}

TEST_F(ClickCountsTest, add_clicks_of_before_to_those_of_here_in_any_order) {
  LinkCounts here;
  here.note({.link = 7, .referrer = {}}, kFirstClickAt);
  LinkCounts before;
  before.note(ImportedClicks{.link = 7, .days = {{.day = 18'000, .by_visitor = {5, 2}}, {.by_visitor = {1, 0}}}});
  LinkCounts first = before;
  first += here;
  LinkCounts last = here;
  last += before;
  EXPECT_EQ(first, last);
  EXPECT_EQ(first.first_at, kFirstClickAt);
  EXPECT_EQ(first.last_at, kFirstClickAt);
  EXPECT_EQ(first.total.all(), 9U);
  expect_sums(first);
}

TEST_F(ClickCountsTest, agree_with_each_other_whatever_comes) {
  Prng random(1);
  for (int i = 0; i < 3'000; ++i) click(any_click(random, 1), any_time(random));
  EXPECT_EQ(of(1).referrers.counters().size(), SpaceSaving::kCountersMax);
  EXPECT_EQ(of(1).total.all(), 3'000U);
  expect_sums(of(1));
}

TEST_F(ClickCountsTest, go_with_the_link) {
  click({.link = 7, .referrer = {}});
  click({.link = 8, .referrer = {}});
  decide(ForgetVisits{.link = 7});
  click({.link = 7, .referrer = {}});
  EXPECT_EQ(counts_.of(7).value(), std::nullopt) << "also who came a moment later";
  EXPECT_EQ(of(8).total.all(), 1U);
  EXPECT_EQ(counts_.total().all(), 3U);
}

TEST_F(ClickCountsTest, tell_whether_anything_is_new_of_a_link) {
  click({.link = 7, .referrer = {}});
  const auto before = counts_.edition_of(7);
  click({.link = 8, .referrer = {}});
  EXPECT_EQ(counts_.edition_of(7), before);
  click({.link = 7, .referrer = {}});
  EXPECT_NE(counts_.edition_of(7), before);
}

TEST_F(ClickCountsTest, keep_no_more_in_memory_than_they_may) {
  constexpr size_t kBytes = size_t{64} << 10;
  ClickCounts counts(std::make_unique<MemoryCountStore>(), kBytes);
  ASSERT_TRUE(counts.open(Sequence()).has_value());
  for (uint64_t i = 1; i <= 2'000; ++i) {
    std::vector<std::byte> log;
    EventSink sink{log};
    (void)machine_.decide(RecordClicks{.clicks = {{.link = i % 500, .referrer = {}}}}, kFirstClickAt, sink);
    ASSERT_EQ(counts.hear(log, {.cell = {}, .sequence = Sequence(i), .at = kFirstClickAt, .traces = traces_}), 1U);
    counts.tidy();
    EXPECT_LT(counts.usage().recent_bytes, kBytes);
  }
  EXPECT_GT(counts.usage().writes, 10U);
  EXPECT_GT(counts.usage().store.links, 400U);
  for (uint64_t link = 0; link < 500; ++link) EXPECT_EQ(counts.of(link).value()->total.all(), 4U);
}

TEST_F(ClickCountsTest, wait_and_lose_nothing_while_the_disk_is_full) {
  auto owned = std::make_unique<MemoryCountStore>();
  MemoryCountStore& store = *owned;
  ClickCounts counts(std::move(owned), 4'096);
  ASSERT_TRUE(counts.open(Sequence()).has_value());
  uint64_t heard = 0;
  const auto hear = [&] {
    std::vector<std::byte> log;
    EventSink sink{log};
    (void)machine_.decide(RecordClicks{.clicks = {{.link = heard, .referrer = {}}}}, kFirstClickAt, sink);
    const bool is_heard =
        counts.hear(log, {.cell = {}, .sequence = Sequence(heard + 1), .at = kFirstClickAt, .traces = traces_})
            .has_value();
    if (is_heard) ++heard;
    counts.tidy();
    return is_heard;
  };
  store.refuse_writes(true);
  while (hear()) ASSERT_LT(heard, 100U);
  EXPECT_GT(heard, 1U);
  EXPECT_TRUE(counts.usage().is_failing);
  EXPECT_FALSE(hear()) << "it is told again";
  store.refuse_writes(false);
  EXPECT_TRUE(hear());
  EXPECT_FALSE(counts.usage().is_failing);
  EXPECT_EQ(counts.total().all(), heard);
  for (uint64_t link = 0; link < heard; ++link) EXPECT_EQ(counts.of(link).value()->total.all(), 1U) << link;
}

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
    be_born(random.below(3) == 0 ? kPlenty : 2'048 << random.below(4));
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
