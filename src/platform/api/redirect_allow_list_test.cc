#include "platform/api/redirect_allow_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/prng.h"

namespace doorbuster::platform {
namespace {

using ::testing::HasSubstr;

RedirectAllowList list(const std::vector<std::string>& entries) {
  auto made = RedirectAllowList::make(entries);
  EXPECT_TRUE(made.has_value());
  return *made;
}

TEST(RedirectAllowList, lets_go_to_what_is_listed_and_below) {
  const RedirectAllowList shop = list({"https://shop.example/checkout", "https://shop.example:8443/"});
  for (const char* good :
       {"https://shop.example/checkout", "https://shop.example/checkout/", "https://shop.example/checkout/pay",
        "https://shop.example/checkout?sku=1&x=%20#top", "https://SHOP.example:443/checkout",
        "HTTPS://shop.example/checkout//x", "https://shop.example:8443", "https://shop.example:8443/any"}) {
    EXPECT_TRUE(shop.find(good).has_value()) << good;
  }
}

TEST(RedirectAllowList, lets_go_nowhere_else) {
  const RedirectAllowList shop = list({"https://shop.example/checkout"});
  for (const char* bad : {"",
                          "/checkout",
                          "//shop.example/checkout",
                          "https:shop.example/checkout",
                          "https:/shop.example/checkout",
                          "http://shop.example/checkout",
                          "ftp://shop.example/checkout",
                          "javascript:alert(1)//https://shop.example/checkout",
                          "https://shop.example/",
                          "https://shop.example/checkouts",
                          "https://shop.example/Checkout",
                          "https://shop.example:8443/checkout",
                          "https://shop.example:0443/checkout",
                          "https://shop.example:/checkout",
                          "https://shop.example:443x/checkout",
                          "https://shop.example:99999/checkout",
                          "https://evil.example/checkout",
                          "https://evil.example/https://shop.example/checkout",
                          "https://shop.example.evil.example/checkout",
                          "https://shop.example@evil.example/checkout",
                          "https://shop.example:pass@evil.example/checkout",
                          "https://evil.example\\@shop.example/checkout",
                          "https://shop.example\\.evil.example/checkout",
                          "https://evil.example#@shop.example/checkout",
                          "https://evil.example?@shop.example/checkout",
                          "https://shop.example./checkout",
                          "https://.shop.example/checkout",
                          "https://shop%2eexample/checkout",
                          "https://sh\xc3\xb6p.example/checkout",
                          "https://xn--shp-sna.example/checkout",
                          "https://shop.example/checkout/../admin",
                          "https://shop.example/checkout/%2e%2e/admin",
                          "https://shop.example/checkout/.%2E/admin",
                          "https://shop.example/checkout/..%2fadmin",
                          "https://shop.example/checkout%2f..%2fadmin",
                          "https://shop.example/checkout/%5c..",
                          "https://shop.example/checkout/..\\admin",
                          "https://shop.example/checkout\r\nX: y",
                          "https://shop.example/checkout\t",
                          " https://shop.example/checkout",
                          "https://shop.example/checkout/%zz",
                          "https://shop.example/checkout/%2",
                          "https://shop.example/checkout?a b",
                          "https://shop.example/checkout\"onload=",
                          "https://shop.example/checkout/<x>",
                          "https:///checkout",
                          "https://"}) {
    EXPECT_FALSE(shop.find(bad).has_value()) << bad;
  }
}

TEST(RedirectAllowList, of_nothing_lets_go_nowhere) {
  EXPECT_FALSE(RedirectAllowList().find("https://shop.example/").has_value());
}

TEST(RedirectAllowList, takes_hosts_by_their_own_spelling_only) {
  const RedirectAllowList shop = list({"https://xn--shp-sna.example/", "http://[::1]:8080/"});
  EXPECT_TRUE(shop.find("https://xn--shp-sna.example/x").has_value());
  EXPECT_TRUE(shop.find("http://[::1]:8080/x").has_value());
  EXPECT_FALSE(shop.find("http://[::1]/x").has_value());
  EXPECT_FALSE(shop.find("http://[::1/x").has_value());
}

TEST(RedirectAllowList, says_what_is_wrong_with_an_entry) {
  const auto why = [](const char* entry) { return RedirectAllowList::make({entry}).error().message; };
  EXPECT_THAT(why("shop.example"), HasSubstr("must begin with https://"));
  EXPECT_THAT(why("https://shop.example/?x"), HasSubstr("must end with its path"));
  EXPECT_THAT(why("https://user@shop.example/"), HasSubstr("must not name a user"));
  EXPECT_THAT(why("https://*.shop.example/"), HasSubstr("must have a host"));
}

TEST(RedirectAllowList, carries_one_admission_and_takes_it_away_again) {
  const auto with = [](const char* address) { return with_admission(*parse_address(address), "T"); };
  EXPECT_EQ(with("https://s.example"), "https://s.example/?doorbuster_admission=T");
  EXPECT_EQ(with("https://s.example/a?b=c#d"), "https://s.example/a?b=c&doorbuster_admission=T#d");
  EXPECT_EQ(with("https://s.example/a?doorbuster_admission=old&b=c&doorbuster_admission=older"),
            "https://s.example/a?b=c&doorbuster_admission=T");
  EXPECT_EQ(without_admission(*parse_address("https://s.example/a?doorbuster_admission=T")).text(),
            "https://s.example/a");
  EXPECT_EQ(without_admission(*parse_address("https://s.example/a?admissions=T")).text(),
            "https://s.example/a?admissions=T");
}

TEST(RedirectAllowList, reads_an_admission_as_nginx_does_and_leaves_the_site_what_is_its_own) {
  EXPECT_EQ(query_without_admission("?a=1&Doorbuster_Admission=x&b"), "?a=1&b");
  EXPECT_EQ(admission_in("?a=1&DOORBUSTER_ADMISSION=x=y&doorbuster_admission=z"), "x=y");
  EXPECT_EQ(admission_in("?doorbuster_admission"), "");
  EXPECT_EQ(admission_in("?doorbuster_admission="), "");
  for (const char* query : {"", "?", "?admission=adult", "?Admission=adult", "?doorbuster_admissions=x", "?=x"}) {
    EXPECT_EQ(admission_in(query), std::nullopt) << query;
    EXPECT_EQ(query_without_admission(query), std::string_view(query) == "?" ? "" : query);
  }
}

TEST(RedirectAllowList, escapes_an_address_for_a_query) {
  EXPECT_EQ(query_escaped("https://s.example/a b?c=\xc3\xa4"), "https%3A%2F%2Fs.example%2Fa%20b%3Fc%3D%C3%A4");
}

// Whatever is put together from the pieces that such tricks are made of: what is let through begins with what is
// listed, and has nothing in it that a browser would read another way.
TEST(RedirectAllowList, lets_no_mixture_of_tricks_through) {
  const RedirectAllowList shop = list({"https://shop.example/checkout"});
  const std::vector<std::string> pieces = {"https:",
                                           "http:",
                                           "/",
                                           "//",
                                           "\\",
                                           "@",
                                           "shop.example",
                                           "evil.example",
                                           ".",
                                           "..",
                                           ":443",
                                           ":80",
                                           "/checkout",
                                           "%2e",
                                           "%2F",
                                           "?",
                                           "#",
                                           "doorbuster_admission=x",
                                           "&",
                                           " ",
                                           "\t",
                                           "xn--",
                                           "%"};
  Prng prng(20'261'127);
  size_t through = 0;
  for (int round = 0; round < 200'000; ++round) {
    std::string text = prng.below(2) == 0 ? "https://shop.example" : "";
    for (uint64_t i = prng.below(6); i > 0; --i) text += pieces[prng.below(pieces.size())];
    const auto found = shop.find(text);
    if (!found) continue;
    ++through;
    const std::string address = with_admission(*found, "T");
    ASSERT_TRUE(address.starts_with("https://shop.example/checkout")) << text;
    ASSERT_EQ(address.find_first_of("\\ \t"), std::string::npos) << text;
    ASSERT_TRUE(shop.find(address).has_value()) << text;
    ASSERT_EQ((found->path + "/").find("/../"), std::string::npos) << text;
  }
  EXPECT_GT(through, 100U) << "the tricks should leave some good addresses whole";
}

}  // namespace
}  // namespace doorbuster::platform
