#include "links/api/bulk_rows.h"

#include <gtest/gtest.h>

#include <string>

namespace doorbuster::links {
namespace {

std::string joined(std::string_view body, BulkForm form) {
  const auto rows = rows_in(body, form);
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

TEST(BulkRows, are_ten_thousand_at_most) {
  std::string array = "[";
  std::string text;
  for (size_t i = 0; i < kBulkRowsMax; ++i) {
    array += i == 0 ? "{}" : ",{}";
    text += "{}\n";
  }
  EXPECT_EQ(rows_in(array + "]", BulkForm::kArray)->size(), kBulkRowsMax);
  EXPECT_EQ(rows_in(text, BulkForm::kLines)->size(), kBulkRowsMax);
  EXPECT_FALSE(rows_in(array + ",{}]", BulkForm::kArray).has_value());
  EXPECT_FALSE(rows_in(text + "{}", BulkForm::kLines).has_value());
}

}  // namespace
}  // namespace doorbuster::links
