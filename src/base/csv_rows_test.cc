#include "base/csv_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace doorbuster {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

struct Heard {
  std::vector<std::pair<uint64_t, std::vector<std::string>>> records;
  std::vector<std::pair<uint64_t, std::string>> refused;
  Result<void> ended;
};

// Fed so many bytes at once.
Heard hear(std::string_view text, size_t piece) {
  Heard heard;
  CsvRows rows([&](CsvRecord&& record) { heard.records.emplace_back(record.line, std::move(record.fields)); },
               [&](uint64_t line, const std::string& what) { heard.refused.emplace_back(line, what); });
  for (size_t at = 0; at < text.size() && heard.ended; at += piece) heard.ended = rows.feed(text.substr(at, piece));
  if (heard.ended) heard.ended = rows.finish();
  return heard;
}

using Fields = std::vector<std::string>;

TEST(CsvRowsTest, records_go_over_lines_in_quotes_and_say_where_they_begin) {
  for (const size_t piece : {1U, 2U, 7U, 1'000U}) {
    const Heard heard = hear("a;b\r\n\r\n\"x\r\ny\";\"2 \"\"\"\r\n3;\"\"\n4;5\"6\"", piece);
    EXPECT_TRUE(heard.ended.has_value());
    EXPECT_THAT(heard.records, ElementsAre(Pair(3, Fields{"x\r\ny", "2 \""}), Pair(5, Fields{"3", ""})));
    EXPECT_THAT(heard.refused, ElementsAre(Pair(6, HasSubstr("a quote stands within"))));
  }
}

TEST(CsvRowsTest, a_line_that_is_wrong_takes_none_of_the_others) {
  for (const size_t piece : {1U, 3U, 1'000U}) {
    const Heard heard = hear("a,b\n1,12\" pipe\n2,\"open\n3,\"c\" d\n4,e\n5,\"open too\n6,f\n", piece);
    EXPECT_TRUE(heard.ended.has_value());
    EXPECT_THAT(heard.records, ElementsAre(Pair(5, Fields{"4", "e"}), Pair(7, Fields{"6", "f"})));
    EXPECT_THAT(heard.refused, ElementsAre(Pair(2, HasSubstr("a quote")), Pair(3, HasSubstr("quotes")),
                                           Pair(4, HasSubstr("behind")), Pair(6, HasSubstr("the table ends within"))));
  }
}

TEST(CsvRowsTest, a_line_too_long_is_passed_over) {
  const std::string text = "a,b\n" + std::string(2 * kCsvRecordBytesMax + 5, 'x') + "\n1,2\n";
  for (const size_t piece : {1'000U, 1'000'000U}) {
    const Heard heard = hear(text, piece);
    EXPECT_THAT(heard.records, ElementsAre(Pair(3, Fields{"1", "2"})));
    EXPECT_THAT(heard.refused, ElementsAre(Pair(2, HasSubstr("longer than"))));
  }
}

TEST(CsvRowsTest, without_somebody_to_hear_of_it_the_first_wrong_line_ends_it) {
  size_t taken = 0;
  CsvRows rows([&](CsvRecord&&) { ++taken; });
  const auto fed = rows.feed("a,b\n1,2\n2,\"x\" y\n3,4\n");
  ASSERT_FALSE(fed.has_value());
  EXPECT_THAT(fed.error().message, HasSubstr("line 3: something stands behind"));
  EXPECT_EQ(taken, 1U);
}

}  // namespace
}  // namespace doorbuster
