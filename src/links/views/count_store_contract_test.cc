// What every store of counts promises, tried on each of them.
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <ostream>
#include <thread>

#include "links/views/click_counts_test_helpers.h"
#include "links/views/memory/memory_count_store.h"
#include "links/views/rocksdb/rocksdb_count_store.h"

namespace doorbuster::links {
namespace {

using Head = CountStore::Head;

struct CountTwin {
  std::string name;
  bool lasts;  // beyond the process
  std::function<std::unique_ptr<CountStore>(const std::filesystem::path&)> make;
};

std::ostream& operator<<(std::ostream& out, const CountTwin& twin) { return out << twin.name; }

class CountStoreContract : public ::testing::TestWithParam<CountTwin> {
 protected:
  CountStoreContract() { reopen(); }
  ~CountStoreContract() override {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }
  Head reopen() {
    store_.reset();
    store_ = GetParam().make(folder_);
    head_ = store_->open().value();
    return head_;
  }
  CountRecord part_of(int clicks) {
    CountRecord part{.heard = head_.heard + 1, .counts = {}};
    head_.heard = part.heard;
    for (int i = 0; i < clicks; ++i) part.counts.note(any_click(random_, 1, 200), kFirstClickAt);
    return part;
  }
  void write(std::vector<CountStore::Change> changes) {
    ASSERT_TRUE(store_->write(changes, head_, CountStore::Durable::kSoon).has_value());
  }

