#include "links/api/link_base.h"

#include <gtest/gtest.h>

namespace doorbuster::links {
namespace {

LinkBase two_domains() {
  return LinkBase({.base_url = "https://go.example"},
                  {{.base_url = "https://Brand.example:8443/", .not_found_url = "https://www.brand.example/"}});
}

TEST(LinkBase, tells_domains_by_their_host) {
  const LinkBase base = two_domains();
  EXPECT_EQ(base.served("brand.example"), "brand.example");
  EXPECT_EQ(base.served("BRAND.example"), "brand.example");
  EXPECT_EQ(base.served("go.example"), "") << "the default one";
  EXPECT_EQ(base.served("other.example"), std::nullopt);
  EXPECT_EQ(base.named("other.example"), "other.example") << "it may have been served before";
}

TEST(LinkBase, says_where_a_link_is) {
  const LinkBase base = two_domains();
  EXPECT_EQ(base.short_url({.code = "abc"}), "https://go.example/abc");
  EXPECT_EQ(base.short_url({.code = "brand.example/abc"}), "https://brand.example:8443/abc");
  EXPECT_EQ(base.short_url({.code = "gone.example/abc"}), "https://gone.example/abc");
  EXPECT_EQ(base.not_found_url(""), "");
  EXPECT_EQ(base.not_found_url("brand.example"), "https://www.brand.example/");
}

TEST(LinkBase, knows_what_leads_back) {
  const LinkBase base = two_domains();
  EXPECT_TRUE(base.leads_to_code("https://go.example/abc"));
  EXPECT_TRUE(base.leads_to_code("https://brand.example:8443/abc"));
  EXPECT_FALSE(base.leads_to_code("https://brand.example/abc")) << "another server";
  EXPECT_FALSE(base.leads_to_code("https://shop.example/abc"));
  EXPECT_FALSE(LinkBase().leads_to_code("https://shop.example/abc"));
}

TEST(LinkBase, refuses_domains_that_contradict_each_other) {
  const auto refusal = [](const LinkBase& base) {
    const auto checked = base.check();
    return checked ? "" : checked.error().message;
  };
  const LinkDomain go{.base_url = "https://go.example"};
  EXPECT_EQ(refusal(two_domains()), "");
  EXPECT_NE(refusal(LinkBase(go, {{.base_url = "http://GO.example"}})).find("leave it out"), std::string::npos);
  const LinkDomain brand{.base_url = "https://brand.example"};
  EXPECT_NE(refusal(LinkBase(go, {brand, brand})).find("stands there once"), std::string::npos);
  const LinkDomain loop{.base_url = "https://brand.example", .not_found_url = "https://go.example/lost"};
  EXPECT_NE(refusal(LinkBase(go, {loop})).find("name a page"), std::string::npos);
}

TEST(CodeOfADomain, is_put_together_and_taken_apart) {
  EXPECT_EQ(code_on("", "abc"), "abc");
  EXPECT_EQ(code_on("brand.example", "abc"), "brand.example/abc");
  EXPECT_EQ(domain_in("brand.example/abc"), "brand.example");
  EXPECT_EQ(code_in("brand.example/abc"), "abc");
  EXPECT_EQ(domain_in("abc"), "");
  EXPECT_EQ(code_in("abc"), "abc");
}

}  // namespace
}  // namespace doorbuster::links
