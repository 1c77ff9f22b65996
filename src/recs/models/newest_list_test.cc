#include "recs/models/newest_list.h"

#include <gtest/gtest.h>

#include <set>

#include "base/prng.h"

namespace doorbuster::recs {
namespace {

using Entry = std::pair<uint32_t, uint32_t>;

std::vector<Entry> newest_of(const NewestList& list, size_t count) {
  std::vector<Entry> found;
  list.each_newest(count, [&](uint32_t second, uint32_t number) { found.emplace_back(second, number); });
  return found;
}

void expect_as(const NewestList& list, const std::set<Entry>& wanted) {
  EXPECT_EQ(list.size(), wanted.size());
  EXPECT_EQ(newest_of(list, SIZE_MAX), std::vector<Entry>(wanted.rbegin(), wanted.rend()));
  const auto some = newest_of(list, 100);
  EXPECT_EQ(some, std::vector<Entry>(wanted.rbegin(), std::next(wanted.rbegin(), std::ssize(some))));
  EXPECT_EQ(some.size(), std::min<size_t>(100, wanted.size()));
}

TEST(NewestList, holds_what_a_set_holds_whatever_comes_and_goes) {
  for (uint64_t seed = 0; seed < 6; ++seed) {
    Prng random(seed);
    NewestList list;
    std::set<Entry> wanted;
    // It grows to several pieces, and is emptied again.
    for (const uint64_t share_added : {90, 50, 10}) {
      for (int step = 0; step < 8'000; ++step) {
        const Entry entry{static_cast<uint32_t>(random.below(5'000)), static_cast<uint32_t>(random.below(4))};
        if (random.below(100) < share_added) {
          if (wanted.insert(entry).second) list.add(entry.first, entry.second);
        } else if (!wanted.empty()) {
          const auto found = wanted.lower_bound(entry);
          const Entry gone = found == wanted.end() ? *wanted.begin() : *found;
          list.remove(gone.first, gone.second);
          wanted.erase(gone);
        }
      }
      expect_as(list, wanted);
    }
    while (!wanted.empty()) {
      list.remove(wanted.begin()->first, wanted.begin()->second);
      wanted.erase(wanted.begin());
    }
    EXPECT_TRUE(list.empty());
  }
}

TEST(NewestList, that_is_filled_at_once_is_as_one_that_was_filled_step_by_step) {
  for (const size_t count : {0, 1, 700, 1'024, 1'025, 10'000}) {
    Prng random(count);
    NewestList list;
    std::set<Entry> wanted;
    while (wanted.size() < count) {
      const Entry entry{static_cast<uint32_t>(random.below(UINT32_MAX)), static_cast<uint32_t>(random.below(100))};
      if (wanted.insert(entry).second) list.append(entry.first, entry.second);
    }
    list.finish();
    expect_as(list, wanted);
    list.add(7, 7);
    wanted.emplace(7, 7);
    expect_as(list, wanted);
  }
}

}  // namespace
}  // namespace doorbuster::recs
