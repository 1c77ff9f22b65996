#include "recs/models/text_neighbours.h"

#include <gtest/gtest.h>

#include <map>

#include "base/prng.h"

namespace doorbuster::recs {
namespace {

std::string any_text(Prng& random) {
  std::string text;
  for (uint64_t words = random.below(6); words > 0; --words) text += "word" + std::to_string(random.below(40)) + " ";
  return text;
}

std::map<ItemNumber, float> scores_of(const std::vector<ScoredItem>& items) {
  std::map<ItemNumber, float> scores;
  for (const ScoredItem& each : items) scores[each.item] = each.score;
  return scores;
}

void expect_same(const TextNeighbours& a, const TextNeighbours& b, const std::string& text) {
  const auto of_a = scores_of(a.near(text, {}, 1'000)), of_b = scores_of(b.near(text, {}, 1'000));
  ASSERT_EQ(of_a.size(), of_b.size());
  for (const auto& [item, score] : of_a) EXPECT_NEAR(score, of_b.at(item), 1e-5) << item;
}

TEST(TextNeighbours, are_after_any_changes_those_of_what_is_left) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    Prng random(seed);
    TextNeighbours changed;
    std::map<ItemNumber, std::string> texts;
    for (int step = 0; step < 300; ++step) {
      const auto item = static_cast<ItemNumber>(random.below(50));
      if (random.chance(3)) {
        changed.remove(item);
        texts.erase(item);
      } else {
        texts[item] = any_text(random);
        changed.put(item, texts[item]);
      }
    }
    TextNeighbours rebuilt;
    for (const auto& [item, text] : texts) rebuilt.put(item, text);
    EXPECT_EQ(changed.items(), rebuilt.items());
    EXPECT_EQ(changed.words(), rebuilt.words());
    for (int i = 0; i < 20; ++i) expect_same(changed, rebuilt, any_text(random));
  }
}

// The search ends early where nothing better can come; that it may is what is looked at here.
TEST(TextNeighbours, the_best_few_are_the_first_of_all) {
  Prng random(7);
  TextNeighbours texts;
  for (ItemNumber item = 0; item < 500; ++item) texts.put(item, any_text(random));
  for (int i = 0; i < 50; ++i) {
    const std::string text = any_text(random);
    auto all = texts.near(text, {}, 1'000);
    const auto few = texts.near(text, {}, 10);
    all.resize(std::min<size_t>(all.size(), 10));
    EXPECT_EQ(few, all);
  }
}

TEST(TextNeighbours, those_that_are_not_accepted_take_nobodys_place) {
  TextNeighbours texts;
  for (ItemNumber item = 0; item < 100; ++item) texts.put(item, "blue lamp");
  const auto found = texts.near(99, 10, [](ItemNumber item) { return item % 20 == 3; });
  EXPECT_EQ(found.size(), 5U);
  EXPECT_FLOAT_EQ(texts.alike(3, 99), 1);
  texts.remove(3);
  EXPECT_EQ(texts.alike(3, 99), 0);
}

}  // namespace
}  // namespace doorbuster::recs
