#include "platform/api/bulk_rows.h"

#include <gtest/gtest.h>

#include <string>

namespace doorbuster::platform {
namespace {

constexpr BulkRules kRules = {.rows_max = 100, .things = "links"};

std::string joined(std::string_view body, BulkForm form) {
  const auto rows = rows_in(body, form, kRules);
  if (!rows) return "refused: " + rows.error().message;
  std::string text;
  for (const std::string_view row : *rows) text += std::string(row) + "|";
  return text;
}
std::string items(std::string_view body) { return joined(body, BulkForm::kArray); }
std::string lines(std::string_view body) { return joined(body, BulkForm::kLines); }

TEST(BulkRows, are_the_items_of_an_array) {
  EXPECT_EQ(items(R"([{"a":1}])"), R"({"a":1}|)");
  EXPECT_EQ(items(" [ {\"a\":[1,2]} ,\n {\"b\":{\"c\":\"]},\\\"\"}}\n]\n"), R"({"a":[1,2]}|{"b":{"c":"]},\""}}|)");
  EXPECT_EQ(items(R"(["x",7,null])"), R"("x"|7|null|)") << "what is no object is for its reader to refuse";
}

TEST(BulkRows, are_lines) {
  EXPECT_EQ(lines("{\"a\":1}\r\n\n  {\"b\":2}  "), R"({"a":1}|{"b":2}|)");
  EXPECT_EQ(lines("nonsense\n"), "nonsense|");
}

TEST(BulkRows, say_where_an_array_is_wrong) {
  for (const char* body : {"", "{}", "x", "[", "[{}", "[{},", "[{\"a\":\"]", "[{},]", "[,{}]", "[{}] x", "[]", "\"[\""})
    EXPECT_TRUE(items(body).starts_with("refused: ")) << body << " -> " << items(body);
  EXPECT_NE(items("[{},]").find("row 1 is missing"), std::string::npos) << items("[{},]");
  EXPECT_TRUE(lines(" \n\n").starts_with("refused: "));
}

TEST(BulkRows, are_as_many_as_there_may_be) {
  std::string array = "[";
  std::string text;
  for (size_t i = 0; i < kRules.rows_max; ++i) {
    array += i == 0 ? "{}" : ",{}";
    text += "{}\n";
  }
  EXPECT_EQ(rows_in(array + "]", BulkForm::kArray, kRules)->size(), kRules.rows_max);
  EXPECT_EQ(rows_in(text, BulkForm::kLines, kRules)->size(), kRules.rows_max);
  EXPECT_FALSE(rows_in(array + ",{}]", BulkForm::kArray, kRules).has_value());
  EXPECT_FALSE(rows_in(text + "{}", BulkForm::kLines, kRules).has_value());
}

}  // namespace
}  // namespace doorbuster::platform
