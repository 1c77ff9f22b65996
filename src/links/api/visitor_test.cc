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

Visitor by_agent(std::string_view agent) {
  std::string field = "User-Agent: ";
  field.append(agent).append("\r\n");
  return of("GET", field, visitor_of);
}

TEST(VisitorOf, tells_programs_that_say_so_from_people) {
  for (int round = 0; round < 2; ++round) {  // the second time from memory
    EXPECT_EQ(
        by_agent("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 "
                 "Safari/537.36"),
        Visitor::kPerson);
    EXPECT_EQ(
        by_agent("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
                 "Version/18.0 Mobile/15E148 Safari/604.1"),
        Visitor::kPerson);
    for (const char* agent : {"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "curl/8.14.1",
                              "facebookexternalhit/1.1", "WhatsApp/2.23", "python-requests/2.32",
                              "Slackbot-LinkExpanding", "Mozilla/5.0 HeadlessChrome/140.0.0.0"})
      EXPECT_EQ(by_agent(agent), Visitor::kBot) << agent;
  }
  EXPECT_EQ(of("GET", "", visitor_of), Visitor::kBot) << "who says nothing";
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
