#include "links/api/visitor.h"

#include <gtest/gtest.h>

#include "net/limits.h"

namespace doorbuster::links {
namespace {

// What a request with these fields says of whoever sent it.
template <class Ask>
auto of(const std::string& method, const std::string& fields, Ask&& ask) {
  std::string block = method;
  block.append(" /x HTTP/1.1\r\nHost: x\r\n").append(fields).append("\r\n");
  net::Head head;
  EXPECT_EQ(net::parse_head(block, net::Limits(), head), nullptr) << block;
  const net::PeerAddress peer;
  return ask(net::Request(head, "", peer));
}

class ClickReaderTest : public ::testing::Test {
 protected:
  Click read(const std::string& fields) {
    return of("GET", fields, [this](const net::Request& request) { return reader_.read(request, 7); });
  }

  const UserAgents agents_;
  const platform::OpenGate gate_;
  ClickReader reader_{agents_, gate_};
};

const std::string kChromeOnLinux =
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 "
    "Safari/537.36\r\n";

TEST_F(ClickReaderTest, says_who_comes_and_from_where) {
  for (int round = 0; round < 2; ++round) {  // the second time from memory
    const Click click = read(kChromeOnLinux + "Referer: https://news.example/\r\n");
    EXPECT_EQ(click, (Click{.link = 7,
                            .device = DeviceClass::kDesktop,
                            .referrer = "news.example",
                            .browser = Browser::kChrome,
                            .system = System::kLinux}));
    EXPECT_EQ(read("User-Agent: curl/8.14.1\r\n").visitor, Visitor::kBot);
    EXPECT_EQ(read("").visitor, Visitor::kBot) << "who says nothing";
  }
}

TEST_F(ClickReaderTest, believes_client_hints_before_the_user_agent) {
  const Click phone = read(kChromeOnLinux + "Sec-CH-UA-Mobile: ?1\r\nSec-CH-UA-Platform: \"Android\"\r\n");
  EXPECT_EQ(phone.system, System::kAndroid) << "which has asked for the desktop's pages";
  EXPECT_EQ(phone.device, DeviceClass::kPhone);
  const Click tablet = read(kChromeOnLinux + "sec-ch-ua-mobile: ?0\r\nsec-ch-ua-platform: \"Android\"\r\n");
  EXPECT_EQ(tablet.device, DeviceClass::kTablet);
  EXPECT_EQ(read(kChromeOnLinux + "Sec-CH-UA-Platform: \"Plan 9\"\r\n").system, System::kLinux);
  EXPECT_EQ(read("User-Agent: curl/8\r\nSec-CH-UA-Platform: \"Windows\"\r\n").system, System::kUnknown)
      << "no program sends them";
}

TEST(IsVisit, is_following_and_not_looking_ahead) {
  EXPECT_TRUE(of("GET", "", is_visit));
  EXPECT_FALSE(of("HEAD", "", is_visit));
  EXPECT_FALSE(of("GET", "Sec-Purpose: prefetch;prerender\r\n", is_visit));
  EXPECT_FALSE(of("GET", "Purpose: prefetch\r\n", is_visit));
}

TEST(ReferrerIn, is_a_host_in_small_letters) {
  EXPECT_EQ(referrer_in("https://WWW.News.Example/a?b"), "news.example");
  EXPECT_EQ(referrer_in("http://news.example:8080"), "news.example");
  EXPECT_EQ(referrer_in("android-app://com.example.reader/"), "com.example.reader");
  for (const std::string_view none :
       {"", "news.example", "https://", "https:///x", "https://user@host/", "https://a b/"})
    EXPECT_EQ(referrer_in(none), "") << none;
  const std::string longest = referrer_in("https://" + std::string(100, 'a') + ".example/");
  EXPECT_EQ(longest.size(), kReferrerBytesMax);
  EXPECT_TRUE(longest.ends_with("aaa.example")) << "the end tells more than the beginning";
}

}  // namespace
}  // namespace doorbuster::links
