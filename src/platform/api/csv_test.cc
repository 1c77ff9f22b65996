#include "platform/api/csv.h"

#include <gtest/gtest.h>

namespace doorbuster::platform {
namespace {

std::string field(std::string_view text) {
  std::string out;
  CsvWriter(out).field(text);
  return out;
}

TEST(Csv, separates_fields_by_commas_and_ends_rows_as_the_rfc_says) {
  std::string out;
  CsvWriter csv(out);
  csv.field("a").field(7).field(std::optional<Timestamp>()).field(std::optional(Timestamp::from_micros(0))).end_row();
  csv.field(std::optional<std::string_view>()).field(-1).end_row();
  EXPECT_EQ(out, "a,7,,1970-01-01T00:00:00.000Z\r\n,-1\r\n");
}

TEST(Csv, quotes_what_would_end_a_field) {
  EXPECT_EQ(field("plain text; all right"), "plain text; all right");
  EXPECT_EQ(field("a,b"), "\"a,b\"");
  EXPECT_EQ(field("say \"hi\""), "\"say \"\"hi\"\"\"");
  EXPECT_EQ(field("two\r\nlines"), "\"two\r\nlines\"");
}

TEST(Csv, makes_text_of_what_a_spreadsheet_would_calculate) {
  EXPECT_EQ(field("=1+1"), "\"'=1+1\"");
  EXPECT_EQ(field("=cmd|' /C calc'!\"A0\""), "\"'=cmd|' /C calc'!\"\"A0\"\"\"");
  for (const char first : std::string_view("+-@\t\r")) {
    const std::string text = std::string(1, first) + "x";
    EXPECT_EQ(field(text), "\"'" + text + "\"");
  }
  EXPECT_EQ(field("a=1"), "a=1");
}

}  // namespace
}  // namespace doorbuster::platform
