#include "links/api/link_rules.h"

#include <gtest/gtest.h>

#include "links/api/accept_language.h"

namespace doorbuster::links {
namespace {

const LinkBase kGo({.base_url = "https://go.example"});

// What is wrong with the rules of a request; empty: nothing.
std::string refusal(std::string_view text) {
  JsonDocument document(text);
  (void)read_rules(document.value(), kGo);
  const auto read = document.finish();
  return read ? "" : read.error().message;
}

LinkRules rules_of(std::string_view text) {
  JsonDocument document(text);
  LinkRules rules = read_rules(document.value(), kGo);
  EXPECT_EQ(document.finish().has_value(), true) << text;
  return rules;
}

// Whether a rule with these conditions decides.
bool decides(const std::string& when, const VisitorFacts& facts) {
  const LinkRules rules = rules_of(R"([{"when":{)" + when + R"(},"long_url":"https://shop.example/"}])");
  return !rules.at(0).first_unmet(facts);
}

bool likes(std::string_view accept_language, std::string_view range) {
  return likes_best(accept_language, [&](std::string_view language) { return is_in_range(language, range); });
}

TEST(LinkRules, hold_where_one_of_the_values_does) {
  EXPECT_TRUE(decides(R"("device":["tablet","phone"])", {.device = DeviceClass::kPhone}));
  EXPECT_FALSE(decides(R"("device":["tablet"])", {.device = DeviceClass::kPhone}));
  EXPECT_TRUE(decides(R"("browser":["firefox"])", {.browser = Browser::kFirefox}));
  EXPECT_FALSE(decides(R"("browser":["firefox"])", {.browser = Browser::kChrome}));
  EXPECT_TRUE(decides(R"("system":["ios","android"])", {.system = System::kAndroid}));
  EXPECT_FALSE(decides(R"("system":["ios"])", {.system = System::kUnknown}));
  EXPECT_TRUE(decides(R"("country":["AT","DE"])", {.country = {'D', 'E'}}));
  EXPECT_FALSE(decides(R"("country":["AT"])", {}));
  EXPECT_TRUE(decides(R"("country":["ZZ"])", {})) << "of whom nobody knows where they are";
}

TEST(LinkRules, hold_for_addresses_in_a_network) {
  const auto from = [](std::string_view text) { return VisitorFacts{.address = net::parse_address(text).value()}; };
  const std::string office = R"("address":["192.0.2.0/24","2001:db8::/32"])";
  EXPECT_TRUE(decides(office, from("192.0.2.77")));
  EXPECT_FALSE(decides(office, from("192.0.3.77")));
  EXPECT_TRUE(decides(office, from("2001:db8:7::1")));
  EXPECT_FALSE(decides(office, from("2001:db9::1")));
  EXPECT_FALSE(decides(R"("address":["0.0.0.0/0"])", from("2001:db8::1")));
}

TEST(LinkRules, hold_for_parameters_of_the_query) {
  const auto with = [](std::string_view query) { return VisitorFacts{.query = query}; };
  EXPECT_TRUE(decides(R"("query":["ref"])", with("a=b&ref")));
  EXPECT_TRUE(decides(R"("query":["ref"])", with("ref=x")));
  EXPECT_FALSE(decides(R"("query":["ref"])", with("refs=x&x=ref")));
  EXPECT_TRUE(decides(R"("query":["src=mail","src=news"])", with("src=news")));
  EXPECT_TRUE(decides(R"("query":["src=mail"])", with("src=other&src=mail")));
  EXPECT_FALSE(decides(R"("query":["src=mail"])", with("src=Mail")));
  EXPECT_TRUE(decides(R"("query":["q=a b=c"])", with("q=a+b%3Dc"))) << "decoded";
  EXPECT_FALSE(decides(R"("query":["q=%zz2"])", with("q=%zz"))) << "with a broken escape";
  EXPECT_FALSE(decides(R"("query":["src="])", with("src=mail")));
  EXPECT_FALSE(decides(R"("query":["src=mail"])", with("src=" + std::string(5'000, 'a'))));
}

TEST(LinkRules, hold_from_a_moment_on_and_until_one) {
  const std::string week = R"("since":"2026-11-27T10:00:00Z","until":"2026-12-04T10:00:00Z")";
  const auto at = [](std::string_view text) { return VisitorFacts{.at = parse_rfc3339(text).value()}; };
  EXPECT_FALSE(decides(week, at("2026-11-27T09:59:59Z")));
  EXPECT_TRUE(decides(week, at("2026-11-27T10:00:00Z")));
  EXPECT_TRUE(decides(week, at("2026-12-04T09:59:59Z")));
  EXPECT_FALSE(decides(week, at("2026-12-04T10:00:00Z")));
}

TEST(LinkRules, decide_only_if_all_conditions_hold_and_say_which_does_not) {
  const auto rules = rules_of(
      R"([{"when":{"language":["de"],"device":["phone"],"country":["DE"]},"long_url":"https://shop.example/"}])");
  VisitorFacts facts{.device = DeviceClass::kPhone, .country = {'D', 'E'}, .accept_language = "de"};
  EXPECT_EQ(rules[0].first_unmet(facts), std::nullopt);
  facts.country = {'F', 'R'};
  EXPECT_EQ(rules[0].first_unmet(facts), Condition::kCountry);
  facts.accept_language = "fr";
  EXPECT_EQ(rules[0].first_unmet(facts), Condition::kLanguage);
  facts.device = DeviceClass::kDesktop;
  EXPECT_EQ(rules[0].first_unmet(facts), Condition::kDevice);
  std::string wanted;
  JsonWriter json(wanted);
  rules[0].write_wanted(json, Condition::kCountry);
  EXPECT_EQ(wanted, R"(["DE"])");
}

TEST(LinkRules, are_stored_as_they_were_read) {
  const std::string text =
      R"([{"when":{"device":["phone"],"browser":["safari"],"system":["ios"],"language":["de-CH","*"],"country":["DE"],)"
      R"("address":["192.0.2.0/24"],"query":["a","b=c=d","e="],"since":"2026-11-27T10:00:00.000Z",)"
      R"("until":"2026-12-04T10:00:00.000Z"},"long_url":"https://shop.example/a?b#c"},)"
      R"({"when":{"query":["x"]},"long_url":"http://other.example/"}])";
  EXPECT_EQ(write_rules(rules_of(text)), text);
  const auto stored = stored_rules(text);
  ASSERT_TRUE(stored.has_value());
  EXPECT_EQ(write_rules(*stored), text);
  EXPECT_EQ(write_rules({}), "");
  EXPECT_EQ(stored_rules("")->size(), 0U);
  for (const char* damaged : {"[", "{}", "[1]", R"([{"when":{"moon":["full"]},"long_url":"https://x.example/"}])"})
    EXPECT_FALSE(stored_rules(damaged).has_value()) << damaged;
}

TEST(LinkRules, are_refused_with_words) {
  const auto with = [](const std::string& when, const std::string& url = "https://shop.example/") {
    return refusal(R"([{"when":{)" + when + R"(},"long_url":")" + url + "\"}]");
  };
  EXPECT_EQ(with(R"("device":["mobile"])"), "/0/when/device/0: must be unknown, desktop, phone, tablet or tool");
  EXPECT_NE(with(R"("device":"phone")"), "") << "it is a list";
  EXPECT_NE(with(R"("device":[])"), "");
  EXPECT_NE(with(R"("country":["de"])"), "");
  EXPECT_NE(with(R"("country":["DEU"])"), "");
  EXPECT_NE(with(R"("language":["german-language"])") + with(R"("language":["de_CH"])"), "");
  EXPECT_NE(with(R"("address":["192.0.2.1/24"])"), "");
  EXPECT_NE(with(R"("query":["=x"])"), "");
  EXPECT_NE(with(R"("since":"soon")"), "");
  EXPECT_EQ(with(R"("since":"2026-12-04T10:00:00Z","until":"2026-12-04T10:00:00Z")"),
            "/0/when/until: must be later than since");
  EXPECT_NE(with("").find("must have at least one condition"), std::string::npos);
  EXPECT_NE(with(R"("moon":["full"])").find("moon"), std::string::npos);
  EXPECT_NE(refusal(R"([{"when":{"country":["DE"]}}])").find("where the rule leads"), std::string::npos);
  EXPECT_NE(refusal(R"([{"long_url":"https://shop.example/"}])").find("when"), std::string::npos);
  EXPECT_EQ(with(R"("country":["DE"])", "https://go.example/other"),
            "/0/long_url: must not lead to a short link of this server");
  EXPECT_EQ(with(R"("country":["DE"])", "javascript:alert(1)"), "/0/long_url: must begin with https:// or http://");
  std::string many = "[";
  for (int i = 0; i < 17; ++i)
    many += std::string(i == 0 ? "" : ",") + R"({"when":{"query":["x"]},"long_url":"https://shop.example/"})";
  EXPECT_NE(refusal(many + "]"), "");
  EXPECT_EQ(refusal("null"), "");
}

TEST(AcceptLanguage, is_read_by_its_qualities) {
  EXPECT_TRUE(likes("de", "de"));
  EXPECT_TRUE(likes("de-CH, de;q=0.9, en;q=0.8", "de")) << "a range has what is within it";
  EXPECT_FALSE(likes("de", "de-CH"));
  EXPECT_FALSE(likes("den", "de"));
  EXPECT_TRUE(likes("DE-ch", "de-CH"));
  EXPECT_FALSE(likes("en, de;q=0.9", "de")) << "they would rather read English";
  EXPECT_TRUE(likes("en;q=0.5, de ; Q = 0.7 ", "de"));
  EXPECT_TRUE(likes("da, en", "en")) << "as good as the other";
  EXPECT_FALSE(likes("de;q=0", "de"));
  EXPECT_FALSE(likes("de;q=0", "*"));
  EXPECT_FALSE(likes("de;q=1.1", "de"));
  EXPECT_FALSE(likes("de;q=x, en;q=0.1", "de"));
  EXPECT_TRUE(likes("de;q=1.000", "de"));
  EXPECT_TRUE(likes("*", "*"));
  EXPECT_FALSE(likes("*", "de"));
  EXPECT_FALSE(likes("", "*"));
  EXPECT_FALSE(likes(",;,q=1;;,\t", "*"));
  EXPECT_FALSE(likes("en," + std::string(600, ' ') + "de;q=1", "de")) << "behind what is looked at";
}

}  // namespace
}  // namespace doorbuster::links
