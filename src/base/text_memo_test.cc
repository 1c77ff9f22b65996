#include "base/text_memo.h"

#include <gtest/gtest.h>

namespace doorbuster {
namespace {

TEST(TextMemo, makes_the_same_of_a_text_and_makes_it_once_while_it_is_remembered) {
  TextMemo<size_t> memo(1);
  int made = 0;
  const auto size_of = [&](std::string_view text) {
    ++made;
    return text.size();
  };
  for (int i = 0; i < 3; ++i) EXPECT_EQ(memo.of("abc", size_of), 3U);
  EXPECT_EQ(made, 1);
  EXPECT_EQ(memo.of("de", size_of), 2U) << "which takes the only place";
  EXPECT_EQ(memo.of("abc", size_of), 3U);
  EXPECT_EQ(made, 3);
}

TEST(TextMemo, remembers_neither_nothing_nor_what_is_long) {
  TextMemo<size_t> memo(16);
  int made = 0;
  const auto size_of = [&](std::string_view text) {
    ++made;
    return text.size();
  };
  const std::string longest(TextMemo<size_t>::kBytesMax, 'x');
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(memo.of("", size_of), 0U);
    EXPECT_EQ(memo.of(longest + "x", size_of), longest.size() + 1);
  }
  EXPECT_EQ(made, 4);
  for (int i = 0; i < 2; ++i) EXPECT_EQ(memo.of(longest, size_of), longest.size());
  EXPECT_EQ(made, 5);
}

}  // namespace
}  // namespace doorbuster
