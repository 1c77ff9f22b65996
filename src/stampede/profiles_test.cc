#include "stampede/profiles.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace doorbuster::stampede {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr RequestParts kJoin{.method = "POST",
                             .path = "/api/v1/sales/drop/queue",
                             .host = "127.0.0.1:8080",
                             .bearer = "token",
                             .cookie = "doorbuster-guest=x",
                             .idempotency_key = "key",
                             .solution = "solution",
                             .page = "first=1830,moves=41,keys=3,touches=0,focus=1"};

TEST(Profiles, are_found_by_their_names) {
  for (size_t i = 0; i < kProfileNames.size(); ++i) EXPECT_EQ(profile_named(kProfileNames[i]), static_cast<Profile>(i));
  EXPECT_EQ(profile_named("mosaic"), std::nullopt);
}

TEST(Profiles, all_carry_what_a_request_needs) {
  for (size_t i = 0; i < kProfileNames.size(); ++i) {
    const std::string request = write_request(static_cast<Profile>(i), kJoin);
    EXPECT_THAT(request, StartsWith("POST /api/v1/sales/drop/queue HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n"));
    for (const char* field :
         {"\r\nAuthorization: Bearer token\r\n", "\r\nCookie: doorbuster-guest=x\r\n", "\r\nIdempotency-Key: key\r\n",
          "\r\nAltcha: solution\r\n", "\r\nContent-Length: 0\r\n",
          "\r\nDoorbuster-Page: first=1830,moves=41,keys=3,touches=0,focus=1\r\n", "\r\nUser-Agent: "})
      EXPECT_THAT(request, HasSubstr(field)) << kProfileNames[i];
    EXPECT_TRUE(request.ends_with("\r\n\r\n"));
  }
}

TEST(Profiles, leave_out_what_a_request_has_not) {
  const std::string request =
      write_request(Profile::kChromiumPhone, {.path = "/api/v1/sales/drop", .host = "127.0.0.1:1"});
  for (const char* field :
       {"Authorization", "Cookie", "Altcha", "Content-Length", "Content-Type", "Origin", "Doorbuster-Page"})
    EXPECT_THAT(request, Not(HasSubstr(field)));
}

TEST(Profiles, send_client_hints_where_the_browser_does_and_in_its_order) {
  const std::string chromium = write_request(Profile::kChromiumDesktop, kJoin);
  const std::string firefox = write_request(Profile::kFirefox, kJoin);
  EXPECT_THAT(chromium, HasSubstr("sec-ch-ua-mobile: ?0"));
  EXPECT_THAT(write_request(Profile::kChromiumPhone, kJoin), HasSubstr("sec-ch-ua-mobile: ?1"));
  EXPECT_THAT(firefox, Not(HasSubstr("sec-ch-ua")));
  EXPECT_LT(chromium.find("Sec-Fetch-Site"), chromium.find("Accept-Encoding"));
  EXPECT_GT(firefox.find("Sec-Fetch-Site"), firefox.find("Accept-Encoding"));
  EXPECT_THAT(write_request(Profile::kCurl, kJoin), Not(HasSubstr("Sec-Fetch")));
}

TEST(Profiles, send_a_body_with_its_length) {
  const std::string request = write_request(
      Profile::kSafari, {.method = "POST", .path = "/pay/1", .host = "h", .content_type = "text/plain", .body = "abc"});
  EXPECT_THAT(request, HasSubstr("\r\nContent-Length: 3\r\n"));
  EXPECT_TRUE(request.ends_with("\r\n\r\nabc"));
}

}  // namespace
}  // namespace doorbuster::stampede
