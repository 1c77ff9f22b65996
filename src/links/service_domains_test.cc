// Short links of several domains over real sockets.
#include <gmock/gmock.h>

#include "links/service_fixture.h"

namespace doorbuster::links {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class LinkDomainsTest : public LinksServiceTest {
 protected:
  LinkDomainsTest() {
    settings_.domains = {{.base_url = "https://brand.example", .not_found_url = "https://www.brand.example/lost"}};
    restart();
  }
  void restart() {
    stop();
    start();
  }
  // Whole, as a client of HTTP/1.0 gets it.
  std::string exported(const std::string& query) {
    net::testing::Client client(server_->port());
    client.send("GET /api/v1/urls/export" + query + " HTTP/1.0\r\nAuthorization: Bearer " + key_ + "\r\n\r\n");
    return client.read_to_end();
  }
  std::string at(const std::string& host, const std::string& path) {
    net::testing::Client client(server_->port());
    client.send("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n" + std::string(kPerson) + "\r\n");
    return client.read_response();
  }
};

TEST_F(LinkDomainsTest, a_code_is_one_links_on_each_domain) {
  EXPECT_THAT(create(R"("custom_alias":"mail")", "https://shop.example/go"), StartsWith("HTTP/1.1 201 "));
  const std::string of_brand = R"("custom_alias":"mail","domain":"Brand.example")";
  const std::string made = create(of_brand, "https://shop.example/brand");
  EXPECT_THAT(made, StartsWith("HTTP/1.1 201 "));
  EXPECT_THAT(made, HasSubstr("Location: /api/v1/urls/mail?domain=brand.example\r\n"));
  EXPECT_THAT(made,
              HasSubstr(R"("short_url":"https://brand.example/mail","short_code":"mail","domain":"brand.example")"));
  EXPECT_THAT(create(of_brand), StartsWith("HTTP/1.1 409 "));
  EXPECT_THAT(at("go.example", "/mail"), HasSubstr("\r\nLocation: https://shop.example/go\r\n"));
  EXPECT_THAT(at("10.0.0.1:8080", "/mail"), HasSubstr("\r\nLocation: https://shop.example/go\r\n"));
  EXPECT_THAT(at("BRAND.example:443", "/mail"), HasSubstr("\r\nLocation: https://shop.example/brand\r\n"));
  EXPECT_THAT(at("brand.example", "/mail+"), HasSubstr("brand.example/mail"));
  EXPECT_THAT(create(R"("domain":"other.example")"), AllOf(StartsWith("HTTP/1.1 400 "), HasSubstr("links.domains")));
  EXPECT_THAT(create("", "https://brand.example/mail"), StartsWith("HTTP/1.1 400 "));
}

TEST_F(LinkDomainsTest, a_generated_code_is_of_its_domain_alone) {
  const std::string made = create(R"("domain":"brand.example")");
  const std::string code = between(made, R"("short_code":")", "\"");
  EXPECT_EQ(code.size(), kCodeLength);
  EXPECT_THAT(at("brand.example", "/" + code), StartsWith("HTTP/1.1 301 "));
  EXPECT_THAT(at("go.example", "/" + code), StartsWith("HTTP/1.1 404 "));
  const std::string rows = R"([{"long_url":"https://shop.example/","domain":"brand.example"},
    {"long_url":"https://shop.example/","domain":"no.example"}])";
  const std::string many = as_operator("POST /api/v1/urls/bulk", rows);
  EXPECT_THAT(many, HasSubstr(R"("created":1,"refused":1)"));
  const std::string second = between(many, R"("short_code":")", "\"");
  EXPECT_THAT(at("brand.example", "/" + second), StartsWith("HTTP/1.1 301 "));
  EXPECT_THAT(at("go.example", "/" + second), StartsWith("HTTP/1.1 404 "));
}

TEST_F(LinkDomainsTest, a_visitor_of_what_is_nobodys_is_sent_where_the_domain_says) {
  const std::string sent = at("brand.example", "/nobody?x=https://evil.example");
  EXPECT_THAT(sent, AllOf(StartsWith("HTTP/1.1 302 "), HasSubstr("\r\nLocation: https://www.brand.example/lost\r\n")));
  EXPECT_THAT(at("brand.example", "/no.code"), StartsWith("HTTP/1.1 302 "));
  EXPECT_THAT(at("brand.example", "/nobody+"), StartsWith("HTTP/1.1 404 "));
  EXPECT_THAT(at("brand.example", "/nobody.qr"), StartsWith("HTTP/1.1 404 "));
  EXPECT_THAT(at("go.example", "/nobody"), StartsWith("HTTP/1.1 404 "));
  create(R"("custom_alias":"later","domain":"brand.example","valid_since":"2126-01-01T00:00:00Z")");
  EXPECT_THAT(at("brand.example", "/later"), HasSubstr("\r\nLocation: https://www.brand.example/lost\r\n"));
}

