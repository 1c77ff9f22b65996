// Statistics of short links over real sockets.
#include <gmock/gmock.h>

#include "links/service_fixture.h"

namespace doorbuster::links {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

TEST_F(LinksServiceTest, counts_who_came_and_nobody_who_only_looked) {
  create(R"("custom_alias":"mail")");
  visit("mail");
  visit("mail", std::string(kPerson) + "Referer: https://WWW.News.example/page?q=1\r\n");
  visit("mail", "User-Agent: Googlebot/2.1\r\n");
  EXPECT_THAT(visit("mail", std::string(kPerson) + "Sec-Purpose: prefetch\r\n"), StartsWith("HTTP/1.1 301 "));
  EXPECT_THAT(ask("HEAD /mail", kPerson), StartsWith("HTTP/1.1 301 "));
  const std::string seen = counted("mail", R"("total_clicks":3)");
  EXPECT_THAT(seen, HasSubstr(R"("people":2,"bots":1)"));
  EXPECT_THAT(seen, HasSubstr(R"({"date":"2026-11-27","clicks":3,"people":2,"bots":1})"));
  EXPECT_THAT(seen, HasSubstr(R"("top_referrers":[{"referrer":"news.example","clicks":1,"clicks_min":1}])"));
  EXPECT_THAT(seen, HasSubstr(R"("browsers":{"program":1,"firefox":2},"systems":{"unknown":1,"linux":2})"));
  EXPECT_THAT(seen, HasSubstr(R"("devices":{"desktop":2,"tool":1})"));
  EXPECT_THAT(seen, HasSubstr(R"("unique_clicks":{"visitors":1,"error":0,"clicks_not_told_apart":0})"));
  EXPECT_THAT(seen, HasSubstr(R"("no_referrer":2)"));
  EXPECT_THAT(seen, HasSubstr(R"("geographic_distribution":{"ZZ":3})"));
  EXPECT_THAT(as_operator("GET /api/v1/analytics/mail?from=2026-11-28"), HasSubstr(R"("clicks_by_date":[])"));
  EXPECT_THAT(as_operator("GET /api/v1/analytics/mail?from=tomorrow"), StartsWith("HTTP/1.1 400 "));
}

TEST_F(LinksServiceTest, tells_days_and_hours_by_the_clocks_that_it_is_asked_for) {
  create(R"("custom_alias":"mail")");
  visit("mail");  // at ten
  counted("mail", R"("total_clicks":1)");
  clock_.pass(Duration::seconds(13 * 3'600 + 1'800));
  visit("mail");  // at half past eleven in the evening
  counted("mail", R"("total_clicks":2)");
  const std::string berlin = as_operator("GET /api/v1/analytics/mail?tz=Europe%2FBerlin&unit=hour&from=2026-11-28");
  EXPECT_THAT(berlin, HasSubstr(R"("time_zone":"Europe/Berlin")"));
  EXPECT_THAT(berlin, HasSubstr(R"("clicks_by_date":[{"date":"2026-11-28","clicks":1,"people":1,"bots":0}])"));
  EXPECT_THAT(berlin, HasSubstr(R"("clicks_by_hour":[{"hour":"2026-11-28T00:00:00+01:00","clicks":1,)"));
  const std::string newfoundland = as_operator("GET /api/v1/analytics/mail?tz=America/St_Johns&unit=hour");
  EXPECT_THAT(newfoundland, HasSubstr(R"({"date":"2026-11-27","clicks":2)"));
  EXPECT_THAT(newfoundland, HasSubstr(R"("hour":"2026-11-27T06:00:00-03:30")"));
  EXPECT_THAT(as_operator("GET /api/v1/analytics/mail"), Not(HasSubstr("clicks_by_hour")));
  for (const std::string wrong : {"tz=Mars/Olympus", "tz=..%2Fetc", "tz=", "unit=minute"})
    EXPECT_THAT(as_operator("GET /api/v1/analytics/mail?" + wrong), StartsWith("HTTP/1.1 400 ")) << wrong;
}

TEST_F(LinksServiceTest, counts_people_once_and_not_at_all_who_ask_not_to_be_tracked) {
  create(R"("custom_alias":"mail")");
  const std::string other = "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:151.0) Gecko/20100101 Firefox/151.0\r\n";
  for (int i = 0; i < 3; ++i) visit("mail");
  visit("mail", other);
  visit("mail", std::string(kPerson) + "Sec-GPC: 1\r\n");
  visit("mail", other + "DNT: 1\r\n");
  visit("mail", "User-Agent: Googlebot/2.1\r\n");
  EXPECT_THAT(counted("mail", R"("total_clicks":7)"),
              HasSubstr(R"("unique_clicks":{"visitors":2,"error":0,"clicks_not_told_apart":2})"));
  clock_.pass(Duration::seconds(86'400));
  visit("mail");
  EXPECT_THAT(counted("mail", R"("total_clicks":8)"), HasSubstr(R"("visitors":3)")) << "with another day's key";
}

}  // namespace
}  // namespace doorbuster::links
