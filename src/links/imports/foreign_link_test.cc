// What is read of files as other products write them (tests/links/imports/).
#include "links/imports/foreign_link.h"

#include <gtest/gtest.h>

#include "base/file.h"
#include "links/views/clicks_by_time.h"

namespace doorbuster::links {
namespace {

std::vector<ForeignLink> links_of(Product product, std::string_view content, const TimeZone& zone = {}) {
  std::vector<ImportRow> rows;
  ImportRows reader(product, [&](ImportRow&& row) { rows.push_back(std::move(row)); });
  EXPECT_TRUE(reader.feed(content).has_value());
  EXPECT_TRUE(reader.finish().has_value());
  std::optional<ForeignColumns> columns;
  if (const CsvRecord* head = reader.head()) columns = ForeignColumns::of(product, head->fields).value();
  std::vector<ForeignLink> links;
  for (const ImportRow& row : rows) {
    auto link = columns ? columns->read(row.fields, zone) : read_foreign_json(product, row.text, zone);
    EXPECT_TRUE(link.has_value()) << link.error().message;
    if (link) links.push_back(*std::move(link));
  }
  return links;
}
std::vector<ForeignLink> file(Product product, const char* name, const TimeZone& zone = {}) {
  return links_of(product, read_file(std::string(LINK_IMPORTS "/") + name, 1 << 20).value(), zone);
}
std::string refusal(Product product, std::string_view row) {
  const auto link = read_foreign_json(product, row, {});
  return link ? "taken" : link.error().message;
}

Timestamp at(std::string_view text) { return parse_rfc3339(text).value(); }
std::vector<ImportedDay> without_day(uint64_t people, uint64_t bots = 0) { return {{.by_visitor = {people, bots}}}; }
using Lacks = std::vector<Lack>;
using Texts = std::vector<std::string>;

TEST(ForeignLink, of_shlink) {
  const auto links = file(Product::kShlink, "shlink.json");
  ASSERT_EQ(links.size(), 6U);
  EXPECT_EQ(links[0].code, "aB3xZ");
  EXPECT_EQ(links[0].domain, "s.example");
  EXPECT_EQ(links[0].long_url, "https://shop.example/spring?utm_source=mail#top");
  EXPECT_EQ(links[0].title, "Spring \"sale\"\nline two — ☀");
  EXPECT_EQ(links[0].tags, (Texts{"mail", "spring"}));
  EXPECT_EQ(links[0].created_at, at("2021-03-14T08:26:53Z"));
  EXPECT_EQ(links[0].clicks, without_day(1'100, 105));
  EXPECT_TRUE(links[0].forward_query);
  EXPECT_EQ(links[0].lacks, Lacks{});
  EXPECT_FALSE(links[1].forward_query);
  EXPECT_EQ(links[1].valid_since, at("2021-03-01T00:00:00Z"));
  EXPECT_EQ(links[1].expires_at, at("2030-12-31T22:00:00Z"));
  EXPECT_EQ(links[1].visits_max, 10U);
  EXPECT_EQ(links[1].visits_used, 7U);
  EXPECT_EQ(links[2].code, "blog/2021/🎉");
  EXPECT_EQ(links[3].lacks, Lacks{Lack::kRules});
  EXPECT_EQ(links[4].domain, "links.example");
}

TEST(ForeignLink, of_shlinks_tables) {
  const auto exported = file(Product::kShlink, "shlink.csv");
  ASSERT_EQ(exported.size(), 2U);
  EXPECT_EQ(exported[0].code, "aB3xZ");
  EXPECT_EQ(exported[0].title, "Spring \"sale\"\nline two — ☀");
  EXPECT_EQ(exported[0].tags, (Texts{"mail", "spring"}));
  EXPECT_EQ(exported[0].clicks, without_day(1'205));
  const auto to_import = file(Product::kShlink, "shlink-importer.csv");
  ASSERT_EQ(to_import.size(), 1U);
  EXPECT_EQ(to_import[0].code, "from-csv");
  EXPECT_EQ(to_import[0].tags, (Texts{"b", "c"}));
  EXPECT_EQ(to_import[0].created_at, std::nullopt);
}

TEST(ForeignLink, of_kutt) {
  for (const char* name : {"kutt.json", "kutt.csv"}) {
    const auto links = file(Product::kKutt, name);
    ASSERT_GE(links.size(), 3U) << name;
    EXPECT_EQ(links[0].code, "Xk3p");
    EXPECT_EQ(links[0].long_url, "https://shop.example/kutt");
    EXPECT_EQ(links[0].clicks, without_day(42));
    EXPECT_EQ(links[0].lacks, Lacks{});
    EXPECT_EQ(links[1].title, "For members");
    EXPECT_EQ(links[1].lacks, Lacks{Lack::kPassword}) << name;
    EXPECT_EQ(links[1].created_at->micros() / 1'000'000, at("2020-07-30T20:31:54Z").micros() / 1'000'000) << name;
    EXPECT_FALSE(links[1].is_banned);
    EXPECT_TRUE(links[2].is_banned) << name;
  }
  const auto links = file(Product::kKutt, "kutt.json");
  EXPECT_EQ(links[0].domain, "kutt.example");
  EXPECT_EQ(links[3].expires_at, at("2021-01-01T00:00:00Z"));
}

TEST(ForeignLink, of_yourls_whose_times_are_some_zones) {
  for (const char* name : {"yourls.json", "yourls.csv"}) {
    const auto links = file(Product::kYourls, name);
    ASSERT_GE(links.size(), 2U) << name;
    EXPECT_EQ(links[0].code, "ozh");
    EXPECT_EQ(links[0].long_url, "http://ozh.example/?a=1&b=2");
    EXPECT_EQ(links[0].created_at, at("2009-08-22T22:25:00Z"));
    EXPECT_EQ(links[0].clicks, without_day(1'337));
    EXPECT_EQ(links[1].code, "1");
    EXPECT_EQ(links[1].title, "") << name;
    EXPECT_EQ(links[1].clicks, std::vector<ImportedDay>()) << name;
  }
  EXPECT_EQ(file(Product::kYourls, "yourls.csv")[0].title, "Ozh's, \"page\"\r\nof two lines");
  const auto in_berlin = file(Product::kYourls, "yourls.json", TimeZone::load("Europe/Berlin").value());
  EXPECT_EQ(in_berlin[0].created_at, at("2009-08-22T20:25:00Z"));
  EXPECT_EQ(
      read_foreign_json(Product::kYourls, R"({"shorturl":"http://a.example/s/x","url":"http://b","clicks":7})", {})
          .value()
          .clicks,
      without_day(7))
      << "a number, as newer versions write it";
}

TEST(ForeignLink, of_bitly_may_have_several_codes_and_clicks_by_day) {
  const auto links = file(Product::kBitly, "bitly.json");
  ASSERT_EQ(links.size(), 2U);
  EXPECT_EQ(links[0].code, "3xYzAbC");
  EXPECT_EQ(links[0].more_codes, Texts{"spring-sale"});
  EXPECT_EQ(links[0].domain, "bit.ly");
  EXPECT_EQ(links[0].created_at, at("2019-08-24T14:15:22Z"));
  const std::vector<ImportedDay> days = {{.day = *day_named("2019-08-25"), .by_visitor = {3, 0}},
                                         {.day = *day_named("2019-08-24"), .by_visitor = {5, 0}},
                                         {.by_visitor = {4, 0}}};
  EXPECT_EQ(links[0].clicks, days);
  EXPECT_EQ(links[1].domain, "go.brand.example");
  EXPECT_EQ(links[1].created_at, at("2020-02-29T21:59:59Z"));
  EXPECT_EQ(links[1].lacks, Lacks{Lack::kAppLinks});
  const auto table = file(Product::kBitly, "bitly.csv");
  ASSERT_EQ(table.size(), 1U);
  EXPECT_EQ(table[0].code, "spring-sale");
  EXPECT_EQ(table[0].more_codes, Texts{"3xYzAbC"});
  EXPECT_EQ(table[0].tags, (Texts{"mail", "social"}));
  EXPECT_EQ(table[0].clicks, without_day(12));
}

TEST(ForeignLink, of_dub) {
  const auto links = file(Product::kDub, "dub.json");
  ASSERT_EQ(links.size(), 3U);
  EXPECT_EQ(links[0].code, "gh7");
  EXPECT_EQ(links[0].domain, "dub.example");
  EXPECT_EQ(links[0].tags, Texts{"news letter"});
  EXPECT_EQ(links[0].created_at, at("2023-09-01T12:34:56.789Z"));
  EXPECT_EQ(links[0].clicks, without_day(77));
  EXPECT_EQ(links[1].lacks, Lacks{Lack::kPassword});
  EXPECT_EQ(links[2].lacks, (Lacks{Lack::kRules, Lack::kVariants, Lack::kExpiredUrl}));
  const auto table = file(Product::kDub, "dub.csv");
  ASSERT_EQ(table.size(), 1U);
  EXPECT_EQ(table[0].code, "gh7");
  EXPECT_EQ(table[0].tags, (Texts{"news letter", "other"}));
  EXPECT_EQ(table[0].clicks, without_day(77));
}

TEST(ForeignLink, of_our_own_table) {
  const auto links = links_of(Product::kCsv,
                              "short_code,short_url,long_url,title,tags,created_at,valid_since,expires_at,max_visits,"
                              "redirect_status,sale,clicks,bots,clicks_by_date\r\n"
                              "a-1,https://go.example/a-1,https://shop.example/,\"'=1+1\",a b|c\\|d\\\\,"
                              "2026-11-27T10:00:00.123Z,,,50,307,ps5,10,2,2026-11-26:3:0|2026-11-27:1:2\r\n");
  ASSERT_EQ(links.size(), 1U);
  EXPECT_EQ(links[0].title, "=1+1") << "the guard against spreadsheets is gone";
  EXPECT_EQ(links[0].tags, (Texts{"a b", "c|d\\"}));
  EXPECT_EQ(links[0].created_at, at("2026-11-27T10:00:00.123Z"));
  EXPECT_EQ(links[0].visits_max, 50U);
  EXPECT_EQ(links[0].visits_used, 8U);
  EXPECT_EQ(links[0].redirect_status, 307);
  const std::vector<ImportedDay> days = {{.day = *day_named("2026-11-26"), .by_visitor = {3, 0}},
                                         {.day = *day_named("2026-11-27"), .by_visitor = {1, 2}},
                                         {.by_visitor = {4, 0}}};
  EXPECT_EQ(links[0].clicks, days);
  EXPECT_EQ(links[0].lacks, Lacks{Lack::kSale});
}

TEST(ForeignLink, says_what_is_wrong_with_it) {
  EXPECT_EQ(refusal(Product::kShlink, R"({"longUrl":"https://a.example"})"), "/shortCode: is missing: it is required");
  EXPECT_EQ(refusal(Product::kKutt, R"({"address":"a","target":"https://a.example","visit_count":-1})"),
            "/visit_count: -1 is too small: it must be from 0 to 1,000,000,000,000");
  EXPECT_EQ(refusal(Product::kYourls, R"({"shorturl":"a/b","url":"https://a.example","timestamp":"yesterday"})"),
            "/timestamp: 'yesterday' is no time such as 2026-11-27T10:00:00Z");
  EXPECT_EQ(refusal(Product::kDub, R"({"key":7,"url":"https://a.example"})"),
            "/key: must be a string, but is a whole number");
  const auto no_names = ForeignColumns::of(Product::kYourls, {"ozh", "http://ozh.org/", "1337"});
  EXPECT_EQ(
      no_names.error().message,
      "the table's first line has to name its columns, one for the code or the short URL among them; it says: ozh, "
      "http://ozh.org/, 1337");
  const auto columns = ForeignColumns::of(Product::kCsv, {"alias", "long_url", "clicks"}).value();
  EXPECT_EQ(columns.read({"a", "https://a.example"}, {}).error().message, "there are 2 fields in it, and 3 columns");
  EXPECT_EQ(columns.read({"a", "https://a.example", "1e3"}, {}).error().message,
            "the clicks: '1e3' is no number up to 1000000000000");
}

TEST(ForeignTime, is_read_as_any_of_them_writes_it) {
  const Timestamp moment = at("2026-11-27T10:00:00Z");
  for (const std::string_view text :
       {"2026-11-27T10:00:00Z", "2026-11-27 10:00:00", "2026-11-27T11:00:00+01:00", "2026-11-27T11:00:00+0100",
        "2026-11-27 05:00:00-05", "2026-11-27T10:00:00.000000000Z", "2026-11-27 10:00:00 UTC"})
    EXPECT_EQ(read_foreign_time(text, {}).value(), moment) << text;
  EXPECT_EQ(read_foreign_time("2026-11-27", {}).value(), at("2026-11-27T00:00:00Z"));
  const TimeZone new_york = TimeZone::load("America/New_York").value();
  EXPECT_EQ(read_foreign_time("2026-11-01 12:00:00", new_york).value(), at("2026-11-01T17:00:00Z"))
      << "that day's change";
  EXPECT_EQ(read_foreign_time("2026-11-01 00:30:00", new_york).value(), at("2026-11-01T04:30:00Z"));
  EXPECT_EQ(read_foreign_time("2026-11-01 00:30:00 UTC", new_york).value(), at("2026-11-01T00:30:00Z"));
  for (const std::string_view text :
       {"", "27.11.2026 10:00", "2026-11-27T10:00", "1606470000", "2026-11-27T10:00:00+1"})
    EXPECT_FALSE(read_foreign_time(text, {}).has_value()) << text;
}

}  // namespace
}  // namespace doorbuster::links
