#include "recs/evaluation/baskets_format.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "recs/evaluation/baskets_cases.h"
#include "recs/evaluation/sequence_format.h"
#include "recs/evaluation/taste_format.h"
#include "recs/evaluation/written_file_test.h"

namespace doorbuster::recs {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;

const std::string kHead = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";
const int64_t kSplit = *parse_shop_date("2011-06-01");

Result<ShopHistory> read(const std::string& lines) {
  const WrittenFile file("baskets", kHead + lines);
  return read_baskets(file.path(), kSplit);
}

std::string error_of(const std::string& lines) { return read(lines).error().message; }

TEST(BasketsFormatTest, lines_of_an_invoice_are_one_basket_and_a_customer_may_be_missing) {
  const auto shop = read(
      "1,A,\"LAMP, RED \"\"S\"\"\",2,2011-01-02 08:26:00,2.5,17,UK\r\n"
      "1,B,BOX,1,2011-01-02 08:26:00,1,17,UK\r\n"
      "1,A,LAMP,1,2011-01-02 08:26:00,2.5,17,UK\n"
      "2,B,BOX,1,1/1/2011 9:00,1,,UK\n");
  ASSERT_TRUE(shop.has_value());
  ASSERT_EQ(shop->baskets.size(), 2U);
  EXPECT_EQ(shop->baskets[0].invoice, "2") << "it was the earlier one";
  EXPECT_EQ(shop->baskets[0].customer, kNoCustomer);
  EXPECT_THAT(shop->baskets[1].items, ElementsAre(0, 1));
  EXPECT_EQ(shop->items[0].text, "LAMP, RED \"S\"");
  EXPECT_EQ(shop->customers, 1U);
}

TEST(BasketsFormatTest, a_cancellation_takes_back_from_the_newest_baskets_of_its_customer) {
  const auto shop = read(
      "1,A,,5,2011-01-02,1,17,\n1,B,,1,2011-01-02,1,17,\n"
      "2,A,,2,2011-02-02,1,17,\n2,B,,1,2011-02-02,1,17,\n"
      "3,A,,9,2011-02-02,1,18,\n"
      "C4,A,,-3,2011-03-02,1,17,\n");
  ASSERT_TRUE(shop.has_value());
  EXPECT_THAT(shop->baskets[0].items, ElementsAre(0, 1)) << "of five four are left";
  EXPECT_THAT(shop->baskets[1].items, ElementsAre(1));
  EXPECT_THAT(shop->baskets[2].items, ElementsAre(0)) << "another customer's";
  EXPECT_EQ(shop->taken_back, 1U);
}

TEST(BasketsFormatTest, what_is_cancelled_after_the_split_is_not_known_before_it) {
  const auto shop = read("1,A,,1,2011-01-02,1,17,\nC4,A,,-1,2011-06-02,1,17,\n");
  EXPECT_EQ(shop->baskets.size(), 1U);
  EXPECT_EQ(shop->cancelled_lines, 1U);
}

TEST(BasketsFormatTest, a_correction_of_the_stock_is_no_purchase) {
  const auto shop = read("1,A,,1,2011-01-02,1,17,\n2,A,damaged,-40,2011-01-03,0,,\n");
  EXPECT_EQ(shop->baskets.size(), 1U);
  EXPECT_EQ(shop->other_lines, 1U);
}

TEST(BasketsFormatTest, errors_name_the_line) {
  EXPECT_THAT(error_of("1,A,,1,2011-01-02,1,17,\n2,A,,x,2011-01-03,1,,\n"),
              EndsWith(":3: the quantity is not a whole number"));
  EXPECT_THAT(error_of("1,A,\"LAMP,1,2011-01-02,1,17,\n"), EndsWith(":2: a quote is not closed"));
  EXPECT_THAT(error_of("1,A,,1\n"), EndsWith(":2: 4 fields, and the first line has 8"));
  EXPECT_THAT(error_of("1,A,,1,2011-13-02,1,17,\n"), HasSubstr(":2: '2011-13-02' is no date"));
  EXPECT_THAT(error_of(",A,,1,2011-01-02,1,17,\n"), HasSubstr(":2: the invoice or the item"));
  EXPECT_THAT(error_of("1,A,,1,2011-01-02,dear,17,\n"), EndsWith(":2: the price is no number"));
  const WrittenFile file("baskets", "InvoiceNo,StockCode\n");
  EXPECT_THAT(read_baskets(file.path(), 0).error().message, EndsWith(":1: no column is named Quantity"));
}

TEST(BasketsFormatTest, dates_are_read_in_both_ways_of_the_set_and_no_other) {
  EXPECT_EQ(*parse_shop_date("1970-01-02"), 86'400);
  EXPECT_EQ(*parse_shop_date("1970-01-01T01:02:03"), 3'723);
  EXPECT_EQ(*parse_shop_date("12/1/2010 8:26"), *parse_shop_date("2010-12-01 08:26:00"));
  for (const char* wrong : {"", "2011", "2011-02-30", "yesterday", "2011-01-01 25:00:00"}) {
    EXPECT_FALSE(parse_shop_date(wrong).has_value()) << wrong;
  }
}

TEST(BasketsFormatTest, of_a_later_basket_one_item_is_hidden_and_earlier_ones_are_the_customers_history) {
  const auto shop = read(
      "1,A,,1,2011-01-02,1,17,\n1,B,,1,2011-01-02,1,17,\n2,A,,1,2011-07-02,1,17,\n2,C,,1,2011-07-02,1,17,\n"
      "3,C,,1,2011-07-03,1,17,\n");
  const size_t train = baskets_before(*shop, kSplit);
  EXPECT_EQ(train, 1U);
  const auto cases = basket_cases(*shop, {.begin = train, .end = 3, .known_baskets = train});
  ASSERT_EQ(cases.size(), 1U) << "a basket of one item hides nothing";
  EXPECT_EQ(cases[0].given.size(), 1U);
  EXPECT_NE(cases[0].given, cases[0].wanted);
  EXPECT_THAT(cases[0].history, ElementsAre(0, 1));
  const auto again = basket_cases(*shop, {.begin = train, .end = 3, .known_baskets = train});
  EXPECT_EQ(again[0].wanted, cases[0].wanted);
}

TEST(TasteFormatTest, a_user_a_line_with_no_item_twice) {
  const WrittenFile file("taste", "ann 3 4\t3\n\nbob 4\n");
  ItemNames users, items;
  const auto read = read_taste(file.path(), users, items);
  ASSERT_TRUE(read.has_value());
  EXPECT_THAT(read->lists[0], ElementsAre(0, 1));
  EXPECT_THAT(read->lists[1], ElementsAre(1));
}

TEST(TasteFormatTest, errors_name_the_line) {
  ItemNames users, items;
  const WrittenFile alone("taste", "ann 3\nbob\n"), twice("taste2", "ann 3\nann 4\n"), empty("taste3", "");
  EXPECT_THAT(read_taste(alone.path(), users, items).error().message, EndsWith(":2: the user has no items"));
  EXPECT_THAT(read_taste(twice.path(), users, items).error().message, EndsWith(":2: the user ann has a line already"));
  EXPECT_THAT(read_taste(empty.path(), users, items).error().message, HasSubstr("has no users"));
}

TEST(SequenceFormatTest, attributes_are_read_from_lines_and_from_json) {
  const WrittenFile sequences("sequences", "ann a b a\n"), lines("lines", "a red 7\nx blue\n"),
      json("json", "{\"a\": [\"red\", 7], \"x\": []}"), wrong("wrong", "a red\n{\"b\": 3}\n");
  ItemNames items;
  const auto read = read_sequences(sequences.path(), items);
  EXPECT_THAT((*read)[0], ElementsAre(0, 1, 0));
  for (const WrittenFile* file : {&lines, &json}) {
    const auto attributes = read_attributes(file->path(), items);
    ASSERT_TRUE(attributes.has_value());
    EXPECT_THAT((*attributes)[0], ElementsAre("red", "7"));
    EXPECT_TRUE((*attributes)[1].empty());
  }
  EXPECT_THAT(read_attributes(wrong.path(), items).error().message, EndsWith(":2: the attributes of b are no list"));
}

}  // namespace
}  // namespace doorbuster::recs
