// Links that do not treat all visitors alike, over real sockets: rules, variants, the visitor's query and passwords.
#include <gmock/gmock.h>

#include <map>

#include "links/service_fixture.h"

namespace doorbuster::links {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr std::string_view kPage = "User-Agent: Mozilla/5.0 (X11; Linux x86_64) Firefox/150.0\r\nAccept: text/html\r\n";

std::string location(const std::string& answer) { return between(answer, "\r\nLocation: ", "\r\n"); }

class LinksRoutingTest : public LinksServiceTest {
 protected:
  std::string send_password(const std::string& path, const std::string& password, std::string_view fields = kPerson) {
    return ask("POST /" + path, std::string(fields) + "Content-Type: application/x-www-form-urlencoded\r\n",
               "password=" + password);
  }
  // Streamed to the end of the connection.
  std::string export_of(const std::string& format) {
    net::testing::Client client(server_->port());
    client.send("GET /api/v1/urls/export?format=" + format + " HTTP/1.0\r\nAuthorization: Bearer " + key_ + "\r\n\r\n");
    return client.read_to_end();
  }
};

TEST_F(LinksRoutingTest, sends_by_the_first_rule_that_holds) {
  const std::string rules = R"("rules":[
    {"when":{"language":["de"],"query":["src=mail"]},"long_url":"https://shop.example/de-mail"},
    {"when":{"language":["de"]},"long_url":"https://shop.example/de"},
    {"when":{"device":["tool"]},"long_url":"https://shop.example/programs"}])";
  const std::string created = create(R"("custom_alias":"ruled",)" + rules);
  EXPECT_THAT(created, StartsWith("HTTP/1.1 201 "));
  EXPECT_THAT(created, HasSubstr(R"("rules":[{"when":{"language":["de"],"query":["src=mail"]},"long_url":)"));
  const std::string german = std::string(kPerson) + "Accept-Language: de-CH,en;q=0.5\r\n";
  EXPECT_EQ(location(visit("ruled", german)), "https://shop.example/de");
  EXPECT_EQ(location(visit("ruled?src=mail", german)), "https://shop.example/de-mail");
  EXPECT_EQ(location(visit("ruled?src=mail")), "https://shop.example/drop");
  EXPECT_EQ(location(visit("ruled", "User-Agent: curl/8\r\n")), "https://shop.example/programs");
  EXPECT_EQ(location(ask("HEAD /ruled", german)), "https://shop.example/de");
  EXPECT_THAT(counted("ruled", R"("total_clicks":4,)"), HasSubstr(R"("bots":1,)")) << "and not the HEAD";
  as_operator("PATCH /api/v1/urls/ruled", R"({"title":"With rules"})");
  EXPECT_EQ(location(visit("ruled", german)), "https://shop.example/de") << "as another member was changed";
  as_operator("PATCH /api/v1/urls/ruled", R"({"rules":null})");
  EXPECT_EQ(location(visit("ruled", german)), "https://shop.example/drop");
}

TEST_F(LinksRoutingTest, knows_its_rules_after_a_restart) {
  create(R"("custom_alias":"ruled","rules":[{"when":{"query":["a"]},"long_url":"https://shop.example/a"}])");
  stop();
  start();
  EXPECT_EQ(location(visit("ruled?a")), "https://shop.example/a");
}

TEST_F(LinksRoutingTest, shares_people_out_among_variants_and_keeps_each_where_they_were) {
  create(R"("custom_alias":"split","variants":[
    {"name":"a","long_url":"https://a.example/","weight":3},{"name":"b","long_url":"https://b.example/"}])");
  const auto person = [](int number) {
    return "User-Agent: Mozilla/5.0 (X11; Linux x86_64) Firefox/" + std::to_string(number) + ".0\r\n";
  };
  std::map<std::string, int> people;
  for (int i = 0; i < 200; ++i) {
    const std::string led = location(visit("split", person(i)));
    ++people[led];
    EXPECT_EQ(location(visit("split", person(i))), led);
  }
  EXPECT_EQ(people.size(), 2U);
  EXPECT_NEAR(people["https://a.example/"], 150, 35);
  std::map<std::string, int> untold;
  for (int i = 0; i < 60; ++i) ++untold[location(visit("split", person(1) + "Sec-GPC: 1\r\n"))];
  EXPECT_EQ(untold.size(), 2U) << "who is not to be known again is led by chance";
  const int by_a = 2 * people["https://a.example/"] + untold["https://a.example/"];
  const std::string analytics = counted("split", R"("total_clicks":460,)");
  EXPECT_THAT(analytics, HasSubstr(R"({"name":"a","clicks":)" + std::to_string(by_a) + R"(,"people":)"));
  EXPECT_THAT(analytics, HasSubstr(R"({"name":"b","clicks":)" + std::to_string(460 - by_a) + R"(,"people":)"));
  EXPECT_THAT(analytics, HasSubstr(R"("other_variants":0,"no_variant":0)"));
  as_operator("PATCH /api/v1/urls/split", R"({"variants":[
    {"name":"b","long_url":"https://b.example/2"},{"name":"c","long_url":"https://c.example/","weight":0}]})");
  EXPECT_EQ(location(visit("split")), "https://b.example/2");
  EXPECT_THAT(counted("split", R"("total_clicks":461,)"), HasSubstr(R"("other_variants":)" + std::to_string(by_a)))
      << "a variant that is gone";
}

