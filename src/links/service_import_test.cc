// Links that come from elsewhere, over real sockets.
#include <gmock/gmock.h>

#include "base/file.h"
#include "links/service_fixture.h"

namespace doorbuster::links {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class LinksImportTest : public LinksServiceTest {
 protected:
  std::string import_of(const std::string& query, const std::string& body, std::string_view fields = {}) {
    return as_operator("POST /api/v1/urls/import?" + query, body, fields);
  }
  std::string import_file(const std::string& query, const char* name) {
    return import_of(query, read_file(std::string(LINK_IMPORTS "/") + name, 1 << 20).value());
  }
};

TEST_F(LinksImportTest, keeps_codes_dates_and_counts) {
  const std::string report = import_file("format=shlink&domain=s.example", "shlink.json");
  EXPECT_THAT(report, StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(report, HasSubstr(R"("rows":6,"created":3,"already_there":0,"refused":2,"conflicts":0,"left_out":1,)"
                                R"("clicks":1215,"domains":{"links.example":1,"s.example":5})"));
  EXPECT_THAT(report, HasSubstr(R"({"row":2,"status":400,"detail":"its code 'blog/2021/🎉' must be 1 to 64 letters)"));
  EXPECT_THAT(
      report,
      HasSubstr(R"({"row":3,"status":201,"short_code":"rules","domain":null,"warnings":["its rules for devices)"));
  EXPECT_THAT(report,
              HasSubstr(R"({"row":5,"status":400,"short_code":"open-it","domain":null,"detail":"its long URL must )"));
  EXPECT_THAT(visit("aB3xZ"), HasSubstr("\r\nLocation: https://shop.example/spring?utm_source=mail#top\r\n"));
  EXPECT_THAT(visit("aB3xZ?to=mind"),
              HasSubstr("\r\nLocation: https://shop.example/spring?utm_source=mail&to=mind#top\r\n"));
  const std::string link = as_operator("GET /api/v1/urls/aB3xZ");
  EXPECT_THAT(link, HasSubstr(R"("created_at":"2021-03-14T08:26:53.000Z")"));
  EXPECT_THAT(link, HasSubstr(R"("tags":["mail","spring"])"));
  const std::string seen = counted("aB3xZ", R"("total_clicks":1207)");
  EXPECT_THAT(seen, HasSubstr(R"("people":1102,"bots":105,"imported":{"clicks":1205,"people":1100,"bots":105,)"
                              R"("without_date":1205})"));
  EXPECT_THAT(seen, HasSubstr(R"("clicks_by_date":[{"date":"2026-11-27","clicks":2,"people":2,"bots":0}])"));
  EXPECT_THAT(seen, HasSubstr(R"("unique_clicks":{"visitors":1,"error":0,"clicks_not_told_apart":1100})"));
  EXPECT_THAT(seen, HasSubstr(R"("first_at":"2026-11-27T10:00:00.000Z")")) << "of clicks here";
}

TEST_F(LinksImportTest, goes_on_with_the_visits_that_a_link_may_have) {
  import_file("format=shlink", "shlink.json");  // seven of ten
  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(visit("few"), StartsWith("HTTP/1.1 301 "));
  }
  EXPECT_THAT(visit("few"), StartsWith("HTTP/1.1 410 "));
}

TEST_F(LinksImportTest, takes_nothing_twice_and_nothing_for_another) {
  import_file("format=yourls", "yourls.json");
  EXPECT_THAT(import_file("format=yourls", "yourls.json"),
              HasSubstr(R"("created":0,"already_there":3,"refused":0,"conflicts":0,"left_out":0,"clicks":0,)"));
  counted("ozh", R"("total_clicks":1337)");
  const std::string other =
      import_of("format=yourls", R"([{"shorturl":"http://sho.example/ozh","url":"http://a.example/"},
      {"shorturl":"http://sho.example/new","url":"http://a.example/","clicks":2},
      {"shorturl":"http://sho.example/new","url":"http://b.example/","clicks":3}])");
  EXPECT_THAT(other, HasSubstr(R"("created":1,"already_there":0,"refused":0,"conflicts":2,)"));
  EXPECT_THAT(
      other,
      HasSubstr(R"({"row":0,"status":409,"short_code":"ozh","domain":null,"detail":"a link with this code leads to )"
                R"(http://ozh.example/?a=1&b=2")"));
  EXPECT_THAT(other, HasSubstr(R"({"row":2,"status":409,"short_code":"new")"));
  counted("new", R"("total_clicks":2,)");
  EXPECT_THAT(visit("1"), StartsWith("HTTP/1.1 301 ")) << "short as it is";
}

TEST_F(LinksImportTest, only_says_what_would_come_of_it) {
  const std::string report = import_file("format=bitly&dry_run=true", "bitly.json");
  EXPECT_THAT(report, HasSubstr(R"("dry_run":true,"rows":2,"created":3,)"));
  EXPECT_THAT(report, HasSubstr(R"("clicks":12,)"));
  EXPECT_THAT(visit("spring-sale"), StartsWith("HTTP/1.1 404 "));
  EXPECT_THAT(import_file("format=bitly", "bitly.json"), HasSubstr(R"("created":3,)"));
  EXPECT_THAT(visit("spring-sale"), StartsWith("HTTP/1.1 301 "));
  const std::string seen = counted("3xYzAbC", R"("total_clicks":12,)");
  EXPECT_THAT(seen, HasSubstr(R"({"date":"2019-08-24","clicks":5,"people":5,"bots":0})"));
  EXPECT_THAT(seen, HasSubstr(R"("without_date":4)"));
}

TEST_F(LinksImportTest, opens_no_link_that_was_closed_unless_it_is_asked_to) {
  const std::string report = import_file("format=kutt", "kutt.json");
  EXPECT_THAT(report, HasSubstr(R"("created":2,"already_there":0,"refused":2,)"));
  EXPECT_THAT(report, HasSubstr("with allow=without-password it is taken, open to everybody"));
  EXPECT_THAT(report, HasSubstr("it was banned there"));
  EXPECT_THAT(visit("secret"), StartsWith("HTTP/1.1 404 "));
  EXPECT_THAT(visit("over"), StartsWith("HTTP/1.1 410 "));
  const std::string open = import_file("format=kutt&allow=without-password", "kutt.csv");
  EXPECT_THAT(open, HasSubstr(R"("created":1,"already_there":1,"refused":1,)"));
  EXPECT_THAT(open, HasSubstr("it had a password, which is not taken"));
  EXPECT_THAT(visit("secret"), StartsWith("HTTP/1.1 301 "));
  EXPECT_THAT(visit("bad"), StartsWith("HTTP/1.1 404 "));
}

TEST_F(LinksImportTest, remembers_a_request_under_its_key) {
  const std::string body = R"([{"key":"a1","url":"https://shop.example/","clicks":3}])";
  const std::string first = import_of("format=dub", body, "Idempotency-Key: one\r\n");
  EXPECT_THAT(first, HasSubstr(R"("created":1,)"));
  EXPECT_THAT(import_of("format=dub", body, "Idempotency-Key: one\r\n"), HasSubstr(R"("created":1,)"));
  EXPECT_THAT(import_of("format=dub", "[]", "Idempotency-Key: one\r\n"), StartsWith("HTTP/1.1 422 "));
  EXPECT_THAT(counted("a1", R"("total_clicks":3,)"), HasSubstr(R"("total_clicks":3,)"));
}

TEST_F(LinksImportTest, says_what_is_wrong_with_the_request) {
  EXPECT_THAT(import_of("format=tinyurl", "[]"), HasSubstr("format is shlink, kutt, yourls, bitly, dub or csv."));
  EXPECT_THAT(import_of("format=dub&dry_run=perhaps", "[]"), StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(import_of("format=dub&tz=Europe/Nowhere", "[]"), StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(import_of("format=dub&allow=all", "[]"), StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(import_of("format=dub", "[{"), HasSubstr("the JSON ends in the middle"));
  EXPECT_THAT(import_of("format=dub", "a,b\n1,2\n"), HasSubstr("the table's first line has to name its columns"));
  EXPECT_THAT(ask("POST /api/v1/urls/import?format=dub", {}, "[]"), StartsWith("HTTP/1.1 401 "));
}

}  // namespace
}  // namespace doorbuster::links
