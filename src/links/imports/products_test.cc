#include "links/imports/products.h"

#include <gtest/gtest.h>

namespace doorbuster::links {
namespace {

// The rows' texts; fed in pieces of so many bytes.
std::string found(Product product, std::string_view file, size_t piece) {
  std::string rows;
  ImportRows reader(product, [&](ImportRow&& row) { rows += row.text + "|"; });
  for (std::string_view rest = file; !rest.empty(); rest.remove_prefix(std::min(piece, rest.size()))) {
    if (const auto fed = reader.feed(rest.substr(0, piece)); !fed) return "refused: " + fed.error().message;
  }
  const auto finished = reader.finish();
  return finished ? rows : "refused: " + finished.error().message;
}
std::string found(Product product, std::string_view file) {
  const std::string whole = found(product, file, file.size() + 1);
  for (const size_t piece : {1, 2, 7}) EXPECT_EQ(found(product, file, piece), whole) << piece << " bytes at a time";
  return whole;
}

TEST(ImportRows, are_found_in_a_page_of_an_answer_and_in_pages_one_behind_the_other) {
  EXPECT_EQ(
      found(Product::kShlink, R"({"shortUrls": {"pagination": {"data": [1]}, "data": [{"a": "}]"}, {"b": {}}]}})"),
      R"({"a": "}]"}|{"b": {}}|)");
  EXPECT_EQ(found(Product::kKutt, "{\"total\":2,\"data\":[{\"a\":1}]}\n{\"total\":2,\"data\":[{\"b\":\"\\\"\"}]}"),
            R"({"a":1}|{"b":"\""}|)");
  EXPECT_EQ(found(Product::kYourls, R"({"links":{"link_1":{"url":"x"},"link_2":{"url":"y"}},"statusCode":200})"),
            R"({"url":"x"}|{"url":"y"}|)");
}

TEST(ImportRows, are_found_in_arrays_and_lines) {
  for (const Product product : {Product::kShlink, Product::kKutt, Product::kYourls, Product::kBitly, Product::kDub}) {
    EXPECT_EQ(found(product, "\xEF\xBB\xBF [{\"a\":1},{\"b\":2}]\n"), R"({"a":1}|{"b":2}|)");
    EXPECT_EQ(found(product, "{\"a\":1}\r\n{\"b\":[{\"c\":3}]}\r\n"), R"({"a":1}|{"b":[{"c":3}]}|)");
    EXPECT_EQ(found(product, "[]"), "");
  }
}

TEST(ImportRows, are_none_in_a_page_without_links) {
  EXPECT_EQ(found(Product::kYourls, R"({"stats":{"total_links":"0"},"statusCode":"200"})"), "");
  EXPECT_EQ(found(Product::kShlink, R"({"shortUrls":{"data":[],"pagination":{}}})"), "");
}

TEST(ImportRows, are_refused_where_the_json_is_none) {
  EXPECT_EQ(found(Product::kDub, "[{\"a\":1}, 7]"), "refused: byte 11: a link begins with a brace");
  EXPECT_EQ(found(Product::kDub, "[{\"a\":1}, \"b\"]"),
            "refused: byte 11: a link begins with a brace, not with a quote");
  EXPECT_EQ(found(Product::kDub, "[{\"a\":[1}]"), "refused: byte 9: a bracket closes that was not opened");
  EXPECT_EQ(found(Product::kDub, "[{\"a\":1}"),
            "refused: the JSON ends in the middle, after 8 bytes: is a part of the file missing?");
  EXPECT_EQ(found(Product::kDub, "  "), "refused: there is nothing in it");
  EXPECT_EQ(found(Product::kDub, "{" + std::string(70'000, ' ')),
            "refused: byte 65537: a link is longer than 65536 bytes");
  EXPECT_EQ(found(Product::kDub, std::string(70, '[')),
            "refused: byte 2: a link begins with a brace, not with a bracket");
  std::string deep = "{";
  for (int i = 0; i < 70; ++i) deep += "\"a\":{";
  EXPECT_EQ(found(Product::kDub, deep), "refused: byte 321: it is nested too deeply");
}

TEST(ImportRows, are_lines_of_a_table_however_they_end) {
  EXPECT_EQ(found(Product::kCsv, "a,b\r\n1,\"x\r\ny\"\r\n\r\n2,\"\"\"\"\n3,"), "1,\"x\r\ny\"|2,\"\"\"\"|3,|");
  EXPECT_EQ(found(Product::kCsv, "a;b\r1;2\r"), "1;2|");
}

TEST(ImportRows, are_refused_where_the_table_is_none) {
  EXPECT_EQ(found(Product::kCsv, "a,b\n1,2 \"3\"\n"), "refused: line 2: a quote stands within a field without quotes");
  EXPECT_EQ(found(Product::kCsv, "a,b\n1,\"2\" 3\n"), "refused: line 2: something stands behind a field's quotes");
  EXPECT_EQ(found(Product::kCsv, "a,b\n1,\"2\n3\n"),
            "refused: line 2: the table ends within its quotes: is a part of the file missing?");
  EXPECT_EQ(found(Product::kCsv, "a,b\n\"" + std::string(70'000, 'x')),
            "refused: line 2: it is longer than 65536 bytes: do its quotes end?");
}

TEST(ImportRows, have_fields_between_what_the_first_line_has_most_of) {
  std::vector<std::string> fields;
  for (const std::string_view table :
       {"a,\"b;;;\"\n1;,\"2,\"\n", "a;\"b,,,\"\n\"1;\";\"2,\"\n", "a\tb\n\"1;\"\t2,\n"}) {
    ImportRows reader(Product::kCsv, [&](ImportRow&& row) { fields = std::move(row.fields); });
    ASSERT_TRUE(reader.feed(table).has_value());
    ASSERT_TRUE(reader.finish().has_value());
    EXPECT_EQ(fields, (std::vector<std::string>{"1;", "2,"})) << table;
  }
}

TEST(Product, is_known_by_its_name) {
  EXPECT_EQ(product_named("yourls"), Product::kYourls);
  EXPECT_EQ(product_named("csv"), Product::kCsv);
  EXPECT_EQ(product_named("tinyurl"), std::nullopt);
}

}  // namespace
}  // namespace doorbuster::links
