#include "base/prng.h"

#include <gtest/gtest.h>

#include <vector>

namespace doorbuster {
namespace {

// From the authors' splitmix64.c with the seed 1234567.
TEST(SplitMix64, gives_the_published_values) {
  uint64_t state = 1234567;
  EXPECT_EQ(splitmix64(state), 6457827717110365317U);
  EXPECT_EQ(splitmix64(state), 3203168211198807973U);
  EXPECT_EQ(splitmix64(state), 9817491932198370423U);
}

// xoshiro256** as Blackman and Vigna define it, step by step.
class Reference {
 public:
  explicit Reference(std::array<uint64_t, 4> state) : s_(state) {}
  uint64_t next() {
    const uint64_t result = std::rotl(s_[1] * 5, 7) * 9;
    const std::array<uint64_t, 4> s = s_;
    s_ = {s[0] ^ s[3] ^ s[1], s[1] ^ s[2] ^ s[0], s[2] ^ s[0] ^ (s[1] << 17), std::rotl(s[3] ^ s[1], 45)};
    return result;
  }

 private:
  std::array<uint64_t, 4> s_;
};

// The state {1, 2, 3, 4} begins with these values in the authors' own C.
TEST(Prng, its_reference_gives_the_published_values) {
  Reference reference({1, 2, 3, 4});
  for (const uint64_t value : {11520U, 0U, 1509978240U}) EXPECT_EQ(reference.next(), value);
  EXPECT_EQ(reference.next(), 1215971899390074240U);
}

TEST(Prng, is_its_reference_seeded_by_split_mix64) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    uint64_t mixer = seed;
    std::array<uint64_t, 4> state{};
    for (uint64_t& word : state) word = splitmix64(mixer);
    Reference reference(state);
    Prng prng(seed);
    for (int i = 0; i < 100; ++i) ASSERT_EQ(prng.next(), reference.next());
  }
}

TEST(Prng, stays_below_its_bound_and_reaches_every_value) {
  Prng random(3);
  for (const uint64_t bound : {1U, 2U, 3U, 7U, 100U}) {
    std::vector<int> seen(bound);
    for (uint64_t i = 0; i < bound * 200; ++i) ++seen.at(random.below(bound));
    for (const int count : seen) EXPECT_GT(count, 100);
  }
}

TEST(Prng, one_in_n_comes_about_that_often) {
  Prng random(5);
  int hits = 0;
  for (int i = 0; i < 100'000; ++i) hits += random.chance(10) ? 1 : 0;
  EXPECT_NEAR(hits, 10'000, 400);  // four standard deviations are 380
}

TEST(Prng, answers_no_question_without_an_answer) {
  Prng random(1);
  EXPECT_DEATH(random.below(0), "bound > 0");
}

}  // namespace
}  // namespace doorbuster