TEST_F(LinkDomainsTest, calls_name_the_domain) {
  create(R"("custom_alias":"mail")", "https://shop.example/go");
  create(R"("custom_alias":"mail","domain":"brand.example")", "https://shop.example/brand");
  const std::string path = "/api/v1/urls/mail?domain=brand.example";
  EXPECT_THAT(as_operator("GET " + path), HasSubstr(R"("long_url":"https://shop.example/brand")"));
  EXPECT_THAT(as_operator("GET /api/v1/urls/mail"), HasSubstr(R"("long_url":"https://shop.example/go")"));
  EXPECT_THAT(as_operator("GET /api/v1/urls/mail?domain=go.example"), HasSubstr("https://shop.example/go"));
  EXPECT_THAT(as_operator("PATCH " + path, R"({"title":"Letter"})"), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(as_operator("GET /api/v1/urls?link_domain=brand.example"),
              AllOf(HasSubstr("Letter"), Not(HasSubstr("shop.example/go"))));
  EXPECT_THAT(as_operator("GET /api/v1/urls?link_domain=go.example"), Not(HasSubstr("Letter")));
  EXPECT_THAT(as_operator("GET /api/v1/analytics/mail?domain=brand.example"), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(exported(""), HasSubstr(R"("custom_alias":"mail","domain":"brand.example")"));
  EXPECT_THAT(exported("?format=nginx"), Not(HasSubstr("shop.example/brand")));
  EXPECT_THAT(exported("?format=nginx&link_domain=brand.example"),
              AllOf(HasSubstr("\"/mail\" \"https://shop.example/brand\""), Not(HasSubstr("shop.example/go"))));
  EXPECT_THAT(as_operator("DELETE " + path), StartsWith("HTTP/1.1 204 "));
  EXPECT_THAT(at("brand.example", "/mail"), StartsWith("HTTP/1.1 302 "));
  EXPECT_THAT(at("go.example", "/mail"), StartsWith("HTTP/1.1 301 "));
}

TEST_F(LinkDomainsTest, a_link_is_taken_down_on_its_domain) {
  create(R"("custom_alias":"mail")");
  create(R"("custom_alias":"mail","domain":"brand.example")");
  const std::string taken = as_operator("POST /api/v1/abuse/take-downs",
                                        R"({"short_code":"mail","link_domain":"brand.example","reason":"Malware"})");
  EXPECT_THAT(taken, AllOf(StartsWith("HTTP/1.1 201 "), HasSubstr(R"("link_domain":"brand.example")")));
  EXPECT_THAT(at("brand.example", "/mail"), StartsWith("HTTP/1.1 451 "));
  EXPECT_THAT(at("go.example", "/mail"), StartsWith("HTTP/1.1 301 "));
}

TEST_F(LinkDomainsTest, links_wait_for_a_domain_that_is_taken_out) {
  create(R"("custom_alias":"mail","domain":"brand.example")");
  const auto domains = std::exchange(settings_.domains, {});
  restart();
  EXPECT_THAT(at("brand.example", "/mail"), StartsWith("HTTP/1.1 404 "));
  EXPECT_THAT(as_operator("GET /api/v1/urls/mail?domain=brand.example"), HasSubstr("https://brand.example/mail"));
  settings_.domains = domains;
  restart();
  EXPECT_THAT(at("brand.example", "/mail"), StartsWith("HTTP/1.1 301 "));
}

TEST_F(LinkDomainsTest, links_from_elsewhere_stay_on_a_domain_that_is_here) {
  const std::string table =
      "short_url,long_url\r\nhttps://brand.example/mail,https://shop.example/brand\r\n"
      "https://old.example/mail,https://shop.example/go\r\n";
  EXPECT_THAT(as_operator("POST /api/v1/urls/import?format=csv", table), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(at("brand.example", "/mail"), HasSubstr("\r\nLocation: https://shop.example/brand\r\n"));
  EXPECT_THAT(at("go.example", "/mail"), HasSubstr("\r\nLocation: https://shop.example/go\r\n"));
}

}  // namespace
}  // namespace doorbuster::links
