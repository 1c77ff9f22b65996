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
  // Without the visitor's hash.
  Click read(const std::string& fields) {
    Click click = read_all(fields);
    click.visitor_hash = kNoVisitorHash;
    return click;
  }
  Click read_all(const std::string& fields) { return visit("GET", fields).value(); }
  std::optional<Click> visit(const std::string& method, const std::string& fields) {
    return of(method, fields, [this](const net::Request& request) { return reader_.read(request, 7, {}); });
  }

  const VisitorKnowledge knowledge_;
  const platform::OpenGate gate_;
  ClickReader reader_{knowledge_, gate_, sha256(as_bytes("key"))};
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

TEST_F(ClickReaderTest, knows_people_again_unless_they_ask_not_to_be) {
  const uint64_t hash = read_all(kChromeOnLinux).visitor_hash;
  EXPECT_NE(hash, kNoVisitorHash);
  EXPECT_EQ(read_all(kChromeOnLinux + "DNT: 0\r\n").visitor_hash, hash);
  EXPECT_EQ(read_all(kChromeOnLinux + "Sec-GPC: 1\r\n").visitor_hash, kNoVisitorHash);
  EXPECT_EQ(read_all(kChromeOnLinux + "dnt: 1\r\n").visitor_hash, kNoVisitorHash);
  EXPECT_EQ(read_all(kChromeOnLinux + "Sec-GPC: 1\r\n").visitor, Visitor::kPerson) << "the click counts";
  EXPECT_EQ(read_all("User-Agent: curl/8\r\n").visitor_hash, kNoVisitorHash);
}

TEST_F(ClickReaderTest, takes_looking_ahead_for_no_visit) {
  EXPECT_TRUE(visit("GET", "").has_value());
  EXPECT_FALSE(visit("HEAD", "").has_value());
  EXPECT_FALSE(visit("GET", "Sec-Purpose: prefetch;prerender\r\n").has_value());
  EXPECT_FALSE(visit("GET", "Purpose: prefetch\r\n").has_value());
}

TEST(ReferrerIn, is_what_somebody_registered_in_small_letters) {
  const RegistrableDomains domains;
  const auto referrer = [&](std::string_view referer) { return referrer_in(referer, domains); };
  EXPECT_EQ(referrer("https://WWW.News.Example/a?b"), "news.example");
  EXPECT_EQ(referrer("https://m.blog.news.co.uk./"), "news.co.uk");
  EXPECT_EQ(referrer("https://someone.github.io/"), "someone.github.io");
  EXPECT_EQ(referrer("https://co.uk/"), "co.uk") << "below which others register";
  EXPECT_EQ(referrer("http://news.example:8080"), "news.example");
  EXPECT_EQ(referrer("http://localhost/"), "localhost");
  EXPECT_EQ(referrer("http://192.0.2.1/"), "192.0.2.1");
  EXPECT_EQ(referrer("https://a.xn--strae-oqa.de/"), "xn--strae-oqa.de");
  EXPECT_EQ(referrer("android-app://com.example.reader/"), "com.example.reader");
  for (const std::string_view none :
       {"", "news.example", "https://", "https:///x", "https://./", "https://user@host/", "https://a b/"})
    EXPECT_EQ(referrer(none), "") << none;
  const std::string longest = referrer("android-app://" + std::string(100, 'a') + ".example/");
  EXPECT_EQ(longest.size(), kReferrerBytesMax);
  EXPECT_TRUE(longest.ends_with("aaa.example")) << "the end tells more than the beginning";
}

}  // namespace
}  // namespace doorbuster::links
