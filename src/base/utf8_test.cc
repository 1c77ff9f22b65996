#include "base/utf8.h"

#include <gtest/gtest.h>

namespace doorbuster {
namespace {

using namespace std::string_view_literals;

TEST(Utf8, knows_sequences_of_one_to_four_bytes) {
  EXPECT_EQ(utf8_sequence("a"), 1U);
  EXPECT_EQ(utf8_sequence("\0"sv), 1U);
  EXPECT_EQ(utf8_sequence("ü"), 2U);
  EXPECT_EQ(utf8_sequence("€uro"), 3U);
  EXPECT_EQ(utf8_sequence("\xF0\x9F\x8E\xAB"), 4U);
}

TEST(Utf8, knows_none_in_nothing_and_in_what_is_cut_overlong_or_outside) {
  for (const std::string_view wrong :
       {""sv, "\x80"sv, "\xC3"sv, "\xC0\x80"sv, "\xE0\x80\x80"sv, "\xED\xA0\x80"sv, "\xE2\x82"sv, "\xF0\x80\x80\x80"sv,
        "\xF4\x90\x80\x80"sv, "\xF0\x9F\x8E"sv, "\xF8\x88\x80\x80"sv}) {
    EXPECT_EQ(utf8_sequence(wrong), 0U);
  }
}

}  // namespace
}  // namespace doorbuster
