#include "links/views/space_saving.h"

#include <gtest/gtest.h>

#include <map>
#include <utility>

#include "base/prng.h"

namespace doorbuster::links {
namespace {

uint64_t sum_of(const SpaceSaving& texts) {
  uint64_t sum = 0;
  for (const auto& counter : texts.counters()) sum += counter.count;
  return sum;
}

TEST(SpaceSaving, counts_exactly_while_there_are_counters) {
  SpaceSaving texts;
  for (size_t i = 0; i < SpaceSaving::kCountersMax; ++i) {
    for (size_t times = 0; times <= i % 7; ++times) texts.note("site" + std::to_string(i));
  }
  for (const auto& counter : texts.counters()) {
    EXPECT_EQ(counter.count, std::stoul(counter.text.substr(4)) % 7 + 1) << counter.text;
    EXPECT_EQ(counter.taken_over, 0U);
  }
}

// The paper's promises, held against the truth: 20,000 texts of which few are frequent.
TEST(SpaceSaving, keeps_its_promises_when_there_are_more_texts_than_counters) {
  Prng random(2005);
  SpaceSaving texts;
  std::map<std::string, uint64_t> truth;
  constexpr uint64_t kNotes = 200'000;
  for (uint64_t i = 0; i < kNotes; ++i) {
    const uint64_t range = uint64_t{1} << random.below(15);  // half of them among few, and so on
    const std::string text = "site" + std::to_string(random.below(range) * 7'919 % 20'000);
    texts.note(text);
    ++truth[text];
  }
  ASSERT_GT(truth.size(), 10 * SpaceSaving::kCountersMax);
  EXPECT_EQ(texts.counters().size(), SpaceSaving::kCountersMax);
  EXPECT_EQ(sum_of(texts), kNotes);
  std::map<std::string, uint64_t> counted;
  uint64_t last = UINT64_MAX;
  for (const auto& counter : texts.counters()) {
    EXPECT_LE(truth[counter.text], counter.count) << counter.text;
    EXPECT_GE(truth[counter.text], counter.count - counter.taken_over) << counter.text;
    EXPECT_LE(counter.taken_over, kNotes / SpaceSaving::kCountersMax);
    EXPECT_LE(counter.count, last) << "the most frequent first";
    last = counter.count;
    counted[counter.text] = counter.count;
  }
  for (const auto& [text, count] : truth) {
    const bool is_frequent = count > kNotes / SpaceSaving::kCountersMax;
    EXPECT_TRUE(!is_frequent || counted.contains(text)) << text;
  }
}

TEST(SpaceSaving, finds_who_becomes_frequent_late) {
  SpaceSaving texts;
  for (int i = 0; i < 3'000; ++i) texts.note("early" + std::to_string(i % 1'000));
  for (int i = 0; i < 500; ++i) texts.note("late.example");
  EXPECT_EQ(texts.counters().front().text, "late.example");
  EXPECT_GE(texts.counters().front().count, 500U);
}

TEST(SpaceSaving, is_read_as_it_was_written) {
  SpaceSaving texts;
  for (int i = 0; i < 1'000; ++i) texts.note("site" + std::to_string(i * i % 300));
  std::vector<std::byte> bytes;
  ByteWriter writer(bytes);
  texts.write(writer);
  SpaceSaving loaded;
  ByteReader reader(bytes);
  EXPECT_TRUE(loaded.read(reader) && reader.finished());
  EXPECT_TRUE(std::ranges::equal(loaded.counters(), texts.counters()));
  bytes.resize(bytes.size() - 1);
  ByteReader cut(bytes);
  EXPECT_FALSE(loaded.read(cut) && cut.finished());
}

// Parts that are cut before a text loses its counter, as counts of clicks are, lose nothing by being added.
TEST(SpaceSaving, keeps_its_promises_when_exact_parts_are_added) {
  Prng random(2012);
  SpaceSaving sum;
  SpaceSaving part;
  std::map<std::string, uint64_t> truth;
  constexpr uint64_t kNotes = 100'000;
  for (uint64_t i = 0; i < kNotes; ++i) {
    const std::string text = "site" + std::to_string(random.below(uint64_t{1} << random.below(13)));
    if (!part.has_room_for(text) || random.chance(500)) {
      EXPECT_TRUE(part.is_exact());
      sum += std::exchange(part, {});
    }
    part.note(text);
    ++truth[text];
  }
  sum += part;
  ASSERT_GT(truth.size(), 4 * SpaceSaving::kCountersMax);
  EXPECT_FALSE(sum.is_exact());
  EXPECT_EQ(sum_of(sum), kNotes);
  EXPECT_TRUE(std::ranges::is_sorted(sum.counters(), std::ranges::greater(), &SpaceSaving::Counter::count));
  std::map<std::string, uint64_t> counted;
  for (const auto& counter : sum.counters()) {
    EXPECT_LE(truth[counter.text], counter.count) << counter.text;
    EXPECT_GE(truth[counter.text], counter.count - counter.taken_over) << counter.text;
    counted[counter.text] = counter.count;
  }
  for (const auto& [text, count] : truth)
    EXPECT_TRUE(count <= kNotes / SpaceSaving::kCountersMax || counted.contains(text)) << text;
}

}  // namespace
}  // namespace doorbuster::links
