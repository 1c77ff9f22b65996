#include "app/pages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/embedded.h"
#include "net/testing/manual_loop.h"

namespace doorbuster::app {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class PageServer final : public net::Handler {
 public:
  void handle(const net::Request& request, net::Exchange& exchange) override {
    const Page* page = page_at(request.path());
    ASSERT(page != nullptr);
    respond(*page, request, exchange);
  }
};

class PagesTest : public ::testing::Test {
 protected:
  PagesTest() { loop_.set_handler(server_); }

  std::string get(const std::string& path, const std::string& fields = "") {
    const uint32_t connection = loop_.connect();
    loop_.send(connection, "GET " + path + " HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n");
    loop_.turn();
    return loop_.take_output(connection);
  }

  net::testing::ManualLoop loop_;
  PageServer server_;
};

std::string value_of(const std::string& answer, const std::string& name) {
  const size_t begin = answer.find(name + ": ");
  if (begin == std::string::npos) return "";
  const size_t value = begin + name.size() + 2;
  return answer.substr(value, answer.find("\r\n", value) - value);
}

std::string hashed(std::string_view ending) {
  for (const EmbeddedFile& file : embedded_files())
    if (file.cache_policy == CachePolicy::kForever && file.path.ends_with(ending)) return std::string(file.path);
  return "";
}

TEST_F(PagesTest, send_the_shell_for_each_address_that_its_script_reads) {
  const std::string shell = get("/");
  for (const char* path : {"/s/ps5", "/s/ps5/queue", "/s/ps5/checkout", "/orders/abc"}) EXPECT_EQ(get(path), shell);
  const std::string report = get("/reports/ps5");
  EXPECT_NE(report, shell);
  EXPECT_EQ(get("/reports/other?share=x"), report);
  const std::string operators = get("/operator");
  EXPECT_NE(operators, shell);
  for (const char* path : {"/operator/", "/operator/new", "/operator/s/ps5"}) EXPECT_EQ(get(path), operators);
  EXPECT_EQ(page_at("/s"), nullptr);
  EXPECT_EQ(page_at("/elsewhere"), nullptr);
}

TEST_F(PagesTest, allow_no_script_but_their_own) {
  const std::string policy = value_of(get("/"), "Content-Security-Policy");
  EXPECT_THAT(policy, HasSubstr("default-src 'none'"));
  EXPECT_THAT(policy, HasSubstr("script-src 'self';"));
  EXPECT_THAT(policy, Not(HasSubstr("unsafe")));
}

TEST_F(PagesTest, are_compressed_for_whoever_takes_it) {
  const std::string zipped = get("/", "Accept-Encoding: deflate, gzip;q=0.5\r\n");
  EXPECT_EQ(value_of(zipped, "Content-Encoding"), "gzip");
  EXPECT_EQ(zipped.substr(zipped.find("\r\n\r\n") + 4, 2), "\x1f\x8b");
  const std::string plain = get("/", "Accept-Encoding: identity\r\n");
  EXPECT_EQ(value_of(plain, "Content-Encoding"), "");
  EXPECT_THAT(plain, HasSubstr("<!doctype html>"));
  for (const std::string& answer : {zipped, plain}) EXPECT_EQ(value_of(answer, "Vary"), "Accept-Encoding");
}

TEST_F(PagesTest, are_not_sent_again_to_who_has_them_in_that_form) {
  const std::string zipped_tag = value_of(get("/", "Accept-Encoding: gzip\r\n"), "ETag");
  const std::string plain_tag = value_of(get("/"), "ETag");
  EXPECT_NE(zipped_tag, plain_tag);
  const std::string unchanged = get("/", "Accept-Encoding: gzip\r\nIf-None-Match: " + zipped_tag + "\r\n");
  EXPECT_THAT(unchanged, StartsWith("HTTP/1.1 304"));
  EXPECT_EQ(value_of(unchanged, "ETag"), zipped_tag);
  EXPECT_THAT(get("/", "If-None-Match: " + zipped_tag + "\r\n"), StartsWith("HTTP/1.1 200"));
}

TEST_F(PagesTest, are_kept_for_ever_where_the_name_is_made_from_the_content) {
  for (const char* ending : {".js", ".css"}) {
    const std::string path = hashed(ending);
    EXPECT_THAT(get("/"), HasSubstr('"' + path + '"'));
    EXPECT_THAT(value_of(get(path), "Cache-Control"), HasSubstr("immutable"));
  }
  EXPECT_EQ(value_of(get("/"), "Cache-Control"), "public, max-age=10");
}

TEST_F(PagesTest, give_the_current_script_to_a_shell_of_another_version) {
  const std::string other = get("/assets/shop-000000000000.js");
  EXPECT_THAT(other, StartsWith("HTTP/1.1 200"));
  EXPECT_EQ(value_of(other, "Cache-Control"), "public, max-age=10");
  EXPECT_EQ(page_at("/assets/other-000000000000.js"), nullptr);
  EXPECT_EQ(page_at("/assets/"), nullptr);
}

TEST_F(PagesTest, let_any_page_include_the_client) {
  EXPECT_EQ(value_of(get("/client/doorbuster.js"), "Access-Control-Allow-Origin"), "*");
  EXPECT_EQ(value_of(get("/"), "Access-Control-Allow-Origin"), "");
}

TEST(AcceptEncoding, is_read_as_a_list) {
  for (const char* field : {"gzip", "br, gzip", "GZIP;q=1, gzip", "gzip;q=0.001", "x-gzip", "deflate,gzip ; q=1"})
    EXPECT_TRUE(takes_gzip(field)) << field;
  for (const char* field : {"", "br", "gzip;q=0", "gzip; q=0.000", "notgzip", "identity;q=1, *;q=0", ", ,"})
    EXPECT_FALSE(takes_gzip(field)) << field;
}

}  // namespace
}  // namespace doorbuster::app
