#include "guard/page_use.h"

#include <gtest/gtest.h>

#include <string>

namespace doorbuster::guard {
namespace {

TEST(PageUse, is_read_as_the_page_writes_it) {
  const PageUse use = read_page_use("first=1830,presses=1,moves=41,keys=3,touches=2,focus=1,device=a-phone").value();
  EXPECT_EQ(use.first_ms, 1830U);
  EXPECT_EQ(use.presses, 1U);
  EXPECT_EQ(use.moves, 41U);
  EXPECT_EQ(use.keys, 3U);
  EXPECT_EQ(use.touches, 2U);
  EXPECT_EQ(use.focus, 1U);
  EXPECT_EQ(use.device, "a-phone");
  EXPECT_TRUE(use.was_used());
}

TEST(PageUse, may_leave_out_what_did_not_happen) {
  const PageUse use = read_page_use("first=90").value();
  EXPECT_EQ(use.first_ms, 90U);
  EXPECT_FALSE(use.was_used());
  EXPECT_TRUE(read_page_use("touches=1").value().was_used());
  EXPECT_TRUE(read_page_use("presses=1").value().was_used()) << "by a voice, say";
}

TEST(PageUse, passes_over_names_that_it_does_not_know) {
  EXPECT_EQ(read_page_use("scrolls=7,keys=3").value().keys, 3U);
}

TEST(PageUse, is_nothing_where_the_text_is_of_another_form) {
  for (const std::string& text :
       {std::string(), std::string("moves"), std::string("moves=x"), std::string("moves=1,"), std::string("moves=-1"),
        std::string("device="), "device=" + std::string(65, 'x'), "moves=1,x=" + std::string(300, '1')}) {
    EXPECT_FALSE(read_page_use(text).has_value()) << text;
  }
}

TEST(PageUse, has_a_bound_on_what_a_page_may_count) {
  EXPECT_EQ(read_page_use("moves=18446744073709551615").value().moves, 100'000'000U);
  EXPECT_FALSE(read_page_use("moves=18446744073709551616").has_value());
}

}  // namespace
}  // namespace doorbuster::guard
