#include "platform/api/etag.h"

#include <gtest/gtest.h>

namespace doorbuster::platform {
namespace {

TEST(Etag, is_the_same_for_the_same_content_and_another_for_another) {
  EXPECT_EQ(etag_of("a"), etag_of("a"));
  EXPECT_NE(etag_of("a"), etag_of("b"));
  EXPECT_EQ(etag_of("").size(), 18U);
}

TEST(Etag, is_found_alone_in_a_list_weak_or_by_a_star) {
  for (const char* field : {"\"x\"", "*", " \"x\" ", "W/\"x\"", "\"a\", \"x\"", "\"x\",\"b\"", "W/\"a\",\tW/\"x\""})
    EXPECT_TRUE(names_etag(field, "\"x\"")) << field;
}

TEST(Etag, is_not_found_in_anything_else) {
  for (const char* field : {"", "x", "\"y\"", ",", ", ,", "\"x", "\"a\", \"y\"", "w/\"x\"", "\"x\"\"x\""})
    EXPECT_FALSE(names_etag(field, "\"x\"")) << field;
}

TEST(Etag, are_taken_off_a_list_one_by_one) {
  std::string_view list = "W/\"a\",, \"b\" ,*,";
  EXPECT_EQ(next_etag(list), "\"a\"");
  EXPECT_EQ(next_etag(list), "\"b\"");
  EXPECT_EQ(next_etag(list), "*");
  EXPECT_EQ(next_etag(list), "");
  EXPECT_EQ(next_etag(list), "");
}

}  // namespace
}  // namespace doorbuster::platform