TEST_F(LinksRoutingTest, refuses_variants_that_are_none) {
  const auto with = [&](const std::string& variants) { return create("\"variants\":[" + variants + "]"); };
  const std::string a = R"({"name":"a","long_url":"https://a.example/"})";
  EXPECT_THAT(with(a), HasSubstr("must be at least two, or none"));
  EXPECT_THAT(with(a + "," + a), HasSubstr("must not be another variant's name"));
  EXPECT_THAT(with(a + R"(,{"name":"b","long_url":"https://go.example/x"})"),
              HasSubstr("/variants/1/long_url: must not"));
  EXPECT_THAT(with(R"({"name":"a","long_url":"https://a.example/","weight":0},)"
                   R"({"name":"b","long_url":"https://b.example/","weight":0})"),
              HasSubstr("with a weight that is not 0"));
  EXPECT_THAT(create(R"("rules":[{"when":{},"long_url":"https://a.example/"}])"), StartsWith("HTTP/1.1 400 "));
}

TEST_F(LinksRoutingTest, forwards_the_visitors_query_and_never_leads_elsewhere_by_it) {
  create(R"("custom_alias":"open","forward_query":true)", "https://shop.example/drop?from=mail#top");
  create(R"("custom_alias":"closed")");
  EXPECT_EQ(location(visit("open?a=%2F&from=x")), "https://shop.example/drop?a=%2F&from=x#top");
  EXPECT_EQ(location(visit("open")), "https://shop.example/drop?from=mail#top");
  EXPECT_EQ(location(visit("closed?a=b")), "https://shop.example/drop");
  for (const char* query : {"//evil.example", "@evil.example", "%0d%0aLocation:%20https://evil.example",
                            "/..//evil.example", ".evil.example", ":80@evil.example"}) {
    EXPECT_EQ(location(visit("open?" + std::string(query))),
              "https://shop.example/drop?from=mail&" + std::string(query) + "#top");
  }
  EXPECT_EQ(location(visit("open?\\evil.example")), "https://shop.example/drop?from=mail&%5Cevil.example#top");
}

TEST_F(LinksRoutingTest, asks_for_a_password_and_tells_nothing_before) {
  const std::string created = create(R"("custom_alias":"secret","password":"open sesame","title":"T")");
  EXPECT_THAT(created, HasSubstr(R"("has_password":true)"));
  EXPECT_THAT(created, Not(HasSubstr("argon2")));
  EXPECT_THAT(created, Not(HasSubstr("sesame")));
  const std::string form = visit("secret", std::string(kPage) + "Referer: https://news.example/\"><b>\r\n");
  EXPECT_THAT(form, StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(form, HasSubstr(R"(<form method="post">)"));
  EXPECT_THAT(form, HasSubstr(R"(value="https://news.example/&quot;&gt;&lt;b&gt;")"));
  const std::string problem = visit("secret");
  EXPECT_THAT(problem, StartsWith("HTTP/1.1 403 "));
  EXPECT_THAT(problem, HasSubstr("/problems/password-needed"));
  const std::string preview = ask("GET /secret+", kPage);
  for (const std::string& answer : {form, problem, preview, ask("GET /secret+", kPerson)})
    EXPECT_THAT(answer, Not(HasSubstr("shop.example/drop")));
  const std::string wrong = send_password("secret", "open+sesam", kPage);
  EXPECT_THAT(wrong, StartsWith("HTTP/1.1 403 "));
  EXPECT_THAT(wrong, HasSubstr(R"(<form method="post">)"));
  EXPECT_THAT(send_password("secret", "%zz"), HasSubstr("password-needed"));
  EXPECT_THAT(send_password("secret", std::string(300, 'a')), HasSubstr("password-needed"));
  EXPECT_THAT(counted("secret", R"("total_clicks":0,)"), HasSubstr(R"("total_clicks":0,)"));
  const std::string sent =
      ask("POST /secret", std::string(kPage), "password=open+sesame&from=https%3A%2F%2Fwww.news.example%2F");
  EXPECT_THAT(sent, StartsWith("HTTP/1.1 303 "));
  EXPECT_EQ(location(sent), "https://shop.example/drop");
  const std::string analytics = counted("secret", R"("total_clicks":1,)");
  EXPECT_THAT(analytics, HasSubstr(R"("total_clicks":1,)"));
  EXPECT_THAT(analytics, HasSubstr(R"("referrer":"news.example")"));
  as_operator("PATCH /api/v1/urls/secret", R"({"password":"another"})");
  EXPECT_THAT(send_password("secret", "open+sesame"), StartsWith("HTTP/1.1 403 "));
  EXPECT_THAT(send_password("secret", "another"), StartsWith("HTTP/1.1 303 "));
  as_operator("PATCH /api/v1/urls/secret", R"({"title":"U"})");
  EXPECT_THAT(visit("secret"), StartsWith("HTTP/1.1 403 "));
  as_operator("PATCH /api/v1/urls/secret", R"({"password":null})");
  EXPECT_THAT(visit("secret"), StartsWith("HTTP/1.1 301 "));
  EXPECT_THAT(send_password("secret", "whatever"), StartsWith("HTTP/1.1 303 ")) << "from a form that is open still";
}

TEST_F(LinksRoutingTest, counts_a_visit_that_is_limited_only_with_the_password) {
  create(R"("custom_alias":"once","password":"x","max_visits":1,"variants":[
    {"name":"a","long_url":"https://a.example/"},{"name":"b","long_url":"https://a.example/"}])");
  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(visit("once", kPage), StartsWith("HTTP/1.1 200 "));
    EXPECT_THAT(send_password("once", "y"), StartsWith("HTTP/1.1 403 "));
  }
  EXPECT_EQ(location(send_password("once", "x")), "https://a.example/");
  EXPECT_THAT(send_password("once", "x"), StartsWith("HTTP/1.1 410 "));
  EXPECT_THAT(counted("once", R"("total_clicks":1,)"), HasSubstr(R"("other_variants":0,"no_variant":0)"));
}

TEST_F(LinksRoutingTest, bounds_what_a_network_may_guess_and_not_what_it_knows) {
  create(R"("custom_alias":"secret","password":"x")");
  for (int i = 0; i < 15; ++i) EXPECT_THAT(send_password("secret", "x"), StartsWith("HTTP/1.1 303 "));
  for (int i = 0; i < PasswordWorker::kGuessesAtOnce; ++i)
    EXPECT_THAT(send_password("secret", "y"), StartsWith("HTTP/1.1 403 "));
  const std::string refused = send_password("secret", "x");
  EXPECT_THAT(refused, StartsWith("HTTP/1.1 429 "));
  EXPECT_THAT(refused, HasSubstr("\r\nRetry-After: 6\r\n"));
  EXPECT_THAT(send_password("secret", "x", kPage), StartsWith("HTTP/1.1 429 "));
  clock_.pass(PasswordWorker::kAGuess);
  EXPECT_THAT(send_password("secret", "x"), StartsWith("HTTP/1.1 303 "));
}

TEST_F(LinksRoutingTest, makes_links_with_passwords_and_rules_by_the_dozen_and_exports_them) {
  const std::string rows = R"([{"long_url":"https://shop.example/1","custom_alias":"one","password":"x"},
    {"long_url":"https://shop.example/2","custom_alias":"two","external_id":"crm-7","forward_query":true,
     "rules":[{"when":{"query":["a"]},"long_url":"https://shop.example/a"}]}])";
  EXPECT_THAT(as_operator("POST /api/v1/urls/bulk", rows), HasSubstr(R"("created":2)"));
  EXPECT_THAT(send_password("one", "x"), StartsWith("HTTP/1.1 303 "));
  EXPECT_EQ(location(visit("two?a")), "https://shop.example/a?a");
  const std::string exported = export_of("ndjson");
  EXPECT_THAT(export_of("nginx"), Not(HasSubstr("shop.example")));
  for (const char* code : {"one", "two"}) as_operator(std::string("DELETE /api/v1/urls/") + code);
  std::string lines = exported.substr(exported.find('{'));
  lines = lines.substr(0, lines.rfind('}') + 1);
  EXPECT_THAT(as_operator("POST /api/v1/urls/bulk", lines, "Content-Type: application/x-ndjson\r\n"),
              HasSubstr(R"("created":2)"))
      << lines;
  EXPECT_THAT(send_password("one", "y"), StartsWith("HTTP/1.1 403 "));
  EXPECT_THAT(send_password("one", "x"), StartsWith("HTTP/1.1 303 "));
  EXPECT_EQ(location(visit("two?a")), "https://shop.example/a?a");
  EXPECT_THAT(as_operator("GET /api/v1/urls/two"), HasSubstr(R"("external_id":"crm-7")"));
}

TEST_F(LinksRoutingTest, explains_who_would_be_sent_where) {
  create(R"("custom_alias":"why","expiration_date":"2026-11-28T00:00:00Z","rules":[
    {"when":{"country":["DE"]},"long_url":"https://shop.example/de"},
    {"when":{"device":["phone"]},"long_url":"https://shop.example/phone"}],
    "variants":[{"name":"a","long_url":"https://a.example/"},{"name":"b","long_url":"https://b.example/"}])");
  const auto explain = [&](const std::string& query) { return as_operator("GET /api/v1/urls/why/explain" + query); };
  const std::string phone =
      "user_agent=Mozilla/5.0+(iPhone;+CPU+iPhone+OS+17_0+like+Mac+OS+X)+AppleWebKit/605.1.15+"
      "(KHTML,+like+Gecko)+Version/17.0+Mobile/15E148+Safari/604.1";
  EXPECT_THAT(explain("?country=DE"),
              HasSubstr(R"("rules":[{"rule":0,"decides":true,"unmet":null}],"rule":0,)"
                        R"("variant":null,"destination":"https://shop.example/de","chances":[]})"));
  const std::string by_phone = explain("?country=FR&" + phone);
  EXPECT_THAT(by_phone, HasSubstr(R"({"rule":0,"decides":false,"unmet":"country","wanted":["DE"],"seen":"FR"})"));
  EXPECT_THAT(by_phone, HasSubstr(R"("destination":"https://shop.example/phone")"));
  EXPECT_THAT(by_phone, HasSubstr(R"("status":"open")"));
  const std::string unknown = explain("?at=2026-11-28T00:00:00Z");
  EXPECT_THAT(unknown, HasSubstr(R"("status":"expired")"));
  EXPECT_THAT(unknown, HasSubstr(R"("variant":null,"destination":null,"chances":[{"name":"a","chance":0.5})"));
  const std::string known = explain("?address=127.0.0.1&user_agent=Mozilla/5.0+(X11;+Linux+x86_64)+Firefox/150.0");
  EXPECT_THAT(known, HasSubstr("\"destination\":\"" + location(visit("why")) + "\"")) << "as that visitor is led";
  for (const char* wrong : {"?country=Germany", "?address=here", "?at=now", "?query=%zz"})
    EXPECT_THAT(explain(wrong), StartsWith("HTTP/1.1 400 ")) << wrong;
  EXPECT_THAT(ask("GET /api/v1/urls/why/explain"), StartsWith("HTTP/1.1 401 "));
  EXPECT_THAT(as_operator("GET /api/v1/urls/nobody/explain"), StartsWith("HTTP/1.1 404 "));
}

TEST_F(LinksRoutingTest, shows_on_its_preview_that_some_are_led_elsewhere) {
  create(R"("custom_alias":"ruled","rules":[{"when":{"query":["a"]},"long_url":"https://other.example/a"}])");
  EXPECT_THAT(ask("GET /ruled+", kPage), HasSubstr("<strong>other.example</strong>"));
}

}  // namespace
}  // namespace doorbuster::links
