#include "links/api/forwarded_query.h"

#include <gtest/gtest.h>

#include "base/prng.h"
#include "links/api/long_url.h"
#include "links/store/link.h"

namespace doorbuster::links {
namespace {

TEST(ForwardedQuery, stands_behind_the_destinations_own) {
  EXPECT_EQ(with_query("https://shop.example/", "a=b"), "https://shop.example/?a=b");
  EXPECT_EQ(with_query("https://shop.example/x?c=d#end", "a=b&e"), "https://shop.example/x?c=d&a=b&e#end");
  EXPECT_EQ(with_query("https://shop.example/?", "a"), "https://shop.example/?a");
  EXPECT_EQ(with_query("https://shop.example/#a?b", "c"), "https://shop.example/?c#a?b");
  EXPECT_EQ(with_query("https://shop.example/?c=d", ""), "https://shop.example/?c=d");
  EXPECT_EQ(with_query("https://shop.example/?c=d", "&&"), "https://shop.example/?c=d");
}

TEST(ForwardedQuery, replaces_parameters_of_the_same_name) {
  EXPECT_EQ(with_query("https://shop.example/?a=1&b=2&a=3", "a=4"), "https://shop.example/?b=2&a=4");
  EXPECT_EQ(with_query("https://shop.example/?a=1", "%61=4"), "https://shop.example/?%61=4") << "however it is written";
  EXPECT_EQ(with_query("https://shop.example/?a=1", "a=2&a=3"), "https://shop.example/?a=2&a=3");
}

TEST(ForwardedQuery, keeps_what_is_the_destinations_alone) {
  const std::string page = "https://shop.example/?channel=mail";
  EXPECT_EQ(with_query(page, "channel=mine", "channel"), page);
  EXPECT_EQ(with_query(page, "%63hannel=mine&a=b", "channel"), page + "&a=b");
  EXPECT_EQ(with_query(page, "channel=mine"), "https://shop.example/?channel=mine");
}

TEST(ForwardedQuery, leaves_escapes_as_they_are_and_escapes_what_does_not_belong) {
  EXPECT_EQ(with_query("https://shop.example/", "a=%2F%c3%a4+b%20c"), "https://shop.example/?a=%2F%c3%a4+b%20c");
  EXPECT_EQ(with_query("https://shop.example/", "a=%zz"), "https://shop.example/?a=%zz");
  EXPECT_EQ(with_query("https://shop.example/", "a=\"<>'\\#b"), "https://shop.example/?a=%22%3C%3E%27%5C%23b");
  EXPECT_EQ(with_query("https://shop.example/", "a=\r\nX: y\xC3\xA4"), "https://shop.example/?a=%0D%0AX:%20y%C3%A4");
}

TEST(ForwardedQuery, is_left_out_where_it_is_too_long) {
  const std::string page = "https://shop.example/?c=d";
  EXPECT_EQ(with_query(page, std::string(kForwardedBytesMax + 1, 'a')), page);
  EXPECT_EQ(with_query(page, std::string(kForwardedBytesMax, 'a')), page + "&" + std::string(kForwardedBytesMax, 'a'));
  const std::string long_page = "https://shop.example/" + std::string(kLongUrlBytesMax - 30, 'a');
  EXPECT_EQ(with_query(long_page, "abcdefghijklmnop"), long_page);
}

// Whatever comes: scheme, host, path and fragment are the destination's, and the whole is an address that may be kept.
TEST(ForwardedQuery, leads_nowhere_else) {
  constexpr std::string_view kPieces[] = {"//evil.example",
                                          "@evil.example",
                                          "\\evil.example",
                                          "?",
                                          "#",
                                          "&",
                                          "=",
                                          "%0d%0a",
                                          "\r\n",
                                          "/../",
                                          "a",
                                          "channel",
                                          "https://",
                                          ":443",
                                          ".evil.example",
                                          "%",
                                          "+",
                                          "\xE2\x80\xAE"};
  Prng random(11);
  for (int i = 0; i < 20'000; ++i) {
    std::string query;
    for (uint64_t left = random.below(6); left > 0; --left) query += kPieces[random.below(std::size(kPieces))];
    const std::string url = with_query("https://shop.example/path?own=1#end", query, "channel");
    EXPECT_TRUE(url.starts_with("https://shop.example/path?")) << query;
    EXPECT_TRUE(url.ends_with("#end")) << query;
    EXPECT_EQ(url.find('#'), url.size() - 4) << query;
    EXPECT_EQ(url.find_first_of("\r\n\\ "), std::string::npos) << query;
    const bool has_broken_escape = query.find('%') != std::string::npos;
    EXPECT_TRUE(has_broken_escape || parse_long_url(url) == url) << query;
  }
}

}  // namespace
}  // namespace doorbuster::links