  const std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() /
      ("counts-" + std::to_string(getpid()) + "-" + ::testing::UnitTest::GetInstance()->current_test_info()->name());
  Prng random_{9};
  std::unique_ptr<CountStore> store_;
  Head head_;
};

TEST_P(CountStoreContract, adds_parts_to_what_is_there) {
  EXPECT_EQ(store_->find(7).value(), std::nullopt);
  const std::vector<CountRecord> parts = {part_of(3), part_of(4)};
  write({{.link = 7, .is_gone = false, .parts = parts}});
  CountRecord sum = parts[0];
  sum += parts[1];
  EXPECT_EQ(store_->find(7).value(), sum);
  for (int i = 0; i < 30; ++i) {
    const CountRecord part = part_of(2);
    write({{.link = 7, .is_gone = false, .parts = {&part, 1}}});
    sum += part;
    EXPECT_EQ(store_->find(7).value(), sum) << i;
  }
  expect_sums(store_->find(7).value()->counts);
  EXPECT_EQ(store_->find(8).value(), std::nullopt);
}

TEST_P(CountStoreContract, forgets_what_is_gone) {
  const CountRecord part = part_of(1);
  write({{.link = 7, .is_gone = false, .parts = {&part, 1}}, {.link = 8, .is_gone = false, .parts = {&part, 1}}});
  write({{.link = 7, .is_gone = true, .parts = {}}, {.link = 9, .is_gone = true, .parts = {}}});
  EXPECT_EQ(store_->find(7).value(), std::nullopt);
  EXPECT_EQ(store_->find(8).value(), part);
}

TEST_P(CountStoreContract, tells_totals_in_the_order_of_the_question) {
  const CountRecord one = part_of(3);
  const CountRecord other = part_of(5);
  write({{.link = 7, .is_gone = false, .parts = {&one, 1}}, {.link = 9, .is_gone = false, .parts = {&other, 1}}});
  const std::vector<uint64_t> links = {9, 8, 7, 9};
  const auto totals = store_->find_totals(links).value();
  ASSERT_EQ(totals.size(), 4U);
  EXPECT_EQ(totals[0].total, other.counts.total);
  EXPECT_EQ(totals[0].heard, other.heard);
  EXPECT_EQ(totals[1].total, Tally());
  EXPECT_EQ(totals[2].total, one.counts.total);
  EXPECT_EQ(totals[3].total, other.counts.total);
}

TEST_P(CountStoreContract, keeps_bounds_of_referrers_however_many_there_are) {
  std::map<std::string, uint64_t> truth;
  for (int i = 0; i < 100; ++i) {
    CountRecord part = part_of(0);
    for (int j = 0; j < 50; ++j) {
      const std::string referrer = "site" + std::to_string(random_.below(uint64_t{1} << random_.below(12)));
      ++truth[referrer];
      part.counts.note({.link = 7, .referrer = std::string_view(referrer)}, kFirstClickAt);
    }
    write({{.link = 7, .is_gone = false, .parts = {&part, 1}}});
  }
  const LinkCounts counts = store_->find(7).value()->counts;
  ASSERT_GT(truth.size(), SpaceSaving::kCountersMax);
  for (const auto& counter : counts.referrers.counters()) {
    EXPECT_GE(counter.count, truth[counter.text]) << counter.text;
    EXPECT_LE(counter.count - counter.taken_over, truth[counter.text]) << counter.text;
  }
  expect_sums(counts);
}

TEST_P(CountStoreContract, begins_anew_when_all_is_forgotten) {
  const Head before = head_;
  EXPECT_NE(before.generation, 0U);
  const CountRecord part = part_of(1);
  head_.total.by_visitor[0] = 1;
  write({{.link = 7, .is_gone = false, .parts = {&part, 1}}});
  head_ = store_->clear().value();
  EXPECT_NE(head_.generation, before.generation);
  EXPECT_EQ(head_.heard, Sequence());
  EXPECT_EQ(head_.total, Tally());
  EXPECT_EQ(store_->find(7).value(), std::nullopt);
  CountRecord again = part_of(2);
  write({{.link = 7, .is_gone = false, .parts = {&again, 1}}});
  EXPECT_EQ(store_->find(7).value(), again);
  if (!GetParam().lasts) return;
  const Head kept = head_;
  EXPECT_EQ(reopen(), kept);
  EXPECT_EQ(store_->find(7).value(), again);
}

TEST_P(CountStoreContract, is_asked_while_it_is_written_to) {
  std::atomic<bool> done{false};
  std::thread reader([&] {
    uint64_t last = 0;
    while (!done) {
      const auto found = store_->find(7).value();
      const uint64_t clicks = found ? found->counts.total.all() : 0;
      EXPECT_GE(clicks, last);
      last = clicks;
    }
  });
  for (int i = 0; i < 200; ++i) {
    const CountRecord part = part_of(1);
    write({{.link = 7, .is_gone = false, .parts = {&part, 1}}});
  }
  done = true;
  reader.join();
  EXPECT_EQ(store_->find(7).value()->counts.total.all(), 200U);
}

TEST_P(CountStoreContract, lasts_if_it_says_so) {
  if (!GetParam().lasts) GTEST_SKIP();
  const CountRecord part = part_of(5);
  head_.total.by_visitor = {3, 2};
  write({{.link = 7, .is_gone = false, .parts = {&part, 1}}});
  const Head kept = head_;
  EXPECT_EQ(reopen(), kept);
  EXPECT_EQ(store_->find(7).value(), part);
  EXPECT_FALSE(GetParam().make(folder_)->open().has_value()) << "another server uses it";
}

std::unique_ptr<CountStore> on_disk(const std::filesystem::path& folder) {
  return std::make_unique<RocksdbCountStore>(
      RocksdbCountStore::Options{.folder = folder / "links-counts", .cache_bytes = size_t{1} << 20});
}

INSTANTIATE_TEST_SUITE_P(
    Stores, CountStoreContract,
    ::testing::Values(CountTwin{.name = "memory",
                                .lasts = false,
                                .make = [](const auto&) { return std::make_unique<MemoryCountStore>(); }},
                      CountTwin{.name = "rocksdb", .lasts = true, .make = on_disk}),
    [](const auto& twin) { return twin.param.name; });

TEST(RocksdbCountStore, sets_aside_what_is_damaged) {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("counts-damaged-" + std::to_string(getpid()));
  std::string trouble;
  const auto make = [&] {
    return std::make_unique<RocksdbCountStore>(RocksdbCountStore::Options{
        .folder = folder / "counts", .on_trouble = [&](const std::string& said) { trouble = said; }});
  };
  Head head = make()->open().value();
  EXPECT_EQ(make()->open().value(), head);
  std::ofstream(folder / "counts" / "CURRENT") << "no manifest\n";
  const Head another = make()->open().value();
  EXPECT_NE(another.generation, head.generation);
  EXPECT_NE(trouble.find("counted again from the log"), std::string::npos) << trouble;
  EXPECT_TRUE(std::filesystem::exists(folder / "counts.set-aside"));
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace doorbuster::links
