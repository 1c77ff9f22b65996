#include "auth/aws_signature.h"

#include <gtest/gtest.h>

#include <vector>

namespace doorbuster::auth {
namespace {

// Of AWS's own test suite for Signature Version 4: "get-vanilla" and "post-vanilla".
constexpr std::string_view kSecret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
constexpr std::string_view kGetSignature = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31";
constexpr std::string_view kPostSignature = "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b";

std::string authorization_with(std::string_view signature) {
  return "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
         "SignedHeaders=host;x-amz-date, Signature=" +
         std::string(signature);
}

using Headers = std::vector<std::pair<std::string_view, std::string_view>>;
const Headers kHeaders = {{"Host", "example.amazonaws.com"}, {"X-Amz-Date", "20150830T123600Z"}, {"Accept", "*/*"}};

std::optional<AwsRefusal> refused(std::string_view method, std::string_view signature, std::string_view body = {},
                                  Duration later = {}, const Headers& headers = kHeaders,
                                  std::string_view secret = kSecret) {
  const std::string text = authorization_with(signature);
  const auto authorization = parse_aws_authorization(text);
  if (!authorization) return AwsRefusal::kSignature;
  const Timestamp now = *parse_rfc3339("2015-08-30T12:36:00Z") + later;
  return refuse_aws_request({.method = method, .path = "/", .headers = headers, .body = body}, *authorization, secret,
                            now);
}

TEST(AwsSignatureTest, requests_of_its_own_test_suite_fit) {
  EXPECT_EQ(refused("GET", kGetSignature), std::nullopt);
  EXPECT_EQ(refused("POST", kPostSignature), std::nullopt);
}

TEST(AwsSignatureTest, what_was_changed_does_not_fit) {
  EXPECT_EQ(refused("POST", kGetSignature), AwsRefusal::kSignature);
  EXPECT_EQ(refused("POST", kPostSignature, "{}"), AwsRefusal::kSignature);
  EXPECT_EQ(refused("GET", kGetSignature, "", {}, kHeaders, "another"), AwsRefusal::kSignature);
  Headers elsewhere = kHeaders;
  elsewhere[0].second = "example.com";
  EXPECT_EQ(refused("GET", kGetSignature, "", {}, elsewhere), AwsRefusal::kSignature);
  EXPECT_EQ(refused("GET", kGetSignature, "", {}, {kHeaders[1]}), AwsRefusal::kSignature) << "no host";
  std::string other(kGetSignature);
  other.back() = other.back() == '0' ? '1' : '0';
  EXPECT_EQ(refused("GET", other), AwsRefusal::kSignature);
}

TEST(AwsSignatureTest, it_is_good_for_a_quarter_of_an_hour) {
  EXPECT_EQ(refused("GET", kGetSignature, "", Duration::seconds(900)), std::nullopt);
  EXPECT_EQ(refused("GET", kGetSignature, "", Duration::seconds(901)), AwsRefusal::kTime);
  EXPECT_EQ(refused("GET", kGetSignature, "", Duration::seconds(-900)), std::nullopt);
  EXPECT_EQ(refused("GET", kGetSignature, "", Duration::seconds(-901)), AwsRefusal::kTime);
}

TEST(AwsSignatureTest, host_and_time_have_to_be_signed) {
  const std::string text =
      "AWS4-HMAC-SHA256 Credential=A/20150830/us-east-1/service/aws4_request,SignedHeaders=accept,Signature=" +
      std::string(kGetSignature);
  const auto authorization = parse_aws_authorization(text);
  ASSERT_TRUE(authorization);
  EXPECT_EQ(authorization->key_id, "A");
  EXPECT_EQ(refuse_aws_request({.method = "GET", .path = "/", .headers = kHeaders, .body = ""}, *authorization, kSecret,
                               *parse_rfc3339("2015-08-30T12:36:00Z")),
            AwsRefusal::kSignature);
}

TEST(AwsSignatureTest, other_headers_are_none) {
  for (const std::string_view text :
       {"", "Bearer dbk_x", "AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256 Credential=A/20150830/r/s/aws4_request",
        "AWS4-HMAC-SHA256 Credential=A/2015/r/s/aws4_request, SignedHeaders=host, Signature=00"})
    EXPECT_FALSE(parse_aws_authorization(text)) << text;
}

}  // namespace
}  // namespace doorbuster::auth
