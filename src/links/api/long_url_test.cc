#include "links/api/long_url.h"

#include <gtest/gtest.h>

namespace doorbuster::links {
namespace {

std::string read(std::string_view text) {
  const auto url = parse_long_url(text);
  return url ? *url : "refused: " + url.error().message;
}

TEST(LongUrl, is_kept_as_a_browser_would_send_it) {
  EXPECT_EQ(read("HTTPS://Shop.Example"), "https://shop.example/");
  EXPECT_EQ(read("https://shop.example:443/A?b=C#d"), "https://shop.example/A?b=C#d");
  EXPECT_EQ(read("http://shop.example:8080"), "http://shop.example:8080/");
  EXPECT_EQ(read("https://shop.example./x"), "https://shop.example./x");
  EXPECT_EQ(read("https://shop.example/stra\xC3\x9F"
                 "e"),
            "https://shop.example/stra%C3%9Fe");
  EXPECT_EQ(read("https://shop.example/a%2Fb%20c"), "https://shop.example/a%2Fb%20c");
  EXPECT_EQ(read("https://shop.example/?q=\"<>\""), "https://shop.example/?q=%22%3C%3E%22");
  EXPECT_EQ(read("https://192.0.2.1/"), "https://192.0.2.1/");
  EXPECT_EQ(read("https://[2001:DB8::1]:8443/"), "https://[2001:db8::1]:8443/");
  EXPECT_EQ(read("https://[0:0:1:0:0:0:0:1]/"), "https://[0:0:1::1]/");
  EXPECT_EQ(read("https://[::]/"), "https://[::]/");
  EXPECT_EQ(read("https://[1::]/"), "https://[1::]/");
  EXPECT_EQ(read("https://shop.example?x=1"), "https://shop.example/?x=1");
  EXPECT_EQ(read("https://xn--strae-oqa.example/"), "https://xn--strae-oqa.example/");
  EXPECT_EQ(read("https://Stra\xC3\x9F"
                 "e.example"),
            "https://xn--strae-oqa.example/");
  EXPECT_EQ(read("https://\xF0\x9F\x92\xA9.la/"), "https://xn--ls8h.la/");
  EXPECT_EQ(read("https://\xEF\xBC\x91\xEF\xBC\x92\xEF\xBC\x97.0.0.1/"), "https://127.0.0.1/") << "full width";
}

TEST(LongUrl, refuses_what_somebody_might_read_as_another_one) {
  for (const std::string_view text : {"",
                                      "shop.example",
                                      "//shop.example/",
                                      "ftp://shop.example/",
                                      "javascript:alert(1)",
                                      "https:///x",
                                      "https://",
                                      "https://user:pass@shop.example/",
                                      "https://shop.example\\@evil.example/",
                                      "https://shop.example/a b",
                                      "https://shop.example/\n",
                                      "https://shop.example/%zz",
                                      "https://shop.example/%2",
                                      "https://2130706433/",
                                      "https://0x7f.1/",
                                      "https://127.1/",
                                      "https://010.0.0.1/",
                                      "https://256.1.1.1/",
                                      "https://shop..example/",
                                      "https://.example/",
                                      "https://sh op.example/",
                                      "https://shop.example:0/",
                                      "https://shop.example:65536/",
                                      "https://shop.example:x/",
                                      "https://shop.example/../x",
                                      "https://shop.example/%2e%2E/x",
                                      "https://xn--a.example/",
                                      "https://1\xD7\x90.example/",
                                      "https://shop.example/\xC3",
                                      "https://[::1/",
                                      "https://[zz::1]/"})
    EXPECT_TRUE(read(text).starts_with("refused: must ")) << text << " " << read(text);
  EXPECT_TRUE(read("https://shop.example/" + std::string(8'192, 'a')).starts_with("refused: must be no longer"));
}

TEST(LeadsToCode, knows_the_servers_own_links_from_its_pages) {
  const std::string_view base = "https://go.example";
  EXPECT_TRUE(leads_to_code("https://go.example/abcdefg", base));
  EXPECT_TRUE(leads_to_code("https://go.example/abc?x=1", base));
  EXPECT_FALSE(leads_to_code("https://go.example/", base));
  EXPECT_FALSE(leads_to_code("https://go.example/s/ps5", base));
  EXPECT_FALSE(leads_to_code("https://go.example/operator", base));
  EXPECT_FALSE(leads_to_code("https://go.example.evil/abc", base));
  EXPECT_FALSE(leads_to_code("https://shop.example/abc", base));
}

}  // namespace
}  // namespace doorbuster::links
