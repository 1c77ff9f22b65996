#include "links/abuse/take_downs.h"

#include <gtest/gtest.h>

namespace doorbuster::links {
namespace {

TEST(HostOf, is_what_stands_between_scheme_and_port) {
  EXPECT_EQ(host_of("https://shop.example/a?b"), "shop.example");
  EXPECT_EQ(host_of("http://shop.example:8443/"), "shop.example");
  EXPECT_EQ(host_of("https://shop.example./"), "shop.example") << "the same host";
  EXPECT_EQ(host_of("https://[2001:db8::1]:8443/"), "[2001:db8::1]");
  EXPECT_EQ(host_of("https://[2001:db8::1]/"), "[2001:db8::1]");
  EXPECT_EQ(host_of("nothing"), "");
}

TakeDown of_domain(uint64_t id, const std::string& domain) {
  return {.id = id, .of = TakeDownOf::kDomain, .target = domain, .reason = {}, .notice = {}, .by = {}};
}

TEST(TakeDownPage, covers_a_domain_with_everything_below_it_and_nothing_beside) {
  const TakeDownPage page({of_domain(1, "bad.example"), of_domain(2, "a.b.good.example")});
  const auto covers = [&](std::string_view url) { return page.of_host(host_of(url)) != nullptr; };
  for (const char* url : {"https://bad.example/", "http://bad.example:8443/x", "https://www.bad.example/?a=b",
                          "https://a.b.bad.example./#x", "https://a.b.good.example/", "https://c.a.b.good.example/"})
    EXPECT_TRUE(covers(url)) << url;
  for (const char* url : {"https://notbad.example/", "https://bad.example.org/", "https://good.example/bad.example",
                          "https://b.good.example/", "https://example/"})
    EXPECT_FALSE(covers(url)) << url;
}

TEST(TakeDownPage, knows_links_by_their_codes_and_all_by_their_ids) {
  const TakeDownPage page(
      {{.id = 7, .of = TakeDownOf::kLink, .target = "mail", .reason = "r", .notice = "n", .by = "o"},
       of_domain(9, "bad.example")});
  EXPECT_EQ(page.of_code("mail")->notice, "n");
  EXPECT_EQ(page.of_code("Mail"), nullptr);
  EXPECT_EQ(page.of_host("mail"), nullptr) << "a host is no code";
  EXPECT_TRUE(page.has(TakeDownOf::kLink, "mail"));
  EXPECT_FALSE(page.has(TakeDownOf::kDomain, "mail"));
  EXPECT_EQ(page.of_id(9)->target, "bad.example");
  EXPECT_EQ(page.of_id(8), nullptr);
}

TEST(TakeDowns, keep_a_page_for_as_long_as_somebody_reads_it) {
  TakeDowns take_downs;
  const auto before = take_downs.page();
  EXPECT_TRUE(before->all().empty());
  take_downs.set({of_domain(1, "bad.example")});
  EXPECT_EQ(before->of_host("bad.example"), nullptr);
  EXPECT_NE(take_downs.page()->of_host("bad.example"), nullptr);
}

}  // namespace
}  // namespace doorbuster::links
